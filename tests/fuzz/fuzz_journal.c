/* Throws events at the reader of a journal: frames of a run that was cut off,
 * in an order and with numbers that no run has. What is recovered can be
 * written in every format, as documents.h says.
 *
 * The input is a row of frames, u16 length and bytes, to which the sums are
 * added here; or, if its first byte is odd, all that stands in the file. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include "cli/journal.h"
#include "documents.h"
#include "model/event_pack.h"

static const char text[] =
	"{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{},\"cells\":["
	"{\"cell_type\":\"code\",\"id\":\"a\",\"metadata\":{},\"outputs\":[],"
	"\"execution_count\":null,\"source\":\"1\"},"
	"{\"cell_type\":\"markdown\",\"id\":\"m\",\"metadata\":{},"
	"\"source\":\"# m\"},"
	"{\"cell_type\":\"code\",\"id\":\"b\",\"metadata\":{},\"outputs\":[],"
	"\"execution_count\":null,\"source\":\"2\"}]}";
static const char path[] = "/nowhere/f.ipynb";
static struct buf head; /* of the file, up to its frames */
static char *file;

/* A journal of no events, to learn where it stands and how it begins. */
static void
begin(void)
{
	struct notebook nb;
	struct journal j;
	struct record r;
	struct err e;

	notebook_init(&nb);
	must(nbformat_read(&nb, path, text, sizeof text - 1, &e) == 0);
	record_init(&r, &nb);
	journal_begin(&j, &r);
	must(j.path != NULL);
	file = strdup(j.path);
	buf_add(&head, j.map, j.len);
	journal_end(&j, false);
	record_release(&r);
	notebook_release(&nb);
}

/* As journal.c has it. */
static uint32_t
checksum(const uint8_t *bytes, size_t len)
{
	uint64_t h = 0xcbf29ce484222325u, word;

	for (; len >= sizeof word; bytes += sizeof word, len -= sizeof word) {
		memcpy(&word, bytes, sizeof word);
		h = (h ^ word) * 0x100000001b3u;
	}
	for (; len; bytes++, len--)
		h = (h ^ *bytes) * 0x100000001b3u;
	return (uint32_t)(h ^ h >> 32);
}

static void
add_frames(struct buf *out, const uint8_t *at, const uint8_t *end)
{
	while (end - at > 2) {
		size_t len = (size_t)(at[0] | at[1] << 8);
		uint32_t frame[2];

		at += 2;
		if (len > (size_t)(end - at))
			len = (size_t)(end - at);
		frame[0] = (uint32_t)len;
		frame[1] = checksum(at, len);
		buf_add(out, frame, sizeof frame);
		buf_add(out, at, len);
		at += len;
	}
}

static void
put_file(const struct buf *bytes)
{
	FILE *f = fopen(file, "wb");

	must(f && fwrite(buf_str(bytes), 1, bytes->len, f) == bytes->len);
	must(fclose(f) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf bytes = { 0 };
	struct notebook nb;
	struct record r;
	struct err e;

	if (!size)
		return 0;
	if (!file)
		begin();
	if (data[0] & 1) {
		buf_add(&bytes, data + 1, size - 1);
	} else {
		buf_add_slice(&bytes, buf_slice(&head));
		add_frames(&bytes, data + 1, data + size);
	}
	put_file(&bytes);
	buf_release(&bytes);
	notebook_init(&nb);
	r = (struct record){ 0 };
	if (journal_read(path, &nb, &r, &e) == 0) {
		must_write_all(&r, (struct nbformat_save){ .timing = true });
		record_release(&r);
	}
	notebook_release(&nb);
	return 0;
}

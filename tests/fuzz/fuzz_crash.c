/* Throws bytes at what is made of a crash: the report, the memory map and the
 * stack, which the crashed process says, the file that it has mapped, which may
 * have been made for this, and addr2line's answers about that file.
 *
 * The input is rows of u16 length and bytes: report, map, stack, file, answers.
 */
#include <stdio.h>
#include <sys/mman.h>
#include "must.h"
/* What reads the answers is its own. */
#include "watch/postmortem.c"

struct rows {
	const uint8_t *at, *end;
};

static struct slice
next_row(struct rows *r)
{
	size_t len;
	struct slice row = { "", 0 };

	if (r->end - r->at < 2)
		return row;
	len = (size_t)(r->at[0] | r->at[1] << 8);
	r->at += 2;
	if (len > (size_t)(r->end - r->at))
		len = (size_t)(r->end - r->at);
	row = (struct slice){ (const char *)r->at, len };
	r->at += len;
	return row;
}

/* As it comes over the wire, which puts a NUL behind it. */
static void
take_bytes(struct crash *c, enum wire_type type, struct slice bytes)
{
	struct wire_in in = { .type = type,
			      .from = (uint32_t)c->report.tid |
				      WIRE_FROM_HANDLER,
			      .data = mem_strndup(bytes.at, bytes.len),
			      .len = bytes.len };

	crash_take(c, &in, 1);
	free(in.data);
}

static void
take_report(struct crash *c, struct slice bytes)
{
	struct wire_crash report = { .signal = 0 };

	memcpy(&report, bytes.at,
	       bytes.len < sizeof report ? bytes.len : sizeof report);
	report.pid = 1;
	take_bytes(c, WIRE_CRASH,
		   (struct slice){ (const char *)&report, sizeof report });
}

/* The first of the map is a file in which any bytes may stand. */
static int
take_map(struct crash *c, struct slice map)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct buf text = { 0 };

	must(fd >= 0);
	buf_addf(&text, "0-10000000 r-xp 0 00:00 0 /proc/self/fd/%d\n", fd);
	buf_add_slice(&text, map);
	take_bytes(c, WIRE_MAPS, buf_slice(&text));
	buf_release(&text);
	return fd;
}

static void
look(const struct crash *c, struct slice answers)
{
	struct modules modules = { 0 };
	struct frames all = { 0 };
	struct strs lines = { 0 };
	char *text = mem_strndup(answers.at, answers.len);

	modules_read(&modules, buf_slice(&c->maps));
	for (size_t i = 0; i < modules.count; i++)
		must(modules.at[i].path[0] == '/');
	collect(&all, &modules, c);
	must(all.count <= 2 * WIRE_FRAMES + 1);
	if (all.count)
		read_answers(text, &all, all.at[0].path, "f.ipynb:");
	add_lines(&all, all.count % 2, &lines);
	must(lines.count <= LINES_MOST);
	free(text);
	strs_release(&lines);
	frames_release(&all);
	modules_release(&modules);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rows rows = { data, data + size };
	struct crash c = { 0 };
	struct buf words = { 0 };
	struct slice file;
	int fd;

	take_report(&c, next_row(&rows));
	fd = take_map(&c, next_row(&rows));
	take_bytes(&c, WIRE_STACK, next_row(&rows));
	file = next_row(&rows);
	must(write(fd, file.at, file.len) == (ssize_t)file.len);
	look(&c, next_row(&rows));
	crash_words(&c, c.report.signal, &words);
	must(utf8_is_valid(words.data, words.len));
	buf_release(&words);
	crash_release(&c);
	close(fd);
	return 0;
}

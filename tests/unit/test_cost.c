/* What large notebooks cost, in system calls and in files, which are the same
 * on every machine: they grow as the notebook does, and no faster. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/spool.h"
#include "cli/journal.h"
#include "format/formats.h"
#include "format/nbformat.h"
#include "sys/clock.h"
#include "sys/fs.h"
#include "resident.h"

#define MIB (size_t)(1 << 20)

/* --- calls that are counted ------------------------------------------------
 */

static struct {
	int madvise, fallocate, fdatasync, sync_file_range;
} calls;

int
madvise(void *at, size_t len, int advice)
{
	calls.madvise++;
	return (int)syscall(SYS_madvise, at, len, advice);
}

int
fdatasync(int fd)
{
	calls.fdatasync++;
	return fcntl(fd, F_GETFD) < 0 ? -1 : 0;
}

int
sync_file_range(int fd, off_t at, off_t len, unsigned how)
{
	calls.sync_file_range++;
	assert_true(at >= 0 && len > 0);
	assert_int_equal(how, SYNC_FILE_RANGE_WRITE);
	return fcntl(fd, F_GETFD) < 0 ? -1 : 0;
}

int
posix_fallocate(int fd, off_t at, off_t len)
{
	calls.fallocate++;
	return ftruncate(fd, at + len) < 0;
}

/* --- a notebook with much output -------------------------------------------
 */

static void
add_cell(struct buf *out, int number, size_t bytes)
{
	static const char line[] = "\"0123456789 <abcdef> ghijklmnop\\n\"";

	buf_addf(out,
		 "%s{\"cell_type\": \"code\", \"id\": \"c%d\", "
		 "\"metadata\": {}, \"execution_count\": %d, "
		 "\"source\": [], \"outputs\": [{\"name\": \"stdout\", "
		 "\"output_type\": \"stream\", \"text\": [",
		 number > 1 ? ", " : "", number, number);
	for (size_t n = 0; n < bytes; n += sizeof line) {
		buf_add_str(out, n ? "," : "");
		buf_add_str(out, line);
	}
	buf_add_str(out, "]}]}");
}

static void
read_cells(struct notebook *nb, struct record *r, int count, size_t bytes)
{
	struct buf text = { 0 };

	buf_add_str(&text, "{\"cells\": [");
	for (int i = 1; i <= count; i++)
		add_cell(&text, i, bytes);
	buf_add_str(&text, "], \"metadata\": {}, \"nbformat\": 4, "
			   "\"nbformat_minor\": 5}");
	notebook_init(nb);
	assert_int_equal(nbformat_read_file(nb, "x.ipynb", &text, NULL), 0);
	record_init(r, nb);
	nbformat_recorded(r, nb);
	buf_release(&text);
}

struct counted {
	struct buf_flow flow; /* first */
	size_t bytes;
};

static void
count_bytes(struct buf_flow *flow, struct slice bytes)
{
	((struct counted *)flow)->bytes += bytes.len;
}

/* Each cell's outputs are read when it is its turn, and forgotten: no copy of
 * all of them is made aside. */
static void
test_an_export_needs_no_file_aside(void **state)
{
	static const enum format formats[] = {
		FORMAT_IPYNB, FORMAT_JSON, FORMAT_JSONL,
		FORMAT_HTML,  FORMAT_MD,   FORMAT_JUNIT,
	};
	struct notebook nb;
	struct record r;

	(void)state;
	read_cells(&nb, &r, 12, 2 * MIB);
	for (size_t i = 0; i < countof(formats); i++) {
		struct counted counted = { .flow.take = count_bytes };
		struct buf out = { .flow = &counted.flow };
		const struct record *records[] = { &r };

		calls.fallocate = 0;
		assert_int_equal(format_write(&out, formats[i], records, 1,
					      (struct nbformat_save){ 0 },
					      NULL),
				 0);
		buf_flush(&out);
		assert_true(counted.bytes > 12 * 2 * MIB / 2);
		assert_int_equal(calls.fallocate, 0);
		assert_true(out.cap < 2 * MIB);
		buf_release(&out);
	}
	record_release(&r);
	notebook_release(&nb);
}

/* Memory of buffers in files is given back as bytes go by, not each time that
 * some do. */
static void
test_buffers_in_files_are_rested_now_and_then(void **state)
{
	struct counted counted = { .flow.take = count_bytes };
	struct buf out = { .flow = &counted.flow }, kept[6] = { 0 };
	char line[1000] = "text";

	(void)state;
	calls.fallocate = 0;
	for (size_t i = 0; i < countof(kept); i++) {
		buf_spool(&kept[i]);
		while (kept[i].len < 2 * MIB)
			buf_add(&kept[i], line, sizeof line);
	}
	assert_int_equal(calls.fallocate, countof(kept));
	calls.madvise = 0;
	while (counted.bytes < 64 * MIB)
		buf_add(&out, line, sizeof line);
	assert_true(calls.madvise >= (int)countof(kept));
	assert_true(calls.madvise <= 10 * (int)countof(kept));
	for (size_t i = 0; i < countof(kept); i++)
		buf_release(&kept[i]);
	buf_release(&out);
}

struct watched {
	struct buf_flow flow; /* first */
	long most_kb;
};

static void
watch_memory(struct buf_flow *flow, struct slice bytes)
{
	struct watched *w = (struct watched *)flow;
	long kb = resident_kb();

	(void)bytes;
	w->most_kb = kb > w->most_kb ? kb : w->most_kb;
}

/* What a cell wrote lies in a file, and is looked at a part at a time, in
 * whatever form it is saved. */
static void
test_a_large_output_is_saved_in_little_memory(void **state)
{
	static const char line[] = "0123456789 abcdefghijklmnopqrstuvwxyz\n";
	static const enum format formats[] = {
		FORMAT_IPYNB, FORMAT_JSON, FORMAT_JSONL,
		FORMAT_HTML,  FORMAT_MD,   FORMAT_JUNIT,
	};
	const struct record *records[1];
	struct notebook nb;
	struct record r;
	struct output *o;
	long before;

	(void)state;
	read_cells(&nb, &r, 1, 0);
	record_release(&r);
	record_init(&r, &nb);
	r.cells[0].reached = r.cells[0].ended = true;
	o = record_output(&r.cells[0], OUT_TEXT);
	buf_spool(&o->bytes);
	while (o->bytes.len < 80 * MIB)
		buf_add(&o->bytes, line, sizeof line - 1);
	records[0] = &r;
	for (size_t i = 0; i < countof(formats); i++) {
		struct watched watched = { .flow.take = watch_memory };
		struct buf out = { .flow = &watched.flow };

		spool_rest();
		before = resident_kb();
		assert_int_equal(format_write(&out, formats[i], records, 1,
					      (struct nbformat_save){ 0 },
					      NULL),
				 0);
		buf_flush(&out);
		assert_true(watched.most_kb - before < 40 * 1024);
		buf_release(&out);
	}
	record_release(&r);
	notebook_release(&nb);
}

/* Of a short run all is on the disk soon; one that floods does not wait for it,
 * for its cell would wait, too. */
static void
test_a_flood_does_not_wait_for_the_disk(void **state)
{
	static char chunk[MIB];
	struct event ev = { .kind = EV_TEXT,
			    .cell = 1,
			    .text.bytes = { chunk, sizeof chunk } };
	char dir[] = "/tmp/cnb-cost-XXXXXX";
	struct journal j;
	struct notebook nb;
	struct record r;

	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("XDG_STATE_HOME", dir, 1);
	read_cells(&nb, &r, 1, 0);
	journal_begin(&j, &r);
	assert_non_null(j.path);
	calls.fdatasync = calls.sync_file_range = 0;
	for (int i = 0; i < 200; i++) {
		ev.at_ns += 2 * NS_PER_S;
		j.sink.on_event(&j.sink, &ev);
		assert_int_equal(calls.fdatasync + calls.sync_file_range,
				 i + 1);
		if (i == 40)
			assert_int_equal(calls.fdatasync, 41);
	}
	assert_true(calls.fdatasync < 70);
	journal_end(&j, true);
	record_release(&r);
	notebook_release(&nb);
	assert_int_equal(fs_remove_tree(dir), 0);
}

#define MANY 20000
/* As malloc() counts them, the text of the notebook aside. */
#define BYTES_OF_A_CELL 680

static size_t
bytes_in_use(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static void
run_trivially(struct record *r, int number)
{
	const struct nb_cell *cell = notebook_code_cell(r->nb, number);
	const struct event events[] = {
		{ .kind = EV_CELL_BEGIN,
		  .cell = number,
		  .begin = { .kind = KIND_SHARED,
			     .name = notebook_name_of(cell),
			     .source = cell->source } },
		{ .kind = EV_TEXT,
		  .cell = number,
		  .text.bytes = slice_of("hello from a cell\n") },
		{ .kind = EV_CELL_END, .cell = number },
	};

	for (size_t i = 0; i < countof(events); i++)
		r->sink.on_event(&r->sink, &events[i]);
}

/* Of a cell that prints a line, what is known of it and what it printed. */
static void
test_a_small_cell_takes_little_memory(void **state)
{
	size_t before = bytes_in_use(), after;
	struct buf text = { 0 };
	struct notebook nb;
	struct record r;

	(void)state;
	if (!before)
		skip(); /* a sanitizer's malloc() does not count */
	buf_add_str(&text, "{\"cells\": [");
	for (int i = 1; i <= MANY; i++)
		buf_addf(&text,
			 "%s{\"cell_type\": \"code\", \"id\": \"c%d\", "
			 "\"metadata\": {\"name\": \"n%d\"}, "
			 "\"execution_count\": null, \"outputs\": [], "
			 "\"source\": [\"puts(\\\"hello from a cell\\\");\"]}",
			 i > 1 ? ", " : "", i, i);
	buf_add_str(&text, "], \"metadata\": {}, \"nbformat\": 4, "
			   "\"nbformat_minor\": 5}");
	notebook_init(&nb);
	assert_int_equal(nbformat_read_file(&nb, "x.ipynb", &text, NULL), 0);
	record_init(&r, &nb);
	for (int i = 1; i <= MANY; i++)
		run_trivially(&r, i);
	after = bytes_in_use() - nb.file.cap;
	assert_true(after > before);
	assert_in_range((after - before) / MANY, 1, BYTES_OF_A_CELL);
	record_release(&r);
	notebook_release(&nb);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_flood_does_not_wait_for_the_disk),
		cmocka_unit_test(test_a_small_cell_takes_little_memory),
		cmocka_unit_test(test_an_export_needs_no_file_aside),
		cmocka_unit_test(test_buffers_in_files_are_rested_now_and_then),
		cmocka_unit_test(test_a_large_output_is_saved_in_little_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

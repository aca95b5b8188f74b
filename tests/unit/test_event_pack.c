/* test_event_pack.c: an event is the same after it was bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include "model/event_pack.h"

static struct arena arena;
static struct notebook nb;

static int
setup(void **state)
{
	(void)state;
	arena_init(&arena);
	nb.ncode = 9;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

/* Packed, and read from memory that holds not one byte more. No part of the
 * bytes is taken for an event. */
static struct event
there_and_back(struct event ev)
{
	struct buf packed = { 0 };
	struct event back;
	char *bytes;

	event_pack(&packed, &ev);
	for (size_t n = 0; n < packed.len; n++) {
		bytes = malloc(n ? n : 1);
		memcpy(bytes, packed.data, n);
		assert_int_equal(event_unpack(&back, (struct slice){ bytes, n },
					      &nb, &arena),
				 -1);
		free(bytes);
	}
	buf_add_byte(&packed, 0);
	assert_int_equal(event_unpack(&back, buf_slice(&packed), &nb, &arena),
			 -1);
	bytes = arena_dup(&arena, packed.data, packed.len - 1);
	assert_int_equal(event_unpack(&back,
				      (struct slice){ bytes, packed.len - 1 },
				      &nb, &arena),
			 0);
	buf_release(&packed);
	assert_int_equal(back.kind, ev.kind);
	assert_int_equal(back.cell, ev.cell);
	assert_int_equal(back.at_ns, ev.at_ns);
	return back;
}

static void
test_the_run(void **state)
{
	struct event ev = { .kind = EV_RUN_BEGIN, .at_ns = 3 };

	(void)state;
	ev.run.started_ns = 1234567890123456789;
	ev = there_and_back(ev);
	assert_int_equal(ev.run.started_ns, 1234567890123456789);
	assert_ptr_equal(ev.run.notebook, &nb);
	ev = (struct event){ .kind = EV_RUN_END };
	ev.run_end.duration_ns = 77;
	ev.run_end.signal = 15;
	ev = there_and_back(ev);
	assert_int_equal(ev.run_end.duration_ns, 77);
	assert_int_equal(ev.run_end.signal, 15);
}

static void
test_a_cell_begins_and_is_built(void **state)
{
	struct event ev = { .kind = EV_CELL_BEGIN, .cell = 7, .at_ns = -1 };

	(void)state;
	ev.begin.kind = KIND_SHELL;
	ev.begin.name = "";
	ev.begin.source = (struct slice){ "a\0b", 3 };
	ev.begin.quiet = true;
	ev = there_and_back(ev);
	assert_int_equal(ev.begin.kind, KIND_SHELL);
	assert_string_equal(ev.begin.name, "");
	assert_true(slice_equal(ev.begin.source, (struct slice){ "a\0b", 3 }));
	assert_true(ev.begin.quiet);
	ev = (struct event){ .kind = EV_RESTORED, .cell = 1 };
	ev.restored.cells = 3;
	ev.restored.differs = "a, b";
	ev = there_and_back(ev);
	assert_int_equal(ev.restored.cells, 3);
	assert_null(ev.restored.why);
	assert_string_equal(ev.restored.differs, "a, b");
	ev = (struct event){ .kind = EV_BUILT, .cell = 1 };
	ev.built.cc = NULL;
	ev.built.command = "cc -o x";
	ev.built.cached = true;
	ev = there_and_back(ev);
	assert_null(ev.built.cc);
	assert_string_equal(ev.built.command, "cc -o x");
	assert_true(ev.built.cached);
	assert_false(ev.built.failed);
	assert_int_equal(ev.built.messages.len, 0);
}

static void
test_outputs(void **state)
{
	static const char *const lines[] = { "one", "", "three" };
	struct author who = { 41, 42, 43, "worker" };
	struct event ev = { .kind = EV_TEXT, .cell = 2 };

	(void)state;
	ev.text.stream = STREAM_STDERR;
	ev.text.bytes = (struct slice){ "\0\xff", 2 };
	ev.text.background = "a, b";
	ev.text.unordered = true;
	ev.text.author = &who;
	ev = there_and_back(ev);
	assert_int_equal(ev.text.stream, STREAM_STDERR);
	assert_true(slice_equal(ev.text.bytes, (struct slice){ "\0\xff", 2 }));
	assert_string_equal(ev.text.background, "a, b");
	assert_true(ev.text.unordered);
	assert_false(ev.text.late);
	assert_int_equal(ev.text.author->pid, 41);
	assert_int_equal(ev.text.author->tid, 42);
	assert_int_equal(ev.text.author->at_ns, 43);
	assert_string_equal(ev.text.author->comm, "worker");

	ev = (struct event){ .kind = EV_DISPLAY, .cell = 2 };
	ev.display.mime = "image/png";
	ev.display.bytes = slice_of("\x89PNG");
	ev = there_and_back(ev);
	assert_string_equal(ev.display.mime, "image/png");
	assert_true(slice_is(ev.display.bytes, "\x89PNG"));

	ev = (struct event){ .kind = EV_ERROR, .cell = 2 };
	ev.error.ename = "SIGSEGV";
	ev.error.evalue = "address 0x8";
	ev.error.traceback = lines;
	ev.error.ntraceback = countof(lines);
	ev = there_and_back(ev);
	assert_string_equal(ev.error.ename, "SIGSEGV");
	assert_string_equal(ev.error.evalue, "address 0x8");
	assert_int_equal(ev.error.ntraceback, 3);
	assert_string_equal(ev.error.traceback[2], "three");
}

static void
test_a_cell_ends(void **state)
{
	static const int runs[] = { 0, 3, -1 };
	struct event ev = { .kind = EV_CELL_END, .cell = 2 };

	(void)state;
	ev.end = (struct cell_end){ .status = STATUS_TIMEOUT,
				    .exit_status = -1,
				    .signal = 9,
				    .duration_ns = 1,
				    .cpu_ns = -1,
				    .max_rss_kb = 3,
				    .threads_left = 4,
				    .children_left = 5,
				    .excused = true,
				    .stopped = true,
				    .output_dropped = INT64_MAX,
				    .runs = runs,
				    .nruns = countof(runs) };
	ev = there_and_back(ev);
	assert_int_equal(ev.end.status, STATUS_TIMEOUT);
	assert_int_equal(ev.end.exit_status, -1);
	assert_int_equal(ev.end.signal, 9);
	assert_int_equal(ev.end.duration_ns, 1);
	assert_int_equal(ev.end.cpu_ns, -1);
	assert_int_equal(ev.end.max_rss_kb, 3);
	assert_int_equal(ev.end.threads_left, 4);
	assert_int_equal(ev.end.children_left, 5);
	assert_true(ev.end.excused);
	assert_true(ev.end.stopped);
	assert_false(ev.end.background);
	assert_false(ev.end.expected);
	assert_true(ev.end.output_dropped == INT64_MAX);
	assert_int_equal(ev.end.nruns, 3);
	assert_memory_equal(ev.end.runs, runs, sizeof runs);
}

/* Every byte of an event changed in turn: what comes out may be wrong, but
 * nothing is read that is not there (ASan looks on). */
static void
test_bytes_that_lie(void **state)
{
	static const int runs[] = { 1, 2 };
	struct event ev = { .kind = EV_CELL_END, .cell = 2 }, back;
	struct buf packed = { 0 };

	(void)state;
	ev.end.runs = runs;
	ev.end.nruns = countof(runs);
	event_pack(&packed, &ev);
	for (size_t i = 0; i < packed.len; i++) {
		packed.data[i] ^= 0x7f;
		event_unpack(&back, buf_slice(&packed), &nb, &arena);
		packed.data[i] ^= 0x7f;
	}
	buf_release(&packed);
}

/* Of two that are read each can be added to the other. */
static void
test_times_beyond_all_time_are_refused(void **state)
{
	static const struct {
		int64_t ns;
		int rc;
	} cases[] = {
		{ 0, 0 },
		{ -1, 0 },
		{ INT64_MAX / 2, 0 },
		{ -2, -1 },
		{ INT64_MAX / 2 + 1, -1 },
		{ INT64_MIN, -1 },
	};

	(void)state;
	for (size_t i = 0; i < countof(cases); i++) {
		struct event ev = { .kind = EV_CELL_END, .cell = 2 }, back;
		struct buf packed = { 0 };

		ev.end.duration_ns = cases[i].ns;
		event_pack(&packed, &ev);
		assert_int_equal(event_unpack(&back, buf_slice(&packed), &nb,
					      &arena),
				 cases[i].rc);
		buf_release(&packed);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_the_run),
		T(test_a_cell_begins_and_is_built),
		T(test_outputs),
		T(test_a_cell_ends),
		T(test_bytes_that_lie),
		T(test_times_beyond_all_time_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

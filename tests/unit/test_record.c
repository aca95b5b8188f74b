/* The record: events become outputs, within the limit, and JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include "format/json.h"
#include "format/record_json.h"
#include "model/record.h"
#include "model/signal_names.h"

/* A notebook of two code cells, made by hand. */
static struct nb_cell cells[2] = {
	{ .type = NB_CODE, .number = 1, .id = "one", .execution_count = -1 },
	{ .type = NB_CODE, .number = 2, .id = "two", .execution_count = 9 },
};
static struct nb_cell *code[2] = { &cells[0], &cells[1] };
static const struct notebook nb = {
	.path = "x.ipynb",
	.name = "x.ipynb",
	.cells = cells,
	.ncells = 2,
	.code = code,
	.ncode = 2,
};

static void
send(struct record *r, struct event ev)
{
	r->sink.on_event(&r->sink, &ev);
}

static void
begin(struct record *r, int cell)
{
	send(r,
	     (struct event){ .kind = EV_CELL_BEGIN,
			     .cell = cell,
			     .begin = { .kind = KIND_PROGRAM,
					.name = "c",
					.source = slice_of("int x;"),
					.started_ns = 1700000000123456789 } });
}

static void
text_n(struct record *r, int cell, enum stream stream, const char *s, size_t n)
{
	send(r, (struct event){ .kind = EV_TEXT,
				.cell = cell,
				.text = { .stream = stream,
					  .bytes = { s, n },
					  .unordered = true } });
}

static void
text(struct record *r, int cell, enum stream stream, const char *s)
{
	text_n(r, cell, stream, s, strlen(s));
}

static void
end(struct record *r, int cell, enum cell_status status)
{
	send(r, (struct event){ .kind = EV_CELL_END,
				.cell = cell,
				.end = { .status = status,
					 .duration_ns = 1200000,
					 .cpu_ns = 300000,
					 .max_rss_kb = 2048 } });
}

static struct slice
all_text(const struct record *r, int cell, enum stream stream, struct buf *b)
{
	buf_release(b);
	return record_text(&r->cells[cell - 1], stream, b);
}

static void
test_neighbouring_text_of_one_stream_is_one_output(void **state)
{
	struct record r;
	struct buf b = { 0 };

	(void)state;
	record_init(&r, &nb);
	begin(&r, 1);
	text(&r, 1, STREAM_STDOUT, "a");
	text(&r, 1, STREAM_STDOUT, "b");
	text(&r, 1, STREAM_STDERR, "c");
	text_n(&r, 1, STREAM_STDOUT, "d\0e", 3);
	end(&r, 1, STATUS_OK);
	assert_int_equal(r.cells[0].noutputs, 3);
	assert_true(slice_equal(all_text(&r, 1, STREAM_STDOUT, &b),
				(struct slice){ "abd\0e", 5 }));
	assert_int_equal(r.cells[0].output_bytes, 6);
	assert_int_equal(r.cells[0].end.output_dropped, 0);
	buf_release(&b);
	record_release(&r);
}

static void
test_limit_keeps_both_ends_and_counts_the_rest(void **state)
{
	struct record r;
	struct buf b = { 0 };
	const struct record_cell *c;
	char digits[16];

	(void)state;
	record_init(&r, &nb);
	r.output_limit = 100;
	begin(&r, 1);
	for (int i = 0; i < 1000; i++) {
		snprintf(digits, sizeof digits, "%09d\n", i);
		text(&r, 1, STREAM_STDOUT, digits);
	}
	end(&r, 1, STATUS_OK);
	c = &r.cells[0];
	assert_int_equal(c->noutputs, 3);
	assert_int_equal(c->outputs[0].bytes.len, 50);
	assert_int_equal(c->outputs[1].stream, STREAM_STDERR);
	assert_non_null(strstr(c->outputs[1].bytes.data, "9900 bytes"));
	assert_int_equal(c->outputs[2].bytes.len, 50);
	assert_non_null(strstr(c->outputs[2].bytes.data, "000000999\n"));
	assert_int_equal(c->end.output_dropped, 9900);
	assert_int_equal(c->output_bytes, 10000);
	buf_release(&b);
	record_release(&r);
}

static void
test_output_of_exactly_the_limit_is_whole(void **state)
{
	struct record r;
	struct buf b = { 0 };

	(void)state;
	record_init(&r, &nb);
	r.output_limit = 11;
	begin(&r, 1);
	text(&r, 1, STREAM_STDOUT, "0123");
	text(&r, 1, STREAM_STDOUT, "456789X");
	end(&r, 1, STATUS_OK);
	assert_true(
		slice_is(all_text(&r, 1, STREAM_STDOUT, &b), "0123456789X"));
	assert_int_equal(r.cells[0].noutputs, 1);
	assert_int_equal(r.cells[0].end.output_dropped, 0);
	buf_release(&b);
	record_release(&r);
}

static void
test_limit_cuts_between_characters(void **state)
{
	struct record r;
	const struct record_cell *c;

	(void)state;
	record_init(&r, &nb);
	r.output_limit = 8;
	begin(&r, 1);
	for (int i = 0; i < 10; i++)
		text(&r, 1, STREAM_STDOUT, "\xe4\xb8\xad");
	end(&r, 1, STATUS_OK);
	c = &r.cells[0];
	assert_int_equal(c->noutputs, 3);
	assert_string_equal(c->outputs[0].bytes.data, "\xe4\xb8\xad");
	assert_string_equal(c->outputs[2].bytes.data, "\xe4\xb8\xad");
	assert_int_equal(c->end.output_dropped, 24);
	record_release(&r);
}

static void
test_errors_and_results_are_never_left_out(void **state)
{
	const char *lines[] = { "l1", "l2" };
	struct record r;
	const struct record_cell *c;

	(void)state;
	record_init(&r, &nb);
	r.output_limit = 4;
	begin(&r, 1);
	text(&r, 1, STREAM_STDOUT, "0123456789");
	send(&r,
	     (struct event){ .kind = EV_RESULT,
			     .cell = 1,
			     .display = { "text/plain", slice_of("123456") } });
	send(&r, (struct event){ .kind = EV_ERROR,
				 .cell = 1,
				 .error = { "SIGSEGV", "why", lines, 2 } });
	end(&r, 1, STATUS_CRASHED);
	c = &r.cells[0];
	assert_int_equal(c->noutputs, 5);
	assert_int_equal(c->outputs[3].kind, OUT_RESULT);
	assert_int_equal(c->outputs[3].bytes.len, 6);
	assert_int_equal(c->outputs[4].kind, OUT_ERROR);
	assert_int_equal(c->outputs[4].traceback.count, 2);
	record_release(&r);
}

static void
test_display_beyond_the_limit_is_dropped_whole(void **state)
{
	struct record r;

	(void)state;
	record_init(&r, &nb);
	r.output_limit = 10;
	begin(&r, 1);
	send(&r, (struct event){ .kind = EV_DISPLAY,
				 .cell = 1,
				 .display = { "image/png",
					      slice_of("0123456789abcdef") } });
	text(&r, 1, STREAM_STDOUT, "ab");
	end(&r, 1, STATUS_OK);
	assert_int_equal(r.cells[0].end.output_dropped, 16);
	assert_int_equal(r.cells[0].noutputs, 2);
	assert_string_equal(r.cells[0].outputs[1].bytes.data, "ab");
	record_release(&r);
}

static void
test_late_text_stands_behind_and_names_its_writers(void **state)
{
	struct event late = { .kind = EV_TEXT,
			      .cell = 1,
			      .text = { .bytes = slice_of("late\n"),
					.late = true,
					.background = "a, b" } };
	struct record r;
	struct buf b = { 0 };

	(void)state;
	record_init(&r, &nb);
	begin(&r, 1);
	text(&r, 1, STREAM_STDOUT, "first\n");
	end(&r, 1, STATUS_OK);
	send(&r, late);
	late.text.background = "b, ab";
	send(&r, late);
	send(&r, (struct event){ .kind = EV_RUN_END });
	assert_true(slice_is(all_text(&r, 1, STREAM_STDOUT, &b),
			     "first\nlate\nlate\n"));
	assert_string_equal(r.cells[0].background, "a, b, ab");
	buf_release(&b);
	record_release(&r);
}

static void
test_excused_failures_do_not_count(void **state)
{
	struct record r;

	(void)state;
	record_init(&r, &nb);
	begin(&r, 1);
	end(&r, 1, STATUS_FAILED);
	assert_false(record_is_ok(&r));
	r.cells[0].end.excused = true;
	assert_true(record_is_ok(&r));
	record_skip(&r, 2);
	assert_int_equal(record_count(&r, STATUS_SKIPPED), 1);
	assert_int_equal(record_count(&r, STATUS_FAILED), 1);
	assert_int_equal(record_count(&r, STATUS_NOT_RUN), 0);
	record_release(&r);
}

static void
test_a_second_begin_forgets_the_first(void **state)
{
	struct record r;
	struct buf b = { 0 };

	(void)state;
	record_init(&r, &nb);
	begin(&r, 1);
	text(&r, 1, STREAM_STDOUT, "old");
	end(&r, 1, STATUS_FAILED);
	begin(&r, 1);
	text(&r, 1, STREAM_STDOUT, "new");
	assert_int_equal(r.cells[0].end.status, STATUS_INTERRUPTED);
	end(&r, 1, STATUS_OK);
	assert_true(slice_is(all_text(&r, 1, STREAM_STDOUT, &b), "new"));
	buf_release(&b);
	record_release(&r);
}

static void
test_signals_have_names(void **state)
{
	(void)state;
	assert_string_equal(signal_name(SIGSEGV), "SIGSEGV");
	assert_string_equal(signal_name(SIGRTMIN + 3), "SIGRTMIN+3");
	assert_null(signal_name(0));
	assert_null(signal_name(-1));
	assert_null(signal_name(4711));
	assert_int_equal(signal_from_name("SIGKILL"), SIGKILL);
	assert_int_equal(signal_from_name("KILL"), -1);
}

static struct json
member(struct json object, const char *key)
{
	struct json value = { 0 };

	if (!json_find(object, key, &value))
		fail_msg("no key %s", key);
	return value;
}

static struct json
nth(struct json array, int n)
{
	struct json_walk w = json_enter(array);
	struct json v = { 0 };

	while (n-- > 0)
		assert_true(json_next(&w, NULL, &v));
	return v;
}

static void
assert_member(struct json object, const char *key, const char *is)
{
	struct json v = member(object, key);

	if (!slice_is(v.text, is))
		fail_msg("%s is %.*s, not %s", key, (int)v.text.len, v.text.at,
			 is);
}

static const char *const cell_keys[] = {
	"index",	   "id",	   "name",	    "kind",
	"execution_count", "status",	   "source",	    "started",
	"duration_ms",	   "cpu_ms",	   "max_rss_kb",    "exit_status",
	"signal",	   "threads_left", "children_left", "output_bytes",
	"stdout",	   "stderr",	   "result",	    "outputs",
	"timeline",
};

static void
test_json_has_every_key_on_every_cell(void **state)
{
	struct buf out = { 0 };
	struct json root, list;
	struct record r;

	(void)state;
	record_init(&r, &nb);
	begin(&r, 1);
	end(&r, 1, STATUS_OK);
	record_json_write(&out, &r);
	assert_int_equal(json_check(buf_slice(&out), &root, NULL, NULL), 0);
	list = member(root, "cells");
	for (int n = 1; n <= 2; n++)
		for (size_t i = 0; i < countof(cell_keys); i++)
			member(nth(list, n), cell_keys[i]);
	assert_member(root, "cnb_record", "1");
	assert_member(root, "build", "null");
	assert_member(member(root, "counts"), "not-run", "1");
	assert_member(member(root, "counts"), "build-error", "0");
	assert_member(nth(list, 2), "status", "\"not-run\"");
	assert_member(nth(list, 2), "duration_ms", "null");
	assert_member(nth(list, 2), "execution_count", "null");
	assert_member(nth(list, 1), "duration_ms", "1.200");
	assert_member(nth(list, 1), "started",
		      "\"2023-11-14T22:13:20.123456Z\"");
	buf_release(&out);
	record_release(&r);
}

static void
test_json_keeps_exact_bytes_beside_the_text(void **state)
{
	static const int runs[] = { 0, 3 };
	struct event done = { .kind = EV_CELL_END,
			      .cell = 1,
			      .end = { .status = STATUS_CRASHED,
				       .exit_status = -1,
				       .signal = SIGSEGV,
				       .expected = true,
				       .runs = runs,
				       .nruns = 2 } };
	struct buf out = { 0 };
	struct json root, cell;
	struct record r;

	(void)state;
	record_init(&r, &nb);
	begin(&r, 1);
	r.cells[0].quiet = true;
	send(&r, (struct event){ .kind = EV_BUILT,
				 .cell = 1,
				 .built = { .cc = "gcc 12.2.0",
					    .cached = true,
					    .messages = slice_of("w\n") } });
	text(&r, 1, STREAM_STDOUT, "a\xff\r\n");
	text(&r, 1, STREAM_STDERR, "e");
	send(&r, done);
	record_json_write(&out, &r);
	assert_int_equal(json_check(buf_slice(&out), &root, NULL, NULL), 0);
	cell = nth(member(root, "cells"), 1);
	assert_member(cell, "stdout", "\"a\xef\xbf\xbd\\r\\n\"");
	assert_member(cell, "stdout_base64", "\"Yf8NCg==\"");
	assert_false(json_find(cell, "stderr_base64", &root));
	assert_member(cell, "stream_order", "\"approximate\"");
	assert_member(cell, "exit_status", "null");
	assert_member(cell, "signal", "\"SIGSEGV\"");
	assert_member(cell, "quiet", "true");
	assert_member(cell, "expected", "true");
	assert_member(cell, "diagnostics", "\"w\\n\"");
	assert_int_equal(json_depth(member(cell, "runs").text), 1);
	buf_release(&out);
	record_release(&r);
}

/* --- timelines ------------------------------------------------------------ */

static void
write_by(struct record *r, enum stream stream, const char *s, int tid,
	 int64_t at_ns)
{
	struct author who = { 40, tid, at_ns, "worker" };

	send(r, (struct event){
			.kind = EV_TEXT,
			.cell = 1,
			.text = { .stream = stream,
				  .bytes = slice_of(s),
				  .author = tid ? &who : &author_unknown } });
}

/* "TID:TEXT " of each write in the record's timeline. */
static const char *
timeline_of(struct record *r)
{
	static char told[4096];
	struct record_cell *c = &r->cells[0];
	size_t n = 0;

	told[0] = '\0';
	for (size_t i = 0; i < c->noutputs; i++) {
		const struct output *o = &c->outputs[i];

		for (size_t k = 0; k < o->marks.count; k++) {
			size_t at = o->marks.all[k].at;

			n += (size_t)snprintf(told + n, sizeof told - n,
					      "%d:%.*s ",
					      o->marks.all[k].who.tid,
					      (int)(marks_end(&o->marks, k,
							      o->bytes.len) -
						    at),
					      o->bytes.data + at);
		}
	}
	return told;
}

static void
test_writes_are_told_apart_in_one_text(void **state)
{
	struct record r;
	struct buf b = { 0 };

	(void)state;
	record_init(&r, &nb);
	begin(&r, 1);
	write_by(&r, STREAM_STDOUT, "a", 1, 10);
	write_by(&r, STREAM_STDOUT, "b", 2, 20);
	write_by(&r, STREAM_STDOUT, "b", 2, 20); /* a long one's second piece */
	write_by(&r, STREAM_STDOUT, "c", 2, 30);
	write_by(&r, STREAM_STDERR, "d", 1, 40);
	write_by(&r, STREAM_STDERR, "?", 0, -1);
	write_by(&r, STREAM_STDERR, "?", 0, -1);
	end(&r, 1, STATUS_OK);
	assert_int_equal(r.cells[0].noutputs, 2);
	assert_string_equal(timeline_of(&r), "1:a 2:bb 2:c 1:d 0:?? ");
	assert_true(slice_is(all_text(&r, 1, STREAM_STDOUT, &b), "abbc"));
	buf_release(&b);
	record_release(&r);
}

static void
test_writes_keep_their_marks_at_the_limit(void **state)
{
	struct record r;

	(void)state;
	record_init(&r, &nb);
	r.output_limit = 8;
	begin(&r, 1);
	write_by(&r, STREAM_STDOUT, "one", 1, 10);
	write_by(&r, STREAM_STDOUT, "two", 2, 20);
	write_by(&r, STREAM_STDOUT, "three", 3, 30);
	write_by(&r, STREAM_STDOUT, "4", 4, 40);
	write_by(&r, STREAM_STDOUT, "5", 5, 50);
	end(&r, 1, STATUS_OK);
	/* "onet", then the newest four: "ee", "4", "5" */
	assert_string_equal(timeline_of(&r), "1:one 2:t 3:ee 4:4 5:5 ");
	record_release(&r);
}

static void
test_json_timeline_says_null_where_nothing_is_known(void **state)
{
	struct record r;
	struct buf out = { 0 };
	struct json root, first, second;

	(void)state;
	record_init(&r, &nb);
	begin(&r, 1);
	write_by(&r, STREAM_STDERR, "\xff", 41, 21000);
	write_by(&r, STREAM_STDERR, "x", 0, -1);
	end(&r, 1, STATUS_OK);
	record_json_write(&out, &r);
	assert_int_equal(json_check(buf_slice(&out), &root, NULL, NULL), 0);
	first = nth(member(nth(member(root, "cells"), 1), "timeline"), 1);
	assert_member(first, "t_ms", "0.021");
	assert_member(first, "stream", "\"stderr\"");
	assert_member(first, "pid", "40");
	assert_member(first, "tid", "41");
	assert_member(first, "name", "\"worker\"");
	assert_member(first, "text_base64", "\"/w==\"");
	second = nth(member(nth(member(root, "cells"), 1), "timeline"), 2);
	assert_member(second, "t_ms", "null");
	assert_member(second, "pid", "null");
	assert_member(second, "tid", "null");
	assert_member(second, "name", "null");
	assert_member(second, "text", "\"x\"");
	/* No cell but this one has a timeline. */
	assert_member(nth(member(root, "cells"), 2), "timeline", "null");
	buf_release(&out);
	record_release(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_neighbouring_text_of_one_stream_is_one_output),
		cmocka_unit_test(
			test_limit_keeps_both_ends_and_counts_the_rest),
		cmocka_unit_test(test_output_of_exactly_the_limit_is_whole),
		cmocka_unit_test(test_limit_cuts_between_characters),
		cmocka_unit_test(test_errors_and_results_are_never_left_out),
		cmocka_unit_test(
			test_display_beyond_the_limit_is_dropped_whole),
		cmocka_unit_test(
			test_late_text_stands_behind_and_names_its_writers),
		cmocka_unit_test(test_excused_failures_do_not_count),
		cmocka_unit_test(test_a_second_begin_forgets_the_first),
		cmocka_unit_test(test_signals_have_names),
		cmocka_unit_test(test_json_has_every_key_on_every_cell),
		cmocka_unit_test(test_json_keeps_exact_bytes_beside_the_text),
		cmocka_unit_test(test_writes_are_told_apart_in_one_text),
		cmocka_unit_test(test_writes_keep_their_marks_at_the_limit),
		cmocka_unit_test(
			test_json_timeline_says_null_where_nothing_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

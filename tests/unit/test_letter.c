/* test_letter.c: letters, answers and frames of sessions as bytes, and bytes
 * that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/mem.h"
#include "live/letter.h"

static void
fill(struct letter *l)
{
	*l = (struct letter){ .kind = LETTER_RUN,
			      .version = mem_strdup("1.0"),
			      .path = mem_strdup("/x.ipynb"),
			      .text = slice_of("{}"),
			      .changed = true,
			      .timeout_ms = 1500,
			      .limits = { .memory = 7, .tasks = 8, .files = 9 },
			      .repeat = 3,
			      .cc = mem_strdup(""),
			      .snapshots = 400 };
	buf_add(&l->parts, "\1\0\1", 3);
	strs_add(&l->params, "k=v");
	strs_add(&l->params, "");
}

static void
test_a_letter_comes_back_as_it_was(void **state)
{
	struct letter l, back;
	struct buf bytes = { 0 };

	(void)state;
	fill(&l);
	letter_pack(&bytes, &l);
	buf_add_slice(&bytes, l.text);
	assert_int_equal(letter_unpack(&back, buf_slice(&bytes)), 0);
	assert_int_equal(back.kind, LETTER_RUN);
	assert_string_equal(back.path, "/x.ipynb");
	assert_true(slice_equal(back.text, slice_of("{}")));
	assert_string_equal(back.cc, "");
	assert_null(back.cflags);
	assert_int_equal(back.parts.len, 3);
	assert_memory_equal(back.parts.data, "\1\0\1", 3);
	assert_int_equal(back.limits.files, 9);
	assert_int_equal(back.params.count, 2);
	assert_string_equal(back.params.at[1], "");
	assert_int_equal(back.snapshots, 400);
	letter_release(&back);
	letter_release(&l);
	buf_release(&bytes);
}

static void
test_a_letter_may_leave_its_text_out(void **state)
{
	struct letter l, back;
	struct buf bytes = { 0 };

	(void)state;
	fill(&l);
	l.known = true;
	print_init(&l.print);
	print_add(&l.print, l.text);
	print_init(&l.sense);
	print_add(&l.sense, slice_of("what it means"));
	buf_add_str(&l.begins, "where");
	letter_pack(&bytes, &l);
	assert_int_equal(letter_unpack(&back, buf_slice(&bytes)), 0);
	assert_true(back.known);
	assert_int_equal(back.text.len, 0);
	assert_true(print_same(&back.print, &l.print));
	assert_true(print_same(&back.sense, &l.sense));
	assert_string_equal(buf_str(&back.begins), "where");
	letter_release(&back);
	letter_release(&l);
	buf_release(&bytes);
}

static int
unpack(struct slice bytes)
{
	struct letter l;
	int rc = letter_unpack(&l, bytes);

	letter_release(&l);
	return rc;
}

static void
test_what_is_cut_short_or_too_long_is_refused(void **state)
{
	struct letter l;
	struct buf bytes = { 0 };

	(void)state;
	fill(&l);
	letter_pack(&bytes, &l);
	buf_add_slice(&bytes, l.text);
	for (size_t n = 0; n < bytes.len; n++) {
		/* Of a length of its own, so that a read beyond is seen. */
		char *part = mem_alloc(n + 1, 1);

		memcpy(part, bytes.data, n);
		assert_int_equal(unpack((struct slice){ part, n }), -1);
		free(part);
	}
	buf_add_byte(&bytes, 0);
	assert_int_equal(unpack(buf_slice(&bytes)), -1);
	letter_release(&l);
	buf_release(&bytes);
}

/* Any eight bytes may be a length. */
static void
test_lengths_that_lie_are_refused(void **state)
{
	static const uint64_t lies[] = { UINT64_MAX, INT64_MAX,
					 UINT64_C(1) << 63, 1000000 };
	struct letter l;
	struct buf bytes = { 0 };
	int refused = 0;

	(void)state;
	fill(&l);
	letter_pack(&bytes, &l);
	buf_add_slice(&bytes, l.text);
	for (size_t i = 0; i < countof(lies); i++)
		for (size_t at = 0; at + 8 <= bytes.len; at++) {
			char *copy = mem_alloc(bytes.len, 1);

			memcpy(copy, bytes.data, bytes.len);
			memcpy(copy + at, &lies[i], sizeof lies[i]);
			refused -= unpack((struct slice){ copy, bytes.len });
			free(copy);
		}
	assert_true(refused > 100);
	letter_release(&l);
	buf_release(&bytes);
}

/* What no client of ours sends may still be no letter to obey. */
static void
test_a_letter_that_cannot_be_meant_is_none(void **state)
{
	struct letter l;

	(void)state;
	fill(&l);
	l.workdir = mem_strdup("/");
	assert_false(letter_is_sound(&l)); /* a parameter without a value */
	free(l.params.at[--l.params.count]);
	assert_true(letter_is_sound(&l));
	l.lanes = -1;
	assert_false(letter_is_sound(&l));
	l.lanes = 0;
	l.timeout_ms = INT64_MAX;
	assert_false(letter_is_sound(&l));
	l.timeout_ms = 0;
	free(l.path);
	l.path = NULL;
	assert_false(letter_is_sound(&l));
	l.kind = LETTER_STOP;
	assert_true(letter_is_sound(&l));
	letter_release(&l);
}

static void
test_numbers_of_an_answer_that_lie_are_refused(void **state)
{
	struct answer a = { .used_ns = INT64_MAX }, back;
	struct buf bytes = { 0 };

	(void)state;
	answer_pack(&bytes, &a);
	assert_int_equal(answer_unpack(&back, buf_slice(&bytes)), -1);
	answer_release(&back);
	buf_clear(&bytes);
	a = (struct answer){ .copies = -1 };
	answer_pack(&bytes, &a);
	assert_int_equal(answer_unpack(&back, buf_slice(&bytes)), -1);
	answer_release(&back);
	buf_release(&bytes);
}

/* Half of it fits; the other end reads nothing. */
static bool
give_up(void *self)
{
	++*(int *)self;
	return false;
}

static void
test_who_reads_nothing_is_left(void **state)
{
	struct slice much = { mem_alloc(1, 8 << 20), 8 << 20 };
	int pair[2], asked = 0;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(frame_send_if(pair[0], FRAME_ASK, much, slice_of(""),
				       give_up, &asked),
			 -1);
	assert_int_equal(errno, EINTR);
	assert_int_equal(asked, 1);
	close(pair[0]);
	close(pair[1]);
	free((void *)(uintptr_t)much.at);
}

static void
test_an_answer_that_is_cut_short_is_refused(void **state)
{
	struct answer a = { .error = mem_strdup("no"),
			    .class = 1,
			    .path = mem_strdup("/x"),
			    .copies = 4 },
		      back;
	struct buf bytes = { 0 };

	(void)state;
	buf_add(&a.ages, "\0\1\2", 3);
	answer_pack(&bytes, &a);
	assert_int_equal(answer_unpack(&back, buf_slice(&bytes)), 0);
	assert_string_equal(back.error, "no");
	assert_int_equal(back.copies, 4);
	assert_int_equal(back.ages.len, 3);
	answer_release(&back);
	for (size_t n = 0; n < bytes.len; n++) {
		assert_int_equal(answer_unpack(&back,
					       (struct slice){ bytes.data, n }),
				 -1);
		answer_release(&back);
	}
	answer_release(&a);
	buf_release(&bytes);
}

/* What a reader makes of these bytes and the end behind them. */
static int
read_frame(const void *bytes, size_t len, struct buf *out)
{
	enum frame kind;
	int pair[2], rc;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(write(pair[1], bytes, len), (ssize_t)len);
	close(pair[1]);
	rc = frame_read(pair[0], &kind, out);
	close(pair[0]);
	return rc;
}

static void
test_a_frame_may_lie_and_cost_nothing(void **state)
{
	struct {
		uint32_t kind, len;
		char bytes[4];
	} f = { FRAME_ASK, 4, "abcd" };
	struct buf out = { 0 };

	(void)state;
	assert_int_equal(read_frame(&f, sizeof f, &out), 1);
	assert_int_equal(out.len, 4);
	for (size_t n = 0; n < sizeof f; n++)
		assert_int_equal(read_frame(&f, n, &out), 0);
	f.kind = 77;
	assert_int_equal(read_frame(&f, sizeof f, &out), -1);
	f.kind = FRAME_ASK;
	f.len = FRAME_MOST + 1;
	assert_int_equal(read_frame(&f, sizeof f, &out), -1);
	/* There is no room for what does not come. */
	buf_release(&out);
	f.len = FRAME_MOST;
	assert_int_equal(read_frame(&f, sizeof f, &out), 0);
	assert_true(out.cap < 1u << 24);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_letter_comes_back_as_it_was),
		cmocka_unit_test(test_a_letter_may_leave_its_text_out),
		cmocka_unit_test(test_what_is_cut_short_or_too_long_is_refused),
		cmocka_unit_test(test_lengths_that_lie_are_refused),
		cmocka_unit_test(test_a_letter_that_cannot_be_meant_is_none),
		cmocka_unit_test(
			test_numbers_of_an_answer_that_lie_are_refused),
		cmocka_unit_test(test_who_reads_nothing_is_left),
		cmocka_unit_test(test_an_answer_that_is_cut_short_is_refused),
		cmocka_unit_test(test_a_frame_may_lie_and_cost_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

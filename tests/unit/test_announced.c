/* test_announced.c: the account of bytes that threads announce and write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "watch/announced.h"

static void
test_what_was_announced_may_come_in_any_pieces(void **state)
{
	struct announced a = { 0 };

	(void)state;
	assert_true(announced_add(&a, 1, 10));
	assert_true(announced_take(&a, 4));
	assert_true(announced_take(&a, 6));
	assert_true(announced_add(&a, 1, 3));
	assert_true(announced_take(&a, 3));
	announced_release(&a);
}

static void
test_bytes_that_nobody_announced_are_noticed(void **state)
{
	struct announced a = { 0 };

	(void)state;
	assert_false(announced_take(&a, 1));
	assert_true(announced_add(&a, 1, 10));
	assert_false(announced_take(&a, 11));
	/* and the account is right again */
	assert_true(announced_add(&a, 1, 2));
	assert_true(announced_take(&a, 2));
	announced_release(&a);
}

static void
test_a_short_write_leaves_no_room_for_others(void **state)
{
	struct announced a = { 0 };

	(void)state;
	assert_true(announced_add(&a, 1, 10));
	assert_true(announced_take(&a, 4));
	/* It writes again: six bytes will not come any more. */
	assert_false(announced_add(&a, 1, 5));
	assert_true(announced_take(&a, 5));
	assert_false(announced_take(&a, 6));
	announced_release(&a);
}

static void
test_threads_may_overtake_each_other(void **state)
{
	struct announced a = { 0 };

	(void)state;
	assert_true(announced_add(&a, 1, 10));
	for (int i = 0; i < 1000; i++) {
		/* The first has not written yet; the second goes on. */
		assert_true(announced_add(&a, 2, 7));
		assert_true(announced_take(&a, 7));
	}
	assert_true(announced_take(&a, 10));
	assert_false(announced_take(&a, 1));
	announced_release(&a);
}

static void
test_a_length_that_is_not_known_is_never_whole(void **state)
{
	struct announced a = { 0 };

	(void)state;
	assert_true(announced_add(&a, 1, UINT64_MAX));
	assert_true(announced_add(&a, 2, UINT64_MAX));
	assert_true(announced_take(&a, 1 << 20));
	assert_false(announced_add(&a, 1, 5));
	announced_release(&a);
}

static void
test_more_threads_than_can_be_told_are_in_doubt(void **state)
{
	struct announced a = { 0 };
	int doubts = 0;

	(void)state;
	for (int tid = 1; tid <= 3000; tid++)
		doubts += !announced_add(&a, tid, 1);
	assert_int_equal(doubts, 2);
	announced_release(&a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_what_was_announced_may_come_in_any_pieces),
		cmocka_unit_test(test_bytes_that_nobody_announced_are_noticed),
		cmocka_unit_test(test_a_short_write_leaves_no_room_for_others),
		cmocka_unit_test(test_threads_may_overtake_each_other),
		cmocka_unit_test(
			test_a_length_that_is_not_known_is_never_whole),
		cmocka_unit_test(
			test_more_threads_than_can_be_told_are_in_doubt),
	};

	return cmocka_run_group_tests_name("announced", tests, NULL, NULL);
}

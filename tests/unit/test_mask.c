/* What masks make of a line, and that a long one takes no more for each of its
 * bytes than a short one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>
#include "base/mem.h"
#include "model/mask.h"

static char *
masked(const char *mask, struct slice line)
{
	struct buf out = { 0 };
	struct masks m;
	struct err e;

	masks_init(&m);
	assert_int_equal(masks_add(&m, mask, &e), 0);
	masks_apply(&m, line, &out);
	masks_release(&m);
	return buf_take(&out);
}

static void
test_what_is_found_is_replaced(void **state)
{
	static const struct {
		const char *mask, *line, *is;
	} rows[] = {
		{ "[0-9]+", "7 of 12", "<masked> of <masked>" },
		{ "s/(.)(.)/\\2\\1/", "abcde", "badce" },
		{ "s/x*/-/", "axb", "-a-b-" },
		{ "s/^a/-/", "aaa", "-aa" },
		{ "s/a$/-/", "aaa", "aa-" },
		/* What stands before a second match is known. */
		{ "s/\\<a/-/", "aa ab a", "-a -b -" },
		{ "s/\\bb/-/", "ab bb", "ab -b" },
		{ "s/a\\b/-/", "aa a", "a- -" },
		{ "s/a/[&]/", "", "" },
		{ "s/$/./", "aa", "aa." },
		{ "s/^$/./", "", "." },
		{ "s/(\303\251)+/e/", "\303\251\303\251t\303\251", "ete" },
	};

	(void)state;
	for (size_t i = 0; i < countof(rows); i++) {
		char *is = masked(rows[i].mask, slice_of(rows[i].line));

		assert_string_equal(is, rows[i].is);
		free(is);
	}
}

/* Of this process, the least of some. */
static double
seconds_for(size_t items)
{
	struct buf line = { 0 };
	double least = 1e9;

	for (size_t i = 0; i < items; i++)
		buf_add_str(&line, "item 12 ");
	for (int i = 0; i < 5; i++) {
		clock_t start = clock();
		char *is = masked("s/[0-9]+/N/", buf_slice(&line));
		double took = (double)(clock() - start) / CLOCKS_PER_SEC;

		free(is);
		if (took < least)
			least = took;
	}
	buf_release(&line);
	return least;
}

static void
test_long_lines_cost_what_they_are_long(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__ /* its regexec() looks for the end each time */
	skip();
#endif
	/* 16 times, where the rest was measured again for each. */
	assert_true(seconds_for(320000) < 8 * 16 * seconds_for(20000));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_found_is_replaced),
		cmocka_unit_test(test_long_lines_cost_what_they_are_long),
	};

	return cmocka_run_group_tests_name("mask", tests, NULL, NULL);
}

/* test_past.c: the budget of a session's copies, measured piece by piece. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "exec/past.h"

#define COPIES 10

/* Copies, each of them this process: what a copy is matters to nobody here. */
static struct past
past_of_copies(int64_t budget)
{
	struct past p = { .most = COPIES, .most_bytes = budget, .all = true };

	p.nsteps = p.nmarks = COPIES;
	p.nsteps--;
	p.steps = calloc(p.nsteps, sizeof *p.steps);
	p.marks = calloc(p.nmarks, sizeof *p.marks);
	assert_true(p.steps && p.marks);
	for (size_t i = 0; i < p.nmarks; i++) {
		p.marks[i].frozen = FROZEN_NONE;
		p.marks[i].frozen.pid = getpid();
		p.marks[i].frozen.fd = open("/dev/null", O_RDONLY);
		assert_true(p.marks[i].frozen.fd >= 0);
	}
	return p;
}

static size_t
measured(const struct past *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->nmarks; i++)
		n += p->marks[i].bytes != 0;
	return n;
}

/* Due when so many more were measured. */
static bool
is_due(void *self)
{
	int *left = self;

	return (*left)-- == 0;
}

static void
test_a_hurry_puts_the_rest_off(void **state)
{
	struct past p = past_of_copies(INT64_MAX);
	int left = 3;
	const struct hurry hurry = { is_due, &left };

	(void)state;
	assert_false(past_trim(&p, &hurry));
	assert_int_equal(measured(&p), 3);
	left = 4;
	assert_false(past_trim(&p, &hurry));
	assert_int_equal(measured(&p), 7);
	left = COPIES;
	assert_true(past_trim(&p, &hurry));
	assert_int_equal(measured(&p), COPIES);
	/* Nothing is measured twice. */
	left = 0;
	assert_true(past_trim(&p, &hurry));
	assert_int_equal(past_copies(&p), COPIES);
	past_release(&p);
}

static void
test_the_budget_is_kept_at_last(void **state)
{
	struct past p = past_of_copies(1);
	int left = 3;
	const struct hurry hurry = { is_due, &left };

	(void)state;
	assert_false(past_trim(&p, &hurry));
	assert_int_equal(past_copies(&p), COPIES);
	assert_true(past_trim(&p, NULL));
	assert_int_equal(past_copies(&p), 1);
	assert_int_equal(p.marks[COPIES - 1].frozen.pid, getpid());
	past_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_hurry_puts_the_rest_off),
		cmocka_unit_test(test_the_budget_is_kept_at_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_past.c: the budget of a session's copies, measured piece by piece. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "exec/run.h"
#include "sys/tree.h"

#define COPIES 10

/* Copies, each of them this process: what a copy is matters to nobody here. */
static struct run
run_of_copies(int64_t budget)
{
	struct run r = { 0 };
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
	r.past = p;
	return r;
}

static size_t
measured(const struct run *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->past.nmarks; i++)
		n += r->past.marks[i].bytes != 0;
	return n;
}

/* Due when so many more were measured. */
static bool
is_due(void *self)
{
	int *left = self;

	return (*left)-- == 0;
}

/* Less than they would have if they shared nothing; they do share libc. */
static int64_t
near_budget(void)
{
	return COPIES * tree_memory(getpid(), false) - 1;
}

static void
test_a_hurry_puts_the_rest_off(void **state)
{
	struct run r = run_of_copies(near_budget());
	int left = COPIES + 3;
	const struct hurry hurry = { is_due, &left };

	(void)state;
	assert_false(past_trim(&r, &hurry));
	assert_int_equal(measured(&r), 3);
	left = 4;
	assert_false(past_trim(&r, &hurry));
	assert_int_equal(measured(&r), 7);
	left = COPIES;
	assert_true(past_trim(&r, &hurry));
	assert_int_equal(measured(&r), COPIES);
	/* Nothing is measured twice. */
	left = 0;
	assert_true(past_trim(&r, &hurry));
	assert_int_equal(past_copies(&r.past), COPIES);
	past_release(&r.past);
}

static void
test_nothing_is_measured_where_it_could_not_be_too_much(void **state)
{
	struct run r = run_of_copies(2 * near_budget());
	int left = 3;
	const struct hurry hurry = { is_due, &left };

	(void)state;
	assert_false(past_trim(&r, &hurry)); /* not even asked for the most */
	assert_true(past_trim(&r, NULL));
	assert_int_equal(measured(&r), 0);
	assert_int_equal(past_copies(&r.past), COPIES);
	past_release(&r.past);
}

static void
test_the_budget_is_kept_at_last(void **state)
{
	struct run r = run_of_copies(1);
	int left = COPIES + 3;
	const struct hurry hurry = { is_due, &left };

	(void)state;
	assert_false(past_trim(&r, &hurry));
	assert_int_equal(past_copies(&r.past), COPIES);
	assert_true(past_trim(&r, NULL));
	assert_int_equal(past_copies(&r.past), 1);
	assert_int_equal(r.past.marks[COPIES - 1].frozen.pid, getpid());
	past_release(&r.past);
}

static size_t
open_ones(const int *fds, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += fcntl(fds[i], F_GETFD) >= 0;
	return found;
}

/* While cells run nobody is to wait for their ends. */
static void
test_what_is_forgotten_ends_when_it_is_let_go(void **state)
{
	struct run r = run_of_copies(0);
	int fds[COPIES];

	(void)state;
	for (size_t i = 0; i < COPIES; i++)
		fds[i] = r.past.marks[i].frozen.fd;
	past_set_aside(&r.past, 4);
	past_forget_aside(&r.past);
	assert_int_equal(past_copies(&r.past), 5);
	assert_int_equal(open_ones(fds, COPIES), COPIES);
	past_let_go(&r.past);
	assert_int_equal(open_ones(fds, COPIES), 5);
	past_set_aside(&r.past, 2);
	past_forget_aside(&r.past);
	assert_int_equal(open_ones(fds, COPIES), 5);
	past_release(&r.past);
	assert_int_equal(open_ones(fds, COPIES), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_hurry_puts_the_rest_off),
		cmocka_unit_test(
			test_nothing_is_measured_where_it_could_not_be_too_much),
		cmocka_unit_test(test_the_budget_is_kept_at_last),
		cmocka_unit_test(test_what_is_forgotten_ends_when_it_is_let_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_look.c: the children of a process that is asked for them often. It is
 * the test itself, which counts those that it waits for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sys/keeper.h"
#include "sys/tree.h"

static struct reaped reaped;
static struct tree_look look;

static pid_t
new_child(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	return pid;
}

static void
end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	reaped.count++;
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* Those that are not in `still`, in their order; ends with 0. */
static void
assert_seen(const struct pids *still, pid_t first, ...)
{
	struct pids found = { 0 };
	size_t n = 0;
	va_list more;

	assert_true(tree_look(&look, getpid(), &reaped, still, &found));
	va_start(more, first);
	for (pid_t pid = first; pid; pid = va_arg(more, pid_t))
		assert_true(n < found.count && found.at[n++] == pid);
	va_end(more);
	assert_int_equal(found.count, n);
	pids_release(&found);
}

static void
test_look_sees_who_came_and_who_has_gone(void **state)
{
	pid_t a = new_child(), b = new_child(), c, d;

	(void)state;
	assert_seen(NULL, a, b, 0);
	c = new_child();
	assert_seen(NULL, a, b, c, 0);
	/* One has gone, and another has come to the place that was behind. */
	end_child(a);
	d = new_child();
	assert_seen(NULL, b, c, d, 0);
	end_child(d);
	assert_seen(NULL, b, c, 0);
	end_child(b);
	end_child(c);
	assert_seen(NULL, 0);
}

static void
test_who_stands_still_is_not_seen_until_he_moves(void **state)
{
	struct pids still = { 0 };
	pid_t a = new_child(), b = new_child();

	(void)state;
	pids_sorted_add(&still, a);
	assert_seen(&still, b, 0);
	pids_sorted_add(&still, b);
	pids_sorted_remove(&still, a);
	assert_seen(&still, a, 0);
	end_child(a);
	end_child(b);
	pids_release(&still);
}

/* What the keeper has waited for is not among its children any more. */
static void
test_keeper_counts_those_it_waits_for(void **state)
{
	char *argv[] = { (char[]){ "true" }, NULL };
	struct keeper_spawn what = { .path = "/bin/true",
				     .argv = argv,
				     .fds = { -1, -1, -1 },
				     .extra_fd = -1 };
	struct pids found = { 0 };
	struct keeper_death d;
	struct keeper k;
	struct err e;
	uint64_t before;

	(void)state;
	assert_int_equal(keeper_start(&k, &e), 0);
	assert_non_null(k.reaped);
	tree_look_away(&look);
	assert_true(tree_look(&look, k.pid, k.reaped, NULL, &found));
	for (int i = 0; i < 3; i++) {
		before = k.reaped->count;
		assert_true(keeper_spawn(&k, &what, &e) > 0);
		while (keeper_next(&k, &d) == 0)
			usleep(1000);
		assert_int_not_equal(k.reaped->count, before);
		assert_true(tree_look(&look, k.pid, k.reaped, NULL, &found));
		assert_int_equal(found.count, 0);
	}
	keeper_stop(&k);
	pids_release(&found);
	tree_look_away(&look);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_look_sees_who_came_and_who_has_gone),
		cmocka_unit_test(
			test_who_stands_still_is_not_seen_until_he_moves),
		cmocka_unit_test(test_keeper_counts_those_it_waits_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

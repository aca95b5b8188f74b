/* A group of our own around what is started, where the system allows one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sys/cgroup.h"
#include "sys/fs.h"
#include "under_valgrind.h"

static bool
makes_one(struct cgroup *g)
{
	/* It knows no clone3() that puts a child into a group. */
	if (under_valgrind())
		return false;
	cgroup_make(g);
	if (g->fd < 0)
		print_message("there may be no group of our own here\n");
	return g->fd >= 0;
}

/* The end of a pipe that all of them hold tells when the last is gone. */
static void
test_all_that_was_started_dies(void **state)
{
	struct cgroup g;
	char path[300], byte;
	int held[2], ready[2], status;
	pid_t pid;

	(void)state;
	if (!makes_one(&g))
		skip();
	snprintf(path, sizeof path, "%s", g.path);
	assert_int_equal(pipe(held), 0);
	assert_int_equal(pipe(ready), 0);
	pid = cgroup_fork(&g);
	assert_true(pid >= 0);
	if (pid == 0) {
		close(held[0]);
		for (int i = 0; i < 3; i++)
			if (fork() == 0)
				setsid();
		signal(SIGTERM, SIG_IGN);
		(void)!write(ready[1], "x", 1);
		for (;;)
			pause();
	}
	close(held[1]);
	for (int i = 0; i < 8; i++)
		assert_int_equal(read(ready[0], &byte, 1), 1);
	cgroup_kill(&g);
	assert_int_equal(read(held[0], &byte, 1), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	close(held[0]);
	close(ready[0]);
	close(ready[1]);
	cgroup_remove(&g);
	assert_int_equal(g.fd, -1);
	assert_false(fs_is_dir(path));
}

static void
test_what_is_frozen_can_be_killed(void **state)
{
	struct cgroup g;
	int status;
	pid_t pid;

	(void)state;
	if (!makes_one(&g))
		skip();
	pid = cgroup_fork(&g);
	assert_true(pid >= 0);
	if (pid == 0)
		for (;;)
			pause();
	cgroup_freeze(&g, true);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	cgroup_freeze(&g, false);
	cgroup_remove(&g);
}

static void
test_one_of_a_dead_keeper_is_removed(void **state)
{
	struct cgroup g, again;
	char path[300];
	int status;
	pid_t pid;

	(void)state;
	if (!makes_one(&g))
		skip();
	snprintf(path, sizeof path, "%s", g.path);
	cgroup_remove(&g);
	pid = fork();
	if (pid == 0) {
		cgroup_make(&g);
		_exit(g.fd < 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	sprintf(strrchr(path, '-'), "-%d", (int)pid);
	assert_true(fs_is_dir(path));
	cgroup_make(&again);
	assert_false(fs_is_dir(path));
	cgroup_remove(&again);
}

static void
test_without_one_it_is_a_fork(void **state)
{
	struct cgroup none = { .fd = -1 };
	int status;
	pid_t pid = cgroup_fork(&none);

	(void)state;
	if (pid == 0)
		_exit(7);
	cgroup_kill(&none);
	cgroup_freeze(&none, true);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 7);
	cgroup_remove(&none);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_that_was_started_dies),
		cmocka_unit_test(test_what_is_frozen_can_be_killed),
		cmocka_unit_test(test_one_of_a_dead_keeper_is_removed),
		cmocka_unit_test(test_without_one_it_is_a_fork),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

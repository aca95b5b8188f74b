/* test_crowd.c: the limit on processes and threads, kept by the kernel's asking
 * us: a real keeper, real bombs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sys/clock.h"
#include "sys/keeper.h"
#include "watch/crowd.h"
#include "watch/witness.h"

#ifndef BUILD_DIR
#define BUILD_DIR "build"
#endif

struct trial {
	struct loop loop;
	struct keeper keeper;
	struct witness witness;
	struct crowd crowd;
	struct pids none;
	char said[4096]; /* on stdout */
	size_t len;
	int most; /* tasks ever seen */
	bool struck;
};

static bool
may_grow(void *self, pid_t tid)
{
	struct trial *t = self;
	int there = tree_tasks(t->keeper.pid, NULL, &t->none);

	if (there > t->most)
		t->most = there;
	return crowd_may_grow(&t->crowd, tid);
}

static void
on_said(void *self, int fd)
{
	struct trial *t = self;
	ssize_t n = read(fd, t->said + t->len, sizeof t->said - 1 - t->len);

	if (n > 0)
		t->len += (size_t)n;
	t->said[t->len] = '\0';
}

/* Run the helper with these words until it has said `lines` lines. */
static void
try(struct trial *t, int limit, const char *how, const char *number, int lines)
{
	char words[2][32];
	char *argv[] = { (char[]){ "bomb" }, words[0], words[1], NULL };
	int ends[2], listener = -1;
	struct keeper_spawn what = { .path = BUILD_DIR "/tests/children/bomb",
				     .argv = argv,
				     .fds = { -1, -1, -1 },
				     .extra_fd = -1,
				     .notify = NOTIFY_TASKS,
				     .listener = &listener };
	struct err e;

	snprintf(words[0], sizeof words[0], "%s", how);
	snprintf(words[1], sizeof words[1], "%s", number);
	memset(t, 0, sizeof *t);
	assert_int_equal(loop_init(&t->loop, &e), 0);
	assert_int_equal(keeper_start(&t->keeper, &e), 0);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	what.fds[1] = ends[1];
	witness_init(&t->witness, &t->loop);
	t->witness.may_grow = may_grow;
	t->witness.self = t;
	crowd_begin(&t->crowd, &(struct crowd){ .limit = limit,
						.root = t->keeper.pid,
						.spare = &t->none });
	assert_true(keeper_spawn(&t->keeper, &what, &e) > 0);
	close(ends[1]);
	if (listener < 0)
		skip(); /* this system grants none */
	witness_listen(&t->witness, listener);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	loop_add(&t->loop, ends[0], on_said, t);
	for (;;) {
		int said = 0;

		for (size_t i = 0; i < t->len; i++)
			said += t->said[i] == '\n';
		if (said >= lines)
			break;
		loop_wait(&t->loop, clock_mono_ns() + NS_PER_S);
	}
	t->struck = t->crowd.struck;
	keeper_stop(&t->keeper);
	witness_release(&t->witness);
	crowd_release(&t->crowd);
	loop_remove(&t->loop, ends[0]);
	close(ends[0]);
	loop_release(&t->loop);
}

static void
test_a_fork_bomb_gets_exactly_so_many_processes(void **state)
{
	struct trial t;

	(void)state;
	try(&t, 20, "processes", "100", 1);
	assert_string_equal(t.said, "19 made, then: Resource temporarily "
				    "unavailable\n");
	assert_true(t.struck);
	assert_int_equal(t.most, 20);
}

static void
test_threads_count_as_processes_do(void **state)
{
	struct trial t;

	(void)state;
	try(&t, 20, "threads", "100", 1);
	assert_string_equal(t.said, "19 made, then: Resource temporarily "
				    "unavailable\n");
	assert_int_equal(t.most, 20);
}

/* One process and four of its children, which make the others. */
static void
try_four(const char *how)
{
	struct trial t;
	int made = 0;
	char *at;

	try(&t, 50, how, "4", 4);
	for (at = t.said; *at; at = strchr(at, '\n') + 1)
		made += atoi(at);
	assert_int_equal(made, 50 - 5);
	assert_int_equal(t.most, 50);
}

static void
test_several_bombs_at_once_never_have_more_together(void **state)
{
	(void)state;
	try_four("together");
}

/* Nothing tells how long one takes that may make another and gets no
 * processor. */
static void
test_nor_where_others_have_the_processors(void **state)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	pid_t busy[64];

	(void)state;
	n = n < 64 ? n : 64;
	for (long i = 0; i < n; i++)
		if ((busy[i] = fork()) == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				;
		}
	try_four("starved");
	for (long i = 0; i < n; i++) {
		kill(busy[i], SIGKILL);
		waitpid(busy[i], NULL, 0);
	}
}

static void
test_who_stays_below_the_limit_may_make_any_number(void **state)
{
	struct trial t;

	(void)state;
	try(&t, 10, "one-after-the-other", "500", 1);
	assert_string_equal(t.said, "500 made\n");
	assert_false(t.struck);
	assert_true(t.most <= 10);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_a_fork_bomb_gets_exactly_so_many_processes),
		cmocka_unit_test(test_threads_count_as_processes_do),
		cmocka_unit_test(
			test_several_bombs_at_once_never_have_more_together),
		cmocka_unit_test(test_nor_where_others_have_the_processors),
		cmocka_unit_test(
			test_who_stays_below_the_limit_may_make_any_number),
	};

	return cmocka_run_group_tests_name("crowd", tests, NULL, NULL);
}

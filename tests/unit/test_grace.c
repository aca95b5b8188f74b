/* test_grace.c: time for who had no processor, and for nobody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sys/clock.h"
#include "sys/tree.h"
#include "watch/grace.h"

static pid_t
start(void (*work)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		work();
	}
	assert_true(pid > 0);
	return pid;
}

static void
sleeps(void)
{
	for (;;)
		pause();
}

static void
is_busy(void)
{
	for (volatile unsigned i = 0;; i ^= 1)
		;
}

static void
end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Until it has had a processor for so long since *g began. */
static void
let_run(const struct grace *g, int64_t ns)
{
	int64_t ran_ns;

	do
		usleep(1000);
	while (tree_thread_state(g->of[0].pid, &ran_ns) &&
	       ran_ns - g->of[0].ran_ns < ns);
}

static void
until_asleep(pid_t pid)
{
	int64_t ran_ns;

	while (tree_thread_state(pid, &ran_ns) != 'S')
		usleep(1000);
}

/* It waits for something else than a processor: no more time for it. */
static void
a_sleeper(void **state)
{
	pid_t pid = start(sleeps);
	struct grace g;
	int64_t until = 0;

	(void)state;
	until_asleep(pid);
	assert_true(grace_begin(&g, pid, pid, 100000) > clock_mono_ns());
	assert_false(grace_goes_on(&g, &until));
	assert_int_equal(until, 0);
	end(pid);
	assert_false(grace_goes_on(&g, &until)); /* and none for the dead */
}

/* It wants a processor, and has not had one for long: more time, for whom the
 * time is as for who is to tell it. What had one for the time that was given
 * gets no more. */
static void
who_is_busy(void **state)
{
	pid_t busy = start(is_busy), sleeper = start(sleeps);
	struct grace g;
	int64_t until = 0;

	(void)state;
	until_asleep(sleeper);
	grace_begin(&g, busy, sleeper, 100000);
	let_run(&g, 1);
	assert_true(grace_goes_on(&g, &until));
	assert_true(until > 0);
	grace_begin(&g, sleeper, busy, 100000);
	assert_true(grace_goes_on(&g, &until));
	grace_begin(&g, busy, busy, 20);
	let_run(&g, 20 * NS_PER_MS);
	assert_false(grace_goes_on(&g, &until));
	end(busy);
	end(sleeper);
}

/* Ten times as long, then it is over all the same. */
static void
not_for_ever(void **state)
{
	pid_t busy = start(is_busy);
	struct grace g;
	int64_t until = 0, more = 0;

	(void)state;
	grace_begin(&g, busy, busy, 50);
	let_run(&g, 1);
	g.of[0].ran_ns = INT64_MAX / 2; /* as if it had never run since */
	while (grace_goes_on(&g, &until))
		more += 10;
	assert_int_equal(more, 9 * 50);
	end(busy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sleeper),
		cmocka_unit_test(who_is_busy),
		cmocka_unit_test(not_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

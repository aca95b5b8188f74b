/* test_supervise.c: a supervisor with a real keeper and a real host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include "slack.h"
#include "watch/supervise.h"

#ifndef BUILD_DIR
#define BUILD_DIR "build"
#endif

static void
deliver(void *self, const struct capture_text *text)
{
	(void)self;
	(void)text;
}

static void
test_a_cell_of_a_host_that_is_gone_is_told_so(void **state)
{
	const struct strs env = { 0 };
	char turns[8] = { 0 };
	const struct wire_put payload = { turns, sizeof turns, sizeof turns,
					  false };
	struct capture c;
	struct task t = { .capture = &c,
			  .timeout_ms = 2000 * (int64_t)slack() };
	struct supervisor s;
	struct err e;

	(void)state;
	assert_int_equal(supervisor_start(&s, &e), 0);
	assert_int_equal(supervise_host_start(&s, BUILD_DIR "/cnb-host", NULL,
					      &env, CAPTURE_PLAIN, false, &e),
			 0);
	kill(s.host.pid, SIGKILL);
	while (s.host.pid)
		supervise_idle(&s);
	assert_int_equal(capture_open(&c, &s.loop, deliver, NULL, &e), 0);
	assert_int_equal(supervise_cell(&s, &t, &payload, NULL, 0, &e), 0);
	assert_true(t.outcome.not_told && t.outcome.died);
	assert_int_equal(WTERMSIG(t.outcome.wait_status), SIGKILL);
	assert_false(t.outcome.timed_out);
	outcome_release(&t.outcome);
	capture_close(&c);
	supervisor_stop(&s);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_cell_of_a_host_that_is_gone_is_told_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

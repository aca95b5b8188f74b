/* test_supervise.c: a supervisor with a real keeper and a real host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "slack.h"
#include "sys/clock.h"
#include "sys/tree.h"
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

static pid_t
start_busy(void)
{
	pid_t pid = fork();
	int64_t ran_ns;

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (volatile unsigned i = 0;; i ^= 1)
			;
	}
	do
		usleep(1000);
	while (tree_thread_state(pid, &ran_ns) && !ran_ns);
	return pid;
}

struct late {
	struct loop *loop;
	int host; /* the end of its socket */
	pid_t pid;
	bool time_is_over;
};

/* First its time is over, then it answers. */
static void
answer_late(void *self, int fd)
{
	struct late *l = self;
	char data[8];
	struct wire_put p = { .data = data, .cap = sizeof data };

	if (!l->time_is_over) {
		l->time_is_over = true;
		clock_stop_at(clock_after_ms(HOST_ANSWER_MS + 1000), 0);
		return;
	}
	clock_stop_at(-1, -1);
	wire_put_u32(&p, WIRE_VERSION);
	wire_put_u32(&p, (uint32_t)l->pid);
	wire_send(l->host, WIRE_HELLO, data, p.len, NULL, 0);
	loop_remove(l->loop, fd);
}

static void
test_a_host_that_has_no_processor_may_answer_late(void **state)
{
	struct late l = { .pid = start_busy() };
	struct supervisor s;
	struct err e;
	int pair[2], news[2];

	(void)state;
	assert_int_equal(supervisor_start(&s, &e), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
				    pair),
			 0);
	assert_int_equal(pipe2(news, O_CLOEXEC), 0);
	assert_int_equal(write(news[1], "x", 1), 1);
	l.host = pair[1];
	l.loop = &s.loop;
	loop_add(&s.loop, news[0], answer_late, &l);
	assert_int_equal(supervise_host_attach(&s, pair[0], l.pid, "it", &e),
			 0);
	assert_true(l.time_is_over);
	kill(l.pid, SIGKILL);
	waitpid(l.pid, NULL, 0);
	supervisor_stop(&s);
	close(pair[1]);
	close(news[0]);
	close(news[1]);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_cell_of_a_host_that_is_gone_is_told_so),
		cmocka_unit_test(
			test_a_host_that_has_no_processor_may_answer_late),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Both ends of the keeper's socket, and who else may have got hold of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sys/keeper_wire.h"
#include "under_valgrind.h"
#include "watch/task.h"

static pid_t
spawn(struct keeper *k, struct err *e)
{
	char *argv[] = { (char[]){ "sleep" }, (char[]){ "1000" }, NULL };
	struct keeper_spawn what = { .path = "/bin/sleep",
				     .argv = argv,
				     .fds = { -1, -1, -1 },
				     .extra_fd = -1 };

	return keeper_spawn(k, &what, e);
}

/* It ends as it does when cnb has gone: with all that it has started. */
static void
assert_ends_the_keeper(const struct keeper_request *q)
{
	char *packet = calloc(1, KEEPER_PACKET);
	struct keeper k;
	struct err e;
	pid_t pid;
	int status;

	memcpy(packet, q, sizeof *q);
	assert_int_equal(keeper_start(&k, &e), 0);
	pid = spawn(&k, &e);
	assert_true(pid > 1);
	assert_int_equal(send(k.fd, packet, KEEPER_PACKET, 0), KEEPER_PACKET);
	assert_int_equal(waitpid(k.pid, &status, 0), k.pid);
	assert_int_equal(status, 0);
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
	keeper_stop(&k);
	free(packet);
}

static void
test_a_request_that_lies_ends_the_keeper(void **state)
{
	static const struct keeper_request lies[] = {
		{ .verb = KEEPER_SPAWN, .argc = UINT32_MAX },
		{ .verb = KEEPER_SPAWN, .argc = UINT32_MAX - 1 },
		{ .verb = KEEPER_SPAWN, .envc = UINT32_MAX },
		{ .verb = KEEPER_SPAWN, .argc = 1, .nests = KEEPER_NESTS + 1 },
		{ .verb = KEEPER_SIGNAL, .nspare = UINT32_MAX, .nstill = 1 },
		{ .verb = KEEPER_SIGNAL, .family = 1 },
		{ .verb = KEEPER_SIGNAL, .family = -2 },
		{ .verb = KEEPER_REPLY },
	};

	(void)state;
	for (size_t i = 0; i < countof(lies); i++)
		assert_ends_the_keeper(&lies[i]);
}

static void
answer(int fd, const struct keeper_answer *a)
{
	assert_int_equal(send(fd, a, sizeof *a, 0), sizeof *a);
}

static void
test_a_process_that_cannot_be_is_not_believed(void **state)
{
	static const int32_t values[] = { 0, 1, INT_MIN, -4096 };
	struct keeper k = { 0 };
	struct err e;
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	k.fd = pair[0];
	for (size_t i = 0; i < countof(values); i++) {
		answer(pair[1], &(struct keeper_answer){ .verb = KEEPER_REPLY,
							 .value = values[i] });
		assert_int_equal(spawn(&k, &e), -1);
	}
	close(pair[0]);
	close(pair[1]);
}

/* As much stands in it as there is room for. */
static void
open_full(int pair[2], const struct keeper_answer *a)
{
	int n = 0;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	while (send(pair[1], a, sizeof *a, MSG_DONTWAIT) > 0)
		n++;
	assert_true(n > 100);
}

static bool
has_more(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

static void
test_a_reply_that_nobody_awaits_is_no_death(void **state)
{
	const struct keeper_answer reply = { .verb = KEEPER_REPLY, .value = 7 };
	const struct keeper_answer death = { .verb = KEEPER_DEATH,
					     .death = { .pid = 7 } };
	struct keeper k = { 0 };
	struct keeper_death d;
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	k.fd = pair[0];
	answer(pair[1], &reply);
	assert_int_equal(keeper_next(&k, &d), 0);
	answer(pair[1], &reply);
	answer(pair[1], &death);
	assert_int_equal(keeper_next(&k, &d), 1);
	assert_int_equal(d.pid, 7);
	close(pair[0]);
	close(pair[1]);
}

static void
test_replies_that_nobody_awaits_come_to_an_end(void **state)
{
	const struct keeper_answer reply = { .verb = KEEPER_REPLY, .value = 7 };
	struct keeper k = { 0 };
	struct keeper_death d;
	int pair[2];

	(void)state;
	open_full(pair, &reply);
	k.fd = pair[0];
	assert_int_equal(keeper_next(&k, &d), 0);
	assert_true(has_more(pair[0]));
	close(pair[0]);
	close(pair[1]);
}

/* Nothing but deaths, as long as there is somebody who reads them. */
static pid_t
flood(const int pair[2])
{
	const struct keeper_answer death = { .verb = KEEPER_DEATH,
					     .death = { .pid = 7 } };
	pid_t pid = fork();

	if (pid == 0) {
		close(pair[0]);
		while (send(pair[1], &death, sizeof death, MSG_NOSIGNAL) > 0)
			;
		_exit(0);
	}
	close(pair[1]);
	return pid;
}

static void
test_deaths_before_a_reply_come_to_an_end(void **state)
{
	struct keeper k = { 0 };
	struct err e;
	int pair[2], status;

	(void)state;
	if (under_valgrind()) /* a million of them */
		skip();
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	k.pid = flood(pair);
	k.fd = pair[0];
	assert_int_equal(spawn(&k, &e), -1);
	/* As one that was killed, and nobody goes on at its other end. */
	assert_true(keeper_is_gone(&k));
	assert_int_equal(waitpid(k.pid, &status, 0), k.pid);
	assert_int_equal(status, 0);
	close(pair[0]);
	free(k.queue);
}

static void
test_a_row_of_deaths_keeps_nothing_else_waiting(void **state)
{
	const struct keeper_answer death = { .verb = KEEPER_DEATH,
					     .death = { .pid = 7 } };
	struct supervisor s = { .deadline_ns = LOOP_NEVER };
	struct err e;
	int pair[2];

	(void)state;
	open_full(pair, &death);
	s.host.fd = -1;
	s.keeper.fd = pair[0];
	assert_int_equal(task_listen(&s, &e), 0);
	task_wait(&s, 0);
	assert_true(has_more(pair[0]));
	witness_release(&s.witness);
	loop_release(&s.loop);
	close(pair[0]);
	close(pair[1]);
}

/* Who asks through us loses only its own way to ask. */
static void
test_a_lie_is_not_handed_on(void **state)
{
	const struct keeper_request lie = { .verb = KEEPER_SPAWN, .argc = 7 };
	struct keeper k = { 0 };
	int keeper[2], lane[2];
	char byte;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, keeper), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, lane), 0);
	k.fd = keeper[0];
	assert_int_equal(send(lane[1], &lie, sizeof lie, 0), sizeof lie);
	assert_int_equal(keeper_hand_on(&k, lane[0]), -1);
	assert_int_equal(recv(keeper[1], &byte, 1, MSG_DONTWAIT), -1);
	close(keeper[0]);
	close(keeper[1]);
	close(lane[0]);
	close(lane[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_request_that_lies_ends_the_keeper),
		cmocka_unit_test(test_a_process_that_cannot_be_is_not_believed),
		cmocka_unit_test(test_a_reply_that_nobody_awaits_is_no_death),
		cmocka_unit_test(
			test_replies_that_nobody_awaits_come_to_an_end),
		cmocka_unit_test(test_deaths_before_a_reply_come_to_an_end),
		cmocka_unit_test(
			test_a_row_of_deaths_keeps_nothing_else_waiting),
		cmocka_unit_test(test_a_lie_is_not_handed_on),
	};

	return cmocka_run_group_tests_name("keeper", tests, NULL, NULL);
}

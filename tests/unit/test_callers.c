/* test_callers.c: who knocks, says what it wants, or does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "live/callers.h"
#include "sys/clock.h"
#include "under_valgrind.h"

struct door {
	struct loop loop;
	struct callers callers;
	struct sockaddr_un at;
	int listener;
};

static int
open_door(void **state)
{
	static struct door d;
	struct err e;

	d = (struct door){ .at.sun_family = AF_UNIX };
	snprintf(d.at.sun_path + 1, sizeof d.at.sun_path - 1, "cnb-callers-%d",
		 (int)getpid());
	d.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(d.listener >= 0);
	assert_int_equal(bind(d.listener, (void *)&d.at, sizeof d.at), 0);
	assert_int_equal(listen(d.listener, 5), 0);
	assert_int_equal(loop_init(&d.loop, &e), 0);
	callers_init(&d.callers, &d.loop);
	*state = &d;
	return 0;
}

static int
close_door(void **state)
{
	struct door *d = *state;

	callers_release(&d->callers);
	loop_release(&d->loop);
	close(d->listener);
	return 0;
}

static int
knock(struct door *d)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (void *)&d->at, sizeof d->at), 0);
	callers_accept(&d->callers, d->listener);
	return fd;
}

static void
say(int fd, size_t from, size_t to)
{
	const uint32_t frame[3] = { FRAME_ASK, 4, LETTER_STATUS };

	assert_int_equal(send(fd, (const char *)frame + from, to - from, 0),
			 to - from);
}

static bool
was_let_go(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

/* As if that much time had gone by. */
static void
wait_for(struct door *d, int64_t ns)
{
	for (size_t i = 0; i < CALLERS_MOST; i++)
		d->callers.all[i].since_ns -= ns;
}

static void
hear(struct door *d)
{
	while (loop_wait(&d->loop, clock_mono_ns()))
		;
}

/* One that has said all is there. -> how long that is */
static size_t
take(struct door *d, int of_kind)
{
	struct buf frame = { 0 };
	int fd = callers_take(&d->callers, of_kind, &frame);
	size_t len = frame.len;

	assert_true(fd >= 0);
	close(fd);
	buf_release(&frame);
	return len;
}

static void
test_who_says_all_is_taken(void **state)
{
	struct door *d = *state;
	struct buf frame = { 0 };
	int one = knock(d), two = knock(d);

	say(one, 0, 12);
	say(two, 0, 11);
	hear(d);
	assert_true(callers_ask(&d->callers, LETTER_STATUS));
	assert_int_equal(take(d, LETTER_STATUS), 12);
	assert_int_equal(callers_take(&d->callers, -1, &frame), -1);
	say(two, 11, 12);
	hear(d);
	assert_int_equal(take(d, -1), 12);
	buf_release(&frame);
	close(one);
	close(two);
}

static void
test_who_says_half_is_let_go(void **state)
{
	struct door *d = *state;
	int one = knock(d);

	say(one, 0, 7);
	hear(d);
	wait_for(d, CALLER_NS - NS_PER_S);
	assert_true(callers_expire(&d->callers) < LOOP_NEVER);
	assert_false(was_let_go(one));
	wait_for(d, NS_PER_S);
	assert_true(callers_expire(&d->callers) == LOOP_NEVER);
	assert_true(was_let_go(one));
	close(one);
}

/* Cells ran for somebody else, and all stood still. */
static void
test_who_was_not_heard_is_not_let_go(void **state)
{
	struct door *d = *state;
	int one = knock(d);

	wait_for(d, 2 * CALLER_NS);
	say(one, 0, 12);
	callers_renew(&d->callers);
	assert_true(callers_expire(&d->callers) < LOOP_NEVER);
	hear(d);
	assert_int_equal(take(d, -1), 12);
	close(one);
}

/* What another user of the machine says is not even read. */
static void
test_a_stranger_is_turned_away(void **state)
{
	struct door *d = *state;
	int status;
	pid_t pid;

	if (geteuid() != 0)
		skip();
	pid = fork();
	if (pid == 0) {
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		char byte;

		if (setuid(65534) < 0 ||
		    connect(fd, (void *)&d->at, sizeof d->at) < 0)
			_exit(1);
		_exit(recv(fd, &byte, 1, 0) == 0 ? 0 : 2);
	}
	assert_true(loop_has_news(d->listener, LOOP_NEVER));
	callers_accept(&d->callers, d->listener);
	assert_false(callers_wait(&d->callers));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static int
connect_to(struct door *d)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (void *)&d->at, sizeof d->at), 0);
	return fd;
}

static void
fill(struct door *d, int fds[CALLERS_MOST])
{
	for (int i = 0; i < CALLERS_MOST; i++)
		fds[i] = knock(d);
	assert_false(callers_are_full(&d->callers));
}

static void
close_all(const int fds[CALLERS_MOST])
{
	for (int i = 0; i < CALLERS_MOST; i++)
		close(fds[i]);
}

/* As many as there is room for say nothing, and another comes. */
static void
test_who_is_silent_for_longest_makes_room(void **state)
{
	struct door *d = *state;
	int silent[CALLERS_MOST], next;

	fill(d, silent);
	say(silent[0], 0, 12); /* who has said all stays, */
	say(silent[1], 0, 7);  /* and for longer who has said something */
	hear(d);
	next = connect_to(d);
	callers_accept(&d->callers, d->listener);
	assert_false(was_let_go(silent[2])); /* they have just come */
	wait_for(d, CALLER_SILENT_NS);
	callers_accept(&d->callers, d->listener);
	assert_true(was_let_go(silent[2]));
	for (int i = 0; i < CALLERS_MOST; i++)
		if (i != 2)
			assert_false(was_let_go(silent[i]));
	say(next, 0, 12);
	hear(d);
	assert_int_equal(take(d, -1), 12);
	assert_int_equal(take(d, -1), 12);
	close_all(silent);
	close(next);
}

/* It said so while we were deaf. */
static void
test_who_has_said_all_is_not_taken_for_silent(void **state)
{
	struct door *d = *state;
	int fds[CALLERS_MOST], next;

	fill(d, fds);
	for (int i = 0; i < CALLERS_MOST; i++)
		say(fds[i], 0, 12);
	next = connect_to(d);
	wait_for(d, CALLER_SILENT_NS);
	callers_accept(&d->callers, d->listener);
	assert_true(callers_are_full(&d->callers));
	for (int i = 0; i < CALLERS_MOST; i++)
		assert_int_equal(take(d, -1), 12);
	close_all(fds);
	close(next);
}

/* What it is asked again it can say, however many are silent. */
static void
test_who_is_asked_again_comes_before_the_silent(void **state)
{
	struct door *d = *state;
	int fds[CALLERS_MOST], pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	fill(d, fds);
	assert_true(callers_hear_again(&d->callers, pair[0]));
	assert_true(was_let_go(fds[0]));
	say(pair[1], 0, 12);
	hear(d);
	assert_int_equal(take(d, -1), 12);
	close(pair[1]);
	close_all(fds);
}

static void
on_door(void *self, int listener)
{
	struct door *d = self;

	callers_accept(&d->callers, listener);
}

/* It stands at the door until there is a descriptor for it, and we do not look
 * all the time whether there is. */
static void
test_want_of_descriptors_is_waited_for_in_peace(void **state)
{
	struct door *d = *state;
	struct rlimit before, none;
	int one, next;

	if (under_valgrind()) /* takes the caller in, and loses him */
		skip();
	one = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	loop_add(&d->loop, d->listener, on_door, d);
	assert_int_equal(connect(one, (void *)&d->at, sizeof d->at), 0);
	next = dup(one);
	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = (rlim_t)next;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_true(loop_wait(&d->loop, clock_mono_ns()));
	assert_false(callers_wait(&d->callers));
	assert_false(loop_wait(&d->loop, clock_mono_ns()));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	while (!callers_wait(&d->callers))
		loop_wait(&d->loop, LOOP_NEVER);
	loop_remove(&d->loop, d->listener);
	say(one, 0, 12);
	hear(d);
	assert_int_equal(take(d, -1), 12);
	close(one);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_who_says_all_is_taken,
						open_door, close_door),
		cmocka_unit_test_setup_teardown(test_who_says_half_is_let_go,
						open_door, close_door),
		cmocka_unit_test_setup_teardown(
			test_who_was_not_heard_is_not_let_go, open_door,
			close_door),
		cmocka_unit_test_setup_teardown(test_a_stranger_is_turned_away,
						open_door, close_door),
		cmocka_unit_test_setup_teardown(
			test_who_is_silent_for_longest_makes_room, open_door,
			close_door),
		cmocka_unit_test_setup_teardown(
			test_who_has_said_all_is_not_taken_for_silent,
			open_door, close_door),
		cmocka_unit_test_setup_teardown(
			test_who_is_asked_again_comes_before_the_silent,
			open_door, close_door),
		cmocka_unit_test_setup_teardown(
			test_want_of_descriptors_is_waited_for_in_peace,
			open_door, close_door),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_front.c: the object in front of program cells, linked into a program by
 * each compiler there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "host/wire.h"
#include "slack.h"

#ifndef BUILD_DIR
#define BUILD_DIR "build"
#endif
#define NUMBER 250 /* where the program finds its socket */

static const char *const compilers[] = { "gcc", "clang", "gcc -O2", "tcc",
					 "gcc -fsanitize=address" };
static char dir[] = "/tmp/cnb-test-XXXXXX";
static char program[200];

struct outcome {
	char out[1000];
	int status;
	bool crashed;
	struct wire_crash crash;
	size_t maps;
	pid_t pid;
};

static bool
build(const char *cc)
{
	char command[1000];

	snprintf(command, sizeof command,
		 "command -v %s >/dev/null && %s -w -g -o '%s' "
		 "'" BUILD_DIR "/cnb-front.o' "
		 "tests/children/programs/fronted.c",
		 cc, cc, program);
	if (system(command) == 0)
		return true;
	snprintf(command, sizeof command, "command -v %.5s >/dev/null", cc);
	if (system(command) == 0)
		fail_msg("'%s' cannot link it", cc);
	print_message("there is no %s\n", cc);
	return false;
}

static void
become_program(const char *what, int out, int extra)
{
	char number[20];

	dup2(out, STDOUT_FILENO);
	if (extra >= 0) {
		dup2(extra, NUMBER);
		snprintf(number, sizeof number, "%d", NUMBER);
		setenv(WIRE_ENV_CRASH_FD, number, 1);
	}
	setenv("ASAN_OPTIONS", "handle_segv=0:detect_leaks=0", 1);
	execl(program, "program", what, (char *)NULL);
	_exit(127);
}

static void
collect(struct outcome *o, int socket)
{
	struct wire_in in;
	int rc;

	wire_in_init(&in);
	while ((rc = wire_recv(socket, &in)) >= 0) {
		if (rc && in.type == WIRE_CRASH) {
			assert_int_equal(in.len, sizeof o->crash);
			memcpy(&o->crash, in.data, sizeof o->crash);
			o->crashed = true;
		} else if (rc && in.type == WIRE_STACK) {
			assert_true(o->crashed && in.len > 0);
		} else if (rc) {
			assert_int_equal(in.type, WIRE_MAPS);
			o->maps += in.len;
		}
	}
	assert_int_equal(errno, 0);
	wire_in_release(&in);
}

static struct outcome
run(const char *what, bool with_socket)
{
	struct outcome o = { 0 };
	int pair[2] = { -1, -1 }, out[2];
	ssize_t n = 0, got;

	if (with_socket)
		assert_int_equal(socketpair(AF_UNIX,
					    SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
					    pair),
				 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	o.pid = fork();
	if (o.pid == 0)
		become_program(what, out[1], pair[1]);
	close(out[1]);
	if (with_socket) {
		close(pair[1]);
		collect(&o, pair[0]);
		close(pair[0]);
	}
	while ((got = read(out[0], o.out + n, sizeof o.out - 1 - (size_t)n)) >
	       0)
		n += got;
	close(out[0]);
	assert_int_equal(waitpid(o.pid, &o.status, 0), o.pid);
	return o;
}

static void
test_fork_prints_nothing_twice(void **state)
{
	(void)state;
	assert_string_equal(run("fork", true).out, "one\n");
	assert_string_equal(run("fork", false).out, "one\n");
}

static void
test_environment_and_descriptors_show_nothing_of_it(void **state)
{
	int with, without;

	(void)state;
	without = atoi(run("environment", false).out);
	with = atoi(run("environment", true).out);
	assert_true(without > 0);
	assert_int_equal(with, without);
}

static void
test_program_s_own_functions_are_not_called(void **state)
{
	struct outcome o = run("names", true);

	(void)state;
	assert_int_equal(o.status, 0);
	assert_string_equal(o.out, "my backtrace\nmy close\nmy open\nmy read\n"
				   "my sendmsg\n2");
}

static void
test_crash_is_reported_and_still_kills(void **state)
{
	struct outcome o = run("crash", true);

	(void)state;
	assert_true(WIFSIGNALED(o.status));
	assert_int_equal(WTERMSIG(o.status), SIGSEGV);
	assert_true(o.crashed);
	assert_int_equal(o.crash.addr, 8);
	assert_int_equal(o.crash.pid, o.pid);
	assert_true(o.crash.pc != 0);
	assert_true(o.crash.nframes > 0);
	assert_true(o.maps > 100);
	assert_string_equal(o.out, "before\n");
}

static void
test_stack_overflow_is_reported(void **state)
{
	struct outcome o = run("overflow", true);

	(void)state;
	assert_int_equal(WTERMSIG(o.status), SIGSEGV);
	assert_true(o.crashed);
	assert_true(o.crash.nframes > 10);
}

static void
test_crash_without_a_socket_is_a_plain_one(void **state)
{
	struct outcome o = run("crash", false);

	(void)state;
	assert_int_equal(WTERMSIG(o.status), SIGSEGV);
	assert_string_equal(o.out, "before\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fork_prints_nothing_twice),
		cmocka_unit_test(
			test_environment_and_descriptors_show_nothing_of_it),
		cmocka_unit_test(test_program_s_own_functions_are_not_called),
		cmocka_unit_test(test_crash_is_reported_and_still_kills),
		cmocka_unit_test(test_stack_overflow_is_reported),
		cmocka_unit_test(test_crash_without_a_socket_is_a_plain_one),
	};
	int failed = 0;
	size_t i;

	alarm(120 * slack());
	if (!mkdtemp(dir))
		return 1;
	snprintf(program, sizeof program, "%s/program", dir);
	for (i = 0; i < sizeof compilers / sizeof *compilers; i++)
		if (build(compilers[i]))
			failed +=
				cmocka_run_group_tests_name(compilers[i], tests,
							    NULL, NULL);
	unlink(program);
	rmdir(dir);
	return failed;
}

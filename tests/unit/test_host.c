/* test_host.c: drives a real cnb-host, as cnb does, through the cells of
 * tests/children/plugins/every.c. CNB_HOST names another program to test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "build_plugin.h"
#include "slack.h"
#include "host/wire.h"

#ifndef BUILD_DIR
#define BUILD_DIR "build"
#endif
#define SHOWN 200

struct text {
	char at[20000];
	size_t len;
};

/* What a cell, or loading, brought. */
struct outcome {
	struct wire_done done;
	bool is_done, crashed;
	struct wire_crash crash;
	struct text out, err, maps;
	struct {
		char mime[40];
		size_t len;
		bool even; /* all bytes are the same */
	} shown[SHOWN];
	size_t nshown;
	int status; /* of wait(2), where the host died */
};

struct host {
	pid_t pid;
	int fd;
	struct wire_in in;
	uint32_t plugin;
	char names[100][30];
	uint32_t nnames;
	const char *input, *params[8];
	size_t nparams;
	struct outcome o;
};

static uint32_t turn; /* of the last RUN or FOLLOW */

/* the host's life */

static const char *
host_path(void)
{
	const char *path = getenv("CNB_HOST");

	return path ? path : BUILD_DIR "/cnb-host";
}

static void
become_host(int fd)
{
	int null = open("/dev/null", O_RDWR), i;

	setpgid(0, 0); /* as the keeper does it */
	for (i = 0; i < 3; i++)
		dup2(null, i);
	close(null);
	dup2(fd, 10);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execl(host_path(), "cnb-host", "10", (char *)NULL);
	_exit(127);
}

static void
receive(struct host *h, enum wire_type type)
{
	int rc;

	do
		rc = wire_recv(h->fd, &h->in);
	while (rc == 0);
	if (rc < 0 || h->in.type != type)
		fail_msg("no message %d but %d: %s", type, h->in.type,
			 strerror(errno));
}

static void
host_start(struct host *h)
{
	struct wire_get g;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
				    pair),
			 0);
	memset(h, 0, sizeof *h);
	wire_in_init(&h->in);
	h->pid = fork();
	if (h->pid == 0)
		become_host(pair[1]);
	close(pair[1]);
	h->fd = pair[0];
	receive(h, WIRE_HELLO);
	g = wire_get(&h->in);
	assert_int_equal(wire_get_u32(&g), WIRE_VERSION);
	assert_int_equal(wire_get_u32(&g), h->pid);
}

static void
load(struct host *h, const char *path)
{
	char data[1000];
	struct wire_put p = { .data = data, .cap = sizeof data };
	struct wire_get g;
	uint32_t i;

	wire_put_str(&p, path);
	assert_int_equal(wire_send(h->fd, WIRE_LOAD, data, p.len, NULL, 0), 0);
	receive(h, WIRE_LOADED);
	g = wire_get(&h->in);
	h->plugin = wire_get_u32(&g);
	h->nnames = wire_get_u32(&g);
	assert_true(h->nnames <= 100);
	for (i = 0; i < h->nnames; i++) {
		snprintf(h->names[i], sizeof h->names[i], "%s",
			 wire_get_str(&g));
		wire_get_str(&g);
	}
	wire_get_str(&g);
	assert_false(g.bad);
	assert_ptr_equal(g.at, g.end);
}

static int
setup(void **state)
{
	static struct host h;

	host_start(&h);
	load(&h, build_plugin("every"));
	*state = &h;
	return 0;
}

static int
teardown(void **state)
{
	struct host *h = *state;

	wire_in_release(&h->in);
	if (h->fd >= 0)
		close(h->fd);
	if (h->pid > 0) {
		kill(h->pid, SIGKILL);
		waitpid(h->pid, NULL, 0);
	}
	return 0;
}

/* one run */

static void
text_add(struct text *t, const char *bytes, size_t n)
{
	if (n > sizeof t->at - 1 - t->len)
		n = sizeof t->at - 1 - t->len;
	memcpy(t->at + t->len, bytes, n);
	t->len += n;
	t->at[t->len] = '\0';
}

static void
take_display(struct outcome *o, const struct wire_in *in)
{
	struct wire_get g = wire_get(in);
	const char *mime = wire_get_str(&g);
	size_t n = (size_t)(g.end - g.at);

	assert_false(g.bad);
	assert_true(o->nshown < SHOWN);
	snprintf(o->shown[o->nshown].mime, sizeof o->shown[0].mime, "%s", mime);
	o->shown[o->nshown].len = n;
	o->shown[o->nshown++].even = n && memcmp(g.at, g.at + 1, n - 1) == 0;
}

static void
take_message(struct host *h)
{
	struct outcome *o = &h->o;

	switch ((int)h->in.type) {
	case WIRE_DISPLAY:
		take_display(o, &h->in);
		break;
	case WIRE_DONE:
		assert_int_equal(h->in.len, sizeof o->done);
		memcpy(&o->done, h->in.data, sizeof o->done);
		o->is_done = true;
		break;
	case WIRE_CRASH:
		assert_int_equal(h->in.len, sizeof o->crash);
		assert_false(o->crashed);
		memcpy(&o->crash, h->in.data, sizeof o->crash);
		o->crashed = true;
		break;
	case WIRE_STACK:  /* where it was smashed */
	case WIRE_REPORT: /* of a sanitizer that the host itself has */
		break;
	case WIRE_MAPS:
		text_add(&o->maps, h->in.data, h->in.len);
		break;
	default:
		fail_msg("message %d is not for us", h->in.type);
	}
}

/* Read what is there; at its end the descriptor is closed. */
static void
drain(struct pollfd *p, struct text *t)
{
	char piece[4096];
	ssize_t n;

	if (!p->revents)
		return;
	n = read(p->fd, piece, sizeof piece);
	if (n > 0) {
		text_add(t, piece, (size_t)n);
		return;
	}
	close(p->fd);
	p->fd = -1;
}

/* Until the host has answered or died, and all output has come; of a cell that
 * left threads, what has come by then. */
static void
collect(struct host *h, int out, int err)
{
	struct pollfd p[3] = { { h->fd, POLLIN, 0 },
			       { out, POLLIN, 0 },
			       { err, POLLIN, 0 } };
	struct outcome *o = &h->o;
	int rc;

	while (p[0].fd >= 0 || p[1].fd >= 0 || p[2].fd >= 0) {
		int wait = o->is_done && o->done.threads_left ? 0 : -1;

		if (poll(p, 3, wait) == 0)
			break;
		drain(&p[1], &o->out);
		drain(&p[2], &o->err);
		if (!p[0].revents)
			continue;
		rc = wire_recv(h->fd, &h->in);
		if (rc > 0)
			take_message(h);
		if (rc < 0)
			assert_int_equal(errno, 0);
		if (rc < 0 || o->is_done)
			p[0].fd = -1;
	}
	if (p[1].fd >= 0)
		close(p[1].fd);
	if (p[2].fd >= 0)
		close(p[2].fd);
	if (!o->is_done) {
		assert_int_equal(waitpid(h->pid, &o->status, 0), h->pid);
		h->pid = 0;
	}
}

static uint32_t
row_of(struct host *h, const char *name)
{
	uint32_t i;

	for (i = 0; i < h->nnames; i++)
		if (strcmp(h->names[i], name) == 0)
			return i;
	fail_msg("no cell '%s'", name);
	return 0;
}

static void
pipe_of(int ends[2])
{
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
}

/* Run cell `name` with one argument more (NULL: none). */
static struct outcome *
run(struct host *h, const char *name, const char *arg)
{
	int in[2], out[2], err[2], fds[3];
	char data[1000];
	struct wire_put p = { .data = data, .cap = sizeof data };
	size_t i;

	memset(&h->o, 0, sizeof h->o);
	pipe_of(in);
	pipe_of(out);
	pipe_of(err);
	if (h->input)
		assert_true(write(in[1], h->input, strlen(h->input)) >= 0);
	close(in[1]);
	wire_put_u32(&p, 0);
	wire_put_u32(&p, ++turn);
	wire_put_u32(&p, h->plugin);
	wire_put_u32(&p, row_of(h, name));
	wire_put_u32(&p, arg ? 2 : 1);
	wire_put_str(&p, name);
	if (arg)
		wire_put_str(&p, arg);
	wire_put_u32(&p, (uint32_t)h->nparams);
	for (i = 0; i < 2 * h->nparams; i++)
		wire_put_str(&p, h->params[i]);
	wire_put_u32(&p, 0);
	wire_put_u32(&p, 0);
	wire_put_u32(&p, 0);
	wire_put_u32(&p, 0);
	fds[0] = in[0];
	fds[1] = out[1];
	fds[2] = err[1];
	assert_int_equal(wire_send(h->fd, WIRE_ROOM, NULL, 0, NULL, 0), 0);
	assert_int_equal(wire_send(h->fd, WIRE_RUN, data, p.len, fds, 3), 0);
	for (i = 0; i < 3; i++)
		close(fds[i]);
	collect(h, out[0], err[0]);
	return &h->o;
}

/* Runs, and ends as given. */
static struct outcome *
runs(struct host *h, const char *name, const char *arg, enum wire_how how,
     int status)
{
	struct outcome *o = run(h, name, arg);

	if (!o->is_done)
		fail_msg("cell '%s' ended the host: wait status %#x", name,
			 o->status);
	assert_int_equal(o->done.how, how);
	assert_int_equal(o->done.status, status);
	return o;
}

static void
runs_well(struct host *h, const char *name, const char *prints)
{
	struct outcome *o = runs(h, name, NULL, WIRE_RETURNED, 0);

	assert_string_equal(o->out.at, prints);
}

/* Send QUIT; what its atexit handlers print. */
static struct outcome *
quit(struct host *h)
{
	int out[2], err[2], fds[2];

	memset(&h->o, 0, sizeof h->o);
	pipe_of(out);
	pipe_of(err);
	fds[0] = out[1];
	fds[1] = err[1];
	assert_int_equal(wire_send(h->fd, WIRE_QUIT, NULL, 0, fds, 2), 0);
	close(out[1]);
	close(err[1]);
	collect(h, out[0], err[0]);
	return &h->o;
}

static void
assert_exited(const struct outcome *o, int status)
{
	assert_false(o->is_done);
	assert_true(WIFEXITED(o->status));
	assert_int_equal(WEXITSTATUS(o->status), status);
}

static void
assert_killed(const struct outcome *o, int sig)
{
	assert_false(o->is_done);
	assert_true(WIFSIGNALED(o->status));
	assert_int_equal(WTERMSIG(o->status), sig);
}

/* Is `address` in a line of the maps that ends in `file`? */
static bool
is_in(const struct outcome *o, uint64_t address, const char *file)
{
	const char *line = o->maps.at;
	unsigned long long from, to;

	while (*line) {
		size_t n = strcspn(line, "\n");

		if (sscanf(line, "%llx-%llx", &from, &to) == 2 &&
		    address >= from && address < to)
			return n > strlen(file) &&
			       memcmp(line + n - strlen(file), file,
				      strlen(file)) == 0;
		line += n + (line[n] == '\n');
	}
	return false;
}

static size_t
frames_in(const struct outcome *o, const char *file)
{
	size_t i, n = 0;

	for (i = 0; i < o->crash.nframes; i++)
		n += is_in(o, o->crash.frames[i] - 1, file);
	return n;
}

/* the tests */

static void
test_host_refuses_to_run_by_hand(void **state)
{
	char command[300];

	(void)state;
	snprintf(command, sizeof command, "'%s' 2>&1 | grep -q 'by hand'",
		 host_path());
	assert_int_equal(system(command), 0);
	snprintf(command, sizeof command, "'%s' 0 </dev/null 2>/dev/null",
		 host_path());
	assert_int_equal(WEXITSTATUS(system(command)), WIRE_EXIT_USAGE);
}

static void
test_bad_plugin_is_refused_and_a_good_one_taken_after_it(void **state)
{
	struct host *h = *state;
	char data[300];
	struct wire_put p = { .data = data, .cap = sizeof data };
	struct wire_get g;

	wire_put_str(&p, build_plugin("same_names"));
	assert_int_equal(wire_send(h->fd, WIRE_LOAD, data, p.len, NULL, 0), 0);
	receive(h, WIRE_REFUSED);
	g = wire_get(&h->in);
	assert_non_null(strstr(wire_get_str(&g), "two cells 'b'"));
	assert_int_equal(wire_get_u32(&g), 0);
	assert_false(g.bad);
	load(h, build_plugin("longer_rows"));
	assert_int_equal(h->plugin, 1);
	assert_string_equal(h->names[1], "second");
	runs_well(h, "second", "");
}

static void
test_cell_gets_its_arguments_and_prints(void **state)
{
	struct host *h = *state;
	struct outcome *o = runs(h, "hello", "w\303\266rld", WIRE_RETURNED, 0);

	assert_string_equal(o->out.at, "hello\nw\303\266rld\nend 1");
	assert_string_equal(o->err.at, "to stderr");
	assert_int_equal(o->done.threads_left, 0);
	assert_true(o->done.max_rss_kb > 100);
}

static void
test_status_is_cut_to_a_byte_as_for_a_process(void **state)
{
	struct host *h = *state;

	runs(h, "status", "3", WIRE_RETURNED, 3);
	runs(h, "status", "-1", WIRE_RETURNED, 255);
	runs(h, "status", "256", WIRE_RETURNED, 0);
}

static void
test_parameters_are_found_by_name(void **state)
{
	struct host *h = *state;
	static const char *const pairs[] = { "n", "-12", "who", "me" };

	memcpy(h->params, pairs, sizeof pairs);
	h->nparams = 2;
	runs_well(h, "params", "me -12 NULL");
	h->nparams = 0;
	assert_string_equal(runs(h, "params", NULL, WIRE_RETURNED, 0)->out.at,
			    "(null) -1 NULL");
}

static void
test_each_cell_has_an_input_of_its_own(void **state)
{
	struct host *h = *state;

	h->input = "one\ntwo\n";
	runs_well(h, "read-line", "one\n");
	h->input = "three\n";
	runs_well(h, "echo", "three\n");
	h->input = NULL; /* at its end at once, and after end of file */
	runs_well(h, "echo", "");
	h->input = "four\n";
	runs_well(h, "echo", "four\n");
}

static void
test_exit_ends_the_cell_and_keeps_the_state(void **state)
{
	struct host *h = *state;

	assert_string_equal(runs(h, "exit", "3", WIRE_EXITED, 3)->out.at,
			    "before");
	runs_well(h, "show-state", "42");
	runs(h, "exit", "0", WIRE_EXITED, 0);
	runs(h, "exit", "257", WIRE_EXITED, 1);
}

static void
test_pthread_exit_ends_the_cell(void **state)
{
	struct host *h = *state;

	runs(h, "pthread-exit", NULL, WIRE_PTHREAD_EXITED, 0);
	runs_well(h, "show-state", "43");
}

static void
test_exit_in_a_child_ends_the_child(void **state)
{
	runs_well(*state, "exit-in-child", "once;34");
}

static void
test_exit_inside_a_library_ends_the_process(void **state)
{
	assert_exited(run(*state, "exit-in-qsort", NULL), 31);
}

static void
test_exit_in_a_signal_handler_ends_the_process(void **state)
{
	assert_exited(run(*state, "exit-in-handler", NULL), 32);
}

static void
test_exit_in_a_thread_ends_the_process(void **state)
{
	assert_exited(run(*state, "exit-in-thread", NULL), 33);
}

static void
test_underscore_exit_ends_the_process(void **state)
{
	assert_exited(run(*state, "_exit", NULL), 35);
}

static void
test_child_that_falls_off_the_end_runs_nothing_twice(void **state)
{
	struct host *h = *state;

	runs_well(h, "fork-and-fall-off", "line\nchild;parent 1280");
	runs_well(h, "show-state", "0");
}

static void
test_atexit_handlers_run_at_the_end_of_the_session(void **state)
{
	struct host *h = *state;
	struct outcome *o;

	assert_string_equal(runs(h, "at-exit", NULL, WIRE_EXITED, 0)->out.at,
			    "");
	runs_well(h, "leave-thread", "");
	o = quit(h);
	assert_exited(o, 0);
	assert_string_equal(o->out.at, "bye\n");
}

static void
test_displays_arrive_with_their_type(void **state)
{
	struct outcome *o = runs(*state, "show", NULL, WIRE_RETURNED, 0);

	assert_int_equal(o->nshown, 3);
	assert_string_equal(o->shown[0].mime, "text/html");
	assert_int_equal(o->shown[0].len, 9);
	assert_string_equal(o->shown[1].mime, "image/png");
	assert_int_equal(o->shown[1].len, 200000);
	assert_true(o->shown[1].even);
	assert_int_equal(o->shown[2].len, 0);
}

static void
test_displays_of_threads_and_children_do_not_mix(void **state)
{
	struct outcome *o =
		runs(*state, "show-at-once", NULL, WIRE_RETURNED, 0);
	size_t i;

	assert_int_equal(o->nshown, 7 * 20);
	for (i = 0; i < o->nshown; i++) {
		assert_int_equal(o->shown[i].len, 100000);
		assert_true(o->shown[i].even);
	}
}

static void
test_crash_is_reported_with_its_place(void **state)
{
	struct host *h = *state;
	pid_t pid = h->pid;
	struct outcome *o = run(h, "null-write", NULL);

	assert_killed(o, SIGSEGV);
	assert_true(o->crashed);
	assert_int_equal(o->crash.signal, SIGSEGV);
	assert_int_equal(o->crash.code, SEGV_MAPERR);
	assert_int_equal(o->crash.addr, 0);
	assert_int_equal(o->crash.pid, pid);
	assert_int_equal(o->crash.tid, pid);
	assert_int_equal(o->crash.main_thread, 1);
	assert_true(is_in(o, o->crash.pc, "/every.so"));
	assert_true(is_in(o, o->crash.sp, "[stack]"));
	assert_true(frames_in(o, "/cnb-host") > 0);
#if defined(__x86_64__) || defined(__aarch64__)
	assert_int_equal(o->crash.write, 1);
#endif
}

static void
test_call_through_null_names_the_caller(void **state)
{
	struct outcome *o = run(*state, "null-call", NULL);

	assert_killed(o, SIGSEGV);
	assert_true(o->crashed);
	assert_int_equal(o->crash.pc, 0);
	assert_true(frames_in(o, "/every.so") > 0);
}

static void
test_abort_is_reported_with_the_cell_among_its_frames(void **state)
{
	struct outcome *o = run(*state, "aborts", NULL);

	assert_killed(o, SIGABRT);
	assert_true(o->crashed);
	assert_int_equal(o->crash.signal, SIGABRT);
	assert_true(frames_in(o, "/every.so") == 1);
}

static void
test_stack_overflow_is_reported(void **state)
{
	struct outcome *o = run(*state, "overflow", NULL);

	assert_killed(o, SIGSEGV);
	assert_true(o->crashed);
	assert_true(o->crash.addr - o->crash.sp + 8192 < 16384);
	assert_int_equal(o->crash.nframes, WIRE_FRAMES);
	assert_true(frames_in(o, "/every.so") == WIRE_FRAMES);
}

static void
test_stack_overflow_in_a_thread_is_reported(void **state)
{
	struct outcome *o = run(*state, "overflow-in-thread", NULL);

	assert_killed(o, SIGSEGV);
	assert_true(o->crashed);
	assert_int_equal(o->crash.main_thread, 0);
	assert_int_not_equal(o->crash.tid, o->crash.pid);
	assert_true(o->crash.addr - o->crash.sp + 8192 < 16384);
	assert_int_equal(o->crash.nframes, WIRE_FRAMES);
}

static void
test_smashed_stack_is_reported_once(void **state)
{
	struct outcome *o = run(*state, "smashed", NULL);

	assert_killed(o, SIGSEGV);
	assert_true(o->crashed);
	assert_true(o->maps.len > 100);
}

static void
test_crash_of_a_child_has_the_child_s_pid(void **state)
{
	struct host *h = *state;
	struct outcome *o =
		runs(h, "crash-in-child", NULL, WIRE_RETURNED, SIGFPE);

	assert_true(o->crashed);
	assert_int_equal(o->crash.signal, SIGFPE);
	assert_int_not_equal(o->crash.pid, h->pid);
	assert_int_equal(o->crash.addr, 0);
	runs_well(h, "show-state", "0");
}

static void
test_threads_that_crash_at_once_make_one_report(void **state)
{
	struct outcome *o = run(*state, "crash-at-once", NULL);

	assert_killed(o, SIGABRT);
	assert_true(o->crashed);
	assert_true(o->maps.len > 100);
}

static void
test_handler_of_the_cell_wins(void **state)
{
	struct outcome *o = run(*state, "handles-itself", NULL);

	assert_exited(o, 36);
	assert_false(o->crashed);
}

static void
test_threads_left_are_counted_and_their_late_output_arrives(void **state)
{
	struct host *h = *state;
	struct outcome *o;

	o = runs(h, "leave-thread", NULL, WIRE_RETURNED, 0);
	assert_int_equal(o->done.threads_left, 2);
	o = runs(h, "stop-threads", NULL, WIRE_RETURNED, 0);
	assert_int_equal(o->done.threads_left, 0);
	assert_string_equal(o->out.at, "latelate");
}

static void
test_joined_threads_are_not_counted_as_left(void **state)
{
	struct host *h = *state;
	int i;

	for (i = 0; i < 20; i++)
		assert_int_equal(runs(h, "join-many", NULL, WIRE_RETURNED, 0)
					 ->done.threads_left,
				 0);
}

static void
test_thread_that_holds_stdin_does_not_stop_later_cells(void **state)
{
	struct host *h = *state;
	int in[2], out[2], fds[3];
	char data[200];
	struct wire_put p = { .data = data, .cap = sizeof data };

	/* an input that does not end */
	pipe_of(in);
	pipe_of(out);
	wire_put_u32(&p, 0);
	wire_put_u32(&p, ++turn);
	wire_put_u32(&p, h->plugin);
	wire_put_u32(&p, row_of(h, "leave-reader"));
	wire_put_u32(&p, 1);
	wire_put_str(&p, "x");
	wire_put_u32(&p, 0);
	wire_put_u32(&p, 0);
	wire_put_u32(&p, 0);
	wire_put_u32(&p, 0);
	wire_put_u32(&p, 0);
	fds[0] = in[0];
	fds[1] = fds[2] = out[1];
	assert_int_equal(wire_send(h->fd, WIRE_RUN, data, p.len, fds, 3), 0);
	receive(h, WIRE_DONE);
	assert_string_equal(runs(h, "hello", NULL, WIRE_RETURNED, 0)->out.at,
			    "hello\nend 1");
	close(in[0]);
	close(in[1]);
	close(out[0]);
	close(out[1]);
}

static void
test_host_whose_socket_was_closed_ends_itself(void **state)
{
	assert_exited(run(*state, "close-all", NULL), WIRE_EXIT_LOST);
}

static void
test_low_descriptors_are_the_cells_to_close(void **state)
{
	struct host *h = *state;

	runs_well(h, "first-descriptor", "3: 0 1 2");
	runs_well(h, "close-hundred", "");
	runs_well(h, "first-descriptor", "3: 0 1 2");
	h->input = "x\n";
	runs_well(h, "echo", "x\n");
}

static void
test_socket_is_found_again_and_a_cell_s_own_is_not_written_to(void **state)
{
	struct host *h = *state;
	struct outcome *o = runs(h, "take-our-number", NULL, WIRE_RETURNED, 0);

	assert_int_equal(o->nshown, 1);
	runs_well(h, "show-state", "0");
}

static void
test_cells_run_on_when_descriptors_are_used_up(void **state)
{
	struct host *h = *state;

	runs_well(h, "use-up-descriptors", "");
	runs_well(h, "show-state", "0");
	h->input = "x\n";
	runs_well(h, "echo", "x\n");
	assert_true(run(h, "null-write", NULL)->maps.len > 100);
}

/* A cell that may leave its outputs to the next one, in the pipes `fds` (NULL:
 * those of the last one); `copy`: of the state before it. */
static void
order(struct host *h, const char *name, const int fds[3], bool copy)
{
	char data[200];
	struct wire_put p = { .data = data, .cap = sizeof data };

	wire_put_u32(&p, copy);
	wire_put_u32(&p, ++turn);
	wire_put_u32(&p, h->plugin);
	wire_put_u32(&p, row_of(h, name));
	wire_put_u32(&p, 1);
	wire_put_str(&p, name);
	for (int i = 0; i < 4; i++)
		wire_put_u32(&p, 0);
	wire_put_u32(&p, 1);
	assert_int_equal(wire_send(h->fd, WIRE_ROOM, NULL, 0, NULL, 0), 0);
	assert_int_equal(wire_send(h->fd, WIRE_RUN, data, p.len, fds,
				   fds ? 3 : 0),
			 0);
}

static const struct wire_done *
run_kept(struct host *h, const char *name, const int fds[3])
{
	order(h, name, fds, false);
	receive(h, WIRE_DONE);
	memcpy(&h->o.done, h->in.data, sizeof h->o.done);
	return &h->o.done;
}

static void
assert_reads(int fd, const char *text)
{
	char got[200] = "";

	assert_int_equal(read(fd, got, sizeof got - 1), strlen(text));
	assert_string_equal(got, text);
}

static void
test_outputs_are_kept_for_the_next_cell_until_it_is_told(void **state)
{
	struct host *h = *state;
	int out[2], err[2], fds[3];

	pipe_of(out);
	pipe_of(err);
	fds[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	fds[1] = out[1];
	fds[2] = err[1];
	assert_true(run_kept(h, "hello", fds)->kept);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	assert_reads(out[0], "hello\nend 1");
	assert_reads(err[0], "to stderr");
	assert_true(run_kept(h, "hello", NULL)->kept);
	assert_reads(out[0], "hello\nend 1");
	assert_reads(err[0], "to stderr");
	assert_int_equal(wire_send(h->fd, WIRE_LET_GO, NULL, 0, NULL, 0), 0);
	assert_reads(out[0], "");
	assert_reads(err[0], "");
	close(out[0]);
	close(err[0]);
}

static void
test_outputs_that_a_cell_spoils_are_not_kept(void **state)
{
	static const char *const cells[] = { "close-stdio", "leave-thread",
					     "use-up-descriptors" };
	struct host *h = *state;

	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		int out[2], fds[3];

		pipe_of(out);
		fds[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		fds[1] = fds[2] = out[1];
		assert_false(run_kept(h, cells[i], fds)->kept);
		close(fds[0]);
		close(out[0]);
		close(out[1]);
	}
}

/* A cell that another may follow at once, or one that follows, with `out` as
 * both of its outputs. */
static void
order_in_a_row(struct host *h, enum wire_type type, const char *name, int out)
{
	int fds[3] = { open("/dev/null", O_RDONLY | O_CLOEXEC), out, out };
	size_t skip = type == WIRE_FOLLOW;
	char data[200];
	struct wire_put p = { .data = data, .cap = sizeof data };

	wire_put_u32(&p, 0);
	wire_put_u32(&p, ++turn);
	wire_put_u32(&p, h->plugin);
	wire_put_u32(&p, row_of(h, name));
	wire_put_u32(&p, 1);
	wire_put_str(&p, name);
	for (int i = 0; i < 4; i++)
		wire_put_u32(&p, 0);
	wire_put_u32(&p, WIRE_KEEP_GOING);
	wire_put_u32(&p, 0);
	wire_put_str(&p, "");
	assert_int_equal(wire_send(h->fd, type, data, p.len, fds + skip,
				   3 - skip),
			 0);
	close(fds[0]);
}

static const struct wire_done *
next_done(struct host *h)
{
	receive(h, WIRE_DONE);
	memcpy(&h->o.done, h->in.data, sizeof h->o.done);
	return &h->o.done;
}

static void
test_cell_follows_one_that_left_nothing_with_pipes_of_its_own(void **state)
{
	struct host *h = *state;
	int first[2], second[2];

	pipe_of(first);
	pipe_of(second);
	order_in_a_row(h, WIRE_RUN, "hello", first[1]);
	order_in_a_row(h, WIRE_FOLLOW, "hello", second[1]);
	assert_true(next_done(h)->goes_on);
	assert_true(next_done(h)->goes_on);
	close(first[1]);
	assert_reads(first[0], "hello\nto stderrend 1");
	assert_reads(first[0], "");
	assert_reads(second[0], "hello\nto stderrend 1");
	close(first[0]);
	close(second[0]);
	close(second[1]);
}

static void
test_turn_that_is_missing_is_not_passed_over(void **state)
{
	struct host *h = *state;
	int out[2], status;

	pipe_of(out);
	order_in_a_row(h, WIRE_RUN, "hello", out[1]);
	turn++; /* a cell has read it */
	order_in_a_row(h, WIRE_FOLLOW, "hello", out[1]);
	close(out[1]);
	assert_int_equal(next_done(h)->turn, turn - 2);
	assert_int_equal(waitpid(h->pid, &status, 0), h->pid);
	h->pid = 0;
	assert_int_equal(WEXITSTATUS(status), WIRE_EXIT_ROBBED);
	assert_reads(out[0], "hello\nto stderrend 1");
	close(out[0]);
}

/* Even where no descriptor is free for those that come with them. */
static void
test_what_was_sent_ahead_of_a_cell_that_leaves_something_is_dropped(
	void **state)
{
	static const char *const cells[] = { "leave-daemon", "close-stdio",
					     "use-up-descriptors" };
	struct host *h = *state;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		char text[20] = "";
		int out[2], ahead[2];

		pipe_of(out);
		pipe_of(ahead);
		order_in_a_row(h, WIRE_RUN, cells[i], out[1]);
		order_in_a_row(h, WIRE_FOLLOW, "hello", ahead[1]);
		order_in_a_row(h, WIRE_FOLLOW, "hello", ahead[1]);
		close(ahead[1]);
		assert_false(next_done(h)->goes_on);
		assert_reads(ahead[0], "");
		if (!strcmp(cells[i], "leave-daemon")) {
			assert_true(read(out[0], text, sizeof text - 1) > 0);
			kill(atoi(text), SIGKILL);
			assert_int_equal(waitpid(atoi(text), NULL, 0),
					 atoi(text));
		}
		close(out[0]);
		close(out[1]);
		close(ahead[0]);
	}
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	runs_well(h, "show-state", "0"); /* it lives */
}

static void
test_socket_that_is_closed_after_a_cell_s_end_is_missed(void **state)
{
	struct host *h = *state;
	int status, null[3];

	for (int i = 0; i < 3; i++)
		null[i] = open("/dev/null", O_RDWR | O_CLOEXEC);
	order(h, "close-later", null, false);
	assert_int_equal(waitpid(h->pid, &status, 0), h->pid);
	h->pid = 0;
	assert_int_equal(WEXITSTATUS(status), WIRE_EXIT_LOST);
	for (int i = 0; i < 3; i++)
		close(null[i]);
}

/* What the host says of the copy that it was asked for. */
static pid_t
receive_copy(struct host *h, int *fd)
{
	struct wire_get g;
	pid_t pid;

	receive(h, WIRE_FROZEN);
	g = wire_get(&h->in);
	pid = (pid_t)wire_get_u32(&g);
	assert_true(pid > 0);
	assert_int_equal(h->in.nfds, 1);
	*fd = h->in.fds[0];
	h->in.nfds = 0;
	return pid;
}

/* The copy is the host from now on. */
static void
thaw(struct host *h, int fd)
{
	struct wire_get g;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
				    pair),
			 0);
	assert_int_equal(wire_send(fd, WIRE_THAW, NULL, 0, &pair[1], 1), 0);
	close(pair[1]);
	kill(h->pid, SIGKILL);
	waitpid(h->pid, NULL, 0);
	close(h->fd);
	h->fd = pair[0];
	receive(h, WIRE_HELLO);
	g = wire_get(&h->in);
	wire_get_u32(&g);
	h->pid = (pid_t)wire_get_u32(&g);
}

static void
test_copy_is_made_before_the_cell_and_is_told_first(void **state)
{
	struct host *h = *state;
	int out[2], fds[3], copy;
	pid_t pid;

	pipe_of(out);
	fds[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	fds[1] = fds[2] = out[1];
	order(h, "pthread-exit", fds, true);
	close(fds[0]);
	close(out[1]);
	pid = receive_copy(h, &copy);
	receive(h, WIRE_DONE);
	thaw(h, copy);
	/* Neither the copy nor what came of it has the pipes. */
	assert_reads(out[0], "");
	runs_well(h, "show-state", "0");
	close(out[0]);
	close(copy);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
test_copy_is_in_no_group_that_the_cell_can_signal_at_once(void **state)
{
	struct host *h = *state;
	int copy, i, null[3];
	pid_t pid;

	for (i = 0; i < 3; i++)
		null[i] = open("/dev/null", O_RDWR | O_CLOEXEC);
	/* Let it be seen before it may have run. */
	for (i = 0; i < 20; i++) {
		order(h, "show-state", null, true);
		pid = receive_copy(h, &copy);
		assert_int_not_equal(getpgid(pid), h->pid);
		assert_int_equal(getpgid(h->pid), h->pid);
		receive(h, WIRE_DONE);
		close(copy);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
	}
	for (i = 0; i < 3; i++)
		close(null[i]);
}

static void
test_copy_is_refused_when_descriptors_are_used_up(void **state)
{
	struct host *h = *state;
	struct wire_get g;
	int null[3];

	for (int i = 0; i < 3; i++)
		null[i] = open("/dev/null", O_RDWR | O_CLOEXEC);
	runs_well(h, "use-up-descriptors", "");
	order(h, "show-state", null, true);
	receive(h, WIRE_FROZEN);
	g = wire_get(&h->in);
	assert_int_equal(wire_get_u32(&g), 0);
	assert_int_equal(wire_get_u32(&g), 0);
	assert_int_equal(wire_get_u32(&g), 0);
	assert_true(*wire_get_str(&g));
	assert_int_equal(h->in.nfds, 0);
	receive(h, WIRE_DONE);
	for (int i = 0; i < 3; i++)
		close(null[i]);
}

static void
test_stdio_is_whole_again_in_the_next_cell(void **state)
{
	struct host *h = *state;

	runs_well(h, "ruin-stdio", "wide");
	runs_well(h, "fork-and-fall-off", "line\nchild;parent 1280");
	runs(h, "close-stdio", NULL, WIRE_RETURNED, 0);
	h->input = "in\n";
	runs_well(h, "echo", "in\n");
	assert_string_equal(runs(h, "hello", NULL, WIRE_RETURNED, 0)->err.at,
			    "to stderr");
}

static void
test_peak_memory_is_that_of_the_cell(void **state)
{
	struct host *h = *state;
	int64_t big, small;

	big = runs(h, "use-memory", "64", WIRE_RETURNED, 0)->done.max_rss_kb;
	small = runs(h, "use-memory", "1", WIRE_RETURNED, 0)->done.max_rss_kb;
	assert_true(big > 64 * 1024);
	assert_true(small < big - 32 * 1024);
}

static void
test_times_are_measured(void **state)
{
	struct host *h = *state;
	struct wire_done idle =
		runs(h, "show-state", NULL, WIRE_RETURNED, 0)->done;
	struct wire_done busy = runs(h, "spin", NULL, WIRE_RETURNED, 0)->done;

	assert_true(busy.cpu_ns > idle.cpu_ns);
	assert_true(busy.duration_ns > idle.duration_ns);
	assert_true(busy.cpu_ns < busy.duration_ns * 3 / 2);
}

static void
test_host_outlives_a_smashed_heap(void **state)
{
	struct host *h = *state;

	run(h, "smash-heap", NULL);
	if (h->o.is_done)
		runs_well(h, "show-state", "0");
}

/* At the socket's end of file nothing else is open: not what cells have used
 * up, nor an output that was kept, nor one that belongs to the exit handlers.
 */
static void
test_host_that_is_to_leave_lets_go_of_all_at_once(void **state)
{
	struct host *h = *state;
	int out[2], fds[3], status;
	ssize_t n;
	char byte;

	runs(h, "at-exit", NULL, WIRE_EXITED, 0);
	runs_well(h, "use-up-descriptors", "");
	pipe_of(out);
	fds[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	fds[1] = fds[2] = out[1];
	order(h, "show-state", fds, false);
	close(fds[0]);
	close(out[1]);
	receive(h, WIRE_DONE);
	assert_int_equal(wire_send(h->fd, WIRE_LEAVE, "", 0, NULL, 0), 0);
	errno = 1;
	assert_int_equal(wire_recv(h->fd, &h->in), -1);
	assert_int_equal(errno, 0);
	assert_int_equal(fcntl(out[0], F_SETFL, O_NONBLOCK), 0);
	do /* what it has printed */
		n = read(out[0], &byte, 1);
	while (n > 0);
	assert_int_equal(n, 0);
	close(out[0]);
	assert_int_equal(waitpid(h->pid, &status, 0), h->pid);
	h->pid = 0;
	assert_int_equal(status, 0);
}

static void
test_host_ends_when_cnb_is_gone(void **state)
{
	struct host *h = *state;
	int status;

	close(h->fd);
	h->fd = -1;
	assert_int_equal(waitpid(h->pid, &status, 0), h->pid);
	h->pid = 0;
	assert_int_equal(WEXITSTATUS(status), WIRE_EXIT_LOST);
}

static void
send_bad(enum wire_type type, const void *data, size_t len)
{
	struct host h;
	void *state = &h;
	int status;

	host_start(&h);
	wire_send(h.fd, type, data, len, NULL, 0);
	assert_int_equal(waitpid(h.pid, &status, 0), h.pid);
	h.pid = 0;
	assert_int_equal(WEXITSTATUS(status), WIRE_EXIT_BROKEN);
	teardown(&state);
}

static void
test_orders_that_make_no_sense_end_the_host(void **state)
{
	static const uint32_t no_plugin[] = { 0, 7, 0, 1, 0, 0, 0, 0 };
	static const uint32_t huge[] = { 0, 0, 0, UINT32_MAX, UINT32_MAX };

	(void)state;
	send_bad(WIRE_DONE, NULL, 0);
	send_bad(WIRE_LOAD, "abc", 3);
	send_bad(WIRE_RUN, "abc", 3);
	send_bad(WIRE_RUN, no_plugin, sizeof no_plugin);
	send_bad(WIRE_RUN, huge, sizeof huge);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host_refuses_to_run_by_hand),
		TEST(test_bad_plugin_is_refused_and_a_good_one_taken_after_it),
		TEST(test_cell_gets_its_arguments_and_prints),
		TEST(test_status_is_cut_to_a_byte_as_for_a_process),
		TEST(test_parameters_are_found_by_name),
		TEST(test_each_cell_has_an_input_of_its_own),
		TEST(test_exit_ends_the_cell_and_keeps_the_state),
		TEST(test_pthread_exit_ends_the_cell),
		TEST(test_exit_in_a_child_ends_the_child),
		TEST(test_exit_inside_a_library_ends_the_process),
		TEST(test_exit_in_a_signal_handler_ends_the_process),
		TEST(test_exit_in_a_thread_ends_the_process),
		TEST(test_underscore_exit_ends_the_process),
		TEST(test_child_that_falls_off_the_end_runs_nothing_twice),
		TEST(test_atexit_handlers_run_at_the_end_of_the_session),
		TEST(test_displays_arrive_with_their_type),
		TEST(test_displays_of_threads_and_children_do_not_mix),
		TEST(test_crash_is_reported_with_its_place),
		TEST(test_call_through_null_names_the_caller),
		TEST(test_abort_is_reported_with_the_cell_among_its_frames),
		TEST(test_stack_overflow_is_reported),
		TEST(test_stack_overflow_in_a_thread_is_reported),
		TEST(test_smashed_stack_is_reported_once),
		TEST(test_crash_of_a_child_has_the_child_s_pid),
		TEST(test_threads_that_crash_at_once_make_one_report),
		TEST(test_handler_of_the_cell_wins),
		TEST(test_threads_left_are_counted_and_their_late_output_arrives),
		TEST(test_joined_threads_are_not_counted_as_left),
		TEST(test_thread_that_holds_stdin_does_not_stop_later_cells),
		TEST(test_host_whose_socket_was_closed_ends_itself),
		TEST(test_low_descriptors_are_the_cells_to_close),
		TEST(test_socket_is_found_again_and_a_cell_s_own_is_not_written_to),
		TEST(test_cells_run_on_when_descriptors_are_used_up),
		TEST(test_stdio_is_whole_again_in_the_next_cell),
		TEST(test_peak_memory_is_that_of_the_cell),
		TEST(test_times_are_measured),
		TEST(test_host_outlives_a_smashed_heap),
		TEST(test_host_that_is_to_leave_lets_go_of_all_at_once),
		TEST(test_host_ends_when_cnb_is_gone),
		TEST(test_outputs_are_kept_for_the_next_cell_until_it_is_told),
		TEST(test_outputs_that_a_cell_spoils_are_not_kept),
		TEST(test_cell_follows_one_that_left_nothing_with_pipes_of_its_own),
		TEST(test_turn_that_is_missing_is_not_passed_over),
		TEST(test_what_was_sent_ahead_of_a_cell_that_leaves_something_is_dropped),
		TEST(test_socket_that_is_closed_after_a_cell_s_end_is_missed),
		TEST(test_copy_is_made_before_the_cell_and_is_told_first),
		TEST(test_copy_is_in_no_group_that_the_cell_can_signal_at_once),
		TEST(test_copy_is_refused_when_descriptors_are_used_up),
		cmocka_unit_test(test_orders_that_make_no_sense_end_the_host),
	};
	int failed;

	alarm(300 * slack()); /* a test that hangs has failed */
	plugin_dir_make();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	plugin_dir_remove();
	return failed;
}

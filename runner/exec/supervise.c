/* supervise.c: a loop over two verbs: wait, and look what it means. Floor 3.
 * It knows processes, pipes and deadlines, nothing of notebooks. */
#include "exec/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sys/clock.h"
#include "sys/proc.h"
#include "sys/terminal.h"

#define HOST_ANSWER_MS 10000
#define HOST_QUIT_MS 1000
#define SWEPT_MS 500

static int64_t
after_ms(int64_t ms)
{
	return clock_mono_ns() + ms * NS_PER_MS;
}

void
outcome_release(struct outcome *o)
{
	crash_release(&o->crash);
	leavings_release(&o->left);
}

static void
end_of_task(struct task *t)
{
	t->over = true;
	if (t->outcome.duration_ns < 0)
		t->outcome.duration_ns = clock_mono_ns() - t->began_ns;
}

static void
on_signal(void *self, int fd)
{
	(void)self;
	(void)fd;
	proc_interrupted();
}

/* The next whole message that is there: wire_recv() says 0 also where a message
 * has more packets. */
static int
next_message(int fd, struct wire_in *in)
{
	int rc;

	do {
		errno = 0;
		rc = wire_recv(fd, in);
	} while (rc == 0 && errno != EAGAIN);
	return rc;
}

/* What the crash reporters of a program and its forked children have sent. */
static void
on_crash_fd(void *self, int fd)
{
	struct task *t = self;
	int rc;

	while ((rc = next_message(fd, &t->crash_in)) > 0)
		crash_take(&t->outcome.crash, &t->crash_in, (int)t->pid);
	if (rc < 0)
		loop_remove(&t->supervisor->loop, fd);
}

static void
host_is_gone(struct supervisor *s)
{
	if (s->host.fd < 0)
		return;
	loop_remove(&s->loop, s->host.fd);
	close(s->host.fd);
	wire_in_release(&s->host.in);
	pids_release(&s->host.tids);
	s->host = (struct host){ .fd = -1 };
}

static void
take_done(struct supervisor *s, struct task *t)
{
	struct outcome *o = &t->outcome;

	if (s->host.in.len != sizeof o->how)
		return;
	memcpy(&o->how, s->host.in.data, sizeof o->how);
	o->done = true;
	o->duration_ns = o->how.duration_ns;
	o->cpu_ns = o->how.cpu_ns;
	o->max_rss_kb = o->how.max_rss_kb;
	/* Those of earlier cells are not left by this one. */
	o->threads_left = (int)o->how.threads_left - s->host.threads;
	if (o->threads_left < 0)
		o->threads_left = 0;
	s->host.threads = (int)o->how.threads_left;
	if (s->host.threads || s->host.tids.count)
		leavings_add_threads(&o->left, s->host.pid, &s->host.tids,
				     o->threads_left);
	end_of_task(t);
}

/* One whole message of the host. */
static void
host_says(struct supervisor *s)
{
	struct task *t = s->task && s->task->in_host ? s->task : NULL;
	struct wire_get g;

	switch (s->host.in.type) {
	case WIRE_CRASH:
	case WIRE_MAPS:
		if (t)
			crash_take(&t->outcome.crash, &s->host.in,
				   (int)s->host.pid);
		break;
	case WIRE_DONE:
		if (t)
			take_done(s, t);
		break;
	case WIRE_DISPLAY:
	case WIRE_RESULT:
		if (t && t->on_message) {
			/* What it printed before stands before. */
			capture_drain(t->capture);
			t->on_message(t->self, &s->host.in);
		}
		break;
	case WIRE_BEGUN:
		g = wire_get(&s->host.in);
		owners_set(&s->owners, (pid_t)s->host.in.from,
			   (int)wire_get_u32(&g));
		break;
	case WIRE_HELLO:
	case WIRE_LOADED:
	case WIRE_REFUSED:
	case WIRE_FROZEN:
		s->answered = true;
		break;
	case WIRE_LOAD:
	case WIRE_LOAD_CELL:
	case WIRE_RUN:
	case WIRE_QUIT:
	case WIRE_FREEZE:
	case WIRE_THAW:
		break;
	}
}

static void
on_host(void *self, int fd)
{
	struct supervisor *s = self;
	int rc = 0;

	while (!s->answered && (rc = next_message(fd, &s->host.in)) > 0)
		host_says(s);
	if (rc < 0) {
		/* Its death will be told by the keeper; here is no more. */
		loop_remove(&s->loop, fd);
		s->host.ended = true;
	}
}

static void
take_death(struct task *t, const struct keeper_death *d)
{
	struct outcome *o = &t->outcome;

	if (t->over)
		return;
	o->died = true;
	o->wait_status = d->status;
	/* Ctrl-C goes to whoever has the terminal: it was meant for the run. */
	if (t->terminal && WIFSIGNALED(d->status) &&
	    (WTERMSIG(d->status) == SIGINT || WTERMSIG(d->status) == SIGQUIT)) {
		o->interrupted = true;
		proc_interrupted_by(WTERMSIG(d->status));
	}
	o->duration_ns = d->at_ns - t->began_ns;
	o->cpu_ns = d->cpu_ns;
	o->max_rss_kb = d->max_rss_kb;
	end_of_task(t);
}

static void
on_keeper(void *self, int fd)
{
	struct supervisor *s = self;
	struct keeper_death d;
	int rc;

	while ((rc = keeper_next(&s->keeper, &d)) > 0) {
		struct task *t = s->task;

		if (WIFSTOPPED(d.status)) {
			s->stopped |= t && t->terminal && d.pid == t->pid &&
				      WSTOPSIG(d.status) == SIGTSTP;
			continue;
		}
		if (s->host.pid && d.pid == s->host.pid) {
			/* The cause before the symptom. */
			on_host(s, s->host.fd);
			if (t && t->in_host)
				take_death(t, &d);
			host_is_gone(s);
		} else if (t && !t->in_host && d.pid == t->pid) {
			if (t->crash_fd >= 0)
				on_crash_fd(t, t->crash_fd);
			take_death(t, &d);
		}
	}
	if (rc < 0) {
		s->keeper_lost = true;
		loop_remove(&s->loop, fd);
	}
}

int
supervisor_start(struct supervisor *s, struct err *e)
{
	*s = (struct supervisor){ .host.fd = -1,
				  .deadline_ns = LOOP_NEVER,
				  .grace_ms = GRACE_MS };
	s->loop.epoll = -1;
	if (keeper_start(&s->keeper, e) < 0 || loop_init(&s->loop, e) < 0)
		return -1;
	witness_init(&s->witness, &s->loop);
	loop_add(&s->loop, s->keeper.fd, on_keeper, s);
	if (proc_signal_fd() >= 0)
		loop_add(&s->loop, proc_signal_fd(), on_signal, s);
	return 0;
}

void
supervisor_stop(struct supervisor *s)
{
	if (s->keeper.pid)
		loop_remove(&s->loop, s->keeper.fd);
	keeper_stop(&s->keeper);
	host_is_gone(s);
	witness_release(&s->witness); /* whoever could call is dead now */
	loop_release(&s->loop);
	pids_release(&s->settled);
	owners_clear(&s->owners);
}

/* The keeper was killed (by a cell, as it must be): all that it kept is dead
 * or will be swept by keeper_stop(). A new one takes its place. */
static int
renew_keeper(struct supervisor *s, struct err *e)
{
	keeper_stop(&s->keeper);
	host_is_gone(s);
	s->settled.count = 0;
	s->keeper_lost = false;
	if (keeper_start(&s->keeper, e) < 0)
		return -1;
	loop_add(&s->loop, s->keeper.fd, on_keeper, s);
	return 0;
}

/* Those that the running task must not take with it. A host that runs the
 * task is no longer one of them. */
static struct pids
spared(const struct supervisor *s, const struct task *t)
{
	struct pids spare = { 0 };

	for (size_t i = 0; i < s->settled.count; i++)
		if (!t->in_host || s->settled.at[i] != t->pid)
			pids_add(&spare, s->settled.at[i]);
	return spare;
}

static void
signal_task(struct supervisor *s, struct task *t, int sig)
{
	struct pids spare = spared(s, t);

	keeper_signal(&s->keeper, &spare, sig);
	pids_release(&spare);
}

/* A host that is swept too is waited for: one with several threads is a zombie
 * before it can be reaped, and the next cell must not talk to it. */
static void
sweep(struct supervisor *s, const struct pids *spare, bool host_too)
{
	int64_t until = after_ms(SWEPT_MS);

	keeper_sweep(&s->keeper, spare);
	on_keeper(s, s->keeper.fd);
	if (!host_too)
		return;
	while (s->host.pid && !s->keeper_lost && clock_mono_ns() < until)
		loop_wait(&s->loop, until);
	host_is_gone(s);
}

static void
sweep_task(struct supervisor *s, struct task *t)
{
	struct pids spare = spared(s, t);

	sweep(s, &spare, t->in_host);
	pids_release(&spare);
}

/* What a cell that we end was about: its reporter tells, if it has one and its
 * main thread still listens. */
static void
ask_where(struct supervisor *s, struct task *t)
{
	int64_t until = after_ms(ASK_MS);

	if (t->phase != TASK_RUNNING || t->over ||
	    !proc_ask(t->pid, SIGTRAP, WIRE_ASK))
		return;
	while (!t->over && !crash_is_whole(&t->outcome.crash) &&
	       !s->keeper_lost && clock_mono_ns() < until)
		loop_wait(&s->loop, until);
}

/* Ask it to end; at the second time of asking it is swept away. */
static void
end_task(struct supervisor *s, struct task *t)
{
	ask_where(s, t);
	if (t->over)
		return;
	if (t->phase == TASK_RUNNING) {
		t->phase = TASK_TERMED;
		t->deadline_ns = after_ms(s->grace_ms);
		signal_task(s, t, SIGTERM);
		signal_task(s, t, SIGCONT);
		return;
	}
	sweep_task(s, t);
	if (!t->over)
		end_of_task(t);
}

static void
check_clock(struct supervisor *s, struct task *t)
{
	int64_t now = clock_mono_ns();

	if (t->over)
		return;
	if (t->phase == TASK_RUNNING && now >= s->deadline_ns)
		s->run_is_over = true;
	if (now < t->deadline_ns &&
	    !(s->run_is_over && t->phase == TASK_RUNNING))
		return;
	if (t->phase == TASK_RUNNING)
		t->outcome.timed_out = true;
	end_task(s, t);
}

/* The user's Ctrl-Z: the cell stops, then we; its clock stands still. */
static void
stop_and_go(struct supervisor *s, struct task *t)
{
	int64_t began = clock_mono_ns(), slept;

	s->stopped = false;
	signal_task(s, t, SIGSTOP);
	if (t->terminal)
		terminal_take();
	proc_stop_ourselves();
	if (t->terminal)
		terminal_give(t->pid);
	slept = clock_mono_ns() - began;
	if (t->deadline_ns != LOOP_NEVER)
		t->deadline_ns += slept;
	if (s->deadline_ns != LOOP_NEVER)
		s->deadline_ns += slept;
	t->began_ns += slept;
	t->capture->began_ns += slept;
	signal_task(s, t, SIGCONT);
}

static void
check_signals(struct supervisor *s, struct task *t, int *seen)
{
	int n = proc_interruptions();

	if (proc_stop_asked() || s->stopped)
		stop_and_go(s, t);
	if (n == *seen || t->over)
		return;
	*seen = n;
	t->outcome.interrupted = true;
	end_task(s, t);
}

/* Watch the task until it is over. */
static void
follow(struct supervisor *s, struct task *t)
{
	int seen = 0;

	s->task = t;
	while (!t->over) {
		int64_t until = t->deadline_ns;

		if (t->phase == TASK_RUNNING && s->deadline_ns < until)
			until = s->deadline_ns;
		if (!s->keeper_lost) {
			loop_wait(&s->loop, until);
			check_signals(s, t, &seen);
			check_clock(s, t);
		}
		if (s->keeper_lost && !t->over) {
			t->outcome.died = true;
			t->outcome.wait_status = SIGKILL;
			end_of_task(t);
		}
	}
}

/* Everything below the keeper that was not there before the task. */
static void
count_leavings(struct supervisor *s, struct task *t)
{
	struct pids now = { 0 };

	if (!s->keeper_lost)
		tree_descendants(s->keeper.pid, &now);
	for (size_t i = 0; i < now.count; i++)
		if (now.at[i] != s->host.pid &&
		    !pids_has(&s->settled, now.at[i])) {
			t->outcome.children_left++;
			leavings_add_process(&t->outcome.left, now.at[i]);
		}
	pids_release(&s->settled);
	s->settled = now;
}

/* Until both pipes are at their end. Threads that live on keep them open with
 * every right; then only what is there now is read. */
static void
await_end_of_file(struct supervisor *s, struct task *t)
{
	int64_t until = after_ms(END_OF_FILE_MS);

	capture_drain(t->capture);
	if (t->goes_on)
		return;
	if (t->in_host && s->host.pid && s->host.threads > 0)
		return;
	while (!capture_at_end(t->capture) && clock_mono_ns() < until)
		loop_wait(&s->loop, until);
}

static void
close_crash_fd(struct supervisor *s, struct task *t)
{
	if (t->crash_fd >= 0) {
		loop_remove(&s->loop, t->crash_fd);
		close(t->crash_fd);
	}
	t->crash_fd = -1;
	wire_in_release(&t->crash_in);
}

static int
conclude(struct supervisor *s, struct task *t, struct err *e)
{
	struct outcome *o = &t->outcome;

	/* What we ended, and what lost its host, leaves nothing behind. */
	if (o->timed_out || o->interrupted || (t->in_host && o->died))
		sweep_task(s, t);
	await_end_of_file(s, t);
	o->timeline = t->capture->order == CAPTURE_TIMELINE;
	if (t->terminal)
		terminal_take();
	s->task = NULL;
	count_leavings(s, t);
	close_crash_fd(s, t);
	return s->keeper_lost ? renew_keeper(s, e) : 0;
}

static void
begin_task(struct supervisor *s, struct task *t)
{
	t->supervisor = s;
	t->outcome = (struct outcome){ .duration_ns = -1,
				       .cpu_ns = -1,
				       .max_rss_kb = -1 };
	t->over = false;
	t->phase = TASK_RUNNING;
	t->crash_fd = -1;
	wire_in_init(&t->crash_in);
	t->began_ns = clock_mono_ns();
	if (!t->capture->began_ns) /* else another task wrote into it before */
		t->capture->began_ns = t->began_ns;
	t->deadline_ns = t->timeout_ms ? after_ms(t->timeout_ms) : LOOP_NEVER;
}

/* A socket for crash reports, its number told in the environment. */
static void
offer_crash_fd(struct supervisor *s, struct task *t, struct keeper_spawn *what,
	       struct strs *env)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return;
	t->crash_fd = pair[0];
	fcntl(t->crash_fd, F_SETFL, O_NONBLOCK);
	loop_add(&s->loop, t->crash_fd, on_crash_fd, t);
	what->extra_fd = pair[1];
	strs_addf(env, "%s=%d", WIRE_ENV_CRASH_FD, KEEPER_EXTRA_FD);
}

/* Start a process whose calls wait for us as its captures' order wants it. ->
 * the order that they get. */
static enum capture_order
start_seen(struct supervisor *s, struct keeper_spawn *what,
	   enum capture_order order, bool shell, pid_t *pid, struct err *e)
{
	int listener = -1;

	what->notify = witness_calls(order, shell);
	what->listener = &listener;
	what->notify_error = &s->notify_error;
	*pid = keeper_spawn(&s->keeper, what, e);
	if (listener < 0)
		return CAPTURE_PLAIN;
	witness_listen(&s->witness, listener);
	return order;
}

int
supervise_program(struct supervisor *s, struct task *t,
		  const struct keeper_spawn *program, bool plain, struct err *e)
{
	struct keeper_spawn what = *program;
	struct strs env = { 0 };

	if (s->keeper_lost && renew_keeper(s, e) < 0)
		return -1;
	begin_task(s, t);
	t->in_host = false;
	what.extra_fd = -1;
	what.foreground = t->terminal;
	if (what.env)
		strs_add_all(&env, what.env);
	if (!plain)
		offer_crash_fd(s, t, &what, &env);
	what.env = &env;
	t->capture->order =
		start_seen(s, &what, t->order, t->shell, &t->pid, e);
	if (what.extra_fd >= 0)
		close(what.extra_fd);
	strs_release(&env);
	if (!t->goes_on)
		capture_close_writers(t->capture);
	if (t->pid < 0 && !keeper_is_gone(&s->keeper)) {
		close_crash_fd(s, t);
		return -1;
	}
	/* It killed the keeper before that could say its number. */
	s->keeper_lost |= t->pid < 0;
	follow(s, t);
	return conclude(s, t, e);
}

/* Until the host has said something that is an answer. */
static int
await_answer(struct supervisor *s, struct err *e)
{
	int64_t until = after_ms(HOST_ANSWER_MS);

	while (!s->answered) {
		if (s->host.fd < 0 || s->host.ended || s->keeper_lost) {
			supervise_host_kill(s);
			return err_system(e, "the process that runs cells "
					     "died");
		}
		if (proc_interrupted())
			return err_system(e, "interrupted");
		if (clock_mono_ns() >= until) {
			supervise_host_kill(s);
			return err_system(e, "the process that runs cells "
					     "does not answer");
		}
		loop_wait(&s->loop, until);
	}
	return 0;
}

/* The reply is in s->host.in: go on listening when the caller has read it. */
static void
expect_answer(struct supervisor *s)
{
	s->answered = false;
}

int
supervise_host_attach(struct supervisor *s, int fd, pid_t pid, const char *what,
		      struct err *e)
{
	struct wire_get g;

	s->host = (struct host){ .pid = pid, .fd = fd };
	owners_clear(&s->owners);
	wire_in_init(&s->host.in);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	expect_answer(s);
	loop_add(&s->loop, fd, on_host, s);
	if (await_answer(s, e) < 0)
		return -1;
	g = wire_get(&s->host.in);
	if (s->host.in.type == WIRE_REFUSED) {
		err_system(e, "%s", wire_get_str(&g));
	} else if (s->host.in.type != WIRE_HELLO ||
		   wire_get_u32(&g) != WIRE_VERSION) {
		err_system(e,
			   "'%s' is not of this cnb's version: install both "
			   "again",
			   what);
	} else {
		s->host.pid = (pid_t)wire_get_u32(&g);
		pids_add(&s->settled, s->host.pid);
		return 0;
	}
	supervise_host_kill(s);
	return -1;
}

int
supervise_host_start(struct supervisor *s, const char *path, const char *cwd,
		     const struct strs *env, enum capture_order order,
		     struct err *e)
{
	char number[16];
	char *argv[] = { NULL, number, NULL };
	struct keeper_spawn what = { .path = path,
				     .argv = argv,
				     .cwd = cwd,
				     .env = env,
				     .fds = { -1, -1, -1 },
				     .fixed_addresses = s->fixed_addresses };
	int pair[2];
	pid_t pid;

	if (s->host.pid)
		return 0;
	if (s->keeper_lost && renew_keeper(s, e) < 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_system(e, "cannot start '%s': %s", path,
				  strerror(errno));
	argv[0] = (char[]){ "cnb-host" };
	snprintf(number, sizeof number, "%d", KEEPER_EXTRA_FD);
	what.extra_fd = pair[1];
	s->host_order = start_seen(s, &what, order, false, &pid, e);
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return -1;
	}
	return supervise_host_attach(s, pair[0], pid, path, e);
}

int
supervise_ask(struct supervisor *s, enum wire_type type,
	      const struct wire_put *payload, int fd, struct err *e)
{
	expect_answer(s);
	if (!s->host.pid || wire_send(s->host.fd, type, payload->data,
				      payload->len, &fd, fd >= 0) < 0)
		return err_system(e, "the process that runs cells is gone");
	return await_answer(s, e);
}

int
supervise_cell(struct supervisor *s, struct task *t,
	       const struct wire_put *payload, const int fds[3], struct err *e)
{
	begin_task(s, t);
	t->in_host = true;
	t->pid = s->host.pid;
	t->capture->order = t->order < s->host_order ? t->order : s->host_order;
	/* Where all writes wait, those of one cell tell of its threads in
	 * others. */
	if (s->host_order == CAPTURE_TIMELINE)
		t->capture->order = CAPTURE_TIMELINE;
	expect_answer(s);
	if (t->terminal)
		terminal_give(s->host.pid);
	if (!s->host.pid || wire_send(s->host.fd, WIRE_RUN, payload->data,
				      payload->len, fds, 3) < 0) {
		/* It died in between: the keeper tells how. */
		if (!s->host.pid)
			return err_system(e, "the process that runs cells is "
					     "gone");
	}
	capture_close_writers(t->capture);
	follow(s, t);
	return conclude(s, t, e);
}

void
supervise_host_kill(struct supervisor *s)
{
	struct task t = { .in_host = true, .pid = s->host.pid };

	if (s->host.fd < 0)
		return;
	sweep_task(s, &t);
	host_is_gone(s);
}

void
supervise_end_all_but(struct supervisor *s, const struct pids *spare)
{
	sweep(s, spare, true);
}

void
supervise_host_quit(struct supervisor *s, const int fds[3])
{
	int64_t until = after_ms(HOST_QUIT_MS);

	if (!s->host.pid)
		return;
	expect_answer(s);
	if (wire_send(s->host.fd, WIRE_QUIT, "", 0, fds + 1, 2) < 0)
		until = 0;
	/* on_keeper() clears the pid when it is dead. */
	while (s->host.pid && !s->keeper_lost && clock_mono_ns() < until &&
	       proc_interruptions() < 2)
		loop_wait(&s->loop, until);
	supervise_host_kill(s);
}

int
supervise_owner(struct supervisor *s, pid_t tid)
{
	/* It told us before it did anything else. */
	if (s->host.pid)
		on_host(s, s->host.fd);
	return owners_find(&s->owners, tid);
}

void
supervise_idle(struct supervisor *s)
{
	/* Somebody who writes without end must not hold us here. */
	for (int i = 0; i < 64 && !s->keeper_lost; i++)
		if (!loop_wait(&s->loop, 0))
			break;
}

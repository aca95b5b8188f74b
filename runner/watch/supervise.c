/* supervise.c: a loop over two verbs: wait, and look what it means. Floor 3.
 * It knows processes, pipes and deadlines, nothing of notebooks. */
#include "watch/task.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sys/clock.h"
#include "sys/proc.h"
#include "sys/terminal.h"
#include "watch/enforce.h"

void
outcome_release(struct outcome *o)
{
	crash_release(&o->crash);
	leavings_release(&o->left);
}

void
task_over(struct task *t)
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

bool
task_wait(struct supervisor *s, int64_t until_ns)
{
	if (proc_child_news())
		keeper_wake(&s->keeper);
	return loop_wait(&s->loop, until_ns);
}

/* The next whole message that is there: wire_recv() says 0 also where a message
 * has more packets. */
int
task_next_message(int fd, struct wire_in *in)
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

	while ((rc = task_next_message(fd, &t->crash_in)) > 0)
		crash_take(&t->outcome.crash, &t->crash_in, (int)t->pid);
	if (rc < 0)
		loop_remove(&t->supervisor->loop, fd);
}

void
task_died(struct task *t, const struct keeper_death *d)
{
	struct outcome *o = &t->outcome;

	if (t->over)
		return;
	o->died = true;
	o->wait_status = d->status;
	/* Without a bell there is no telling whether it came from the terminal.
	 */
	if (t->has_terminal && !t->heard && WIFSIGNALED(d->status) &&
	    (WTERMSIG(d->status) == SIGINT || WTERMSIG(d->status) == SIGQUIT)) {
		o->interrupted = true;
		proc_interrupted_by(WTERMSIG(d->status));
	}
	o->duration_ns = d->at_ns - t->began_ns;
	o->cpu_ns = d->cpu_ns;
	o->max_rss_kb = d->max_rss_kb;
	task_over(t);
}

/* So many at a time: a row of them without end, of somebody who speaks for the
 * keeper, keeps nothing else waiting. Of those in the queue nobody tells. */
#define DEATHS_AT_ONCE 64

static void
on_keeper(void *self, int fd)
{
	struct supervisor *s = self;
	struct keeper_death d;
	int n = 0, rc = 0;

	while ((n++ < DEATHS_AT_ONCE || keeper_has_queued(&s->keeper)) &&
	       (rc = keeper_next(&s->keeper, &d)) > 0) {
		struct task *t = s->task;

		if (WIFSTOPPED(d.status)) {
			if (t && d.pid == t->pid)
				jobs_stopped(s, WSTOPSIG(d.status));
			else
				lanes_tell(s, &d);
			continue;
		}
		if (s->host.pid && d.pid == s->host.pid) {
			/* The cause before the symptom. */
			host_read(s);
			if (granted_put_off(s, &d))
				continue;
			if (t && t->in_host)
				task_died(t, &d);
			host_is_gone(s);
			continue;
		}
		if (!t || t->in_host || d.pid != t->pid)
			t = background_find(s, d.pid);
		if (t && t->crash_fd >= 0)
			on_crash_fd(t, t->crash_fd);
		if (t)
			task_died(t, &d);
		else
			lanes_tell(s, &d);
	}
	if (rc < 0) {
		s->keeper_lost = true;
		lanes_end(s);
		loop_remove(&s->loop, fd);
	}
}

void
task_take_deaths(struct supervisor *s)
{
	if (!s->keeper_lost && keeper_has_queued(&s->keeper))
		on_keeper(s, s->keeper.fd);
}

int
task_listen(struct supervisor *s, struct err *e)
{
	if (loop_init(&s->loop, e) < 0)
		return -1;
	witness_init(&s->witness, &s->loop);
	s->witness.may_grow = enforce_may_grow;
	s->witness.self = s;
	loop_add(&s->loop, s->keeper.fd, on_keeper, s);
	if (proc_signal_fd() >= 0)
		loop_add(&s->loop, proc_signal_fd(), on_signal, s);
	return 0;
}

int
supervisor_start(struct supervisor *s, struct err *e)
{
	*s = (struct supervisor){ .host.fd = -1,
				  .deadline_ns = LOOP_NEVER,
				  .grace_ms = GRACE_MS };
	s->loop.epoll = -1;
	if (keeper_start(&s->keeper, e) < 0)
		return -1;
	return task_listen(s, e);
}

void
supervisor_stop(struct supervisor *s)
{
	if (s->keeper.pid)
		loop_remove(&s->loop, s->keeper.fd);
	keeper_stop(&s->keeper);
	host_is_gone(s);
	bell_stop(&s->bell);
	witness_release(&s->witness); /* whoever could call is dead now */
	loop_release(&s->loop);
	pids_release(&s->settled);
	pids_release(&s->hosted);
	pids_release(&s->left);
	pids_release(&s->led);
	alone_release(&s->alone);
	crowd_release(&s->crowd);
	owners_clear(&s->owners);
	free(s->background);
	s->background = NULL;
}

int
supervise_renew(struct supervisor *s, struct err *e)
{
	if (!s->keeper_lost)
		return 0;
	if (s->lane)
		return err_system(e, "the keeper is gone");
	keeper_stop(&s->keeper);
	host_is_gone(s);
	background_all_died(s);
	s->settled.count = s->hosted.count = 0;
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
	background_spare(s, &spare);
	return spare;
}

static void
signal_task(struct supervisor *s, struct task *t, int sig)
{
	struct pids spare;

	if (s->lane) {
		keeper_signal_family(&s->keeper, t->pid, sig);
		return;
	}
	spare = spared(s, t);
	keeper_signal(&s->keeper, &spare, sig);
	pids_release(&spare);
}

/* One with several threads is a zombie before it can be reaped, and the next
 * cell must not talk to it. */
static void
await_end_of_host(struct supervisor *s)
{
	int64_t until = clock_after_ms(SWEPT_MS);

	while (s->host.pid && !s->keeper_lost && clock_mono_ns() < until)
		task_wait(s, until);
	host_is_gone(s);
}

void
task_sweep_but(struct supervisor *s, const struct pids *spare, bool host_too)
{
	keeper_sweep(&s->keeper, spare);
	task_take_deaths(s);
	if (host_too)
		await_end_of_host(s);
}

static void
sweep_family(struct supervisor *s, const struct task *t)
{
	keeper_sweep_family(&s->keeper, t->pid);
	task_take_deaths(s);
	if (t->in_host)
		await_end_of_host(s);
}

void
task_sweep(struct supervisor *s, struct task *t)
{
	struct pids spare;

	if (s->lane) {
		sweep_family(s, t);
		return;
	}
	spare = spared(s, t);
	task_sweep_but(s, &spare, t->in_host);
	pids_release(&spare);
}

/* What a cell that we end was about: its reporter tells, if it has one and its
 * main thread still listens. */
static void
ask_where(struct supervisor *s, struct task *t)
{
	int64_t until = clock_after_ms(ASK_MS);

	if (t->phase != TASK_RUNNING || t->over ||
	    !proc_ask(t->pid, SIGTRAP, WIRE_ASK))
		return;
	while (!t->over && !crash_is_whole(&t->outcome.crash) &&
	       !s->keeper_lost && clock_mono_ns() < until)
		task_wait(s, until);
}

/* No grace: what it would do meanwhile is what it must not. */
static void
check_limits(struct supervisor *s, struct task *t)
{
	if (t->over || t->phase != TASK_RUNNING || !enforce_look(s, t))
		return;
	/* What we only found out by a look goes on while it is asked. */
	if (t->outcome.limit != LIMIT_TASKS || t->watch.told)
		ask_where(s, t);
	t->phase = TASK_TERMED;
	task_sweep(s, t);
	if (!t->over)
		task_over(t);
}

/* What it does about a Ctrl-C that it was sent itself is not to be cut short.
 */
static bool
asked_already(const struct task *t)
{
	return t->outcome.interrupted && t->heard &&
	       tree_handles(t->pid, SIGINT);
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
		t->deadline_ns = grace_begin(&t->grace, t->pid, s->keeper.pid,
					     s->grace_ms);
		if (!asked_already(t)) {
			signal_task(s, t, SIGTERM);
			signal_task(s, t, SIGCONT);
		}
		return;
	}
	task_sweep(s, t);
	if (!t->over)
		task_over(t);
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
	if (t->phase == TASK_RUNNING) {
		t->outcome.timed_out = true;
		t->outcome.run_over = now < t->deadline_ns;
		t->outcome.halted = tree_is_stopped(t->pid);
	} else if (grace_goes_on(&t->grace, &t->deadline_ns)) {
		return;
	}
	end_task(s, t);
}

static void
check_signals(struct supervisor *s, struct task *t, int *seen)
{
	int n = proc_endings();
	bool both;

	jobs_stop_and_go(s, t);
	if (n == *seen || t->over)
		return;
	both = n > *seen + 1; /* before we could look */
	*seen = n;
	t->outcome.interrupted = true;
	end_task(s, t);
	if (both && !t->over)
		end_task(s, t);
}

/* What a host that is being killed has said is there within this. */
#define LAST_WORDS_MS 1000

/* Whoever killed the keeper may be a cell that was sent ahead: what the host
 * had said of this one by then counts. It does not outlive the keeper. */
static void
lost_with_keeper(struct supervisor *s, struct task *t)
{
	int64_t until = clock_after_ms(LAST_WORDS_MS);

	while (t->in_host && !t->over && s->host.pid && !s->host.ended &&
	       clock_mono_ns() < until)
		task_wait(s, until);
	if (t->over)
		return;
	t->outcome.died = true;
	t->outcome.wait_status = SIGKILL;
	task_over(t);
	s->granted = 0;
}

/* Watch the task until it is over. */
void
task_follow(struct supervisor *s, struct task *t)
{
	int seen = 0;
	bool heard;

	s->task = t;
	task_take_deaths(s);
	if (t->follows)
		granted_catch_up(s, t);
	/* What was to be heard may have been heard before. */
	if (t->follows && !t->over && !granted_may_run(s)) {
		check_signals(s, t, &seen);
		check_clock(s, t);
	}
	while (!t->over) {
		int64_t until = t->deadline_ns, ask_ns = granted_ask(s, t);

		if (ask_ns < until)
			until = ask_ns;
		if (granted_deadline(s) < until)
			until = granted_deadline(s);
		if (t->phase == TASK_RUNNING && s->deadline_ns < until)
			until = s->deadline_ns;
		if (background_deadline(s) < until)
			until = background_deadline(s);
		if (enforce_next_ns(t) < until)
			until = enforce_next_ns(t);
		if (!s->keeper_lost) {
			task_wait(s, until);
			background_check_clocks(s);
		}
		if (!s->keeper_lost && !granted_may_run(s)) {
			check_signals(s, t, &seen);
			check_clock(s, t);
			check_limits(s, t);
		}
		if (s->keeper_lost && !t->over)
			lost_with_keeper(s, t);
	}
	/* It may have been over before we heard of it. */
	heard = t->heard;
	jobs_listen_no_more(t);
	if (heard && proc_interruptions() != seen)
		t->outcome.interrupted = true;
}

/* Everything below the keeper that was not there before the task, and does not
 * belong to one in the background. */
void
task_count_leavings(struct supervisor *s, struct task *t)
{
	struct pids now = { 0 }, hosted = { 0 };

	/* Before and after, for they come and go. */
	background_add_living(s, &s->settled);
	if (s->lane)
		tree_family(s->keeper.pid, &s->keeper.still, t->pid, &now);
	else if (!s->keeper_lost)
		tree_descendants(s->keeper.pid, &s->keeper.still, &now);
	background_add_living(s, &s->settled);
	for (size_t i = 0; i < now.count; i++) {
		pid_t pid = now.at[i];
		bool fresh = pid != s->host.pid && !pids_has(&s->settled, pid);

		if (fresh) {
			t->outcome.children_left++;
			leavings_add_process(&t->outcome.left, pid);
		}
		if ((fresh && t->in_host) || pids_has(&s->hosted, pid))
			pids_add(&hosted, pid);
	}
	pids_release(&s->hosted);
	s->hosted = hosted;
	pids_release(&s->settled);
	s->settled = now;
}

/* Until both pipes are at their end. Threads that live on keep them open with
 * every right; then only what is there now is read. */
void
task_await_end_of_file(struct supervisor *s, struct task *t)
{
	int64_t until = clock_after_ms(END_OF_FILE_MS);

	capture_drain(t->capture);
	if (t->goes_on)
		return;
	if (t->in_host && s->host.pid && s->host.threads > 0)
		return;
	while (!capture_at_end(t->capture) && clock_mono_ns() < until)
		task_wait(s, until);
}

void
task_close(struct supervisor *s, struct task *t)
{
	if (t->crash_fd >= 0) {
		loop_remove(&s->loop, t->crash_fd);
		close(t->crash_fd);
	}
	t->crash_fd = -1;
	wire_in_release(&t->crash_in);
}

int
task_conclude(struct supervisor *s, struct task *t, struct err *e)
{
	struct outcome *o = &t->outcome;
	bool alone;

	/* What we ended, and what lost its host, leaves nothing behind. */
	if (o->timed_out || o->interrupted || o->limit ||
	    (t->in_host && o->died)) {
		task_sweep(s, t);
		o->threads_left = 0;
		leavings_release(&o->left);
	}
	alone = host_keeps_outputs(s, t);
	if (!alone)
		task_await_end_of_file(s, t);
	o->timeline = t->capture->order == CAPTURE_TIMELINE;
	jobs_take_terminal(t);
	s->task = NULL;
	if (!alone)
		task_count_leavings(s, t);
	task_close(s, t);
	/* Of cells that were sent ahead there may be more to be heard. */
	if (!(s->granted && s->host.goes_on) && supervise_renew(s, e) < 0)
		return -1;
	/* Part of its output is lost: nothing can be said of it. */
	if (t->capture->failure)
		return err_system(e, "cannot read what the cell writes: %s",
				  strerror(t->capture->failure));
	return 0;
}

void
task_began(struct task *t, int64_t at_ns)
{
	int64_t before = t->began_ns;

	t->began_ns = at_ns;
	/* Unless another task wrote into it before. */
	if (t->capture->began_ns == before)
		t->capture->began_ns = at_ns;
	t->deadline_ns =
		t->timeout_ms ? at_ns + t->timeout_ms * NS_PER_MS : LOOP_NEVER;
}

void
task_begin_clock(struct task *t)
{
	task_began(t, clock_mono_ns());
}

void
task_begin(struct supervisor *s, struct task *t)
{
	t->supervisor = s;
	t->outcome = (struct outcome){ .duration_ns = -1,
				       .cpu_ns = -1,
				       .max_rss_kb = -1 };
	t->over = false;
	t->copying = t->has_terminal = t->heard = t->follows = false;
	t->asked = false;
	t->phase = TASK_RUNNING;
	t->slept_ns = 0;
	t->crash_fd = -1;
	wire_in_init(&t->crash_in);
	t->began_ns = 0;
	task_begin_clock(t);
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
	strs_addf(env, "%s=%d", WIRE_ENV_CRASH_FD, keeper_extra_fd());
}

enum capture_order
task_start_seen(struct supervisor *s, struct keeper_spawn *what,
		enum capture_order order, bool shell, pid_t *pid, struct err *e)
{
	int listener = -1;

	what->notify = witness_calls(order, shell);
	if (what->notify && s->limits.tasks)
		what->notify |= NOTIFY_TASKS;
	what->files = s->limits.files;
	what->listener = &listener;
	what->notify_error = &s->notify_error;
	what->nest = &s->settled;
	*pid = keeper_spawn(&s->keeper, what, e);
	if (listener < 0)
		return CAPTURE_PLAIN;
	witness_listen(&s->witness, listener);
	return order;
}

int
task_spawn(struct supervisor *s, struct task *t,
	   const struct keeper_spawn *program, bool plain, struct err *e)
{
	struct keeper_spawn what = *program;
	struct strs env = { 0 };

	if (supervise_renew(s, e) < 0)
		return -1;
	task_begin(s, t);
	t->in_host = false;
	what.extra_fd = -1;
	what.foreground = t->terminal;
	what.nests = s->nested ? 1 : 0;
	t->has_terminal = t->terminal;
	if (t->terminal) {
		terminal_remember();
		what.bell = bell_ready(&s->bell) ? &s->bell : NULL;
	}
	if (what.env)
		strs_add_all(&env, what.env);
	if (!plain)
		offer_crash_fd(s, t, &what, &env);
	what.env = &env;
	t->capture->order =
		task_start_seen(s, &what, t->order, t->shell, &t->pid, e);
	if (!t->background)
		enforce_begin(s, t, t->capture->order != CAPTURE_PLAIN);
	if (what.extra_fd >= 0)
		close(what.extra_fd);
	strs_release(&env);
	if (s->lane && t->pid > 0)
		pids_add(&s->led, t->pid);
	if (!t->goes_on)
		capture_close_writers(t->capture);
	if (t->pid < 0 && !keeper_is_gone(&s->keeper)) {
		task_close(s, t);
		return -1;
	}
	/* It killed the keeper before that could say its number. */
	s->keeper_lost |= t->pid < 0;
	if (what.bell)
		jobs_listen(t);
	return 0;
}

int
supervise_program(struct supervisor *s, struct task *t,
		  const struct keeper_spawn *program, bool plain, struct err *e)
{
	if (task_spawn(s, t, program, plain, e) < 0)
		return -1;
	task_follow(s, t);
	return task_conclude(s, t, e);
}

void
supervise_idle(struct supervisor *s)
{
	task_take_deaths(s);
	/* Somebody who writes without end must not hold us here. */
	for (int i = 0; i < 64 && !s->keeper_lost; i++)
		if (!task_wait(s, 0))
			break;
}

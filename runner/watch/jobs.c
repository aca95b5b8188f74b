/* jobs.c: the terminal, as a shell shares it with its jobs. Floor 3.
 *
 * A cell that may read from the terminal is its foreground group while it runs:
 * Ctrl-C and Ctrl-Z then go to the cell, and not to us. So we have a bell in
 * its group (bell.h), and a cell that was stopped is the news that the user
 * wants us all to stop. What was stopped by reading the terminal without having
 * it gets the terminal, if it is ours to give; else we are in the background,
 * and stop as any job that reads there. */
#include "watch/task.h"

#include <signal.h>
#include "sys/clock.h"
#include "sys/proc.h"
#include "sys/terminal.h"

void
jobs_stopped(struct supervisor *s, int sig)
{
	if (sig == SIGTTIN || sig == SIGTTOU ||
	    (sig == SIGTSTP && s->task->has_terminal))
		s->stopped = sig;
}

/* Ctrl-C was typed: it went to the cell, and was meant for the run. */
static void
take_ringing(struct supervisor *s)
{
	int sig = bell_heard(&s->bell);

	if (sig)
		proc_interrupt(sig);
}

static void
on_bell(void *self, int fd)
{
	struct supervisor *s = self;

	take_ringing(s);
	if (loop_at_end(fd)) /* killed with the group that it was in */
		loop_remove(&s->loop, fd);
}

void
jobs_listen(struct task *t)
{
	struct supervisor *s = t->supervisor;

	t->heard = true;
	loop_add(&s->loop, s->bell.fd, on_bell, s);
}

void
jobs_listen_no_more(struct task *t)
{
	struct supervisor *s = t->supervisor;

	if (!t->heard)
		return;
	t->heard = false;
	bell_leave(&s->bell);
	take_ringing(s);
	loop_remove(&s->loop, s->bell.fd);
}

void
jobs_give_terminal(struct task *t)
{
	struct bell *b = &t->supervisor->bell;

	t->has_terminal = true;
	terminal_remember();
	/* Before it has the terminal, so that nothing is missed. */
	if (!t->heard && bell_ready(b) && bell_join(b, t->pid))
		jobs_listen(t);
	terminal_give(t->pid);
}

void
jobs_take_terminal(struct task *t)
{
	jobs_listen_no_more(t);
	if (t->has_terminal)
		terminal_take();
	t->has_terminal = false;
}

static void
move_clock(struct task *t, int64_t slept)
{
	t->began_ns += slept;
	t->slept_ns += slept;
	t->capture->began_ns += slept;
	if (t->deadline_ns != LOOP_NEVER)
		t->deadline_ns += slept;
}

static void
move_clocks(struct supervisor *s, struct task *t, int64_t slept)
{
	move_clock(t, slept);
	if (s->deadline_ns != LOOP_NEVER) {
		s->deadline_ns += slept;
		proc_run_until(s->deadline_ns);
	}
	for (size_t i = 0; i < s->nbackground; i++)
		if (s->background[i] != t)
			move_clock(s->background[i], slept);
}

/* Everything stops, then we; and all clocks stand still. */
static void
sleep_with(struct supervisor *s, struct task *t, int sig)
{
	bool had = t->has_terminal;
	int64_t began = clock_mono_ns();

	keeper_hold(&s->keeper);
	if (had)
		terminal_keep();
	jobs_take_terminal(t);
	proc_stop_ourselves(sig);
	/* After `bg` the terminal is somebody else's. */
	if (!t->background && terminal_is_foreground() &&
	    (had || sig != SIGTSTP)) {
		jobs_give_terminal(t);
		if (had)
			terminal_restore();
	}
	move_clocks(s, t, clock_mono_ns() - began);
	keeper_let_go(&s->keeper, t->pid);
}

void
jobs_stop_and_go(struct supervisor *s, struct task *t)
{
	int sig = s->stopped;

	s->stopped = 0;
	if (proc_stop_asked())
		sig = SIGTSTP;
	if (!sig || t->over)
		return;
	if (sig != SIGTSTP && terminal_is_foreground()) {
		jobs_give_terminal(t);
		keeper_let_go(&s->keeper, t->pid);
	} else {
		sleep_with(s, t, sig);
	}
}

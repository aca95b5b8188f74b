/* background.c: programs that go on while other tasks run, as a server does for
 * its client. Floor 3.
 *
 * Whose child is whose: what such a program starts is its family, as the tree
 * shows it at each moment, and is neither left behind by the task then running
 * nor ended with it. */
#include "watch/task.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/proc.h"

#define SETTLE_MS 1000
#define LOOK_MS 2

struct task *
background_find(struct supervisor *s, pid_t pid)
{
	for (size_t i = 0; i < s->nbackground; i++)
		if (!s->background[i]->over && s->background[i]->pid == pid)
			return s->background[i];
	return NULL;
}

void
background_spare(const struct supervisor *s, struct pids *spare)
{
	for (size_t i = 0; i < s->nbackground; i++)
		if (s->background[i]->pid > 0)
			pids_add(spare, -s->background[i]->pid);
}

void
background_add_living(const struct supervisor *s, struct pids *living)
{
	struct pids family = { 0 };

	for (size_t i = 0; i < s->nbackground && !s->keeper_lost; i++) {
		tree_family(s->keeper.pid, &s->keeper.still,
			    s->background[i]->pid, &family);
		pids_add_all(living, &family);
	}
	pids_release(&family);
}

void
background_all_died(struct supervisor *s)
{
	for (size_t i = 0; i < s->nbackground; i++) {
		struct task *t = s->background[i];

		if (t->over)
			continue;
		t->outcome.died = true;
		t->outcome.wait_status = SIGKILL;
		task_over(t);
	}
}

int64_t
background_deadline(const struct supervisor *s)
{
	int64_t first = LOOP_NEVER;

	for (size_t i = 0; i < s->nbackground; i++)
		if (!s->background[i]->over &&
		    s->background[i]->deadline_ns < first)
			first = s->background[i]->deadline_ns;
	return first;
}

/* First ask, then insist. */
static void
end(struct supervisor *s, struct task *t)
{
	if (t->phase == TASK_RUNNING) {
		t->phase = TASK_TERMED;
		t->deadline_ns =
			grace_begin(&t->grace, t->pid, s->keeper.pid, GRACE_MS);
		keeper_signal_family(&s->keeper, t->pid, SIGTERM);
		keeper_signal_family(&s->keeper, t->pid, SIGCONT);
	} else {
		t->deadline_ns = LOOP_NEVER;
		keeper_sweep_family(&s->keeper, t->pid);
		task_take_deaths(s);
	}
}

void
background_check_clocks(struct supervisor *s)
{
	for (size_t i = 0; i < s->nbackground; i++) {
		struct task *t = s->background[i];

		if (t->over || clock_mono_ns() < t->deadline_ns)
			continue;
		if (t->phase == TASK_RUNNING)
			t->outcome.timed_out = true;
		else if (grace_goes_on(&t->grace, &t->deadline_ns))
			continue;
		end(s, t);
	}
}

/* Does all of its family wait for something, and has not run since the last
 * look? */
static bool
is_settled(struct supervisor *s, const struct task *t, uint64_t *turns)
{
	struct pids family = { 0 };
	uint64_t now;
	bool settled;

	tree_family(s->keeper.pid, &s->keeper.still, t->pid, &family);
	settled = tree_is_asleep(&family, &now) && now == *turns;
	*turns = now;
	pids_release(&family);
	return settled;
}

static void
settle(struct supervisor *s, struct task *t)
{
	int64_t until = clock_after_ms(SETTLE_MS);
	uint64_t turns = 0;

	while (!t->over && !s->keeper_lost && !is_settled(s, t, &turns) &&
	       clock_mono_ns() < until && !proc_interrupted()) {
		int64_t look = clock_after_ms(LOOK_MS);

		while (task_wait(s, look) && clock_mono_ns() < look)
			;
		background_check_clocks(s);
	}
}

int
supervise_background(struct supervisor *s, struct task *t,
		     const struct keeper_spawn *program, bool plain,
		     struct err *e)
{
	t->background = true;
	if (task_spawn(s, t, program, plain, e) < 0)
		return -1;
	*mem_push(s->background, s->nbackground) = t;
	settle(s, t);
	return 0;
}

static bool
family_lives(struct supervisor *s, const struct task *t)
{
	struct pids family = { 0 };
	bool lives;

	tree_family(s->keeper.pid, &s->keeper.still, t->pid, &family);
	lives = family.count > 0;
	pids_release(&family);
	return lives;
}

/* Until it is over and its family gone. A second Ctrl-C has no patience. */
static void
await_end(struct supervisor *s, struct task *t, int64_t until,
	  struct grace *grace)
{
	while (!s->keeper_lost && proc_interruptions() < 2 &&
	       (!t->over || family_lives(s, t)) &&
	       (clock_mono_ns() < until ||
		(grace && grace_goes_on(grace, &until))))
		task_wait(s, clock_after_ms(LOOK_MS));
}

static void
forget(struct supervisor *s, const struct task *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->nbackground; i++)
		if (s->background[i] != t)
			s->background[kept++] = s->background[i];
	s->nbackground = kept;
}

/* One that ended by itself leaves what it leaves, as any cell does; of one that
 * we end nobody is left. */
void
supervise_background_end(struct supervisor *s, struct task *t)
{
	supervise_idle(s);
	if (!t->over) {
		t->outcome.stopped = !t->outcome.timed_out;
		if (t->phase == TASK_RUNNING)
			end(s, t);
		await_end(s, t, clock_after_ms(GRACE_MS), &t->grace);
		keeper_sweep_family(&s->keeper, t->pid);
		task_take_deaths(s);
		await_end(s, t, clock_after_ms(SWEPT_MS), NULL);
	}
	if (s->keeper_lost)
		background_all_died(s);
	if (!t->over)
		task_over(t);
	task_await_end_of_file(s, t);
	forget(s, t);
	task_count_leavings(s, t);
	task_close(s, t);
}

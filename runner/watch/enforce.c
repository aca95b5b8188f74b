/* enforce.c: the limits of the running task are kept. Floor 3. It finds out
 * which processes are the task's and whether they are too many or too large;
 * that the task ends then is the supervisor's work. */
#include "watch/enforce.h"

#include "sys/clock.h"
#include "watch/task.h"

/* Who has just been waited for is listed for a moment more: so often, and so
 * long apart, tasks are counted before there are too many. */
#define COUNTS 20
/* Without a limit of tasks, so many processes are looked at. */
#define ENOUGH 1024
#define COUNT_PAUSE_NS 250000

/* The processes of the task, as far as they live now; enough of them to know
 * that they are too many. */
static struct pids
members(struct supervisor *s, struct task *t)
{
	struct pids now = { 0 }, others = { 0 };
	size_t kept = 0, most;

	pids_add_all(&others, &s->settled);
	background_add_living(s, &others);
	most = others.count +
	       (s->limits.tasks ? (size_t)s->limits.tasks + 2 : ENOUGH);
	if (!s->keeper_lost)
		tree_some_descendants(s->keeper.pid, &s->keeper.still, &now,
				      most);
	for (size_t i = 0; i < now.count; i++)
		if (now.at[i] == t->pid || !pids_has(&others, now.at[i]))
			now.at[kept++] = now.at[i];
	now.count = kept;
	pids_release(&others);
	return now;
}

/* Threads in the host that are older than the cell. */
static int64_t
older_threads(const struct supervisor *s, const struct task *t)
{
	return t->in_host ? s->host.threads : 0;
}

void
enforce_begin(struct supervisor *s, struct task *t, bool told)
{
	struct crowd wish = { .limit = (int)s->limits.tasks,
			      .root = s->keeper.pid,
			      .still = &s->keeper.still,
			      .spare = &s->settled,
			      .host = t->in_host ? s->host.pid : 0,
			      .others = t->in_host ? s->host.threads : 0 };

	limit_watch_begin(&t->watch, &s->limits, told);
	crowd_begin(&s->crowd, &wish);
	t->too_many = false;
}

int64_t
enforce_next_ns(const struct task *t)
{
	return t->watch.next_ns;
}

enum limit_kind
enforce_look(struct supervisor *s, struct task *t)
{
	enum limit_kind kind = t->too_many ? LIMIT_TASKS : LIMIT_NONE;

	if (!kind && !t->copying && clock_mono_ns() >= t->watch.next_ns) {
		struct pids cell = members(s, t);

		kind = limit_watch_look(&t->watch, &cell, older_threads(s, t));
		pids_release(&cell);
	}
	if (kind) {
		t->outcome.limit = kind;
		t->outcome.limit_value = limit_of(&t->watch.limits, kind);
	}
	return kind;
}

/* Of an earlier cell, or in the background: they go on. */
static bool
is_another(struct supervisor *s, const struct task *t, pid_t pid)
{
	struct pids others = { 0 };
	bool is;

	if (pid == t->pid)
		return false;
	pids_add_all(&others, &s->settled);
	background_add_living(s, &others);
	is = pids_has(&others, pid);
	pids_release(&others);
	return is;
}

bool
enforce_may_grow(void *self, pid_t tid)
{
	struct supervisor *s = self;
	struct task *t = s->task;

	if (!t || t->over || t->copying || !t->watch.told || !s->crowd.limit ||
	    is_another(s, t, tree_process_of(tid)))
		return true;
	for (int i = 0; i < COUNTS && !t->too_many; i++) {
		if (i)
			clock_sleep_ns(COUNT_PAUSE_NS);
		s->crowd.full_until_ns = 0;
		if (crowd_may_grow(&s->crowd, tid))
			return true;
	}
	t->too_many = true;
	return false;
}

/* limits.c: how much a cell may take, and whether it has taken more. Floor 3.
 * It reads what the kernel tells of processes; who belongs to a cell, and what
 * becomes of it, others know. */
#include "watch/limits.h"

#include <inttypes.h>
#include "base/text.h"
#include "sys/clock.h"

/* How fast memory is touched at most, in bytes a nanosecond, and how often we
 * look at least and at most. */
#define TOUCH_SPEED 4
#define LOOK_OFTEN_NS (1 * NS_PER_MS)
#define LOOK_SELDOM_NS (100 * NS_PER_MS)
/* Without news of tasks: a bomb doubles in less than that. */
#define COUNT_NS (2 * NS_PER_MS)

static const struct {
	const char *ename, *before, *after;
} kinds[] = {
	[LIMIT_MEMORY] = { "MemoryLimit", "holds more than ", " of memory" },
	[LIMIT_TASKS] = { "ProcessLimit", "has more than ",
			  " processes and threads" },
	[LIMIT_FILES] = { "FileLimit", "has ",
			  " files open, and may have no more" },
};

const char *
limit_ename(enum limit_kind kind)
{
	return kinds[kind].ename;
}

int64_t
limit_of(const struct limits *l, enum limit_kind kind)
{
	return kind == LIMIT_MEMORY  ? l->memory
	       : kind == LIMIT_TASKS ? l->tasks
				     : l->files;
}

void
limit_words(enum limit_kind kind, int64_t limit, struct buf *out)
{
	buf_add_str(out, kinds[kind].before);
	if (kind == LIMIT_MEMORY)
		text_add_size(out, limit);
	else
		buf_addf(out, "%" PRId64, limit);
	buf_add_str(out, kinds[kind].after);
}

void
limit_watch_begin(struct limit_watch *w, const struct limits *l, bool told)
{
	*w = (struct limit_watch){ .limits = *l, .told = told };
	if (!l->memory && (!l->tasks || told))
		w->next_ns = INT64_MAX;
}

static int64_t
memory_of(const struct pids *cell, bool shared_out)
{
	int64_t sum = 0;

	for (size_t i = 0; i < cell->count; i++)
		sum += tree_memory(cell->at[i], shared_out);
	return sum;
}

/* What several processes share after a fork counts once; to find out takes
 * time, so it is done only where it decides. */
static int64_t
memory_left(const struct limit_watch *w, const struct pids *cell)
{
	int64_t left = w->limits.memory - memory_of(cell, false);

	if (left < 0 && cell->count > 1)
		left = w->limits.memory - memory_of(cell, true);
	return left;
}

static int64_t
tasks_of(const struct pids *cell)
{
	int64_t sum = 0;

	for (size_t i = 0; i < cell->count; i++)
		sum += tree_nthreads(cell->at[i]);
	return sum;
}

static void
look_within(struct limit_watch *w, int64_t ns)
{
	int64_t at;

	if (ns < LOOK_OFTEN_NS)
		ns = LOOK_OFTEN_NS;
	if (ns > LOOK_SELDOM_NS)
		ns = LOOK_SELDOM_NS;
	at = clock_mono_ns() + ns;
	if (at < w->next_ns)
		w->next_ns = at;
}

enum limit_kind
limit_watch_look(struct limit_watch *w, const struct pids *cell, int64_t others)
{
	w->next_ns = INT64_MAX;
	if (w->limits.memory) {
		int64_t left = memory_left(w, cell);

		if (left < 0)
			return LIMIT_MEMORY;
		look_within(w, left / TOUCH_SPEED);
	}
	if (w->limits.tasks && !w->told) {
		if (tasks_of(cell) - others > w->limits.tasks)
			return LIMIT_TASKS;
		look_within(w, COUNT_NS);
	}
	return LIMIT_NONE;
}

/* leavings.c: what a cell leaves behind, and the news of it. Floor 3. It knows
 * neither when a cell is over nor which of the processes were there before. */
#include "watch/leavings.h"

#include <stdlib.h>
#include "base/mem.h"
#include "model/signal_names.h"

void
leavings_release(struct leavings *l)
{
	free(l->at);
	*l = (struct leavings){ 0 };
}

static size_t
count_of(const struct leavings *l, bool thread)
{
	size_t n = 0;

	for (size_t i = 0; i < l->count; i++)
		n += l->at[i].thread == thread;
	return n;
}

static void
add(struct leavings *l, const struct leaving *one)
{
	if (count_of(l, one->thread) < LEAVINGS_NAMED)
		*mem_push(l->at, l->count) = *one;
}

void
leavings_join(struct leavings *l, const struct leavings *from)
{
	for (size_t i = 0; i < from->count; i++)
		add(l, &from->at[i]);
}

void
leavings_add_process(struct leavings *l, pid_t pid)
{
	struct leaving one = { .id = pid };

	tree_comm(pid, one.name);
	add(l, &one);
}

void
leavings_add_threads(struct leavings *l, pid_t pid, struct pids *known,
		     int most)
{
	struct pids now = { 0 };

	tree_threads(pid, &now);
	for (size_t i = 0; i < now.count && most > 0; i++) {
		struct leaving one = { .thread = true, .id = now.at[i] };

		if (one.id == pid || pids_has(known, one.id))
			continue;
		tree_thread_comm(pid, one.id, one.name);
		add(l, &one);
		most--;
	}
	pids_release(known);
	*known = now;
}

void
leavings_emit(const struct leavings *l, const struct emitter *m, int cell)
{
	for (size_t i = 0; i < l->count; i++) {
		struct event ev = { .kind = EV_LEFT };

		ev.left.thread = l->at[i].thread;
		ev.left.id = (int)l->at[i].id;
		ev.left.name = l->at[i].name;
		emit(m, cell, ev);
	}
}

static void
emit_crash(const struct crash *c, const char *label, const struct emitter *m,
	   int cell)
{
	struct event ev = { .kind = EV_CHILD_CRASH };
	struct strs lines = { 0 };
	struct buf words = { 0 };

	crash_words(c, c->report.signal, &words);
	crash_traceback(c, label, &lines);
	ev.error.ename = signal_name(c->report.signal);
	ev.error.evalue = buf_str(&words);
	ev.error.traceback = (const char *const *)lines.at;
	ev.error.ntraceback = lines.count;
	if (ev.error.ename)
		emit(m, cell, ev);
	strs_release(&lines);
	buf_release(&words);
}

void
leavings_emit_crashes(const struct crash *c, const char *label,
		      const struct emitter *m, int cell)
{
	for (size_t i = 0; i < c->nchildren; i++)
		emit_crash(&c->children[i], label, m, cell);
}

/* leavings.h: what a cell leaves behind, by name, and the news of it. */
#ifndef CNB_LEAVINGS_H
#define CNB_LEAVINGS_H

#include <stdbool.h>
#include <stddef.h>
#include "sys/tree.h"
#include "watch/emit.h"
#include "watch/postmortem.h"

/* More of each kind are only counted. */
#define LEAVINGS_NAMED 64

struct leaving {
	bool thread; /* else a process */
	pid_t id;
	char name[16];
};

struct leavings {
	struct leaving *at; /* owned */
	size_t count;
};
void leavings_release(struct leavings *l);
/* Those of `from` too. */
void leavings_join(struct leavings *l, const struct leavings *from);
void leavings_add_process(struct leavings *l, pid_t pid);
/* The threads of `pid` that are not in *known, at most `most` of them; *known
 * becomes those that live now. */
void leavings_add_threads(struct leavings *l, pid_t pid, struct pids *known,
			  int most);

/* Tell of them, and of processes below the cell that crashed: EV_LEFT and
 * EV_CHILD_CRASH. `label` as for crash_traceback(). */
void leavings_emit(const struct leavings *l, const struct emitter *m, int cell);
void leavings_emit_crashes(const struct crash *c, const char *label,
			   const struct emitter *m, int cell);

#endif

/* limits.h: how much a cell may take, and whether it has taken more.
 *
 * Memory is what all processes of the cell hold resident, looked at from
 * outside: a limit of address space would refuse what is reserved and never
 * used, as sanitizers, threads and garbage collectors do. Looks come the more
 * often the less is left, so that what is touched between two of them is small.
 *
 * Processes and threads are counted when one more is about to begin, where the
 * kernel lets us hear of that (crowd.h); else at each look. */
#ifndef CNB_LIMITS_H
#define CNB_LIMITS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "sys/tree.h"

struct limits {
	int64_t memory; /* bytes; 0: none, as for each of these */
	int64_t tasks;	/* processes and threads at once */
	int64_t files;	/* open files of each process; LIMITS_FILES_LEAST or
			 * more: those by which a cell's process is reached */
};
#define LIMITS_FILES_LEAST 16

enum limit_kind { LIMIT_NONE, LIMIT_MEMORY, LIMIT_TASKS, LIMIT_FILES };

/* The ename of a cell that went past it; and a sentence. */
const char *limit_ename(enum limit_kind kind);
void limit_words(enum limit_kind kind, int64_t limit, struct buf *out);
/* The number, of one kind. */
int64_t limit_of(const struct limits *l, enum limit_kind kind);

struct limit_watch {
	struct limits limits;
	bool told;	 /* we hear of each task that begins */
	int64_t next_ns; /* look again then */
};
void limit_watch_begin(struct limit_watch *w, const struct limits *l,
		       bool told);
/* A look at the cell's processes, of which `others` tasks are not its own;
 * sets the time of the next. */
enum limit_kind limit_watch_look(struct limit_watch *w, const struct pids *cell,
				 int64_t others);

#endif

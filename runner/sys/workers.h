/* workers.h: independent jobs, each in a process of its own, some at a time. */
#ifndef CNB_WORKERS_H
#define CNB_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"

/* What a job left. The descriptors are files, to be read from their start. */
struct worker_result {
	int status;   /* what its function returned; 128 + N for signal N */
	int out, err; /* what it wrote to descriptors 1 and 2 */
	int report;   /* what it wrote to its report */
};

struct workers {
	size_t count;	/* jobs, of which */
	size_t at_once; /* run at the same time */
	/* Does job `i`, in a copy of this process whose standard input is
	 * empty; may write to `report`. Returns an exit status. */
	int (*work)(void *self, size_t i, int report);
	/* Job `i` and all before it are done: called in their order, in this
	 * process, as soon as that is known. May be NULL. */
	void (*done)(void *self, size_t i, const struct worker_result *r);
	/* While they run: serve whoever is behind `also`, a descriptor that is
	 * readable then; and we are about to stop with them (true), or went on
	 * again. Both may be missing: -1, NULL. */
	int also;
	void (*serve)(void *self);
	void (*stop)(void *self, bool stopping);
	void *self;
};

/* All of them. A signal that asks us to end, or to stop, is passed on to those
 * that run, once each; no more are begun then, and done() is called only for
 * those that were. -1: the system failed us; none is left. */
int workers_run(const struct workers *w, struct err *e);

/* Processors that we may run on. */
size_t workers_processors(void);

/* Append all of a result's file to descriptor `to`; -1 with errno. */
int workers_copy(int from, int to);

#endif

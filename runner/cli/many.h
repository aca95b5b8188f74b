/* many.h: several notebooks in one call: which of them, how many at a time, and
 * what became of all. */
#ifndef CNB_MANY_H
#define CNB_MANY_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/text.h"

/* Keep part I of N, by "I/N" (NULL: all). Which notebook is in which part
 * depends on the set of them alone, not on their order. -1: it is no such
 * pair. */
int many_shard(struct strs *paths, const char *shard, struct err *e);

/* "4"; "0" is as many as there are processors; NULL is one. */
int many_jobs(const char *text, size_t *jobs, struct err *e);

struct many {
	const struct strs *paths;
	size_t jobs;
	/* Runs one; the exit status. With several jobs each runs in a process
	 * of its own, and its output is printed when those before it are done.
	 * It may leave a report. */
	int (*run)(void *self, const char *path, struct buf *report);
	void *self;
	struct buf *reports; /* [paths->count], filled; or NULL */
	bool summary; /* say at the end what became of them, if several */
	bool quiet;   /* ... without an empty line before it */
};

/* The worst of their exit statuses. */
int many_run(const struct many *m);

#endif

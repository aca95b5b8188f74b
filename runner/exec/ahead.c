/* ahead.c: independent units, compiled at the same time. Floor 4. Threads do
 * nothing but wait for compilers: each takes the next job of a list that no
 * longer changes, and writes to that job's place in the workshop. */
#include "exec/ahead.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/proc.h"

#define WORKERS_MAX 64

struct jobs {
	struct run *run;
	const struct cell_info **at; /* [count]: a program, a table cell for its
				      * plugin, one shared cell for all */
	size_t count;
	atomic_size_t next;
};

static bool
is_built(const struct cell_info *c)
{
	return cell_info_is_compiled(c) ||
	       (c->kind == KIND_TABLE && c->plugin_is_source) ||
	       c->kind == KIND_SHARED;
}

/* Is it there for a plugin, or the shared cells, already? */
static bool
has_like(const struct jobs *j, const struct cell_info *c)
{
	for (size_t i = 0; i < j->count; i++) {
		const struct cell_info *other = j->at[i];

		if (other->kind != c->kind || c->kind == KIND_PROGRAM)
			continue;
		if (c->kind == KIND_SHARED ||
		    !strcmp(other->plugin_path, c->plugin_path))
			return true;
	}
	return false;
}

/* Compilers are looked up here: the list of them must not grow later. */
static void
collect(struct jobs *j, const struct selection *chosen)
{
	struct run *r = j->run;
	struct err e;

	for (size_t i = 0; i < chosen->count; i++) {
		const struct cell_info *c = &r->cells->at[i];

		if (chosen->part[i] != PART_SKIP && is_built(c) &&
		    !has_like(j, c) &&
		    workshop_find_cc(&r->workshop,
				     c->kind == KIND_SHARED
					     ? sharedcells_cc(r)
					     : workshop_cc_name(&r->workshop,
								c->options),
				     &e))
			*mem_push(j->at, j->count) = c;
	}
}

static void
build_one(struct run *r, const struct cell_info *c)
{
	struct built_ahead *a = &r->workshop.ahead[c->cell->number];
	struct err e;
	int rc = -1;

	switch (c->kind) {
	case KIND_PROGRAM:
		rc = workshop_program(&r->workshop, r->cells->nb, c, &a->built,
				      &e);
		break;
	case KIND_TABLE:
		rc = workshop_plugin(&r->workshop, c->plugin_path, c->options,
				     c->cell->number, &a->built, &e);
		break;
	case KIND_SHARED:
		sharedcells_build_ahead(r, &e);
		break;
	case KIND_EMPTY:
	case KIND_SHELL:
	case KIND_FILE:
	case KIND_COUNT:
		break;
	}
	a->done = rc == 0;
}

static void *
work(void *jobs)
{
	struct jobs *j = jobs;
	size_t i;

	while ((i = atomic_fetch_add(&j->next, 1)) < j->count &&
	       !proc_interrupted())
		build_one(j->run, j->at[i]);
	return NULL;
}

static size_t
count_workers(const struct jobs *j)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t n = cores > 1 ? (size_t)cores : 1;

	if (n > WORKERS_MAX)
		n = WORKERS_MAX;
	return n < j->count ? n : j->count;
}

void
ahead_build(struct run *r, const struct selection *chosen)
{
	struct jobs j = { .run = r };
	pthread_t threads[WORKERS_MAX];
	size_t n, started = 0;

	collect(&j, chosen);
	n = count_workers(&j);
	if (n > 1) {
		workshop_expect(&r->workshop, r->cells->count + 1);
		/* We are one of the workers. */
		while (started + 1 < n &&
		       pthread_create(&threads[started], NULL, work, &j) == 0)
			started++;
		work(&j);
		while (started)
			pthread_join(threads[--started], NULL);
		r->workshop.expecting = false;
	}
	free(j.at);
}

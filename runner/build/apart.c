/* apart.c: a plugin for each shared cell. Floor 2. As in shared.c the compiler
 * decides what the text cannot tell, but of one cell at a time, and what was
 * decided for a cell is remembered under the text that it would have without
 * decisions: a cell that was seen below the same declarations is not compiled
 * to be decided on. */
#include "build/apart_parts.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "build/above.h"
#include "sys/clock.h"
#include "sys/proc.h"
#include "sys/workers.h"

/* So many cells of which nothing is known are compiled together first: that
 * takes one call for all decisions. */
#define MANY 3

void
apart_init(struct apart *a, struct shared *s)
{
	*a = (struct apart){ .shared = s, .above = above_new() };
	guess_init(&a->guesses, s->cells, s->count);
	a->cells = mem_alloc(s->count, sizeof *a->cells);
}

void
apart_forget_cell(struct apart_cell *c)
{
	free(c->path);
	free(c->command);
	*c = (struct apart_cell){ 0 };
}

void
apart_release(struct apart *a)
{
	guess_release(&a->guesses);
	forward_free(a->forward);
	for (size_t i = 0; a->cells && i < a->shared->count; i++)
		apart_forget_cell(&a->cells[i]);
	free(a->cells);
	above_free(a->above);
	*a = (struct apart){ 0 };
}

/* Does a word of the flags make a plugin impossible? */
static int
check_flags(const struct shared_how *how, struct err *e)
{
	static const char *const refused[] = { "-static", "-static-pie",
					       "-nostdlib", "-r" };
	const struct strs *lists[] = { how->cflags, how->ldflags };

	for (size_t k = 0; k < countof(lists); k++)
		for (size_t i = 0; lists[k] && i < lists[k]->count; i++)
			for (size_t r = 0; r < countof(refused); r++)
				if (!strcmp(lists[k]->at[i], refused[r]))
					return err_input(
						e,
						"the flag '%s' and shared "
						"cells do not go together in "
						"a session: each of them is a "
						"shared object",
						refused[r]);
	return 0;
}

/* Everything from cell `first` on as it would be compiled now, at the same time
 * and for the cache: what is right of it is found there. A thread does nothing
 * but wait for compilers. */
struct ahead {
	const struct shared *shared;
	const struct shared_how *how;
	struct work *works; /* [count], texts written */
	size_t count;
	atomic_size_t next;
};

static void *
compile_ahead(void *ahead)
{
	struct ahead *h = ahead;
	size_t i;

	while ((i = atomic_fetch_add(&h->next, 1)) < h->count &&
	       !proc_interrupted()) {
		struct work *w = &h->works[i];
		struct built b = { 0 };
		struct err e;

		if (w->text.len)
			shared_compile(h->shared, h->shared->count, w->i + 1,
				       h->how, PRODUCT_CELL,
				       buf_slice(&w->text), &w->renames,
				       w->sources, &b, &e);
		built_release(&b);
	}
	return NULL;
}

#define THREADS_MAX 64

static void
run_ahead(struct ahead *h)
{
	pthread_t threads[THREADS_MAX];
	size_t n = workers_processors(), started = 0;

	while (started + 1 < n && started < THREADS_MAX &&
	       pthread_create(&threads[started], NULL, compile_ahead, h) == 0)
		started++;
	compile_ahead(h);
	while (started)
		pthread_join(threads[--started], NULL);
}

static void
build_ahead(struct apart *a, size_t first, size_t count,
	    const struct shared_how *how)
{
	struct ahead h = { .shared = a->shared,
			   .how = how,
			   .count = count - first };
	struct above *built = a->above;

	a->above = above_new();
	for (size_t i = 0; i < first; i++)
		above_add(a->above, &a->shared->cells[i]);
	h.works = mem_alloc(h.count, sizeof *h.works);
	for (size_t i = first; i < count; i++) {
		work_init(&h.works[i - first], a, i, how);
		if (!a->shared->cells[i].left_out)
			work_write(&h.works[i - first]);
		above_add(a->above, &a->shared->cells[i]);
	}
	run_ahead(&h);
	for (size_t i = 0; i < h.count; i++)
		work_release(&h.works[i]);
	free(h.works);
	above_free(a->above);
	a->above = built;
}

static int
build_cell(struct apart *a, size_t i, const struct shared_how *how, bool keep,
	   bool tell, struct err *e)
{
	struct work w;
	int rc;

	work_init(&w, a, i, how);
	rc = work_build(&w, keep, tell, e);
	work_release(&w);
	if (rc < 0)
		return -1;
	above_add(a->above, &a->shared->cells[i]);
	a->built = i + 1;
	return rc;
}

/* What all cells together had decided is a beginning: those that do not compile
 * are left out of it. */
static int
build_together(struct apart *a, size_t i, const struct shared_how *how,
	       struct err *e)
{
	struct shared *s = a->shared;

	/* What holds of a plugin of its own is not what all cells are to
	 * remember. */
	for (size_t k = 0; k < i; k++)
		unit_cell_reset(&s->cells[k]);
	if (shared_build(s, how, e) < 0)
		return -1;
	/* Each cell hides for itself and those below. */
	for (size_t k = 0; k < s->count; k++)
		strs_release(&s->cells[k].hidden);
	/* Of those above it is known by now. */
	for (size_t k = 0; k < i; k++)
		s->cells[k].left_out = !a->cells[k].path;
	return 0;
}

/* Cells that belong together, from `i` to `last`, as one plugin. 0: each has to
 * be one of its own. */
static int
build_group(struct apart *a, size_t i, size_t last,
	    const struct shared_how *how, struct err *e)
{
	int64_t began = clock_mono_ns();
	bool cached = true;
	struct work w;
	int rc;

	if (build_together(a, i, how, e) < 0)
		return -1;
	work_init(&w, a, i, how);
	work_extend(&w, last);
	rc = w.count > 1 ? work_settle_names(&w, e) : 0;
	if (rc == 1)
		rc = work_compile(&w, &cached, e);
	work_release(&w);
	if (rc == 1) {
		a->cells[i].duration_ns = clock_mono_ns() - began;
		for (size_t k = i; k <= last; k++)
			above_add(a->above, &a->shared->cells[k]);
		a->built = last + 1;
	} else {
		for (size_t k = i; k <= last; k++)
			unit_cell_reset(&a->shared->cells[k]);
	}
	return rc;
}

/* What was built from cell `first` on is to be built again. */
static void
go_back_to(struct apart *a, size_t first)
{
	struct shared *s = a->shared;

	above_free(a->above);
	a->above = above_new();
	for (size_t k = 0; k < first; k++)
		above_add(a->above, &s->cells[k]);
	for (size_t k = first; k < s->count; k++) {
		apart_forget_cell(&a->cells[k]);
		s->cells[k].left_out = false;
	}
	a->built = first;
}

/* Cell `i` does not compile alone. If it does in the unit of all cells it shall
 * be with those that it needs, or that need it, or, if that is not enough or
 * nobody knows which, with all. 1: there is more to try. */
static int
join_others(struct apart *a, size_t i, const struct shared_how *how,
	    struct err *e)
{
	struct shared *s = a->shared;
	const char *why = buf_str(&s->messages[i]);
	bool hides = strstr(why, HIDES), lacks = strstr(why, "undefined ");
	size_t last = s->count - 1;

	if (hides)
		last = apart_last_that_names(a, i);
	unit_cell_reset(&s->cells[i]);
	if (build_together(a, i, how, e) < 0)
		return -1;
	if (!s->cells[i].left_out) {
		if ((hides || lacks) && forward_join(a->forward, i, last))
			return 1;
		if (forward_join(a->forward, 0, s->count - 1))
			return 1;
	}
	s->cells[i].left_out = true;
	return 0;
}

int
apart_build(struct apart *a, size_t count, const struct shared_how *how,
	    struct err *e)
{
	struct shared *s = a->shared;
	const size_t begin = a->built; /* those above may have run */
	int compiled = 0;

	if (check_flags(how, e) < 0)
		return -1;
	while (a->headers < s->count &&
	       !apart_includes_own_header(&s->cells[a->headers]))
		a->headers++;
	if (!a->forward)
		a->forward = forward_new(s->cells, s->count,
					 how->cc->family == CC_TCC);
	for (size_t i = a->built; i < count; i = a->built) {
		struct unit_cell *c = &s->cells[i];
		bool all = compiled >= MANY;
		size_t first, last, with;
		int rc;

		if (compiled == MANY) {
			compiled++;
			if (build_together(a, i, how, e) < 0)
				return -1;
			build_ahead(a, i, count, how);
		}
		if (unit_cell_is_open(c))
			c->left_out = true;
		if (c->left_out) {
			a->cells[i].tried = true;
			a->built = i + 1;
			continue;
		}
		last = forward_reach(a->forward, i);
		rc = last > i ? build_group(a, i, last, how, e) : 0;
		if (rc == 0)
			rc = build_cell(a, i, how, all, false, e);
		if (rc == 0 && begin == 0) {
			rc = join_others(a, i, how, e);
			if (rc == 1) {
				go_back_to(a, forward_reach(a->forward, 0) > i
						      ? 0
						      : i);
				continue;
			}
		}
		if (rc < 0)
			return -1;
		first = apart_first_misread(a, i, how);
		last = a->built - 1;
		with = apart_first_with_state(a, i, &last);
		first = with < first ? with : first;
		if (first < i && first >= begin &&
		    forward_join(a->forward, first, last)) {
			go_back_to(a, first);
			continue;
		}
		compiled += !all && !a->cells[i].cached;
	}
	return 0;
}

int
apart_retry(struct apart *a, size_t i, const struct shared_how *how,
	    struct err *e)
{
	struct shared *s = a->shared;
	struct above *all = a->above;
	size_t built = a->built;
	int rc;

	a->above = above_new();
	for (size_t k = 0; k < i; k++)
		above_add(a->above, &s->cells[k]);
	rc = build_cell(a, i, how, false, true, e);
	if (rc != 1) {
		above_free(a->above);
		a->above = all;
		a->built = built;
		return rc;
	}
	/* Those below were built without it. */
	above_free(all);
	s->cells[i].closed = true;
	for (size_t k = i + 1; k < s->count; k++) {
		apart_forget_cell(&a->cells[k]);
		s->cells[k].left_out = false;
	}
	return 1;
}

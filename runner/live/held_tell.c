/* held_tell.c: what a session says of itself. Floor 5. */
#include "live/held_parts.h"

#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "live/ages.h"
#include "sys/tree.h"

enum cell_age
held_age_of_program(struct held *h, size_t i)
{
	const struct done *d =
		dones_find(&h->done, h->now->cells.at[i].cell->id);

	if (!d)
		return AGE_NEW;
	return d->outdated || strcmp(d->key, h->now->keys[i]) ? AGE_STALE
							      : AGE_FRESH;
}

static size_t
count_dropped(const struct past *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->nmarks && i < p->nsteps; i++)
		n += !p->marks[i].frozen.pid;
	return n;
}

static void
add_ages(struct held *h, struct answer *a)
{
	size_t at = 0;

	for (size_t i = 0; i < h->now->cells.count; i++) {
		const struct cell_info *c = &h->now->cells.at[i];
		enum cell_age age = AGE_FRESH;

		if (h->now->skipped[i])
			age = AGE_FRESH;
		else if (!cell_info_is_in_host(c))
			age = c->kind == KIND_EMPTY ? AGE_FRESH
						    : held_age_of_program(h, i);
		else if (at++ >= h->run.past.nsteps)
			age = dones_find(&h->done, c->cell->id) ? AGE_STALE
								: AGE_NEW;
		buf_add_byte(&a->ages, (char)age);
	}
}

/* As add_ages() goes through them. */
static void
add_gaps(const struct held *h, struct answer *a)
{
	const struct past *p = &h->run.past;
	size_t at = 0;

	for (size_t i = 0; i < h->now->cells.count; i++) {
		const char *why = NULL;

		if (!h->now->skipped[i] &&
		    cell_info_is_in_host(&h->now->cells.at[i])) {
			if (at < p->nsteps && at < p->nmarks)
				why = p->marks[at].why;
			at++;
		}
		strs_add(&a->gaps, why ? why : "");
	}
}

void
held_status(struct held *h, struct answer *a)
{
	const struct past *p = &h->run.past;

	a->path = mem_strdup(h->path);
	a->pid = getpid();
	a->copies = (int64_t)past_copies(p);
	a->dropped = (int64_t)count_dropped(p);
	strs_add_all(&a->params, &h->params);
	if (h->now)
		add_ages(h, a);
}

void
held_measure(struct held *h, struct answer *a)
{
	a->bytes = past_bytes(&h->run);
	if (h->run.supervisor.host.pid)
		a->bytes += tree_pss(h->run.supervisor.host.pid);
}

void
held_glance(struct held *h, struct answer *a)
{
	if (!h->now)
		return;
	ages_tell(a, &h->now->cells);
	add_gaps(h, a);
	a->touched = !workshop_is_current(&h->run.workshop) ||
		     held_folder_is_other(h);
}

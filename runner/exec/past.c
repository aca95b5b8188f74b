/* past.c: the state above a cell: kept, lost, brought back. Floor 3. */
#include "exec/past.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "exec/run.h"

void
past_release(struct past *p)
{
	for (size_t i = 0; i < p->nsteps; i++)
		free(p->steps[i].plugin);
	free(p->steps);
	frozen_drop(&p->frozen);
	buf_release(&p->why);
	*p = (struct past){ 0 };
}

void
past_forget_copies(struct run *r)
{
	frozen_drop(&r->past.frozen);
}

static bool
is_whole(const struct run *r)
{
	pid_t host = r->supervisor.host.pid;

	return !r->past.spoiled && r->past.host == host &&
	       (host || !r->past.nsteps);
}

/* Run a step again, muted. *same: it wrote what it had written. */
static int
again(struct run *r, const struct step *s, bool *same, struct err *e)
{
	struct cell_result res = { 0 };
	uint32_t row = s->row;
	const struct loaded *l;
	int rc;

	*same = false;
	verdict_init(&res.verdict);
	/* Shared cells may have been compiled once more since. */
	rc = s->cell->kind == KIND_SHARED
		     ? sharedcell_load(r, s->cell, &l, &row, e)
		     : hostcell_load(r, s->plugin, &l, e);
	if (rc == 0)
		rc = hostcell_call(r, s->cell, l, row, &res, e);
	*same = res.ran && res.digest == s->digest;
	cell_result_release(&res);
	return rc;
}

static int
replay(struct run *r, size_t from, struct buf *differs, struct err *e)
{
	struct past *p = &r->past;
	int rc = 0;

	r->replaying = true;
	for (size_t i = from; i < p->nsteps && rc == 0; i++) {
		bool same;

		rc = again(r, &p->steps[i], &same, e);
		if (!same)
			buf_addf(differs, "%s%s", differs->len ? ", " : "",
				 p->steps[i].cell->name);
	}
	r->replaying = false;
	return rc;
}

/* The host becomes the newest copy, or none. How many steps it has. */
static size_t
go_back(struct run *r)
{
	struct past *p = &r->past;
	struct err e;

	if (p->frozen.pid) {
		if (frozen_thaw(&r->supervisor, &p->frozen,
				&r->supervisor.settled, &e) == 0) {
			run_forget_plugins(r, p->frozen_loaded);
			return p->frozen_at;
		}
		/* Somebody killed it. */
		frozen_drop(&p->frozen);
		buf_clear(&p->why);
		buf_add_str(&p->why, "it was killed");
	}
	supervise_host_kill(&r->supervisor);
	run_forget_host(r);
	return 0;
}

static void
tell(struct run *r, const struct cell_info *c, size_t replayed,
     const struct buf *differs)
{
	struct event ev = { .kind = EV_RESTORED };

	ev.restored.cells = (int)replayed;
	ev.restored.why = replayed ? buf_str(&r->past.why) : NULL;
	ev.restored.differs = differs->len ? buf_str(differs) : NULL;
	emit(&r->emitter, c->cell->number, ev);
}

int
past_restore(struct run *r, const struct cell_info *c, struct err *e)
{
	struct past *p = &r->past;
	struct buf differs = { 0 };
	size_t from;
	int rc = 0;

	/* It may have died between two cells. */
	supervise_idle(&r->supervisor);
	if (r->replaying || is_whole(r))
		return 0;
	from = go_back(r);
	p->spoiled = false;
	if (from < p->nsteps)
		rc = replay(r, from, &differs, e);
	p->host = r->supervisor.host.pid;
	if (p->nsteps)
		tell(r, c, p->nsteps - from, &differs);
	buf_release(&differs);
	return rc;
}

/* May a cell fail, and the run go on? */
static bool
may_need(const struct run *r, const struct cell_info *c)
{
	return r->how->keep_going || cell_info_is_excused(c) ||
	       c->options.expect.kind != EXPECT_NONE;
}

void
past_keep(struct run *r, const struct cell_info *c)
{
	struct past *p = &r->past;
	struct frozen fresh;
	struct err e;
	int rc;

	if (r->replaying || !may_need(r, c) ||
	    (p->frozen.pid && p->frozen_at == p->nsteps))
		return;
	rc = frozen_take(&r->supervisor, &fresh, &p->why, &e);
	if (rc < 0) {
		buf_clear(&p->why);
		buf_add_str(&p->why, e.text);
	}
	if (rc <= 0)
		return;
	frozen_drop(&p->frozen);
	p->frozen = fresh;
	p->frozen_at = p->nsteps;
	p->frozen_loaded = r->nloaded;
}

/* Its work counts if it did well, or left by exit(): then it had its say. */
static bool
counts(const struct cell_result *res)
{
	const struct outcome *o = &res->outcome;

	return o->done && (!cell_status_is_bad(res->verdict.status) ||
			   o->how.how != WIRE_RETURNED);
}

void
past_add(struct run *r, const struct cell_info *c,
	 const struct cell_result *res)
{
	struct past *p = &r->past;

	if (!res->plugin)
		return;
	if (counts(res) && r->supervisor.host.pid)
		*mem_push(p->steps, p->nsteps) =
			(struct step){ c, mem_strdup(res->plugin), res->row,
				       res->digest };
	else
		p->spoiled = true;
}

int
past_last(struct run *r, int last)
{
	struct past *p = &r->past;

	if (r->supervisor.host.pid)
		return last;
	if (!p->nsteps || !p->frozen.pid || go_back(r) != p->nsteps ||
	    !r->supervisor.host.pid)
		return 0;
	return p->steps[p->nsteps - 1].cell->cell->number;
}

/* past.c: the state above a cell: kept, lost, brought back. Floor 4. */
#include "exec/past.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "exec/run.h"
#include "sys/clock.h"
#include "sys/proc.h"

static void
step_release(struct step *s)
{
	free(s->key);
}

void
past_drop(struct bookmark *m, const char *why)
{
	if (m->frozen.pid || why) {
		free(m->why);
		m->why = why ? mem_strdup(why) : NULL;
	}
	frozen_drop(&m->frozen);
}

static void
mark_release(struct bookmark *m)
{
	past_drop(m, NULL);
	free(m->why);
	free(m->ahead);
	m->why = m->ahead = NULL;
}

/* marks[0..nsteps] are there, whatever they hold. */
static struct bookmark *
mark_at(struct past *p, size_t i)
{
	while (p->nmarks <= i)
		*mem_push(p->marks, p->nmarks) =
			(struct bookmark){ .frozen = FROZEN_NONE };
	return &p->marks[i];
}

static void
let_go_of(struct past *p, size_t most)
{
	while (p->nover && most--)
		close(p->over[--p->nover]);
}

void
past_let_go(struct past *p)
{
	let_go_of(p, p->nover);
	free(p->over);
	p->over = NULL;
}

void
past_forget_aside(struct past *p)
{
	for (size_t i = 0; i < p->naside; i++) {
		int fd = frozen_part(&p->aside_marks[i].frozen);

		if (fd >= 0)
			*mem_push(p->over, p->nover) = fd;
		step_release(&p->aside[i]);
		mark_release(&p->aside_marks[i]);
	}
	free(p->aside);
	free(p->aside_marks);
	p->aside = NULL;
	p->aside_marks = NULL;
	p->naside = 0;
}

void
past_release(struct past *p)
{
	past_forget_aside(p);
	past_let_go(p);
	for (size_t i = 0; i < p->nsteps; i++)
		step_release(&p->steps[i]);
	for (size_t i = 0; i < p->nmarks; i++)
		mark_release(&p->marks[i]);
	free(p->steps);
	free(p->marks);
	strs_release(&p->plugins);
	*p = (struct past){ 0 };
}

void
past_forget_copies(struct run *r)
{
	for (size_t i = 0; i < r->past.nmarks; i++)
		past_drop(&r->past.marks[i], "its code was compiled anew");
}

void
past_set_aside(struct past *p, size_t keep)
{
	past_forget_aside(p);
	if (keep >= p->nsteps)
		return;
	mark_at(p, p->nsteps);
	for (size_t i = keep; i < p->nsteps; i++) {
		size_t n = p->naside;

		*mem_push(p->aside, p->naside) = p->steps[i];
		*mem_push(p->aside_marks, n) = p->marks[i + 1];
	}
	p->aside_from = keep;
	p->nsteps = keep;
	p->nmarks = keep + 1;
	p->spoiled = true;
}

void
past_put_back(struct past *p)
{
	size_t keep = p->nmarks;

	if (!p->naside)
		return;
	/* What ran instead is the last step, if it is one at all. */
	if (p->nsteps && p->nsteps == p->aside_from + 1)
		step_release(&p->steps[--p->nsteps]);
	while (keep > p->nsteps + 1)
		mark_release(&p->marks[--keep]);
	p->nmarks = keep;
	for (size_t i = 0; i < p->naside; i++) {
		*mem_push(p->steps, p->nsteps) = p->aside[i];
		*mem_push(p->marks, p->nmarks) = p->aside_marks[i];
	}
	p->naside = 0;
	past_forget_aside(p);
	p->spoiled = true;
}

bool
past_is_empty(const struct past *p)
{
	size_t i = 0;

	while (i < p->nsteps && p->steps[i].void_)
		i++;
	return i == p->nsteps;
}

static bool
is_whole(const struct run *r)
{
	pid_t host = r->supervisor.host.pid;

	return !r->past.spoiled && r->past.host == host &&
	       (host || past_is_empty(&r->past));
}

/* Run a step again, muted. *same: it wrote what it had written. */
static int
again(struct run *r, const struct step *s, bool *same, struct err *e)
{
	struct cell_result res = { 0 };
	uint32_t row = s->row;
	const struct loaded *l;
	int rc;

	verdict_init(&res.verdict);
	if (files_write_for(r, (size_t)s->cell->cell->number - 1, e) < 0)
		return -1;
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
replay(struct run *r, size_t from, int *ran, struct buf *differs, struct err *e)
{
	struct past *p = &r->past;
	pid_t host = r->supervisor.host.pid; /* 0: it will be a new one */
	int rc = 0;

	r->replaying = true;
	for (size_t i = from; i < p->nsteps && rc == 0; i++) {
		bool same;

		if (p->steps[i].void_)
			continue;
		/* With the last one it has lost what was brought about. */
		if (*ran && (!host || host != r->supervisor.host.pid)) {
			rc = hostcell_is_lost(r, e);
			break;
		}
		++*ran;
		rc = again(r, &p->steps[i], &same, e);
		if (!host)
			host = r->supervisor.host.pid;
		if (!same)
			buf_addf(differs, "%s%s", differs->len ? ", " : "",
				 p->steps[i].cell->name);
	}
	r->replaying = false;
	return rc;
}

/* What the cells that run again have started before is not to be there twice.
 * In a session that goes for what stands beside the host, too. */
static struct pids
spared(const struct run *r)
{
	struct pids spare = { 0 };

	if (!r->past.all)
		supervise_add_outsiders(&r->supervisor, &spare);
	return spare;
}

void
past_end_host(struct run *r)
{
	struct pids spare = spared(r);

	supervise_end_all_but(&r->supervisor, &spare);
	run_forget_host(r);
	pids_release(&spare);
}

static int
thaw(struct run *r, struct bookmark *m, const char *path, struct err *e)
{
	struct pids spare = spared(r);
	struct buf loaded;
	int rc;

	/* Code that is not asked for must never have been there. */
	if (m->ahead && (!path || strcmp(m->ahead, path) != 0))
		frozen_drop_twin(&m->frozen);
	rc = frozen_thaw(&r->supervisor, &m->frozen, &spare, &loaded, e);
	if (rc == 0) {
		run_forget_plugins(r, m->loaded);
		if (loaded.len)
			hostcell_has_loaded(r, m->ahead, &loaded);
	}
	buf_release(&loaded);
	pids_release(&spare);
	return rc;
}

/* The host becomes the newest copy, or none. How many steps it has; *why not
 * all of them. The plugin at `path` (NULL: none) comes next. */
static size_t
go_back(struct run *r, const char *path, const char **why)
{
	struct past *p = &r->past;
	struct err e;

	*why = mark_at(p, p->nsteps)->why;
	for (size_t i = p->nsteps + 1; i-- > 0;) {
		struct bookmark *m = mark_at(p, i);

		if (!m->frozen.pid)
			continue;
		if (thaw(r, m, i == p->nsteps ? path : NULL, &e) == 0)
			return i;
		/* It is as it was, and the next one would not be awaited
		 * either. */
		if (proc_interrupted())
			break;
		past_drop(m, e.class == ERR_INPUT ? e.text : "it was killed");
		*why = mark_at(p, p->nsteps)->why;
	}
	past_end_host(r);
	return 0;
}

static void
tell(struct run *r, const struct cell_info *c, int replayed, const char *why,
     const struct buf *differs)
{
	struct event ev = { .kind = EV_RESTORED };

	ev.restored.cells = replayed;
	ev.restored.why = replayed ? why : NULL;
	ev.restored.differs = differs->len ? buf_str(differs) : NULL;
	emit(&r->emitter, c->cell->number, ev);
}

static int
restore(struct run *r, const struct cell_info *c, const char *path,
	struct err *e)
{
	struct past *p = &r->past;
	struct buf differs = { 0 };
	const char *why = NULL;
	int ran = 0, rc = 0;
	size_t from;

	from = go_back(r, path, &why);
	p->spoiled = false;
	if (from < p->nsteps)
		rc = replay(r, from, &ran, &differs, e);
	p->host = r->supervisor.host.pid;
	if (p->nsteps && rc == 0)
		tell(r, c, ran, why, &differs);
	buf_release(&differs);
	return rc;
}

/* Where no cell has run yet the state is a host that has just begun: also where
 * the cells above could not be built. */
static int
keep_whole(struct run *r, const struct cell_info *c, struct err *e)
{
	if (is_whole(r) && hostcell_start(r, e) < 0)
		return -1;
	past_keep(r, c);
	return 0;
}

/* A session's copy must not have loaded the cell below it: its code may be
 * another the next time. What died of being asked for one has taken the state
 * with it, and no new one may stand in for it. */
static int
copy_above(struct run *r, const struct cell_info *c, const char *path,
	   struct err *e)
{
	if (keep_whole(r, c, e) < 0)
		return -1;
	if (is_whole(r))
		return 0;
	if (restore(r, c, path, e) < 0 || keep_whole(r, c, e) < 0)
		return -1;
	return is_whole(r) ? 0 : hostcell_is_lost(r, e);
}

int
past_restore(struct run *r, const struct cell_info *c, const char *path,
	     struct err *e)
{
	struct past *p = &r->past;
	int64_t began = clock_mono_ns();

	/* It may have died between two cells. */
	supervise_idle(&r->supervisor);
	if (r->replaying)
		return 0;
	if (!is_whole(r) && restore(r, c, path, e) < 0)
		return -1;
	if (p->all && copy_above(r, c, path, e) < 0)
		return -1;
	p->restore_ns += clock_mono_ns() - began;
	return 0;
}

void
past_will_go_back(struct run *r)
{
	if (supervise_host_dismiss(&r->supervisor))
		r->past.spoiled = true;
}

/* May a cell fail, and the run go on? */
static bool
may_need(const struct run *r, const struct cell_info *c)
{
	return r->how->keep_going || r->repeating || cell_info_is_excused(c) ||
	       c->options->expect.kind != EXPECT_NONE;
}

bool
past_has_copy(const struct past *p)
{
	const struct bookmark *m = &p->marks[p->nsteps];

	return p->nmarks > p->nsteps && m->frozen.pid && !m->frozen.files;
}

bool
past_wants(struct run *r, const struct cell_info *c)
{
	struct past *p = &r->past;
	struct bookmark *m;
	struct err e;

	if (!past_wants_next(r, c))
		return false;
	m = mark_at(p, p->nsteps);
	if (m->frozen.pid)
		return false;
	if (frozen_room(&e) == 0)
		return true;
	past_drop(m, e.text);
	return false;
}

bool
past_wants_next(const struct run *r, const struct cell_info *c)
{
	return !r->replaying && (r->past.all || may_need(r, c));
}

/* The state now has a copy; or it has none, and why. */
static void
keep(struct run *r, const struct frozen *fresh, const char *why)
{
	struct past *p = &r->past;
	struct bookmark *m = mark_at(p, p->nsteps);

	if (!fresh->pid) {
		past_drop(m, why);
		return;
	}
	let_go_of(p, 2); /* there are never more of them than there were */
	m->frozen = *fresh;
	m->bytes = m->most = 0;
	m->loaded = r->nloaded;
	if (p->all) {
		past_trim_count(p);
		return;
	}
	if (p->rolling < p->nsteps)
		past_drop(&p->marks[p->rolling], NULL);
	p->rolling = p->nsteps;
}

void
past_kept(struct run *r)
{
	struct frozen fresh;
	const char *why;

	if (frozen_read(&r->supervisor, &fresh, &why) >= 0)
		keep(r, &fresh, why);
}

void
past_keep(struct run *r, const struct cell_info *c)
{
	struct buf why = { 0 };
	struct frozen fresh;
	struct err e;
	int rc;

	if (!past_wants(r, c))
		return;
	rc = frozen_take(&r->supervisor, &fresh, r->past.all, &why, &e);
	keep(r, &fresh, rc < 0 ? e.text : buf_str(&why));
	buf_release(&why);
}

/* Its work counts if it did well, or left by exit(): then it had its say. */
static bool
counts(const struct run *r, const struct cell_result *res)
{
	const struct outcome *o = &res->outcome;

	return res->plugin && r->supervisor.host.pid && o->done &&
	       (!cell_status_is_bad(res->verdict.status) ||
		o->how.how != WIRE_RETURNED);
}

/* Many steps have the same one. */
static const char *
keep_plugin(struct past *p, const struct cell_info *c, const char *path)
{
	size_t i = p->plugins.count;

	if (!path || c->kind != KIND_TABLE)
		return NULL;
	while (i-- > 0)
		if (!strcmp(p->plugins.at[i], path))
			return p->plugins.at[i];
	strs_add(&p->plugins, path);
	return p->plugins.at[p->plugins.count - 1];
}

/* What could not be built did not ask for the state above it, as it will when
 * it is mended. */
static void
keep_for_mended(struct run *r, const struct cell_info *c)
{
	supervise_idle(&r->supervisor);
	if (r->supervisor.host.pid && is_whole(r))
		past_keep(r, c);
}

void
past_add(struct run *r, const struct cell_info *c,
	 const struct cell_result *res, char *key)
{
	struct past *p = &r->past;
	bool counted = counts(r, res);

	if (res->plugin && !counted)
		p->spoiled = true;
	/* What was stopped by the user has still to run. */
	if (!counted && (!key || res->verdict.status == STATUS_INTERRUPTED)) {
		free(key);
		return;
	}
	if (p->all && !res->plugin)
		keep_for_mended(r, c);
	*mem_push(p->steps, p->nsteps) =
		(struct step){ .cell = c,
			       .plugin = keep_plugin(p, c, res->plugin),
			       .row = res->row,
			       .digest = res->digest,
			       .void_ = !counted,
			       .key = key };
}

bool
past_last(struct run *r, int *last)
{
	struct past *p = &r->past;
	const char *why;

	if (r->supervisor.host.pid)
		return true;
	if (!p->nsteps || !mark_at(p, p->nsteps)->frozen.pid ||
	    go_back(r, NULL, &why) != p->nsteps || !r->supervisor.host.pid)
		return false;
	*last = p->steps[p->nsteps - 1].cell->cell->number;
	return true;
}

/* The plugin that a step's cell needs, where a copy lacks no other; NULL: none.
 */
static const char *
plugin_ahead(struct run *r, const struct bookmark *m, const struct step *s)
{
	if (s->cell->kind == KIND_SHARED)
		return sharedcell_ahead(r, s->cell, m->loaded);
	/* One that was not built by us may be another by then. */
	if (!s->cell->plugin_is_source)
		return NULL;
	return s->plugin && !hostcell_has(r, s->plugin, m->loaded) ? s->plugin
								   : NULL;
}

static void
prepare(struct run *r, struct bookmark *m, const struct step *s)
{
	const char *path = plugin_ahead(r, m, s);

	if (m->frozen.twin_fd >= 0)
		return;
	free(m->ahead);
	m->ahead = path ? mem_strdup(path) : NULL;
	frozen_prepare(&m->frozen, path, s->cell->kind == KIND_SHARED);
}

void
past_prepare(struct run *r)
{
	struct past *p = &r->past;

	for (size_t i = 0; i < p->nmarks; i++)
		if (i + 1 != p->nsteps)
			frozen_drop_twin(&p->marks[i].frozen);
		else if (p->marks[i].frozen.pid)
			prepare(r, &p->marks[i], &p->steps[i]);
}

void
past_await(struct run *r)
{
	for (size_t i = 0; i < r->past.nmarks; i++)
		frozen_await(&r->supervisor, &r->past.marks[i].frozen);
}

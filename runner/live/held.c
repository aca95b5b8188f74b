/* held.c: a session's life, and what runs in it. Floor 5. It knows nothing of
 * sockets and clients. */
#include "live/held_parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/filelimit.h"
#include "sys/proc.h"

static struct sink *nobody[] = { NULL };

static char *
copy(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

/* Each copy takes a descriptor, of which some are left for other things. */
static void
limit_copies(struct past *p, int64_t wished)
{
	size_t files = filelimit(), others = 40 + files / 8;
	size_t most = files > others ? files - others : 1;

	p->all = true;
	p->most = (size_t)wished;
	p->most_why = "it was dropped to keep within --snapshots";
	if (p->most <= most)
		return;
	p->most = most;
	p->most_why = "it was dropped, for few files may be open (ulimit -Hn)";
}

struct held *
held_new(const struct letter *l, const struct home *home, struct err *e)
{
	struct held *h = mem_alloc(1, sizeof *h);

	h->path = mem_strdup(l->path);
	h->workdir = mem_strdup(l->workdir);
	h->folder = -1;
	h->cc = copy(l->cc);
	h->files = l->limits.files;
	strs_add_all(&h->params, &l->params);
	h->how = (struct run_settings){ .home = home,
					.workdir = h->workdir,
					.cc = h->cc,
					.cflags = &h->cflags,
					.params = &h->params,
					.input_fd = -1,
					.capture = CAPTURE_ORDERED,
					.apart = true };
	if ((l->cflags && text_words(&h->cflags, l->cflags, e) < 0) ||
	    (l->sanitize &&
	     option_sanitizers(&h->sanitizers, l->sanitize, e) < 0) ||
	    run_begin(&h->run, NULL, &h->how, nobody, e) < 0) {
		held_free(h);
		return NULL;
	}
	h->run.supervisor.nested = true;
	limit_copies(&h->run.past, l->snapshots);
	h->run.past.most_bytes = l->snapshot_bytes;
	return h;
}

void
held_free(struct held *h)
{
	if (h->run.supervisor.keeper.pid) {
		h->run.emitter.sinks = nobody;
		run_end_host(&h->run, 0);
		run_end(&h->run);
	}
	if (h->folder >= 0)
		close(h->folder);
	edition_free(h->now);
	edition_free(h->unbuilt);
	dones_release(&h->done);
	free(h->needs);
	free(h->path);
	free(h->workdir);
	free(h->cc);
	strs_release(&h->cflags);
	strs_release(&h->sanitizers);
	strs_release(&h->params);
	free(h);
}

struct loop *
held_loop(struct held *h)
{
	return &h->run.supervisor.loop;
}

/* What program cell `c` was built to just now; NULL: it does not compile. */
static char *
product_of(struct held *h, const struct cell_info *c)
{
	struct workshop *w = &h->run.workshop;
	char *path = workshop_look(w, &h->now->nb, c);
	struct built b;
	struct err e;

	if (path || w->refused == c->cell->number)
		return path;
	/* It read what was written in the same moment. By now that is some time
	 * ago, and it can be known again. */
	if (workshop_program(w, &h->now->nb, c, &b, &e) < 0)
		return NULL;
	path = b.path ? mem_strdup(b.path) : NULL;
	built_release(&b);
	return path;
}

/* What does not compile is tried again by the next call, for a header may be
 * mended, and nobody knows which it read. */
static void
note_done(struct held *h, size_t i)
{
	const struct cell_info *c = &h->now->cells.at[i];
	char *product = cell_info_is_compiled(c) ? product_of(h, c) : NULL;

	h->now->known &= product || !cell_info_is_compiled(c);
	dones_note(&h->done, c->cell->id, h->now->keys[i], product);
}

/* One cell that runs in the host, as step `at`. A crash of one that is the same
 * leaves the session as it was. */
static int
run_step_at(struct held *h, size_t i, size_t at, bool quiet, bool *stop,
	    struct err *e)
{
	struct past *p = &h->run.past;
	const struct cell_info *c = &h->now->cells.at[i];
	char *key = mem_strdup(h->now->keys[i]);
	bool same;
	int rc;

	past_set_aside(p, at);
	same = p->naside && !strcmp(p->aside[0].key, key) && !p->aside[0].void_;
	rc = run_step(&h->run, c, quiet, key, stop, e);
	if (same && (p->nsteps == at || p->steps[at].void_))
		past_put_back(p);
	else
		past_forget_aside(p);
	note_done(h, i);
	return rc;
}

/* The last cell whose state is asked for. */
static size_t
last_wanted(const struct held *h, const struct letter *l)
{
	size_t last = 0;

	for (size_t i = 0; i < h->now->cells.count; i++)
		if (cell_info_is_in_host(&h->now->cells.at[i]) &&
		    (l->parts.data[i] ||
		     (l->changed && !held_leaves_out(h->now, i, l))))
			last = i + 1;
	return last;
}

static bool
program_is_due(struct held *h, size_t i)
{
	const struct cell_info *c = &h->now->cells.at[i];

	return !h->now->skipped[i] && c->kind != KIND_EMPTY &&
	       held_age_of_program(h, i) != AGE_FRESH;
}

static int
run_program(struct held *h, size_t i, bool *stop, struct err *e)
{
	int rc = run_step(&h->run, &h->now->cells.at[i], false, NULL, stop, e);

	note_done(h, i);
	return rc;
}

/* Who asks for whatever changed does not know which cells are meant. */
static void
tell_not_run(struct held *h, const struct cell_info *c)
{
	struct event ev = { .kind = EV_CELL_NOT_RUN };

	emit(&h->run.emitter, c->cell->number, ev);
}

static int
run_cells(struct held *h, const struct letter *l, struct err *e)
{
	struct edition *ed = h->now;
	size_t last = last_wanted(h, l), at = 0;
	bool stop = false;
	int rc = 0;

	for (size_t i = 0; i < ed->cells.count && (l->changed || !stop); i++) {
		const struct cell_info *c = &ed->cells.at[i];
		bool in_host = cell_info_is_in_host(c), due = l->parts.data[i];
		bool quiet = l->quiet && !due;

		if (in_host && held_leaves_out(ed, i, l))
			continue;
		due |= in_host ? at >= h->run.past.nsteps && i < last
			       : l->changed && program_is_due(h, i);
		/* Asked of the system only where it matters. */
		stop = stop || (due && proc_interrupted());
		/* --repeat is meant for what was asked for. */
		h->how.repeat = l->parts.data[i] || l->changed ? l->repeat : 0;
		if (due && stop && l->changed)
			tell_not_run(h, c);
		if (due && !stop)
			rc = files_write_for(&h->run, i, e);
		if (due && !stop && rc == 0)
			rc = in_host ? run_step_at(h, i, at, quiet, &stop, e)
				     : run_program(h, i, &stop, e);
		stop |= rc < 0;
		at += in_host;
	}
	return rc < 0 ? rc : files_write_for(&h->run, ed->cells.count, e);
}

/* Has it another text than the cell of the last edition? */
static bool
is_edited(const struct held *h, const struct cell_info *c)
{
	int n = h->now ? edition_number_of(h->now, c->cell->id) : 0;

	return !n || !slice_equal(h->now->cells.at[n - 1].cell->source,
				  c->cell->source);
}

/* Is the i-th cell of what was not built one that was to run, as far as that
 * can be told? *above: one above it in the host was. */
static bool
was_due(const struct held *h, size_t i, const struct letter *l, bool *above)
{
	const struct cell_info *c = &h->unbuilt->cells.at[i];
	bool in_host = cell_info_is_in_host(c), due = l->parts.data[i];

	if (l->changed && !h->unbuilt->skipped[i])
		due |= is_edited(h, c) || (in_host && *above);
	*above |= due && in_host;
	return due;
}

/* The first cell that was to run had its time, and the others have none. -1: it
 * is not known which that is. */
static int
tell_unbuilt(struct held *h, const struct letter *l, struct sink **sinks)
{
	const struct edition *ed = h->unbuilt;
	struct run *r = &h->run;
	bool told = false, above = false;

	run_take_cells(r, &ed->cells);
	r->emitter.sinks = sinks;
	for (size_t i = 0; i < ed->cells.count; i++) {
		if (!was_due(h, i, l, &above))
			continue;
		if (told && l->changed)
			tell_not_run(h, &ed->cells.at[i]);
		if (told)
			continue;
		told = true;
		run_tell_begin(r);
		run_step_unbuilt(r, &ed->cells.at[i]);
	}
	if (told)
		run_tell_end(r);
	r->emitter.sinks = nobody;
	run_take_cells(r, h->now ? &h->now->cells : NULL);
	return told ? 0 : -1;
}

bool
held_recall(const struct held *h, struct letter *l)
{
	const struct edition *ed = h->now;

	if (ed && print_same(&ed->print, &l->print))
		l->text = ed->nb.text;
	return l->text.len ||
	       (ed && ed->known && print_same(&ed->sense, &l->sense));
}

int
held_run(struct held *h, const struct letter *l, struct sink **sinks,
	 struct answer *a, struct err *e)
{
	struct run *r = &h->run;
	int rc;

	h->how.keep_going = l->keep_going;
	h->how.repeat = l->repeat;
	h->how.lanes = l->lanes;
	h->how.timeout_ms = l->timeout_ms;
	h->how.deadline_ms = l->deadline_ms;
	r->emitter = (struct emitter){ nobody, clock_mono_ns() };
	past_await(r);
	run_set_deadline(r, l->deadline_ms);
	rc = held_renew(h, l, a, e);
	if (rc < 0 && proc_ran_over() && !proc_interrupted() && h->unbuilt) {
		rc = tell_unbuilt(h, l, sinks);
		if (rc < 0)
			err_system(e, "the run's deadline has passed while its "
				      "cells were built");
		goto out;
	}
	if (rc != 0)
		goto out;
	r->emitter.sinks = sinks;
	r->past.restore_ns = 0;
	r->supervisor.grace_ms = l->grace_ms;
	r->supervisor.limits = l->limits;
	r->supervisor.limits.files = h->files;
	run_tell_begin(r);
	workshop_compare(&r->workshop, false);
	rc = run_cells(h, l, e);
	/* What went on in the background ends with the call that began it. */
	backcells_end(r);
	run_close_ended(r);
	run_tell_end(r);
	r->emitter.sinks = nobody;
	a->restore_ns = r->past.restore_ns;
out:
	edition_free(h->unbuilt);
	h->unbuilt = NULL;
	proc_run_until(LOOP_NEVER);
	return rc;
}

bool
held_trim(struct held *h, const struct hurry *hurry)
{
	return past_trim(&h->run, hurry);
}

void
held_prepare(struct held *h)
{
	past_prepare(&h->run);
}

void
held_tidy(struct held *h)
{
	supervise_tidy(&h->run.supervisor);
}

void
held_each_file(struct held *h, void (*each)(void *self, const char *path),
	       void *self)
{
	workshop_each_file(&h->run.workshop, each, self);
}

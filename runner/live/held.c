/* held.c: what a session holds, what the notebook says, and how the one becomes
 * the other. Floor 5. It knows nothing of sockets and clients. */
#include "live/held.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "exec/params.h"
#include "exec/run.h"
#include "exec/sanitize.h"
#include "format/nbformat.h"
#include "live/ages.h"
#include "live/done.h"
#include "live/edition.h"
#include "sys/clock.h"
#include "sys/fs.h"
#include "sys/proc.h"

struct held {
	struct run run;
	struct run_settings how;
	char *path, *workdir, *cc;
	int folder; /* that `workdir` was when the host began; -1: not known */
	struct strs cflags, sanitizers, params;
	int64_t files; /* the limit of its processes, which they inherit */
	bool params_are_new;	 /* `now` was read with others */
	struct edition *now;	 /* NULL: nothing ran yet */
	struct edition *unbuilt; /* the last, where its cells could not be
				  * built; else NULL */
	char *needs;		 /* of the host: hostcell_needs() */
	struct dones done;
	int last; /* number of the last cell in the host, for its handlers */
};

static struct sink *nobody[] = { NULL };

static char *
copy(const char *text)
{
	return text ? mem_strdup(text) : NULL;
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
	h->run.past.all = true;
	h->run.past.most = (size_t)l->snapshots;
	h->run.past.most_bytes = l->snapshot_bytes;
	return h;
}

void
held_free(struct held *h)
{
	if (h->run.supervisor.keeper.pid) {
		h->run.emitter.sinks = nobody;
		run_end_host(&h->run, h->last);
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

/* editions */

/* Texts that become files come before anything is built. */
static int
write_files(struct held *h, const struct cell_list *cells, struct err *e)
{
	struct selection all = { .count = cells->count };
	int rc;

	all.part = mem_alloc(all.count + 1, sizeof *all.part);
	for (size_t i = 0; i < all.count; i++)
		all.part[i] = PART_RUN;
	rc = run_write_files(&h->run, &all, e);
	free(all.part);
	return rc;
}

/* In a run all of them are built when the first has its turn. */
static size_t
first_shared(const struct edition *ed)
{
	size_t i = 0;

	while (i < ed->cells.count && ed->cells.at[i].kind != KIND_SHARED)
		i++;
	return i;
}

static int
settle(struct held *h, struct edition *ed, const struct letter *l,
       struct err *e)
{
	notebook_init(&ed->nb);
	if (nbformat_read(&ed->nb, l->path, l->text.at, l->text.len, e) < 0 ||
	    cell_list_init(&ed->cells, &ed->nb, e) < 0 ||
	    params_settle(&ed->params, &ed->nb, &ed->cells, &h->params, e) <
		    0 ||
	    sharedcells_check(&ed->cells, e) < 0 ||
	    sanitize_settle(&ed->cells, &h->sanitizers, &h->cflags, e) < 0)
		return -1;
	if (l->parts.len != ed->cells.count)
		return err_system(e, "the notebook has changed meanwhile");
	print_init(&ed->print);
	print_add(&ed->print, ed->nb.text);
	edition_find_skipped(ed);
	run_take_cells(&h->run, &ed->cells);
	h->how.injected = &ed->params;
	if (write_files(h, &ed->cells, e) < 0)
		return -1;
	return files_write_for(&h->run, first_shared(ed), e);
}

static int
number_of(const struct edition *ed, const char *id)
{
	for (size_t i = 0; i < ed->cells.count; i++)
		if (!strcmp(ed->cells.at[i].cell->id, id))
			return (int)i + 1;
	return 0;
}

/* What children of earlier cells still write belongs to these, wherever they
 * stand now. */
static void
move_lives(struct run *r, const struct edition *from, const struct edition *to)
{
	for (size_t i = 0; i < r->nlives; i++) {
		struct live *live = r->lives[i];
		size_t at = (size_t)live->number - 1;
		/* A notebook may have had no cells at all. */
		int n = at < from->cells.count
				? number_of(to, from->cells.at[at].cell->id)
				: 0;

		live->mute |= !n;
		live->number = n ? n : 1;
	}
}

/* Skipped unless it is named. */
static bool
is_left_out(const struct edition *ed, size_t i, const struct letter *l)
{
	return !l->parts.data[i] && ed->skipped[i];
}

/* The session's steps that the notebook still has, from the top on, become the
 * edition's; the others are forgotten. */
static void
match(struct held *h, struct edition *ed, const struct letter *l)
{
	struct past *p = &h->run.past;
	size_t same = 0;

	for (size_t i = 0; i < ed->cells.count && same < p->nsteps; i++) {
		const struct cell_info *c = &ed->cells.at[i];

		if (!edition_in_host(c) || is_left_out(ed, i, l))
			continue;
		if (strcmp(p->steps[same].key, ed->keys[i]) != 0)
			break;
		p->steps[same++].cell = c;
	}
	past_set_aside(p, same);
	past_forget_aside(p);
}

/* Is there another folder in the place of the one in which the cells are? Held
 * open it keeps its number to itself. */
static bool
folder_is_other(const struct held *h)
{
	struct stat was, now;

	return h->folder >= 0 && fstat(h->folder, &was) == 0 &&
	       stat(h->workdir, &now) == 0 &&
	       (was.st_dev != now.st_dev || was.st_ino != now.st_ino);
}

static void
take_folder(struct held *h)
{
	if (h->folder >= 0)
		close(h->folder);
	h->folder = fs_open(h->workdir, O_PATH | O_DIRECTORY);
}

/* A host that was started as another can serve no more, nor can its copies; nor
 * where it started, if that is gone. */
static int
match_host(struct held *h, struct err *e)
{
	char *needs = hostcell_needs(&h->run, e);

	if (!needs)
		return -1;
	if (folder_is_other(h))
		dones_release(&h->done);
	if ((h->needs && strcmp(h->needs, needs) != 0) || folder_is_other(h)) {
		past_set_aside(&h->run.past, 0);
		past_forget_aside(&h->run.past);
		past_forget_copies(&h->run);
		past_end_host(&h->run);
	}
	if (h->folder < 0 || folder_is_other(h))
		take_folder(h);
	free(h->needs);
	h->needs = needs;
	return 0;
}

/* Does it ask for a cell that ran, once more? */
static bool
goes_back(const struct held *h, const struct letter *l)
{
	size_t at = 0;

	if (l->repeat > 1)
		return false;
	for (size_t i = 0; i < h->now->cells.count; i++) {
		const struct cell_info *c = &h->now->cells.at[i];

		if (!edition_in_host(c) || is_left_out(h->now, i, l))
			continue;
		if (l->parts.data[i])
			return at < h->run.past.nsteps && !c->options->repeat;
		at++;
	}
	return false;
}

/* Would the letter's notebook be the one that we have? While we look at the
 * files that it was built from, the host that must go goes. */
static bool
is_unchanged(struct held *h, const struct letter *l)
{
	const struct edition *ed = h->now;
	bool same = ed && ed->known && !h->params_are_new &&
		    l->parts.len == ed->cells.count && !folder_is_other(h) &&
		    (l->text.at == ed->nb.text.at ||
		     slice_equal(l->text, ed->nb.text));

	if (same && goes_back(h, l))
		past_will_go_back(&h->run);
	return workshop_compare(&h->run.workshop, true) && same;
}

static bool
is_built(const struct cell_info *c)
{
	return c->kind == KIND_PROGRAM && !c->options->run.count;
}

/* Programs of which something that they were built from is another now: they
 * are not built for that, they may not be wanted. */
static void
look_at_programs(struct held *h, const struct edition *ed)
{
	for (size_t i = 0; i < ed->cells.count; i++) {
		const struct cell_info *c = &ed->cells.at[i];
		struct done *d =
			is_built(c) ? dones_find(&h->done, c->cell->id) : NULL;
		struct err e;
		char *now;

		if (!d || strcmp(d->key, ed->keys[i]) != 0)
			continue;
		/* If that cannot be, it is told when it is to run. */
		files_write_for(&h->run, i, &e);
		now = workshop_look(&h->run.workshop, &ed->nb, c);
		d->outdated = !now || !d->product || strcmp(now, d->product);
		free(now);
	}
}

/* The notebook as the letter has it takes the place of the last one. */
static int
take_edition(struct held *h, const struct letter *l, struct answer *a,
	     struct err *e)
{
	struct edition *ed, *old = h->now;
	int64_t began = clock_mono_ns();

	if (is_unchanged(h, l)) {
		a->build_ns = clock_mono_ns() - began;
		if (write_files(h, &old->cells, e) < 0)
			return -1;
		sharedcells_tell_again(h->run.shared);
		match(h, old, l);
		return 0;
	}
	ed = mem_alloc(1, sizeof *ed);
	workshop_forget(&h->run.workshop);
	sharedcells_free(h->run.shared);
	h->run.shared = NULL;
	if (settle(h, ed, l, e) < 0)
		goto failed;
	/* What was just written may be a header of what was built before. */
	workshop_compare(&h->run.workshop, true);
	a->read_ns = clock_mono_ns() - began;
	if ((h->params_are_new && sharedcells_check_params(&h->run, e) < 0) ||
	    match_host(h, e) < 0 || edition_find_keys(ed, &h->run, e) < 0)
		goto failed;
	look_at_programs(h, ed);
	a->build_ns = clock_mono_ns() - began - a->read_ns;
	if (old)
		move_lives(&h->run, old, ed);
	match(h, ed, l);
	h->now = ed;
	edition_free(old);
	return 0;
failed:
	workshop_forget(&h->run.workshop);
	sharedcells_free(h->run.shared);
	h->run.shared = NULL;
	if (ed->skipped)
		h->unbuilt = ed;
	else
		edition_free(ed);
	run_take_cells(&h->run, old ? &old->cells : NULL);
	h->how.injected = old ? &old->params : NULL;
	return -1;
}

/* cells */

static enum cell_age
age_of_program(struct held *h, size_t i)
{
	const struct done *d =
		dones_find(&h->done, h->now->cells.at[i].cell->id);

	if (!d)
		return AGE_NEW;
	return d->outdated || strcmp(d->key, h->now->keys[i]) ? AGE_STALE
							      : AGE_FRESH;
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
	char *product = is_built(c) ? product_of(h, c) : NULL;

	h->now->known &= product || !is_built(c);
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
	h->last = c->cell->number;
	note_done(h, i);
	return rc;
}

/* The last cell whose state is asked for. */
static size_t
last_wanted(const struct held *h, const struct letter *l)
{
	size_t last = 0;

	for (size_t i = 0; i < h->now->cells.count; i++)
		if (edition_in_host(&h->now->cells.at[i]) &&
		    (l->parts.data[i] ||
		     (l->changed && !is_left_out(h->now, i, l))))
			last = i + 1;
	return last;
}

static bool
program_is_due(struct held *h, size_t i)
{
	const struct cell_info *c = &h->now->cells.at[i];

	return !h->now->skipped[i] && c->kind != KIND_EMPTY &&
	       age_of_program(h, i) != AGE_FRESH;
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
		bool in_host = edition_in_host(c), due = l->parts.data[i];
		bool quiet = l->quiet && !due;

		if (in_host && is_left_out(ed, i, l))
			continue;
		due |= in_host ? at >= h->run.past.nsteps && i < last
			       : l->changed && program_is_due(h, i);
		/* Asked of the system only where it matters. */
		stop = stop || (due && proc_interrupted());
		/* --repeat is meant for what was asked for. */
		h->how.repeat = l->parts.data[i] || l->changed ? l->repeat : 1;
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

/* -> it is another than it was */
static bool
set_param(struct strs *params, const char *pair)
{
	size_t n = strcspn(pair, "=") + 1;

	for (size_t i = 0; i < params->count; i++) {
		if (strncmp(params->at[i], pair, n) != 0)
			continue;
		if (!strcmp(params->at[i], pair))
			return false;
		free(params->at[i]);
		params->at[i] = mem_strdup(pair);
		return true;
	}
	strs_add(params, pair);
	return true;
}

/* The session keeps what it is given, until it is given something else for the
 * same name; but nothing of a letter that it cannot do. */
static int
take_params(struct held *h, const struct letter *l, struct answer *a,
	    struct err *e)
{
	struct strs before = { 0 };
	bool new = false;
	int rc;

	strs_add_all(&before, &h->params);
	for (size_t i = 0; i < l->params.count; i++)
		new |= set_param(&h->params, l->params.at[i]);
	h->params_are_new = new;
	rc = take_edition(h, l, a, e);
	h->params_are_new = false;
	if (rc < 0 && new) {
		struct strs refused = h->params;

		h->params = before;
		before = refused;
	}
	strs_release(&before);
	return rc;
}

/* Has it another text than the cell of the last edition? */
static bool
is_edited(const struct held *h, const struct cell_info *c)
{
	int n = h->now ? number_of(h->now, c->cell->id) : 0;

	return !n || !slice_equal(h->now->cells.at[n - 1].cell->source,
				  c->cell->source);
}

/* Is the i-th cell of what was not built one that was to run, as far as that
 * can be told? *above: one above it in the host was. */
static bool
was_due(const struct held *h, size_t i, const struct letter *l, bool *above)
{
	const struct cell_info *c = &h->unbuilt->cells.at[i];
	bool in_host = edition_in_host(c), due = l->parts.data[i];

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
	if (!h->now || !print_same(&h->now->print, &l->print))
		return false;
	l->text = h->now->nb.text;
	return true;
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
	rc = take_params(h, l, a, e);
	if (rc < 0 && proc_ran_over() && !proc_interrupted() && h->unbuilt) {
		rc = tell_unbuilt(h, l, sinks);
		if (rc < 0)
			err_system(e, "the run's deadline has passed while its "
				      "cells were built");
		goto out;
	}
	if (rc < 0)
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
		else if (!edition_in_host(c))
			age = c->kind == KIND_EMPTY ? AGE_FRESH
						    : age_of_program(h, i);
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
		    edition_in_host(&h->now->cells.at[i])) {
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
	if (h->now)
		add_ages(h, a);
}

void
held_each_file(struct held *h, void (*each)(void *self, const char *path),
	       void *self)
{
	workshop_each_file(&h->run.workshop, each, self);
}

bool
held_trim(struct held *h, const struct hurry *hurry)
{
	return past_trim(&h->run.past, hurry);
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
held_measure(struct held *h, struct answer *a)
{
	past_await(&h->run); /* what it shares is not to be missing */
	a->bytes = past_bytes(&h->run.past);
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
	a->touched =
		!workshop_is_current(&h->run.workshop) || folder_is_other(h);
}

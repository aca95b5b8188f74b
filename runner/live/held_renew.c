/* held_renew.c: what the notebook says becomes what the session holds. Floor 5.
 */
#include "live/held_parts.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "exec/params.h"
#include "exec/sanitize.h"
#include "format/nbformat.h"
#include "sys/clock.h"
#include "sys/fs.h"

bool
held_leaves_out(const struct edition *ed, size_t i, const struct letter *l)
{
	return !l->parts.data[i] && ed->skipped[i];
}

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
	notebook_sense(&ed->nb, &ed->sense);
	edition_find_skipped(ed);
	run_take_cells(&h->run, &ed->cells);
	h->how.injected = &ed->params;
	if (write_files(h, &ed->cells, e) < 0)
		return -1;
	return files_write_for(&h->run, first_shared(ed), e);
}

/* What children of earlier cells still write belongs to these, wherever they
 * stand now. */
static void
move_lives(struct run *r, const struct edition *from, const struct edition *to)
{
	for (size_t i = 0; i < r->nlives; i++) {
		struct live *live = r->lives[i];
		size_t at = (size_t)live->number - 1;
		int n = at < from->cells.count
				? edition_number_of(to,
						    from->cells.at[at].cell->id)
				: 0;

		live->mute |= !n;
		live->number = n;
	}
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

		if (!cell_info_is_in_host(c) || held_leaves_out(ed, i, l))
			continue;
		if (strcmp(p->steps[same].key, ed->keys[i]) != 0)
			break;
		p->steps[same++].cell = c;
	}
	past_set_aside(p, same);
	past_forget_aside(p);
}

bool
held_folder_is_other(const struct held *h)
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
	if (held_folder_is_other(h))
		dones_release(&h->done);
	if ((h->needs && strcmp(h->needs, needs) != 0) ||
	    held_folder_is_other(h)) {
		past_set_aside(&h->run.past, 0);
		past_forget_aside(&h->run.past);
		past_forget_copies(&h->run);
		past_end_host(&h->run);
	}
	if (h->folder < 0 || held_folder_is_other(h))
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

		if (!cell_info_is_in_host(c) || held_leaves_out(h->now, i, l))
			continue;
		if (l->parts.data[i])
			return at < h->run.past.nsteps &&
			       (l->repeat || !c->options->repeat);
		at++;
	}
	return false;
}

/* Would the letter's notebook be the one that we have, but for what runs leave
 * in it? While we look at the files that it was built from, the host that must
 * go goes. */
static bool
is_unchanged(struct held *h, const struct letter *l)
{
	const struct edition *ed = h->now;
	bool same = ed && ed->known && !h->params_are_new &&
		    l->parts.len == ed->cells.count &&
		    !held_folder_is_other(h) &&
		    print_same(&ed->sense, &l->sense);

	if (same && goes_back(h, l))
		past_will_go_back(&h->run);
	return workshop_compare(&h->run.workshop, true) && same;
}

/* Programs of which something that they were built from is another now: they
 * are not built for that, they may not be wanted. */
static void
look_at_programs(struct held *h, const struct edition *ed)
{
	for (size_t i = 0; i < ed->cells.count; i++) {
		const struct cell_info *c = &ed->cells.at[i];
		struct done *d = cell_info_is_compiled(c)
					 ? dones_find(&h->done, c->cell->id)
					 : NULL;
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

/* The notebook as the letter has it takes the place of the last one. 1: its
 * text is wanted for that. */
static int
take_edition(struct held *h, const struct letter *l, struct answer *a,
	     struct err *e)
{
	struct edition *ed, *old = h->now;
	int64_t began = clock_mono_ns();

	if (is_unchanged(h, l)) {
		a->build_ns = clock_mono_ns() - began;
		notebook_move(&old->nb, buf_slice(&l->begins));
		if (write_files(h, &old->cells, e) < 0)
			return -1;
		sharedcells_tell_again(h->run.shared);
		match(h, old, l);
		return 0;
	}
	/* What it rests on may have been found changed, which is found once. */
	if (old)
		old->known = false;
	if (l->known && !l->text.len)
		return 1;
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
int
held_renew(struct held *h, const struct letter *l, struct answer *a,
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
	if (rc != 0 && new) {
		struct strs refused = h->params;

		h->params = before;
		before = refused;
	}
	strs_release(&before);
	return rc;
}

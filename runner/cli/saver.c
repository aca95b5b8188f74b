/* saver.c: outputs into the notebook's own file. Floor 4. The file is read
 * again before it is replaced, for its owner may edit it while cells run. */
#include "cli/saver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "sys/fs.h"

/* The cell of the edited notebook that still is `c`: by its id, else by being
 * the only one with its text. */
static bool
is_still(const struct nb_cell *now, const struct nb_cell *c)
{
	return now->type == NB_CODE && !strcmp(now->id, c->id) &&
	       slice_equal(now->source, c->source);
}

static const struct nb_cell *
find_still(const struct notebook *nb, const struct nb_cell *c)
{
	const struct nb_cell *found = NULL;

	for (size_t i = 0; i < nb->ncells; i++)
		if (is_still(&nb->cells[i], c))
			return &nb->cells[i];
	for (size_t i = 0; i < nb->ncells; i++) {
		const struct nb_cell *now = &nb->cells[i];

		if (now->type != NB_CODE ||
		    !slice_equal(now->source, c->source))
			continue;
		if (found)
			return NULL;
		found = now;
	}
	return found;
}

/* A record for the edited notebook that borrows what the run's record owns. ->
 * how many cells with outputs found no place in it. */
static int
move_over(struct record *to, const struct record *from)
{
	int homeless = 0;

	for (size_t i = 0; i < to->ncells; i++)
		record_skip(to, (int)i + 1);
	for (size_t i = 0; i < from->ncells; i++) {
		const struct record_cell *c = &from->cells[i];
		const struct nb_cell *now = find_still(to->nb, c->cell);

		if (!now) {
			homeless += c->reached;
			continue;
		}
		to->cells[now->number - 1] = *c;
		to->cells[now->number - 1].cell = now;
	}
	return homeless;
}

static int
write_edited(struct saver *s, const struct buf *text, struct buf *out,
	     int *homeless, struct err *e)
{
	struct record r;
	struct notebook nb;
	int rc;

	notebook_init(&nb);
	rc = nbformat_read(&nb, s->record->nb->path, buf_str(text), text->len,
			   e);
	if (rc == 0) {
		struct record_cell *own;

		record_init(&r, &nb);
		/* What is borrowed must not be released twice. */
		own = r.cells;
		r.cells = mem_alloc(r.ncells, sizeof *r.cells);
		memcpy(r.cells, own, r.ncells * sizeof *own);
		*homeless = move_over(&r, s->record);
		nbformat_write(out, &nb, &r, s->how);
		free(r.cells);
		r.cells = own;
		record_release(&r);
	}
	notebook_release(&nb);
	return rc;
}

/* The file's bytes without a byte order mark, as the notebook has them. */
static void
drop_bom(struct buf *text)
{
	if (text->len >= 3 && !memcmp(text->data, "\xef\xbb\xbf", 3)) {
		memmove(text->data, text->data + 3, text->len - 2);
		text->len -= 3;
	}
}

/* The notebook as it was run, with everything that was captured, beside the one
 * that was edited meanwhile: "x.as-run.ipynb". */
static int
save_beside(struct saver *s, const char *why, struct err *e)
{
	const char *path = s->record->nb->path;
	size_t len = strlen(path);
	struct buf beside = { 0 }, out = { 0 };
	int rc;

	if (len > 6 && !strcmp(path + len - 6, ".ipynb"))
		len -= 6;
	buf_add(&beside, path, len);
	buf_add_str(&beside, ".as-run.ipynb");
	nbformat_write(&out, s->record->nb, s->record, s->how);
	rc = fs_replace(beside.data, buf_slice(&out), e);
	if (rc == 0)
		fprintf(stderr,
			"cnb: warning: '%s' %s; all of them are saved "
			"in '%s'\n",
			path, why, beside.data);
	buf_release(&beside);
	buf_release(&out);
	return rc;
}

static int
save(struct saver *s, int *homeless, struct err *e)
{
	const char *path = s->record->nb->path;
	struct buf now = { 0 }, out = { 0 };
	int rc = 0;

	s->failed = false;
	*homeless = 0;
	if (fs_read(path, &now, NULL) == 0) {
		drop_bom(&now);
		if (!slice_equal(buf_slice(&now), buf_slice(&s->written)))
			s->edited = true;
	}
	if (s->edited)
		rc = write_edited(s, &now, &out, homeless, e);
	else
		nbformat_write(&out, s->record->nb, s->record, s->how);
	if (rc == 0 && !slice_equal(buf_slice(&now), buf_slice(&out)))
		rc = lock_replace(&s->lock, buf_slice(&out), e);
	if (rc == 0) {
		buf_release(&s->written);
		s->written = out;
		buf_init(&out);
	} else {
		s->failed = true;
		s->err = *e;
	}
	buf_release(&now);
	buf_release(&out);
	return rc;
}

static void
on_event(struct sink *sink, const struct event *ev)
{
	struct saver *s = (struct saver *)sink;
	int homeless;

	if (ev->kind != EV_CELL_END || s->failed ||
	    ev->at_ns - s->saved_ns < SAVER_PAUSE_NS)
		return;
	s->saved_ns = ev->at_ns;
	save(s, &homeless, &s->err);
}

int
saver_init(struct saver *s, const struct record *r, struct nbformat_save how,
	   struct err *e)
{
	*s = (struct saver){ .sink = { on_event }, .record = r, .how = how };
	if (lock_take(&s->lock, r->nb->path, e) < 0)
		return -1;
	buf_add_slice(&s->written, r->nb->text);
	return 0;
}

void
saver_release(struct saver *s)
{
	lock_release(&s->lock);
	buf_release(&s->written);
}

int
saver_finish(struct saver *s, struct err *e)
{
	int homeless, rc = save(s, &homeless, e);

	s->safe = rc == 0;
	/* Nothing that was captured is lost with a file that cannot be read
	 * or written any more. */
	if (rc < 0 || homeless) {
		struct err second;

		s->safe = save_beside(s,
				      rc < 0 ? "cannot take the outputs"
					     : "was edited while it ran, and "
					       "some outputs have no place in "
					       "it",
				      &second) == 0;
		if (!s->safe && rc == 0) {
			*e = second;
			rc = -1;
		}
	}
	return rc;
}

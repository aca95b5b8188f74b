/* saver.c: outputs into the notebook's own file. Floor 4. The file is read
 * again before it is replaced, for its owner may edit it while cells run. */
#include "cli/saver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "sys/fs.h"

static void
on_event(struct sink *sink, const struct event *ev)
{
	struct saver *s = (struct saver *)sink;

	if (ev->kind != EV_CELL_END || s->failed ||
	    ev->at_ns - s->saved_ns < SAVER_PAUSE_NS)
		return;
	s->saved_ns = ev->at_ns;
	saver_save(s, &s->err);
}

void
saver_init(struct saver *s, const struct record *r, struct nbformat_save how)
{
	*s = (struct saver){ .sink = { on_event }, .record = r, .how = how };
	buf_add_slice(&s->written, r->nb->text);
}

void
saver_release(struct saver *s)
{
	buf_release(&s->written);
}

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

/* A record for the edited notebook that borrows what the run's record owns. */
static void
move_over(struct record *to, const struct record *from)
{
	for (size_t i = 0; i < to->ncells; i++)
		record_skip(to, (int)i + 1);
	for (size_t i = 0; i < from->ncells; i++) {
		const struct record_cell *c = &from->cells[i];
		const struct nb_cell *now = find_still(to->nb, c->cell);

		if (!now) {
			if (c->reached)
				fprintf(stderr,
					"cnb: warning: cell '%s' was edited "
					"while it ran; its outputs are not "
					"saved\n",
					c->name ? c->name : c->cell->id);
			continue;
		}
		to->cells[now->number - 1] = *c;
		to->cells[now->number - 1].cell = now;
	}
}

static int
write_edited(struct saver *s, const struct buf *text, struct buf *out,
	     struct err *e)
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
		move_over(&r, s->record);
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

int
saver_save(struct saver *s, struct err *e)
{
	const char *path = s->record->nb->path;
	struct buf now = { 0 }, out = { 0 };
	int rc = 0;

	s->failed = false;
	if (fs_read(path, &now, NULL) == 0) {
		drop_bom(&now);
		if (!slice_equal(buf_slice(&now), buf_slice(&s->written)))
			rc = write_edited(s, &now, &out, e);
	}
	if (rc == 0 && !out.len)
		nbformat_write(&out, s->record->nb, s->record, s->how);
	if (rc == 0 && !slice_equal(buf_slice(&now), buf_slice(&out)))
		rc = fs_replace(path, buf_slice(&out), e);
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

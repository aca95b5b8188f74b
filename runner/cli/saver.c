/* saver.c: outputs into the notebook's own file. Floor 6. The file is read
 * again before it is replaced, for its owner may edit it while cells run. */
#include "cli/saver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "cli/commands.h"
#include "sys/clock.h"
#include "sys/fs.h"

static bool
has_text(const struct nb_cell *now, const struct nb_cell *c)
{
	return now->type == NB_CODE && slice_equal(now->source, c->source);
}

/* The cell of the edited notebook with the id of `c` and its text. */
static const struct nb_cell *
find_same(const struct notebook *nb, const struct nb_cell *c)
{
	for (size_t i = 0; i < nb->ncells; i++)
		if (has_text(&nb->cells[i], c) &&
		    !strcmp(nb->cells[i].id, c->id))
			return &nb->cells[i];
	return NULL;
}

/* Those with the text of `c` that are not found by their ids: how many they
 * are, and the one at place `at` among them. *place: that of `c`. */
static size_t
count_others(const struct notebook *nb, const struct notebook *in,
	     const struct nb_cell *c, size_t at, const struct nb_cell **found,
	     size_t *place)
{
	size_t n = 0;

	for (size_t i = 0; i < nb->ncells; i++) {
		const struct nb_cell *one = &nb->cells[i];

		if (!has_text(one, c) || find_same(in, one))
			continue;
		if (one == c)
			*place = n;
		if (n++ == at)
			*found = one;
	}
	return n;
}

/* The cell of the edited notebook that still is `c` of the old one: by its id,
 * else by its text. Several with one text are told apart by their order, if
 * there are as many as there were. */
static const struct nb_cell *
find_still(const struct notebook *now, const struct notebook *old,
	   const struct nb_cell *c)
{
	const struct nb_cell *found = find_same(now, c), *other;
	size_t place = 0, unused, count;

	if (found)
		return found;
	count = count_others(old, now, c, 0, &other, &place);
	if (count_others(now, old, c, place, &found, &unused) != count)
		return NULL;
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
		const struct nb_cell *now =
			find_still(to->nb, from->nb, c->cell);

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
write_edited(struct saver *s, struct buf *out, int *homeless, struct err *e)
{
	const char *path = s->record->nb->path;
	struct buf text = { 0 };
	struct record r;
	struct notebook nb;
	int rc;

	notebook_init(&nb);
	rc = fs_read(path, &text, e);
	if (rc == 0)
		rc = nbformat_read(&nb, path, buf_str(&text), text.len, e);
	buf_release(&text);
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

/* Of a name that is as long as names may be only so much goes into ours. */
#define NAME_KEPT 200

/* The notebook as it was run, with everything that was captured, beside the one
 * that was edited meanwhile: "x.as-run.ipynb". */
static int
save_beside(struct saver *s, const char *why, struct err *e)
{
	const char *path = s->record->nb->path, *name = path_base(path);
	size_t len = strlen(name);
	struct buf beside = { 0 };
	struct replacement file;
	int rc;

	if (len > 6 && !strcmp(name + len - 6, ".ipynb"))
		len -= 6;
	if (len > NAME_KEPT)
		len = NAME_KEPT;
	buf_add(&beside, path, (size_t)(name - path) + len);
	buf_add_str(&beside, ".as-run.ipynb");
	rc = replace_begin(&file, beside.data, REPLACE_SAFE, e);
	if (rc == 0) {
		nbformat_write(&file.out, s->record->nb, s->record, s->how);
		rc = replace_end(&file, NULL, e);
	}
	if (rc == 0)
		command_say("cnb: warning: '%s' %s; all of them are saved in "
			    "'%s'",
			    path, why, beside.data);
	buf_release(&beside);
	return rc;
}

/* On its way to the file, if there is one. */
struct passing {
	struct buf_flow flow; /* first */
	struct print print;
	struct buf *to; /* NULL: it goes nowhere */
};

static void
on_bytes(struct buf_flow *flow, struct slice bytes)
{
	struct passing *p = (struct passing *)flow;

	print_add(&p->print, bytes);
	if (p->to)
		buf_add_slice(p->to, bytes);
}

/* Write what the file is to hold, and tell its fingerprint. */
static int
write_now(struct saver *s, struct buf *to, struct print *print, int *homeless,
	  struct err *e)
{
	struct passing passing = { .flow.take = on_bytes, .to = to };
	struct buf out = { .flow = &passing.flow };
	int rc = 0;

	print_init(&passing.print);
	if (s->edited)
		rc = write_edited(s, &out, homeless, e);
	else
		nbformat_write(&out, s->record->nb, s->record, s->how);
	buf_flush(&out);
	buf_release(&out);
	*print = passing.print;
	return rc;
}

/* A pipe in its place would have us wait for who never comes. */
static bool
is_no_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static int
refuse(struct saver *s, struct err *e)
{
	return err_system(e, "cannot save into '%s': it is no file any more",
			  s->record->nb->path);
}

/* -> 1: it is being edited right now; `at_last` that is not asked. */
static int
save_once(struct saver *s, bool at_last, int *homeless, struct err *e)
{
	struct look now, wanted = { .how = LOOK_SEEN };
	struct replacement file;
	struct err why;
	bool open;
	int rc;

	*homeless = 0;
	if (is_no_file(s->lock.path))
		return refuse(s, e);
	look_at(&now, s->lock.path);
	if (now.how == LOOK_SEEN && !look_same(&now, &s->written))
		s->edited = true;
	/* Where it cannot be replaced it may be right as it is. */
	open = lock_begin(&s->lock, &file, &why) == 0;
	rc = write_now(s, open ? &file.out : NULL, &wanted.print, homeless, e);
	/* An editor that writes in place is not through with it. */
	if (rc < 0 && !at_last && swap_is_written(s->lock.path))
		rc = 1;
	if (rc == 0 && !look_same(&now, &wanted)) {
		if (open)
			rc = lock_pass_on(&s->lock, &file, &now, at_last, e);
		else
			*e = why, rc = -1;
	} else if (open) {
		replace_drop(&file);
	}
	if (rc == 0)
		s->written = wanted;
	return rc;
}

/* Not `patient`: who edits it is not waited for, and all stays as it was. */
static int
save(struct saver *s, bool patient, int *homeless, struct err *e)
{
	int rc = save_once(s, false, homeless, e);

	for (int again = SWAP_ROUNDS; patient && rc > 0 && again--;) {
		usleep(SWAP_PAUSE_US);
		rc = save_once(s, !again, homeless, e);
	}
	if (patient && rc > 0)
		rc = err_input(e,
			       "cannot save into '%s': it is edited all the "
			       "time",
			       s->record->nb->path);
	s->failed = rc < 0;
	if (rc < 0)
		s->err = *e;
	return rc;
}

static void
on_event(struct sink *sink, const struct event *ev)
{
	struct saver *s = (struct saver *)sink;
	int64_t took_ns;
	int homeless;

	if (ev->kind != EV_CELL_END || s->failed ||
	    ev->at_ns - s->saved_ns < s->pause_ns)
		return;
	took_ns = clock_mono_ns();
	save(s, false, &homeless, &s->err);
	took_ns = clock_mono_ns() - took_ns;
	s->saved_ns = ev->at_ns + took_ns;
	s->pause_ns = took_ns * SAVER_PAUSE_TIMES;
	if (s->pause_ns < SAVER_PAUSE_NS)
		s->pause_ns = SAVER_PAUSE_NS;
}

int
saver_init(struct saver *s, const struct record *r, struct nbformat_save how,
	   struct lock *lock, struct err *e)
{
	*s = (struct saver){ .sink = { on_event }, .record = r, .how = how };
	if (lock) {
		s->lock = *lock;
		*lock = (struct lock){ .fd = -1 };
	} else if (lock_take_file(&s->lock, r->nb->path, e) < 0) {
		return -1;
	}
	s->pause_ns = SAVER_PAUSE_NS;
	s->written = look_of(r->nb->text);
	return 0;
}

void
saver_release(struct saver *s)
{
	lock_release(&s->lock);
}

int
saver_finish(struct saver *s, struct err *e)
{
	int homeless, rc = save(s, true, &homeless, e);

	s->safe = rc == 0;
	/* Nothing that was captured is lost with a file that cannot be read
	 * or written any more. */
	if ((rc < 0 || homeless) && !s->patient) {
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

bool
saver_left(const struct saver *s, struct stat *st)
{
	const char *path = s->record->nb->path;
	struct stat after;
	struct look now;

	if (stat(path, st) < 0)
		return false;
	look_at(&now, path);
	return look_same(&now, &s->written) && stat(path, &after) == 0 &&
	       st->st_ino == after.st_ino && st->st_size == after.st_size &&
	       fs_mtime_ns(st) == fs_mtime_ns(&after);
}

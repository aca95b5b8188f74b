/* select.c: which cells a command means. Floor 4. */
#include "exec/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "model/event.h"

/* A range of cell numbers, from 1; first > last: none. */
struct range {
	int first, last;
};

static const char *
nearest_name(const struct cell_list *l, const char *given)
{
	const char **names = mem_alloc(l->count, sizeof *names);
	const char *best;

	for (size_t i = 0; i < l->count; i++)
		names[i] = l->at[i].name;
	best = text_nearest(given, names, l->count);
	free(names);
	return best;
}

/* A whole number from 1, or from -1 backwards; 0 if it is none. */
static int
number_of(const struct cell_list *l, const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < -(long)l->count || n > (long)l->count)
		return 0;
	return n < 0 ? (int)(n + (long)l->count + 1) : (int)n;
}

static bool
is_number(const char *text)
{
	text += *text == '-';
	return *text && strspn(text, "0123456789") == strlen(text);
}

/* The number of the one cell that `text` names. */
static int
one_cell(const struct cell_list *l, const char *text, int *number,
	 struct err *e)
{
	const char *near;

	for (size_t i = 0; i < l->count; i++)
		if (!strcmp(l->at[i].name, text) ||
		    !strcmp(l->at[i].cell->id, text)) {
			*number = (int)i + 1;
			return 0;
		}
	if (is_number(text)) {
		*number = number_of(l, text);
		if (*number)
			return 0;
		return err_input(e, "no cell %s in '%s': it has %zu code cells",
				 text, l->nb->path, l->count);
	}
	near = nearest_name(l, text);
	if (near)
		return err_input(
			e, "unknown cell '%s' in '%s'; did you mean '%s'?",
			text, l->nb->path, near);
	return err_input(e, "unknown cell '%s' in '%s'; see: cnb list %s", text,
			 l->nb->path, l->nb->path);
}

static int
range_of(const struct cell_list *l, const char *text, const char *dots,
	 struct range *r, struct err *e)
{
	char *first = mem_strndup(text, (size_t)(dots - text));
	int rc = 0;

	*r = (struct range){ 1, (int)l->count };
	if (*first)
		rc = one_cell(l, first, &r->first, e);
	if (rc == 0 && dots[2])
		rc = one_cell(l, dots + 2, &r->last, e);
	if (rc == 0 && r->first > r->last)
		rc = err_input(
			e,
			"the range '%s' is empty: cell %d stands below cell %d",
			text, r->first, r->last);
	free(first);
	return rc;
}

static int
mark_tagged(const struct cell_list *l, const char *tag, bool *marks,
	    struct err *e)
{
	bool any = false;

	for (size_t i = 0; i < l->count; i++)
		if (cell_info_has_tag(&l->at[i], tag))
			marks[i] = any = true;
	if (any)
		return 0;
	return err_input(e, "no cell of '%s' is tagged '%s'", l->nb->path, tag);
}

/* Mark what one selector means. `named` gets only those it names one by one:
 * these run even if they are tagged skip-execution. */
static int
mark(const struct cell_list *l, const char *text, bool *marks, bool *named,
     struct err *e)
{
	const char *dots = strstr(text, "..");
	struct range r;
	int number;

	if (*text == '#')
		return mark_tagged(l, text + 1, marks, e);
	if (dots) {
		if (range_of(l, text, dots, &r, e) < 0)
			return -1;
		for (int i = r.first; i <= r.last; i++)
			marks[i - 1] = true;
		return 0;
	}
	if (one_cell(l, text, &number, e) < 0)
		return -1;
	marks[number - 1] = named[number - 1] = true;
	return 0;
}

/* Did it fail when it was last saved, and does that count? */
static bool
was_bad(const struct cell_info *c)
{
	enum cell_status status;

	return c->cell->run->status &&
	       cell_status_from_name(c->cell->run->status, &status) &&
	       cell_status_is_bad(status) && !cell_info_is_excused(c);
}

static int
mark_all(struct selection *s, const struct cell_list *l,
	 const struct select_options *how, bool *marks, bool *named,
	 bool *left_out, struct err *e)
{
	bool *skipped = mem_alloc(l->count, sizeof *skipped);
	bool *unused = mem_alloc(l->count, sizeof *unused);
	bool any = how->cells && how->cells->count;
	int from = 1, rc = 0;

	for (size_t i = 0; i < l->count; i++)
		marks[i] = !any;
	for (size_t i = 0; any && rc == 0 && i < how->cells->count; i++)
		rc = mark(l, how->cells->at[i], marks, named, e);
	for (size_t i = 0; how->failed && i < l->count; i++)
		marks[i] &= was_bad(&l->at[i]);
	if (rc == 0 && how->from)
		rc = one_cell(l, how->from, &from, e);
	for (size_t i = 0; rc == 0 && how->skip && i < how->skip->count; i++)
		rc = mark(l, how->skip->at[i], skipped, unused, e);
	/* What is left out by name is not needed either. */
	for (size_t i = 0; rc == 0 && i < l->count; i++)
		left_out[i] = skipped[i];
	for (size_t i = 0; rc == 0 && i < l->count; i++)
		if (marks[i] && !skipped[i] && (int)i + 1 >= from &&
		    (named[i] || !cell_info_is_skipped(&l->at[i])))
			s->part[i] = PART_RUN;
	free(skipped);
	free(unused);
	return rc;
}

/* Kinds that share the host's state need what stands above them. */
static bool
has_state(enum cell_kind kind)
{
	return kind == KIND_TABLE || kind == KIND_SHARED;
}

static void
need(struct selection *s, size_t i)
{
	if (s->part[i] == PART_SKIP)
		s->part[i] = PART_QUIET;
}

static int
need_named(struct selection *s, const struct cell_list *l,
	   const struct cell_info *c, struct err *e)
{
	const struct strs *names = &c->options->needs;
	int number;

	for (size_t i = 0; i < names->count; i++) {
		if (one_cell(l, names->at[i], &number, e) < 0)
			return err_prefix(e, "cell '%s' needs: ", c->name);
		if (number >= c->cell->number)
			return err_input(e,
					 "cell '%s' needs '%s', which does not "
					 "stand above it",
					 c->name, names->at[i]);
		need(s, (size_t)number - 1);
	}
	return 0;
}

/* From the last cell up, so that needs of needs are found in one pass. */
static int
add_needs(struct selection *s, const struct cell_list *l, struct err *e)
{
	bool all_above = false; /* whoever has state already runs */

	for (size_t i = l->count; i-- > 0;) {
		const struct cell_info *c = &l->at[i];

		if (s->part[i] == PART_SKIP)
			continue;
		if (c->options->needs_given) {
			if (need_named(s, l, c, e) < 0)
				return -1;
			continue;
		}
		if (!has_state(c->kind) || all_above)
			continue;
		all_above = true;
		for (size_t j = 0; j < i; j++)
			if (has_state(l->at[j].kind) &&
			    !cell_info_is_skipped(&l->at[j]))
				need(s, j);
	}
	return 0;
}

int
select_cells(struct selection *s, const struct cell_list *l,
	     const struct select_options *how, struct err *e)
{
	bool *marks = mem_alloc(l->count, sizeof *marks);
	bool *named = mem_alloc(l->count, sizeof *named);
	bool *left_out = mem_alloc(l->count, sizeof *left_out);
	int rc;

	s->count = l->count;
	s->part = mem_alloc(l->count, sizeof *s->part);
	rc = mark_all(s, l, how, marks, named, left_out, e);
	if (rc == 0 && !how->alone)
		rc = add_needs(s, l, e);
	for (size_t i = 0; i < l->count; i++)
		if (left_out[i])
			s->part[i] = PART_SKIP;
	free(left_out);
	free(marks);
	free(named);
	return rc;
}

void
selection_release(struct selection *s)
{
	free(s->part);
	*s = (struct selection){ 0 };
}

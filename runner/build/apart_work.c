/* apart_work.c: the text of a unit: some cells, and of those above them what
 * they need. Floor 2. */
#include "build/apart_parts.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "build/above.h"
#include "build/names.h"
#include "build/symbols.h"

void
work_init(struct work *w, struct apart *a, size_t i,
	  const struct shared_how *how)
{
	*w = (struct work){ .a = a, .i = i, .last = i, .how = how };
	*mem_push(w->cells, w->count) = &a->shared->cells[i];
	w->sources = mem_alloc(a->shared->count + 1, sizeof *w->sources);
}

void
work_extend(struct work *w, size_t last)
{
	w->count = 0;
	w->last = last;
	for (size_t k = w->i; k <= last; k++)
		if (!w->a->shared->cells[k].left_out)
			*mem_push(w->cells, w->count) = &w->a->shared->cells[k];
}

void
work_release(struct work *w)
{
	free(w->cells);
	strs_release(&w->outside);
	strs_release(&w->renames);
	strs_release(&w->found);
	buf_release(&w->text);
	free(w->sources);
}

struct unit_cell *
work_cell(const struct work *w)
{
	return &w->a->shared->cells[w->i];
}

struct place
work_places(const struct work *w)
{
	return (struct place){ w->cells, w->count, NULL, NULL, 0 };
}

static bool
next_in_cell(struct place *p)
{
	const struct split *s = &p->cell->split;

	while (p->item < s->items + s->count &&
	       p->which >= p->item->ndeclarators) {
		p->item++;
		p->which = 0;
	}
	return p->item < s->items + s->count;
}

bool
place_next(struct place *p)
{
	p->which++;
	while (!p->cell || !next_in_cell(p)) {
		if (!p->count)
			return false;
		p->count--;
		p->cell = *p->cells++;
		p->item = p->cell->split.items;
		p->which = 0;
	}
	return true;
}

const struct declarator *
place_declarator(const struct place *p)
{
	return &p->cell->split.declarators[p->item->first + p->which];
}

enum outline_kind
place_kind(const struct place *p)
{
	return outline_kind(p->cell, p->item, p->which);
}

/* Is it a prototype of their own? */
static bool
declares(const struct work *w, struct slice name)
{
	struct place p = work_places(w);

	while (place_next(&p))
		if (slice_equal(place_declarator(&p)->name, name))
			return place_declarator(&p)->is_function;
	return false;
}

void
apart_read_name(void *names, struct slice name)
{
	names_add(names, name);
}

/* Functions that are named, which by then are only declared, and which a cell
 * below defines: the prototype first, as C wants it. */
static void
find_below(struct work *w)
{
	const struct shared *s = w->a->shared;
	const struct above *above = w->a->above;
	struct names own = { 0 };

	for (size_t i = 0; i < w->count; i++)
		lexer_each_name(w->cells[i]->split.text, apart_read_name, &own);
	for (size_t k = w->last + 1; k < s->count; k++) {
		struct unit_cell *below = &s->cells[k];
		struct place p = { &below, 1, NULL, NULL, 0 };

		while (place_next(&p)) {
			struct slice name = place_declarator(&p)->name;

			if (p.item->kind == ITEM_FUNCTION &&
			    names_find(&own, name) != NAME_NONE &&
			    above_kind(above, name) == OUTLINE_NONE &&
			    (above_declares(above, name) || declares(w, name)))
				strs_addn(&w->outside, name.at, name.len);
		}
	}
	names_release(&own);
}

/* The program that loads the plugin has names of its own, which would be found
 * first. */
static void
rename_if_taken(struct work *w, struct slice name)
{
	char *own = mem_strndup(name.at, name.len);

	if (symbols_taken(own))
		strs_addf(&w->renames, "%s=" OWN "%s", own, own);
	free(own);
}

struct slice
work_symbol(const struct work *w, const struct declarator *d)
{
	struct slice symbol = outline_symbol(d);
	const char *given = above_symbol(w->a->above, d->name);
	struct place p = work_places(w);

	if (symbol.at == d->name.at && given)
		return slice_of(given);
	while (symbol.at == d->name.at && place_next(&p)) {
		struct slice other = outline_symbol(place_declarator(&p));

		if (slice_equal(place_declarator(&p)->name, d->name) &&
		    other.at != place_declarator(&p)->name.at)
			symbol = other;
	}
	return symbol;
}

void
work_write(struct work *w)
{
	const struct shared *s = w->a->shared;
	struct place p = work_places(w);

	strs_release(&w->outside);
	strs_release(&w->renames);
	buf_clear(&w->text);
	find_below(w);
	strs_add_all(&w->outside, &w->found);
	unit_write_apart(&w->text, s->cells, s->count, w->cells, w->count,
			 w->a->above, w->whole, &w->outside);
	while (place_next(&p))
		if (place_kind(&p) != OUTLINE_NONE)
			rename_if_taken(w,
					work_symbol(w, place_declarator(&p)));
	for (size_t i = 0; i < w->outside.count; i++)
		rename_if_taken(w, slice_of(w->outside.at[i]));
}

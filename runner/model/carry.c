/* carry.c: cells from one record to the next. Floor 1. */
#include "model/carry.h"

#include <string.h>

static struct record_cell *
find_same(struct record *r, const struct nb_cell *cell)
{
	for (size_t i = 0; i < r->ncells; i++)
		if (!strcmp(r->cells[i].cell->id, cell->id))
			return slice_equal(r->cells[i].cell->source,
					   cell->source)
				       ? &r->cells[i]
				       : NULL;
	return NULL;
}

static void
swap(struct record_cell *a, struct record_cell *b)
{
	struct record_cell was = *a;

	*a = *b;
	*b = was;
	/* Each stays a cell of its own notebook. */
	b->cell = a->cell;
	a->cell = was.cell;
}

void
record_carry(struct record *to, struct record *from)
{
	for (size_t i = 0; i < to->ncells; i++) {
		struct record_cell *now = &to->cells[i];
		struct record_cell *old =
			now->reached ? NULL : find_same(from, now->cell);

		if (old && old->reached)
			swap(now, old);
	}
}

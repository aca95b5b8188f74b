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

void
record_carry(struct record *to, struct record *from)
{
	for (size_t i = 0; i < to->ncells; i++) {
		struct record_cell *now = &to->cells[i];
		struct record_cell *old =
			now->reached ? NULL : find_same(from, now->cell);

		if (old && old->reached)
			record_swap(now, old);
	}
}

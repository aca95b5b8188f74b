/* ages.h: which cells of a notebook stand in its session as it says now, told
 * by comparing texts: nothing is built. */
#ifndef CNB_AGES_H
#define CNB_AGES_H

#include "exec/cellinfo.h"
#include "live/letter.h"

/* What the session has to tell for it: a->ids and a->prints. */
void ages_tell(struct answer *a, const struct cell_list *cells);
/* Append an enum cell_age for each of `cells`, the notebook's as they are now,
 * by the answer to a GLANCE; and why the state above it is not kept, "": it is,
 * or none is there. */
void ages_compare(struct buf *ages, struct strs *gaps,
		  const struct cell_list *cells, const struct answer *a);

#endif

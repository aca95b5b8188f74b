/* nbformat_ids.h: the ids of cells, which nbformat 4.5 requires. */
#ifndef CNB_NBFORMAT_IDS_H
#define CNB_NBFORMAT_IDS_H

#include "model/notebook.h"

/* [A-Za-z0-9_-], 1 to 64 of them. */
bool nbformat_id_ok(struct slice id);

/* Give each cell whose id is NULL, or is that of a cell above, an id of its
 * own: eight hexadecimal digits made from its place and its source, the first a
 * letter, so that it serves as a cell's name. The same file gets the same ids.
 * Such cells are marked id_repaired; a duplicate is told in the warnings. */
void nbformat_give_ids(struct notebook *nb);

#endif

/* abreast.h: runs of one cell from the same state, several at the same time.
 * Private to exec/. */
#ifndef CNB_ABREAST_H
#define CNB_ABREAST_H

#include <stddef.h>
#include "base/err.h"

struct run;
struct cell_info;
struct sink;

/* How many runs of the cell may go on at once; 1: one after another. It has run
 * once. One after another run those that would not each have the state to
 * itself: places in open files, --input, what replaces a snapshot that could
 * not be taken; and where there are limits that count what all processes have.
 */
size_t abreast_most(const struct run *r, const struct cell_info *c);
/* `count` runs, each in a process that stands in for us (watch/lanes.h) and in
 * a copy of the state of its own; `sink` is told of one after the other, in an
 * order that does not depend on which was first, each with EV_CELL_END as its
 * last. *told: of so many. The others came to nothing that could be said of
 * them alone, for somebody else's mischief may have struck them. */
int abreast_run(struct run *r, const struct cell_info *c, int count,
		size_t at_once, struct sink *sink, int *told, struct err *e);

#endif

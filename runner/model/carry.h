/* carry.h: what an earlier record knows of cells that did not run again. */
#ifndef CNB_CARRY_H
#define CNB_CARRY_H

#include "model/record.h"

/* Cells that `to` has not reached, and `from` has with the same id and text,
 * move over. Both records have their notebooks still. */
void record_carry(struct record *to, struct record *from);

#endif

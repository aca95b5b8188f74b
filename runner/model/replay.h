/* replay.h: a record as the events that would make it again. */
#ifndef CNB_REPLAY_H
#define CNB_REPLAY_H

#include "model/record.h"

/* Cells that were not reached have no events; times that are not known are -1
 * or 0, as in the record. What was left out of an output stays so. */
void record_replay(const struct record *r, struct sink *sink);

#endif

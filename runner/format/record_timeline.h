/* record_timeline.h: a cell's writes, one by one, as the record has them. */
#ifndef CNB_RECORD_TIMELINE_H
#define CNB_RECORD_TIMELINE_H

#include "format/json.h"
#include "model/record.h"

/* The value of "timeline": null where there is none; else a list of {t_ms,
 * stream, pid, tid, name, text} in the order in which the writes were made.
 * t_ms counts from the cell's start; what is not known is null. */
void record_timeline(struct json_out *j, const struct record_cell *c);
/* The members of one such object, between its brackets. */
void record_write(struct json_out *j, enum stream stream,
		  const struct author *who, struct slice text);

#endif

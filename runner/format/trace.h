/* trace.h: a record as Chrome trace events, for Perfetto and chrome://tracing.
 * The format: "Trace Event Format", JSON object form. */
#ifndef CNB_TRACE_H
#define CNB_TRACE_H

#include "base/buf.h"
#include "base/err.h"
#include "model/record.h"

/* Does the record hold any times? -1 and the sentence: no, and how to get
 * them. */
int trace_check(const struct record *r, struct err *e);
/* Append the events: a lane of the notebook's cells, and for each cell with a
 * timeline a lane for each thread, with a mark for each write. */
void trace_write(struct buf *out, const struct record *r);

#endif

/* record_json.h: the record as JSON (SPEC 6), and events as JSON lines. */
#ifndef CNB_RECORD_JSON_H
#define CNB_RECORD_JSON_H

#include "base/buf.h"
#include "model/record.h"

/* Append the record as one JSON object and a newline. */
void record_json_write(struct buf *out, const struct record *r);

#endif

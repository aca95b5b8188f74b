/* nbformat_output.h: nbformat's outputs, for notebooks and the record. */
#ifndef CNB_NBFORMAT_OUTPUT_H
#define CNB_NBFORMAT_OUTPUT_H

#include "format/json.h"
#include "model/record.h"

/* Write the list of a cell's outputs. `count`: execution count, -1: null. */
void nbformat_outputs(struct json_out *j, const struct record_cell *c,
		      int count);
/* Write one OUT_ERROR, its traceback as it is. In the list above it begins with
 * the headline, "ENAME: EVALUE", where it does not hold EVALUE anyhow. */
void nbformat_error(struct json_out *j, const struct output *o);
void nbformat_headline(struct buf *line, const struct output *o);

/* Add to the cell's outputs those of a list as notebooks hold it; what has not
 * their shape is passed over. */
void nbformat_read_outputs(struct record_cell *c, struct json outputs);

#endif

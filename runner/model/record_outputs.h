/* record_outputs.h: the outputs of a record's cell, within the record's limit.
 * For record.c alone. */
#ifndef CNB_RECORD_OUTPUTS_H
#define CNB_RECORD_OUTPUTS_H

#include "model/record.h"

/* `who` made the write; NULL: there is no timeline. */
void outputs_text(struct record *r, struct record_cell *c, enum stream stream,
		  struct slice bytes, const struct author *who);
void outputs_display(struct record *r, struct record_cell *c, const char *mime,
		     struct slice bytes);
/* So much more was left out. It may be a lie: it came from a file or a socket.
 */
void outputs_dropped(struct record_cell *c, int64_t bytes);
/* Put the newest half behind the first; from here on the limit counts anew. */
void outputs_settle(struct record_cell *c);
void outputs_drop(struct record_cell *c);

#endif

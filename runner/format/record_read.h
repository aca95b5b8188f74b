/* record_read.h: a record that was written as JSON (SPEC 6), read again. */
#ifndef CNB_RECORD_READ_H
#define CNB_RECORD_READ_H

#include "base/err.h"
#include "model/record.h"

/* Does the text look like one? It is not read for that. */
bool record_read_is(struct slice text);

/* Read it into *r and into *nb, a notebook made of its code cells; both
 * init'ed here. Release them in any case. Refusals name the path and the
 * place. */
int record_read(struct record *r, struct notebook *nb, const char *path,
		struct slice text, struct err *e);

#endif

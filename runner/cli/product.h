/* product.h: what a command makes, on its way to a file or to standard output
 * while it is made. */
#ifndef CNB_PRODUCT_H
#define CNB_PRODUCT_H

#include "sys/replace.h"

struct product {
	struct buf_flow flow; /* first: of standard output */
	struct buf own;
	struct buf *out; /* what is added here goes there */
	bool safe;	 /* standard output is a terminal, see cli/safe.h */
	struct buf cut;	 /* the start of what only the next bytes explain */
	bool colored;	 /* it may have set colours, which end with it */
	struct replacement file;
	bool standard;
	int failure; /* errno of standard output; 0: none */
};

/* `path` is replaced whole, or not at all; "-" is standard output; if that
 * is a terminal, it gets what cli/safe.h lets pass, unless `raw`. The struct
 * must stay where it is. -> EXIT_OK, or the exit status for what has been told;
 * then nothing is to be ended. */
int product_begin(struct product *p, const char *path, bool raw);
int product_end(struct product *p);
/* It was not to be made: a file stays what it was. */
void product_drop(struct product *p);

#endif

/* environ.h: the environment variables that a cell asks for (its `env`), there
 * while it runs and gone afterwards. */
#ifndef CNB_ENVIRON_H
#define CNB_ENVIRON_H

#include "host/wire.h"

/* Read the variables of a RUN message, and give each the value that the cell
 * asks for, else its own: what cnb had inherited, until a cell's code sets
 * another. Main thread, before the cell. */
void environ_begin(struct wire_get *g);
/* After the cell. What its code set itself is the state's from here on. */
void environ_end(void);

#endif

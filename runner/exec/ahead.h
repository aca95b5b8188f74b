/* ahead.h: what a run needs compiled, compiled before its first cell and
 * several at once: programs, plugins, the unit of shared cells. What fails here
 * is no failure yet: a cell may still write what it needs. */
#ifndef CNB_AHEAD_H
#define CNB_AHEAD_H

#include "exec/run.h"

/* Build what the chosen cells need, on as many processors as there are. The
 * products are in the cache afterwards, how it went in the workshop. */
void ahead_build(struct run *r, const struct selection *chosen);

#endif

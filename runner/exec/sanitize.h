/* sanitize.h: which sanitizers a run asks for, and what follows from it. */
#ifndef CNB_SANITIZE_H
#define CNB_SANITIZE_H

#include "exec/cellinfo.h"
#include "exec/findings.h"
#include "exec/session.h"

/* A cell that names no sanitizers of its own gets those of the command line;
 * `none` is none. To be called once, before anything else asks. */
void sanitize_settle(struct cell_list *cells, const struct strs *given);

/* What its reports mean for cell `c`. */
enum findings_use sanitize_use(const struct cell_info *c,
			       const struct run_settings *how);

#endif

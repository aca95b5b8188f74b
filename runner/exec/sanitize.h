/* sanitize.h: which sanitizers a run asks for, and what follows from it. */
#ifndef CNB_SANITIZE_H
#define CNB_SANITIZE_H

#include "exec/cellinfo.h"
#include "watch/findings.h"

/* Settle which sanitizers each cell is compiled with, into its options; to be
 * called once, before anything else asks. A cell that names none gets those of
 * the command line (`given`; `cflags` are its other words, NULL: none); `none`
 * is none. Shared cells are one unit: what one of them asks for counts for all.
 * -1: two cells of one process contradict. */
int sanitize_settle(struct cell_list *cells, const struct strs *given,
		    const struct strs *cflags, struct err *e);

/* What its reports mean for cell `c`. */
enum findings_use sanitize_use(const struct cell_info *c);

/* Must what has these sanitizers be started with fixed addresses? */
bool sanitize_fixes_addresses(const struct strs *list);

/* The cnb-host in which the cells of the run can live: cnb's own, or one with
 * the runtime of their sanitizers, linked by their compiler. *path is to be
 * free()d. */
struct run;
int sanitize_host(struct run *r, char **path, struct err *e);

#endif

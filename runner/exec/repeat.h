/* repeat.h: a cell that runs many times from the same state, and what came of
 * it. Private to exec/. */
#ifndef CNB_REPEAT_H
#define CNB_REPEAT_H

#include <stdint.h>
#include "base/err.h"

struct run;
struct cell_info;
struct cell_result;

/* How often the cell is to run; 1: as ever. */
int repeat_count(const struct run *r, const struct cell_info *c);
/* Run it `count` times, each from the state above it, as many at once as may
 * be. The answer is the set of what came of it, with counts. The state that
 * goes on, and *res, are the first run's, or the last one's where they come one
 * after another; where some did not do well the verdict says so. As cellrun().
 */
int repeat_run(struct run *r, const struct cell_info *c, int count,
	       struct cell_result *res, struct err *e);

/* One more run, from the state above; as cellrun(). And what it came to, told
 * as EV_ERROR and EV_CELL_END. */
int repeat_once(struct run *r, const struct cell_info *c,
		struct cell_result *res, struct err *e);
void repeat_tell_end(struct run *r, const struct cell_info *c,
		     const struct cell_result *res);

#endif

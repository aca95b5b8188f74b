/* past.h: which cells made the state that the host holds, and how to come back
 * to it. Private to exec/.
 *
 * A cell that fails leaves nothing to those below it: they start from the state
 * before it. That comes from a copy of the host, taken before the cells that
 * may need it; where the host could not be copied, by running again, without
 * being told, the cells since the last copy. */
#ifndef CNB_PAST_H
#define CNB_PAST_H

#include "exec/cellinfo.h"
#include "exec/frozen.h"

struct run;
struct cell_result;

/* A cell whose work is part of the state. */
struct step {
	const struct cell_info *cell;
	char *plugin;	 /* that it ran from, and */
	uint32_t row;	 /* the row of its table */
	uint64_t digest; /* of what it wrote */
};

struct past {
	struct step *steps; /* [nsteps] */
	size_t nsteps;
	pid_t host;			 /* that holds what they made, */
	bool spoiled;			 /* and what does not count */
	struct frozen frozen;		 /* the host after `frozen_at` steps, */
	size_t frozen_at, frozen_loaded; /* with so many plugins */
	struct buf why;			 /* there is no newer copy */
};

void past_release(struct past *p);
/* Before a plugin is loaded for cell `c`: bring the state above it about. */
int past_restore(struct run *r, const struct cell_info *c, struct err *e);
/* Before cell `c` runs: keep the state above it, if that may be needed. */
void past_keep(struct run *r, const struct cell_info *c);
/* It has run: is its work part of the state? */
void past_add(struct run *r, const struct cell_info *c,
	      const struct cell_result *res);
/* The code of shared cells is another: the copies have the old one. */
void past_forget_copies(struct run *r);
/* At the end of the run: see that there is a host whose atexit handlers may
 * run. The number of the cell to which that belongs, 0: there is none. */
int past_last(struct run *r, int last);

#endif

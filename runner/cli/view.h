/* view.h: what a notebook's cells printed last, as `cnb watch` keeps it on the
 * screen.
 *
 * A sink around the one of term.h. On a terminal each round begins with an
 * empty screen: cells that do not run stand there as they were, those that run
 * appear as they go. A cell that no longer compiles keeps what it printed when
 * it did. Elsewhere only what runs is written. */
#ifndef CNB_VIEW_H
#define CNB_VIEW_H

#include <sys/types.h>
#include "cli/term.h"

struct view_block {
	char *id;	 /* of the cell */
	struct buf text; /* of its last run that compiled */
};

struct view {
	struct sink sink; /* first */
	struct term term; /* writes to: */
	int file;	  /* unlinked; read up to `seen` */
	off_t seen;
	bool screen;		   /* standard output is a terminal */
	bool begun;		   /* a cell has run in this round */
	struct buf head;	   /* what came before the first cell */
	const struct notebook *nb; /* of this round */
	struct view_block *blocks;
	size_t nblocks;
	int current,
		printed; /* cell that runs; the last one that was printed */
	char *failed; /* id of the cell that ran last, if it failed; or NULL */
	bool broken;  /* it does not compile */
	struct buf now; /* what it has printed */
	int failure;	/* errno of standard output; 0: none */
};

int view_init(struct view *v, struct err *e);
void view_release(struct view *v);
/* Before a round and after it; the notebook is borrowed until then. */
void view_begin(struct view *v, const struct term_settings *how,
		const struct notebook *nb);
/* Did a cell run? */
bool view_end(struct view *v);

#endif

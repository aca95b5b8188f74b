/* apart.h: each shared cell of a notebook as a plugin of its own, for sessions.
 *
 * The cells above a cell are declarations in its unit (above.h). The host loads
 * the plugins in the notebook's order, each so that the next ones see its names
 * (RTLD_GLOBAL; a function that is nowhere yet is looked for when it is
 * called), and the row of a cell is the only one of its table. Cells that use
 * what is defined below them are one plugin with those they need (forward.h),
 * and have a row each.
 * A plugin's path stands for all that it was made of: it is another one if, and
 * only if, the cell must be compiled again. So a host that has loaded cells up
 * to some place may be given any plugins from there on, and never has old code.
 *
 * What does not compile is left out, with the messages that shared.h has. */
#ifndef CNB_APART_H
#define CNB_APART_H

#include "build/forward.h"
#include "build/guess.h"
#include "build/shared.h"

struct apart_cell {
	char *path;   /* of its plugin; NULL: left out, or not built yet */
	uint32_t row; /* of the plugin's table */
	char *command;
	bool tried;  /* it was built, or did not compile */
	bool cached; /* nothing was compiled for it */
	int64_t duration_ns;
};

struct apart {
	struct shared *shared;	  /* borrowed: cells, decisions, messages */
	struct above *above;	  /* of the cells that were built */
	struct apart_cell *cells; /* [shared->count] */
	struct guesses guesses;
	struct forward *forward;
	size_t headers; /* the first cell that includes one of the user's */
	size_t built;	/* cells that were built, or left out */
};

/* `s` has all its cells set; none of them needs to be built. */
void apart_init(struct apart *a, struct shared *s);
void apart_release(struct apart *a);

/* Build the first `count` cells, those that are not built yet. 0, also where
 * some do not compile; -1 where the system failed us, as cc_build(). ERR_INPUT:
 * a flag does not go together with plugins. */
int apart_build(struct apart *a, size_t count, const struct shared_how *how,
		struct err *e);

/* Try cell `i`, which was left out, once more: a cell above may have written a
 * header. Cells below it are to be built again. 1: it compiles now; 0: it does
 * not; -1 as above. */
int apart_retry(struct apart *a, size_t i, const struct shared_how *how,
		struct err *e);

#endif

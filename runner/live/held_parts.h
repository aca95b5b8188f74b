/* held_parts.h: what a session is made of. For held*.c alone. */
#ifndef CNB_HELD_PARTS_H
#define CNB_HELD_PARTS_H

#include "exec/run.h"
#include "live/done.h"
#include "live/edition.h"
#include "live/held.h"

struct held {
	struct run run;
	struct run_settings how;
	char *path, *workdir, *cc;
	int folder; /* that `workdir` was when the host began; -1: not known */
	struct strs cflags, sanitizers, params;
	int64_t files; /* the limit of its processes, which they inherit */
	bool params_are_new;	 /* `now` was read with others */
	struct edition *now;	 /* NULL: nothing ran yet */
	struct edition *unbuilt; /* the last, where its cells could not be
				  * built; else NULL */
	char *needs;		 /* of the host: hostcell_needs() */
	struct dones done;
};

/* held_renew.c */

/* What the letter gives, its notebook and its parameters, becomes what the
 * session holds: what has changed is built, and steps whose cells are others
 * are forgotten. 1: its text is wanted, see held_run(). -1: all is as it was;
 * *h->unbuilt is what could not be built, if it came so far. */
int held_renew(struct held *h, const struct letter *l, struct answer *a,
	       struct err *e);
/* Cell `i` is skipped, and the letter does not name it. */
bool held_leaves_out(const struct edition *ed, size_t i,
		     const struct letter *l);
/* Is there another folder in the place of the one in which the cells are? Held
 * open it keeps its number to itself. */
bool held_folder_is_other(const struct held *h);

/* held_tell.c */

enum cell_age held_age_of_program(struct held *h, size_t i);

#endif

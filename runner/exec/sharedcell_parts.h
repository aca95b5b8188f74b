/* sharedcell_parts.h: what the shared cells of a notebook were built to. For
 * sharedcell*.c alone. */
#ifndef CNB_SHAREDCELL_PARTS_H
#define CNB_SHAREDCELL_PARTS_H

#include "build/apart.h"
#include "build/upshot.h"
#include "exec/run.h"

struct sharedcells {
	uint64_t id;			/* no other one has it */
	const struct cell_info **infos; /* [count] */
	size_t count;
	struct strs cflags, ldflags, libs;
	struct upshot upshot; /* of them, where that is known */
	/* Else the cells themselves, cut up. */
	bool analysed;
	struct shared unit;
	struct apart apart;	/* their plugins, where each has its own */
	char **labels, **texts; /* [count] */
	bool cached;		/* nothing was compiled */
	int64_t duration_ns;
	bool told;   /* the command was told */
	bool loaded; /* by a host; see must_fall_apart() */
	/* Cells that are in the plugin, among the first `counted`. */
	size_t counted, rows;
};

/* sharedcell_build.c */

/* r->shared is there: built, if it was not. -1 as cc_build(). */
int sharedcells_ensure(struct run *r, struct err *e);
/* The i-th, which did not compile, once more. 1: it compiles now; 0: it does
 * not, and messages say why; -1 as above. */
int sharedcells_retry(struct run *r, struct sharedcells *s, size_t i,
		      struct err *e);
/* Where each has its own: the cells below one that compiles by now. */
int sharedcells_build_rest(struct run *r, struct sharedcells *s, struct err *e);
/* Where they have one together: everything anew, with a cell that compiles by
 * now. `old` goes, and with it the host and all states. */
int sharedcells_rebuild(struct run *r, struct sharedcells *old, struct err *e);
/* From here on each has a plugin of its own, as in a session. */
int sharedcells_part(struct run *r, struct err *e);

/* They stand in the order of the notebook's cells. */
size_t sharedcells_index(const struct sharedcells *s,
			 const struct cell_info *c);
/* The i-th is in no plugin, for it does not compile. */
bool sharedcells_lack(const struct sharedcells *s, size_t i);
/* Where they have one together; NULL: none compiles. */
const char *sharedcells_plugin(const struct sharedcells *s);

/* sharedcell.c */

/* The i-th was built, or failed. The first cell that is told of brings the
 * command and what it took. */
void sharedcells_tell(struct run *r, struct sharedcells *s, size_t i,
		      bool failed);

#endif

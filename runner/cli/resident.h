/* resident.h: a notebook's session, as `cnb run` and `cnb rerun` use it. */
#ifndef CNB_RESIDENT_H
#define CNB_RESIDENT_H

#include "cli/run_args.h"
#include "exec/cellinfo.h"
#include "exec/home.h"
#include "exec/select.h"
#include "live/letter.h"
#include "model/event.h"
#include "model/record.h"

/* What its snapshots may take, unless the command line says it. */
int64_t resident_default_bytes(void);

/* What the command line asks of a session that is to run cells of `nb`, all
 * but which; to be released. */
struct letter resident_letter(const struct run_args *a, const char *path,
			      const char *workdir, const struct notebook *nb);

struct resident {
	bool wanted; /* the cells are run there */
	bool begin;  /* and it is started for them */
	int fd;	     /* connected to it; -1: not yet */
	bool answered;
	struct answer answer;
	const char *path; /* of the notebook, as it was given */
	int64_t began_ns, asked_ns, told_ns; /* clock_mono_ns() */
};

/* Is there one, and does the command line want it? Then cells that it has no
 * need to run again are left out of `chosen`. -1: what was asked for cannot be.
 */
int resident_find(struct resident *s, const struct run_args *a,
		  const char *path, const struct cell_list *cells,
		  struct selection *chosen, struct err *e);
/* Run the chosen cells there. As session_run(). */
int resident_run(struct resident *s, const struct run_args *a,
		 const char *workdir, const struct home *home,
		 const struct notebook *nb, const struct selection *chosen,
		 struct sink **sinks, struct err *e);
/* After all is saved: which cells are stale now, or stand in the notebook
 * without what the session has of them, and with -v what took how long. `r` is
 * of the call. */
void resident_tell(const struct resident *s, const struct run_args *a,
		   const struct cell_list *cells, const struct record *r);
void resident_release(struct resident *s);

#endif

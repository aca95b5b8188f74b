/* checker.h: one notebook, run and compared with what it has recorded. */
#ifndef CNB_CHECKER_H
#define CNB_CHECKER_H

#include "base/set.h"
#include "exec/home.h"
#include "format/junit.h"
#include "model/check.h"

struct checker_options {
	const struct home *home;
	const struct masks *usual; /* those of every notebook, */
	const struct masks *masks; /* and those of the command line */
	struct strs cells, skip, skip_tags, ignore_tags, params;
	const char *tolerance, *workdir, *cc, *cflags, *sanitize;
	bool unordered, update, quiet, raw;
	int64_t timeout_ms, deadline_ms;
};
void checker_options_release(struct checker_options *how);

/* What came of one. */
struct checked {
	struct notebook nb;
	struct record now;	  /* the run */
	struct junit_case *cases; /* [now.ncells]; NULL: it did not run */
	struct buf *diffs;	  /* [now.ncells] */
	struct buf text;	  /* the report for a reader */
};

/* Returns the exit status; what could not be done was said. A notebook that
 * was `found` in a folder and is not written in C is passed over. */
int checker_run(struct checked *c, const char *path,
		const struct checker_options *how, bool found);
void checked_release(struct checked *c);

#endif

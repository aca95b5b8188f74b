/* check.h: does a cell do again what a notebook has recorded of it? */
#ifndef CNB_CHECK_H
#define CNB_CHECK_H

#include "model/mask.h"
#include "model/record.h"

/* How the outputs of one cell are compared. A line of which the masks leave
 * nothing does not count. */
struct check_rules {
	const struct masks *usual; /* masks for every cell; NULL: none */
	const struct masks *more;  /* also; NULL: none */
	struct masks masks;	   /* and for this one */
	bool ignore;	  /* they are not: only that it does not fail */
	bool unordered;	  /* lines of a stream may come in any order */
	double tolerance; /* of numbers, relative to the larger one, and below
			   * 1 absolute; 0: none */
	const struct strs *accepted; /* texts that are right too */
};

enum check_verdict {
	CHECK_SAME,
	CHECK_DIFFERS,
	CHECK_FREE,    /* not compared: never run before, or told so */
	CHECK_SKIPPED, /* it did not run */
	CHECK_COUNT
};

/* Read the words of a `check` option into the rules: ignore, unordered,
 * tolerance=X, exact (none of the usual masks). */
int check_rule(struct check_rules *rules, const char *word, struct err *e);

/* Compare what is with what was; both as a notebook holds them. Where they
 * differ, *diff gets the hunks of a unified diff. */
enum check_verdict check_cell(const struct check_rules *rules,
			      const struct record_cell *was,
			      const struct record_cell *is, struct buf *diff);

#endif

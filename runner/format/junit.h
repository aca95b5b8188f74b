/* junit.h: records as a JUnit report, for what shows the results of tests. The
 * schema is Jenkins' (junit-10.xsd). */
#ifndef CNB_JUNIT_H
#define CNB_JUNIT_H

#include "base/buf.h"
#include "model/record.h"

enum junit_verdict {
	JUNIT_PASSED,
	JUNIT_FAILURE, /* it did not do what it should */
	JUNIT_ERROR,   /* it could not be done */
	JUNIT_SKIPPED,
	JUNIT_COUNT
};

struct junit_case {
	enum junit_verdict verdict;
	const char *message, *type;
	struct slice text;
};

struct junit_suite {
	const struct record *r;
	const struct junit_case *cases; /* [r->ncells]; NULL: by what became
					 * of the cells */
};

/* Append one report: a suite for each record, a case for each of its cells. */
void junit_suites(struct buf *out, const struct junit_suite *suites,
		  size_t count);
/* The same, by what became of the cells. */
void junit_write(struct buf *out, const struct record *const *records,
		 size_t count);

#endif

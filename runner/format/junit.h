/* junit.h: records as a JUnit report, for what shows the results of tests. The
 * schema is Jenkins' (junit-10.xsd). */
#ifndef CNB_JUNIT_H
#define CNB_JUNIT_H

#include "base/buf.h"
#include "model/record.h"

/* Append one report: a suite for each record, a case for each of its cells. */
void junit_write(struct buf *out, const struct record *const *records,
		 size_t count);

#endif

/* slack.h: by how much limits grow that only what hangs should reach: tests/run
 * says it. */
#ifndef CNB_TEST_SLACK_H
#define CNB_TEST_SLACK_H

#include <stdlib.h>

static inline unsigned
slack(void)
{
	const char *given = getenv("SLACK");
	int times = given ? atoi(given) : 1;

	return times > 0 ? (unsigned)times : 1;
}

#endif

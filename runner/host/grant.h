/* grant.h: may the next cell begin before cnb has looked at this one?
 *
 * cnb sends cells ahead (WIRE_FOLLOW). One is run where the cell before it
 * ended as most do, and left nothing that cnb would have to see first: else it
 * is dropped, and cnb goes on one cell at a time. Main thread. */
#ifndef CNB_GRANT_H
#define CNB_GRANT_H

#include <stdbool.h>
#include <sys/types.h>
#include "host/wire.h"

/* What the cell's RUN says of it: WIRE_KEEP_GOING. */
struct grant {
	bool asked;
	const char *file; /* "": none */
	uint64_t dev, ino, size, sec, nsec;
};

/* A copy of this process stands still beside it. */
void grant_know_copy(pid_t pid);
/* A cell begins that was not sent ahead, or something else comes in between. */
void grant_begin(void);
/* The cell is over, its outputs are kept; `own` is getpid(). -> done.goes_on */
bool grant_decide(const struct wire_done *done, const struct grant *g,
		  pid_t own);
/* Does a FOLLOW come in time? Until grant_begin() or the next decision. */
bool grant_holds(void);

#endif

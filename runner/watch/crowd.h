/* crowd.h: how many processes and threads a cell has, and may have.
 *
 * The making of each is asked for (NOTIFY_TASKS), so the limit is exact: there
 * are never more, and none is refused while there are fewer. It counts for
 * root, too. What has ended but was not waited for counts as long as the kernel
 * keeps it. */
#ifndef CNB_CROWD_H
#define CNB_CROWD_H

#include <stdbool.h>
#include <stdint.h>
#include "sys/tree.h"

struct crowd {
	int limit;		  /* processes and threads; 0: any number */
	pid_t root;		  /* whose descendants they are */
	const struct pids *still; /* not looked at, see tree.h; borrowed */
	const struct pids *spare; /* that were there before; borrowed */
	pid_t host;		  /* one of these that runs the cell; 0: none */
	int others;		  /* threads in it that were there before */
	bool struck;		  /* one was refused */
	/* its own */
	int bound; /* there are not more */
	struct grant {
		pid_t tid;
		int64_t at_ns;
		int64_t ran_ns; /* by when we first looked; -1: never */
	} * grants;		/* made, and perhaps not yet taken */
	size_t ngrants;
	int64_t full_until_ns;
};

/* From here on, for one cell: sets what is not its own. */
void crowd_begin(struct crowd *c, const struct crowd *wish);
void crowd_release(struct crowd *c);
/* May that thread make another process or thread? */
bool crowd_may_grow(struct crowd *c, pid_t tid);

#endif

/* snapshot.h: copies of this process that stand still until they are needed.
 *
 * The process that runs cells goes on; the copy freezes, and each thaw makes a
 * copy of the copy, which then runs cells in its place. All of them are
 * children of this process's parent, so that a cell cannot wait for one; each
 * leads a process group of its own. A copy brings back memory, the main
 * thread, descriptors and their file offsets. Main thread, between cells. */
#ifndef CNB_SNAPSHOT_H
#define CNB_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "host/wire.h"

struct snapshot {
	pid_t pid;	 /* 0: no copy was made, */
	const char *why; /* for this reason; lives until the next call */
	int fd;		 /* leads to the copy, which ends at its end of file */
	uint32_t files;	 /* open ones whose places come back; while one is, two
			  * copies would move each other's */
	bool watched;	 /* it may refuse to go on */
};

/* Make a copy. It is refused where it would not be whole: more than one thread,
 * children, pipes, sockets, locks, timers, signals that wait, memory that is
 * shared, System V objects. One that is `watched` refuses to go on when a file
 * was written to that it writes to itself. Descriptors that came with the
 * message in `in` are not part of it. True: we are a copy that runs cells from
 * now on, whose control socket is there: say HELLO. */
bool snapshot_take(struct wire_in *in, bool watched, struct snapshot *s);

/* The signal that the process of which we are a copy was to have when its
 * parent dies: no copy has it of itself. */
int snapshot_orphaned(void);

/* Are we such a copy that was made ahead of its time? Then signals are blocked,
 * and files have the places where others left them, until it begins. */
bool snapshot_is_ahead(void);
void snapshot_begin(void);

#endif

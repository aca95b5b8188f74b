/* snapshot.h: copies of this process that stand still until they are needed.
 *
 * The process that runs cells goes on; the copy freezes, and each thaw makes a
 * copy of the copy, which then runs cells in its place. All of them are
 * children of this process's parent, so that a cell cannot wait for one; each
 * leads a process group of its own. A copy brings back memory, the main
 * thread, descriptors and their file offsets. Main thread, between cells. */
#ifndef CNB_SNAPSHOT_H
#define CNB_SNAPSHOT_H

#include <stdint.h>
#include "host/wire.h"

enum snapshot_role {
	SNAPSHOT_NONE,	 /* no copy was made: *why */
	SNAPSHOT_TAKEN,	 /* we are who we were; the copy has said FROZEN */
	SNAPSHOT_THAWED, /* we are a copy that runs cells from now on: its
			  * socket is the control socket, say HELLO */
};

/* Make a copy that is told to thaw over `fd`. It is refused where it would not
 * be whole: more than one thread, children, pipes, sockets, timers, memory
 * that is shared. *why lives until the next call. `fd` is taken over. */
enum snapshot_role snapshot_take(int fd, struct wire_in *in, const char **why);

#endif

/* peer.h: what /proc says of threads that are not ours, seen again and again.
 *
 * Of each a few descriptors are kept: quicker than its path, and a number that
 * the kernel has given to another thread meanwhile is noticed, since they lead
 * to the first one for ever. */
#ifndef CNB_PEER_H
#define CNB_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

struct peer {
	pid_t tid, pid; /* thread and process; tid 0: none */
	int dir, comm;	/* /proc/TID and its name */
	uint64_t used;
};
#define PEERS 32 /* two descriptors each */
struct peers {
	struct peer at[PEERS];
	uint64_t clock;
};

void peers_release(struct peers *p);
/* What that thread's descriptor `fd` leads to. NULL: it has no such descriptor,
 * or we may not know. The peer is valid until the next call. */
const struct peer *peers_look(struct peers *p, pid_t tid, int fd,
			      struct stat *st);
/* Its name now. */
void peer_name(const struct peer *p, char name[16]);

#endif

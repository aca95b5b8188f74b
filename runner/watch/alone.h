/* alone.h: is the host the only one that lives below the keeper? Asked at each
 * cell, so it is asked of files of /proc that stay open. Private to watch/. */
#ifndef CNB_ALONE_H
#define CNB_ALONE_H

#include "sys/keeper.h"
#include "sys/tree.h"

/* From the keeper through the nests to the host, which has one thread, as each
 * of them has. To be zeroed at first. */
struct alone {
	struct tree_look looks[KEEPER_NESTS + 2];
	size_t count; /* as far as it is known, the host last */
};
void alone_release(struct alone *a);

/* Below the keeper are `nests` and the host, which has no children, and nobody
 * else but those who stand still: then *all is filled with them. */
bool alone_is(struct alone *a, const struct keeper *k, const struct pids *nests,
	      pid_t host, struct pids *all);
/* So it was for this host when that was asked last. */
bool alone_was(const struct alone *a, pid_t host);
/* So it was, and there is still nobody else, whether or not the host has died
 * meanwhile. */
bool alone_stays(struct alone *a, const struct keeper *k);

#endif

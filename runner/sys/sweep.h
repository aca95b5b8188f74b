/* sweep.h: to signal, or to end, what lives below us. Private to the keeper. */
#ifndef CNB_SWEEP_H
#define CNB_SWEEP_H

#include "sys/cgroup.h"
#include "sys/tree.h"

/* Whom a request is about: of our descendants */
struct whom {
	pid_t family;	   /* that of this leader only; 0: all, */
	struct pids spare; /* but these (-P: the family of P, as it is then) */
	struct pids still; /* and these, sorted, which have no children */
};

void sweep_signal(const struct whom *w, int sig);
/* Kill them until none is left, for two seconds at most; `reap` is called after
 * each round, and `cells` is where all of them are. -> how many are left. */
int sweep(const struct whom *w, struct cgroup *cells, void (*reap)(void));

#endif

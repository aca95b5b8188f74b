/* turn.h: whose turn it is to save into a notebook. */
#ifndef CNB_TURN_H
#define CNB_TURN_H

#include "sys/lock.h"

/* Take the lock of a notebook that has a session, waiting for whoever holds it,
 * which is said unless `quiet`. -1: there is nothing to wait for; or a signal
 * asks us to end (proc_interrupted()). `-` has no lock. */
int turn_await(struct lock *l, const char *path, bool quiet, struct err *e);

#endif

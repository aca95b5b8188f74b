/* enforce.h: the limits of the running task are kept. Private to the files that
 * make up the supervisor. */
#ifndef CNB_ENFORCE_H
#define CNB_ENFORCE_H

#include "watch/supervise.h"

/* Before its process can do anything. `told`: its calls to make processes wait
 * for enforce_may_grow(). */
void enforce_begin(struct supervisor *s, struct task *t, bool told);
/* When the loop is to come by again. */
int64_t enforce_next_ns(const struct task *t);
/* -> which limit it is past, with the number in its outcome; it is to be ended
 * then. */
enum limit_kind enforce_look(struct supervisor *s, struct task *t);
/* For witness.may_grow; `self` is the supervisor. */
bool enforce_may_grow(void *self, pid_t tid);

#endif

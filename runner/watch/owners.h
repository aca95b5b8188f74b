/* owners.h: to which cells the threads of the host belong. */
#ifndef CNB_OWNERS_H
#define CNB_OWNERS_H

#include <sys/types.h>

/* The kernel gives no higher number to a thread (PID_MAX_LIMIT). */
#define OWNERS_MAX (1 << 22)
#define OWNERS_BLOCK 4096

struct owners {
	int *block[OWNERS_MAX / OWNERS_BLOCK];
};
void owners_clear(struct owners *o);
void owners_set(struct owners *o, pid_t tid, int cell);
/* The cell's number; 0: not known. */
int owners_find(const struct owners *o, pid_t tid);

#endif

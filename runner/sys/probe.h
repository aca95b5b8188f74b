/* probe.h: does this machine grant it? Each probe tries the thing itself, in a
 * child of its own where it would leave traces. 0: it does; else an errno. */
#ifndef CNB_PROBE_H
#define CNB_PROBE_H

#include <stdint.h>

int probe_notify(void);	   /* seccomp's user notification */
int probe_children(void);  /* the children files of /proc */
int probe_memory(void);	   /* reading a child's memory */
int probe_syscall(void);   /* seeing which system call a child is in */
int probe_addresses(void); /* a process without address randomisation */
/* What a fork of us takes, until the child runs; -1: there is none. */
int64_t probe_fork_ns(void);

#endif

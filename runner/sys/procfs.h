/* procfs.h: what the texts of /proc say. Bytes in, answers out; nothing is read
 * here. A process names itself as it likes, with whatever bytes may stand in
 * such a text, and a text may have been cut short: neither makes another answer
 * of one. See proc(5). */
#ifndef CNB_PROCFS_H
#define CNB_PROCFS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/slice.h"

/* PID/stat. False: it is cut short, or no such text. */
struct procfs_stat {
	char state; /* R S D T Z ... */
	pid_t parent;
	int threads;
};
bool procfs_stat(struct slice text, struct procfs_stat *s);

/* PID/task/TID/children: the next one, cut off *text. False: there is none, or
 * no more than a part of its number. */
bool procfs_next_child(struct slice *text, pid_t *child);

/* A line "Name: 12 kB" of PID/status and its like, by what stands in front:
 * "Tgid:". -1: it is not there. */
int64_t procfs_number(struct slice text, const char *name);
/* The letter behind "State:" of PID/status; 0: it is not there. */
char procfs_state(struct slice status);
/* Is the signal in the set of PID/status that is called so: "SigCgt:"? */
bool procfs_has_signal(struct slice status, const char *set, int sig);

/* PID/schedstat: how long it has had a processor; 0: it does not say. */
int64_t procfs_ran_ns(struct slice schedstat);
/* PID/comm: 15 bytes of it at most. */
void procfs_name(struct slice comm, char name[16]);
/* PID/syscall: does it read from its standard input? */
bool procfs_reads_stdin(struct slice call);

/* self/mountinfo and self/cgroup: the folder of our own control group of
 * version 2, to be free()d. NULL: none that is to be seen from here. */
char *procfs_cgroup(struct slice mounts, struct slice groups);

/* locks: who holds a lock of flock(2), for writing, on that file; 0: it does
 * not say. */
long procfs_lock_holder(struct slice locks, dev_t device, ino_t inode);

#endif

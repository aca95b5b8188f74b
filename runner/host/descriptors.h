/* descriptors.h: the open descriptors of this process: those of ours, beside
 * the control socket, and all that are not. A cell may close any of them, or
 * get its number for a file of its own: each is looked at before it is used.
 * Main thread, between cells. */
#ifndef CNB_DESCRIPTORS_H
#define CNB_DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* What is asked before or after each cell stays open: files of /proc, and one
 * that stands for our parent. */
enum own {
	OWN_PEAK,   /* /proc/self/clear_refs */
	OWN_TASKS,  /* /proc/self/task: a link for each thread, and two */
	OWN_TIMERS, /* /proc/self/timers */
	OWN_MAPS,   /* /proc/self/maps */
	OWN_BESIDE, /* the children of our parent's main thread */
	OWN_PARENT, /* a pidfd */
	OWN_FILES,  /* /proc/self/fd: its size is their number (Linux 6.2) */
	OWN_COUNT
};

/* At the end of a cell that left nobody who could run its code, when all of
 * them have been looked at: they are what they are until such code runs again.
 * Until then none is looked at again. */
void descriptors_trust(bool trust);
bool descriptors_are_sure(void);

/* Its descriptor, opened where it is not; *st (may be NULL) what it says of
 * itself now. -1: it cannot be had. */
int own_fd(enum own which, struct stat *st);
/* Open them all: before cells' code runs, which may leave no high number to one
 * that is opened after it. Where few files may be open they are left to cells:
 * each is opened when it is asked for. */
void own_open(void);
/* Is that descriptor, of which `st` tells, one of them? */
bool own_is(int fd, const struct stat *st);
/* In a copy of the process, of which they tell nothing: they are to be closed
 * before it runs cells, own_forget(). What a cell has put in their places must
 * be told from them before, own_part(), while the process lives to whose files
 * in /proc they lead. */
void own_part(void);
void own_forget(void);

#define DESCRIPTORS_HIGH 251 /* from here on, if possible */
/* A duplicate with a high number, CLOEXEC: a cell's files get the numbers that
 * they would get in a program. `below`: so much lower than the highest of ours,
 * which a cell that closes one after the other reaches last. -1 with errno. */
int descriptors_raise(int fd, int below);
/* Call `look` for each open descriptor, ours too, until it says true; so says
 * this, and where they cannot be listed. */
bool descriptors_any(bool (*look)(int fd, void *data), void *data);
/* Is nothing open but 0, 1, 2, so many that the caller knows of, and what is
 * ours? False also where the kernel does not tell. */
bool descriptors_are_ours(unsigned known);
/* Was there room for those of a message, then, where a process may have as many
 * as ours are high? */
bool descriptors_have_room(void);

#endif

/* lock.h: a file that only one of us writes at a time. */
#ifndef CNB_LOCK_H
#define CNB_LOCK_H

#include "base/err.h"
#include "base/slice.h"
#include "sys/replace.h"
#include "sys/swap.h"

/* Held as long as `fd` is open, so also the death of its owner gives it up. It
 * is advice: editors do not ask for it. */
struct lock {
	char *path; /* with symbolic links followed; NULL: nothing is held */
	char *name; /* as it was given */
	int fd;	    /* -1: the file does not exist yet, or its file system
		     * knows no locks */
};

/* Take the lock of a file, without waiting. -1: "cannot save into 'x.ipynb':
 * another cnb (process 42) is saving into it". */
int lock_take(struct lock *l, const char *path, struct err *e);
/* The same of what was read and is saved into: that must be a file, a pipe
 * cannot take it. */
int lock_take_file(struct lock *l, const char *path, struct err *e);
/* The same for who can wait. 1: another one holds it, of that pid; 0: it cannot
 * be told which. */
int lock_try_file(struct lock *l, const char *path, long *pid, struct err *e);
void lock_release(struct lock *l);
/* replace_begin() of the locked file, which must stay locked until its end; and
 * replace_end_if(): the lock passes on to the new one before that can be seen,
 * or 1: it is not as it `was`, and stays. */
int lock_begin(const struct lock *l, struct replacement *r, struct err *e);
int lock_pass_on(struct lock *l, struct replacement *r, const struct look *was,
		 bool at_last, struct err *e);
/* Both, with all of its bytes. */
int lock_replace(struct lock *l, struct slice bytes, const struct look *was,
		 bool at_last, struct err *e);

#endif

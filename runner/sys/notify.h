/* notify.h: system calls that wait for our word (seccomp's user notification,
 * seccomp_unotify(2)).
 *
 * notify_install() is called in a process that is about to become another; the
 * calls named, of it and of all its descendants, then wait until whoever holds
 * the listener has answered. They get ENOSYS when nobody holds it any more. A
 * task that is killed while it waits is gone: its answer finds nobody. */
#ifndef CNB_NOTIFY_H
#define CNB_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum notify_calls {
	NOTIFY_STDERR = 1, /* writes to descriptor 2 */
	NOTIFY_STDOUT = 2, /* writes to descriptor 1 */
	NOTIFY_WRITES = 4, /* writes to any descriptor */
	NOTIFY_TASKS = 8,  /* the making of processes and threads */
};

enum notify_kind {
	NOTIFY_WRITE,  /* write() */
	NOTIFY_WRITEV, /* writev() */
	NOTIFY_COPY,   /* sendfile(), splice() and the like */
	NOTIFY_TASK,   /* fork(), clone() */
};

struct notify_call {
	uint64_t id;
	pid_t tid; /* who calls: a thread's id */
	enum notify_kind kind;
	bool compat;  /* of a 32-bit program */
	int fd;	      /* where it writes to */
	uint64_t at;  /* WRITE: the bytes, in its memory; WRITEV: the vector */
	uint64_t len; /* WRITE, COPY: bytes, at most; WRITEV: elements;
		       * UINT64_MAX: it does not say */
};

/* In the caller, for good. -> the listener (CLOEXEC), or -1 with errno: EBUSY
 * where a listener is there already, EINVAL or ENOSYS where the kernel has
 * nothing of it. Sets no_new_privs where the kernel asks for that. Is
 * async-signal-safe. */
int notify_install(unsigned calls);

/* For who gets a listener: answers shall wake the caller at once. */
void notify_hurry(int listener);
/* The next call that waits, without waiting. 1: *c is filled; 0: there is none;
 * -1: nobody is left who could call. */
int notify_next(int listener, struct notify_call *c);
/* Does it still wait? What was read of the caller by its number is only to be
 * trusted if it does afterwards. */
bool notify_waits(int listener, const struct notify_call *c);
/* The kernel shall do it, as if we were not here. */
void notify_go_on(int listener, const struct notify_call *c);
/* It is done: what the call returns, or -errno. False: it no longer waits, or
 * goes on as EINTR would have it: nobody takes the answer. */
bool notify_answer(int listener, const struct notify_call *c, int64_t value);

/* Read the caller's memory -> bytes, as many as could be read; -1 with errno:
 * EFAULT, or EPERM where we may not. */
ssize_t notify_read(const struct notify_call *c, uint64_t at, void *into,
		    size_t len);

/* A part of a vector. */
struct notify_part {
	uint64_t at, len;
};
#define NOTIFY_PARTS 1024 /* IOV_MAX */
/* What the call writes, in parts -> how many; -1: as notify_read(), or EINVAL:
 * the kernel would refuse it. */
int notify_parts(const struct notify_call *c,
		 struct notify_part parts[NOTIFY_PARTS]);

#endif

/* lock.c: flock(2) on the file itself, so that nothing is left beside it.
 * Floor 1. A file that is replaced by rename is another file with another
 * lock: who gets a lock looks whether the path still leads to it. */
#include "sys/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/fs.h"
#include "sys/proc.h"
#include "sys/procfs.h"

/* Each round of lock_take() finds a file that was replaced meanwhile: another
 * writer is at work, and this often it does not save in a moment. */
#define ROUNDS 100
#define PAUSE_US 10000

/* 0: it is not known. */
static long
holder(int fd)
{
	struct buf text = { 0 };
	struct stat st;
	long pid = 0;

	if (fstat(fd, &st) == 0 && fs_read("/proc/locks", &text, NULL) == 0)
		pid = procfs_lock_holder(buf_slice(&text), st.st_dev,
					 st.st_ino);
	buf_release(&text);
	return pid;
}

static int
refuse(const char *path, long pid, struct err *e)
{
	if (pid > 0)
		return err_input(e,
				 "cannot save into '%s': another cnb (process "
				 "%ld) is saving into it",
				 path, pid);
	return err_input(e,
			 "cannot save into '%s': another cnb is saving into it",
			 path);
}

static bool
is_at(int fd, const char *path)
{
	struct stat held, there;

	return fstat(fd, &held) == 0 && stat(path, &there) == 0 &&
	       held.st_dev == there.st_dev && held.st_ino == there.st_ino;
}

/* Of descriptors or memory: the file may well be there, and another may be
 * writing it. */
static bool
is_for_want(int why)
{
	return why == EMFILE || why == ENFILE || why == ENOMEM || why == EIO;
}

static int
try_lock(struct lock *l, const char *path, long *pid, struct err *e)
{
	char *real = path_real(path);

	*l = (struct lock){ real ? real : mem_strdup(path), mem_strdup(path),
			    -1 };
	for (int round = 0; round < ROUNDS; round++) {
		int fd = fs_open(l->path, O_RDONLY | O_NOCTTY | O_NONBLOCK);

		/* Whether it can be read is not our question. */
		if (fd < 0 && !is_for_want(errno))
			return 0;
		if (fd < 0) {
			err_system(e, "cannot save into '%s': %s", path,
				   strerror(errno));
			lock_release(l);
			return -1;
		}
		if (fs_lock(fd, LOCK_EX | LOCK_NB) < 0 &&
		    errno == EWOULDBLOCK) {
			*pid = holder(fd);
			close(fd);
			/* A child of one that was killed, not yet gone. */
			if (proc_is_gone(*pid) && round + 1 < ROUNDS) {
				usleep(PAUSE_US);
				continue;
			}
			lock_release(l);
			return 1;
		}
		if (is_at(fd, l->path)) {
			l->fd = fd;
			return 0;
		}
		close(fd);
	}
	lock_release(l);
	return err_input(e,
			 "cannot save into '%s': it is replaced all the time",
			 path);
}

int
lock_try_file(struct lock *l, const char *path, long *pid, struct err *e)
{
	struct stat st;

	*l = (struct lock){ .fd = -1 };
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return err_input(e, "cannot save into '%s': it is no file",
				 path);
	return try_lock(l, path, pid, e);
}

int
lock_take(struct lock *l, const char *path, struct err *e)
{
	long pid;
	int rc = try_lock(l, path, &pid, e);

	return rc > 0 ? refuse(path, pid, e) : rc;
}

int
lock_take_file(struct lock *l, const char *path, struct err *e)
{
	long pid;
	int rc = lock_try_file(l, path, &pid, e);

	return rc > 0 ? refuse(path, pid, e) : rc;
}

void
lock_release(struct lock *l)
{
	if (l->path && l->fd >= 0)
		close(l->fd);
	free(l->path);
	free(l->name);
	*l = (struct lock){ .fd = -1 };
}

int
lock_begin(const struct lock *l, struct replacement *r, struct err *e)
{
	return replace_begin_as(r, l->path, l->name, REPLACE_SAFE, e);
}

int
lock_pass_on(struct lock *l, struct replacement *r, const struct look *was,
	     bool at_last, struct err *e)
{
	int fd = -1, rc = replace_end_if(r, was, at_last, &fd, e);

	if (rc == 0 && fd >= 0) {
		if (l->fd >= 0)
			close(l->fd);
		l->fd = fd;
	}
	return rc;
}

int
lock_replace(struct lock *l, struct slice bytes, const struct look *was,
	     bool at_last, struct err *e)
{
	struct replacement r;

	if (lock_begin(l, &r, e) < 0)
		return -1;
	buf_add_slice(&r.out, bytes);
	return lock_pass_on(l, &r, was, at_last, e);
}

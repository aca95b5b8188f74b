/* replace.c: a file that takes the place of another. Floor 1. It does not know
 * what is written. */
#include "sys/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/fs.h"

/* So much at a time is sent on its way to the disk while more is made: the sync
 * at the end then has little to wait for. */
#define SYNC_AHEAD (size_t)(8 << 20)

/* The folder too, or the rename itself may be lost with the power. A file
 * system that cannot sync folders is no reason to fail. */
static void
sync_dir(const char *path)
{
	char *dir = path_dir(path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(dir);
}

/* Mode and owner of the file that is replaced, as far as we may. */
static void
dress_like(int fd, const char *target)
{
	struct stat st;
	mode_t mask;

	if (stat(target, &st) == 0) {
		if (fchown(fd, st.st_uid, st.st_gid) < 0 &&
		    fchown(fd, (uid_t)-1, st.st_gid) < 0)
			errno = 0; /* not ours to give away: keep our own */
		fchmod(fd, st.st_mode & 07777);
		return;
	}
	mask = umask(0);
	umask(mask);
	fchmod(fd, 0666 & ~mask);
}

static void
on_bytes(struct buf_flow *flow, struct slice bytes)
{
	struct replacement *r = (struct replacement *)flow;

	if (r->failure)
		return;
	if (fs_write_fd(r->fd, bytes.at, bytes.len) < 0) {
		r->failure = errno;
		return;
	}
	r->unsynced += bytes.len;
	if (r->how == REPLACE_SAFE && r->temporary &&
	    r->unsynced >= SYNC_AHEAD) {
		sync_file_range(r->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
		r->unsynced = 0;
	}
}

/* Those that have a temporary file, which must not stay when memory is out: of
 * the process that made them. */
static struct replacement *all_open;
static pid_t whose;

static void
remove_all(void)
{
	for (struct replacement *r = all_open; r && whose == getpid();
	     r = r->next)
		unlink(r->temporary);
}

static void
remember(struct replacement *r)
{
	if (whose != getpid())
		all_open = NULL;
	whose = getpid();
	r->next = all_open;
	all_open = r;
	mem_before_death(remove_all);
}

static void
release(struct replacement *r)
{
	struct replacement **at = &all_open;

	while (*at && *at != r)
		at = &(*at)->next;
	if (*at)
		*at = r->next;
	buf_release(&r->out);
	free(r->target);
	free(r->temporary);
}

static bool
is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

int
replace_begin(struct replacement *r, const char *path, enum replace_how how,
	      struct err *e)
{
	struct buf name = { 0 };

	*r = (struct replacement){ .flow.take = on_bytes,
				   .path = path,
				   .how = how };
	r->out.flow = &r->flow;
	r->target = how == REPLACE_SAFE ? path_real(path) : NULL;
	if (!r->target)
		r->target = mem_strdup(path);
	if (how == REPLACE_SAFE && is_special(r->target)) {
		r->fd = fs_open(r->target, O_WRONLY | O_NOCTTY);
	} else {
		buf_addf(&name, "%s.XXXXXX", r->target);
		r->temporary = buf_take(&name);
		r->fd = mkostemp(r->temporary, O_CLOEXEC);
	}
	if (r->fd < 0) {
		err_system(e, "cannot write '%s': %s", path, strerror(errno));
		release(r);
		return -1;
	}
	if (r->temporary) {
		remember(r);
		dress_like(r->fd, r->target);
	}
	return 0;
}

/* A descriptor of its own: what close() says of the writing must be known
 * before the rename. */
static int
open_locked(const struct replacement *r)
{
	int fd = open(r->temporary, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		flock(fd, LOCK_EX | LOCK_NB);
	return fd;
}

int
replace_end(struct replacement *r, int *lock, struct err *e)
{
	int locked = -1, rc;

	buf_flush(&r->out);
	if (r->temporary && r->how == REPLACE_SAFE && !r->failure &&
	    fsync(r->fd) < 0)
		r->failure = errno;
	if (r->temporary && lock && !r->failure)
		locked = open_locked(r);
	if (close(r->fd) < 0 && !r->failure)
		r->failure = errno;
	if (r->temporary && !r->failure && rename(r->temporary, r->target) < 0)
		r->failure = errno;
	rc = r->failure ? -1 : 0;
	if (rc < 0 && r->temporary)
		unlink(r->temporary);
	else if (r->temporary && r->how == REPLACE_SAFE)
		sync_dir(r->target);
	if (rc < 0 && locked >= 0)
		close(locked);
	else if (lock)
		*lock = locked;
	if (rc < 0)
		err_system(e, "cannot write '%s': %s", r->path,
			   strerror(r->failure));
	release(r);
	return rc;
}

void
replace_drop(struct replacement *r)
{
	close(r->fd);
	if (r->temporary)
		unlink(r->temporary);
	release(r);
}

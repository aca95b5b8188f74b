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
#include <sys/xattr.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/fs.h"
#include "sys/swap.h"

/* So much at a time is sent on its way to the disk while more is made: the sync
 * at the end then has little to wait for. */
#define SYNC_AHEAD (size_t)(8 << 20)

#define ACL "system.posix_acl_access"

static bool
is_kept(const char *attribute)
{
	return !strncmp(attribute, "user.", 5) || !strcmp(attribute, ACL);
}

static void
copy_attribute(int fd, const char *target, const char *name)
{
	ssize_t len = getxattr(target, name, NULL, 0);
	char *value = len > 0 ? mem_alloc((size_t)len, 1) : NULL;

	len = value ? getxattr(target, name, value, (size_t)len) : len;
	if (len >= 0)
		fsetxattr(fd, name, value ? value : "", (size_t)len, 0);
	free(value);
}

/* Who else may read and write it (acl(5)), and what its user has noted of it:
 * as far as that goes. Where there is a list, the mode's bits of the group are
 * no more than its mask: they must not be the group's until it is there. */
static void
dress_with_attributes(int fd, const char *target, mode_t mode)
{
	char *names;
	ssize_t len = listxattr(target, NULL, 0), at = 0;
	bool has_acl = len < 0 && errno != ENOTSUP;

	names = len > 0 ? mem_alloc((size_t)len, 1) : NULL;
	len = names ? listxattr(target, names, (size_t)len) : len;
	for (at = 0; at < len; at += (ssize_t)strlen(names + at) + 1)
		has_acl |= !strcmp(names + at, ACL);
	/* A folder may have one for all that is made in it. */
	if (!has_acl)
		fremovexattr(fd, ACL);
	fchmod(fd, has_acl ? mode & ~(mode_t)S_IRWXG : mode);
	for (at = 0; at < len; at += (ssize_t)strlen(names + at) + 1)
		if (is_kept(names + at))
			copy_attribute(fd, target, names + at);
	free(names);
}

/* Mode, owner and attributes of the file that is replaced, as far as we may. */
static void
dress_like(int fd, const char *target)
{
	struct stat st;
	mode_t mask;

	if (stat(target, &st) == 0) {
		if (fchown(fd, st.st_uid, st.st_gid) < 0 &&
		    fchown(fd, (uid_t)-1, st.st_gid) < 0)
			errno = 0; /* not ours to give away: keep our own */
		dress_with_attributes(fd, target, st.st_mode & 07777);
		return;
	}
	/* Of one that cannot be seen we give nothing away. */
	if (errno != ENOENT)
		return;
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
	if (fs_write_reader(r->fd, bytes.at, bytes.len) < 0) {
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
		if (r->named)
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

/* Of a name that is as long as names may be only so much goes into ours. */
#define NAME_KEPT 200

static char *
name_beside(const char *target)
{
	char *dir = path_dir(target);
	struct buf name = { 0 };

	buf_addf(&name, "%s/.%.*s.cnb-new", dir, NAME_KEPT, path_base(target));
	free(dir);
	return buf_take(&name);
}

/* Remove what one that was killed has left. Its lock is held meanwhile: of two
 * that find it, the second must not remove what the first then writes. */
static bool
remove_stale(const char *path)
{
	int fd = fs_open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
	bool removed = fd >= 0 && fs_lock(fd, LOCK_EX | LOCK_NB) == 0 &&
		       fs_is_at(fd, path) && unlink(path) == 0;

	if (fd >= 0)
		close(fd);
	return removed;
}

/* Another writes to the same target now: ours gets a name of its own. */
static void
name_apart(struct replacement *r)
{
	struct buf name = { 0 };

	buf_addf(&name, "%s-%d", r->temporary, (int)gettid());
	free(r->temporary);
	r->temporary = buf_take(&name);
}

/* `take` makes what has the name; it fails with EEXIST where that is taken. */
static int
with_name(struct replacement *r, int (*take)(const struct replacement *r))
{
	int rc = take(r);

	for (int again = 0; rc < 0 && errno == EEXIST && again < 3; again++) {
		if (!remove_stale(r->temporary))
			name_apart(r);
		rc = take(r);
	}
	r->named = rc >= 0;
	return rc;
}

static int
open_in(const char *dir)
{
	int fd;

	do
		fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	while (fd < 0 && errno == EINTR);
	return fd;
}

/* A file without a name, which link_unnamed() can give it one. */
static int
open_unnamed(const char *target)
{
	char *dir = path_dir(target);
	int fd = access("/proc/self/fd", X_OK) < 0 ? -1 : open_in(dir);

	free(dir);
	if (fd >= 0)
		fs_lock(fd, LOCK_EX | LOCK_NB);
	return fd;
}

static int
link_unnamed(const struct replacement *r)
{
	char self[32];

	snprintf(self, sizeof self, "/proc/self/fd/%d", r->fd);
	return linkat(AT_FDCWD, self, AT_FDCWD, r->temporary,
		      AT_SYMLINK_FOLLOW);
}

static int
open_named(const struct replacement *r)
{
	int fd = fs_create(r->temporary, O_RDWR | O_EXCL, 0600);

	if (fd < 0)
		return -1;
	fs_lock(fd, LOCK_EX | LOCK_NB);
	/* Before it was locked another may have taken it for a stale one. */
	if (fs_is_at(fd, r->temporary))
		return fd;
	close(fd);
	errno = EEXIST;
	return -1;
}

static int
open_beside(struct replacement *r)
{
	int fd = open_unnamed(r->target);

	r->temporary = name_beside(r->target);
	return fd < 0 ? with_name(r, open_named) : fd;
}

/* What a link leads to: also where no file is there yet, so that it is made
 * there and the link stays. */
static char *
target_of(const char *path)
{
	char *real = path_real(path), *end = path_end_of_links(path);
	char *dir;

	if (real || !end) {
		free(end);
		return real ? real : mem_strdup(path);
	}
	dir = path_dir(end);
	if (!fs_is_dir(dir)) {
		free(end);
		end = mem_strdup(path);
	}
	free(dir);
	return end;
}

/* A definite no; any other answer is not believed before it was tried. */
static bool
is_forbidden(const char *path, int how)
{
	return access(path, how) < 0 && (errno == EACCES || errno == EROFS);
}

static int
refuse(const char *name, const char *target, struct err *e)
{
	int why = errno;

	if (why == EACCES && access(target, W_OK) == 0)
		return err_system(e,
				  "cannot write '%s': no file can be made in "
				  "its folder, to take its place: %s",
				  name, strerror(why));
	return err_system(e, "cannot write '%s': %s", name, strerror(why));
}

int
replace_allowed(const char *path, struct err *e)
{
	char *target = target_of(path), *dir = path_dir(target);
	int rc = 0;

	if (!fs_is_special(target) &&
	    (is_forbidden(target, W_OK) || is_forbidden(dir, W_OK | X_OK)))
		rc = refuse(path, target, e);
	free(target);
	free(dir);
	return rc;
}

int
replace_begin_as(struct replacement *r, const char *path, const char *name,
		 enum replace_how how, struct err *e)
{
	*r = (struct replacement){ .flow.take = on_bytes,
				   .path = name,
				   .how = how };
	r->out.flow = &r->flow;
	r->target = how == REPLACE_SAFE ? target_of(path) : mem_strdup(path);
	r->fd = -1;
	if (how == REPLACE_SAFE && fs_is_special(r->target))
		r->fd = fs_open_special(r->target);
	else if (how != REPLACE_SAFE || !is_forbidden(r->target, W_OK))
		r->fd = open_beside(r);
	if (r->fd < 0) {
		refuse(name, r->target, e);
		release(r);
		return -1;
	}
	if (r->temporary) {
		remember(r);
		dress_like(r->fd, r->target);
	}
	return 0;
}

int
replace_begin(struct replacement *r, const char *path, enum replace_how how,
	      struct err *e)
{
	return replace_begin_as(r, path, path, how, e);
}

/* Of the same file, to read: one that can write would have the kernel believe
 * that somebody does. */
static int
reopen(const struct replacement *r)
{
	char self[32];
	int fd;

	snprintf(self, sizeof self, "/proc/self/fd/%d", r->fd);
	fd = fs_open(self, O_RDONLY | O_NOCTTY);
	return fd >= 0 ? fd : fcntl(r->fd, F_DUPFD_CLOEXEC, 0);
}

/* All is written and closed; a descriptor remains for the name and the lock. */
static void
close_written(struct replacement *r, bool to_read)
{
	int kept = !r->temporary ? -1
		   : to_read	 ? reopen(r)
				 : fcntl(r->fd, F_DUPFD_CLOEXEC, 0);

	if (r->temporary && kept < 0 && !r->failure)
		r->failure = errno;
	if (fs_close(r->fd) < 0 && !r->failure)
		r->failure = errno;
	r->fd = kept;
	if (kept < 0 || !to_read)
		return;
	fs_lock(kept, LOCK_EX | LOCK_NB);
	/* For a moment it was not locked. */
	if (r->named && !fs_is_at(kept, r->temporary) && !r->failure)
		r->failure = ESTALE;
}

/* -> is it in its place? */
static bool
take_place(struct replacement *r, const struct look *was, bool at_last)
{
	enum swapped done = SWAP_FAILED;

	if (r->temporary && !r->named && !r->failure &&
	    with_name(r, link_unnamed) < 0)
		r->failure = errno;
	if (r->failure || !r->temporary)
		return !r->failure;
	if (was)
		done = swap_in(r->temporary, r->fd, r->target, was, at_last);
	else if (rename(r->temporary, r->target) == 0)
		done = SWAP_DONE;
	if (done == SWAP_FAILED)
		r->failure = errno;
	else if (done == SWAP_DONE && !was && r->how == REPLACE_SAFE)
		fs_sync_dir(r->target);
	return done == SWAP_DONE;
}

int
replace_end_if(struct replacement *r, const struct look *was, bool at_last,
	       int *lock, struct err *e)
{
	bool done;
	int rc;

	buf_flush(&r->out);
	if (r->temporary && r->how == REPLACE_SAFE && !r->failure &&
	    fs_sync(r->fd) < 0)
		r->failure = errno;
	/* What close() says of the writing must be known before the rename;
	 * and who is killed should have had a name for a moment only. */
	close_written(r, was);
	done = take_place(r, was, at_last);
	rc = r->failure ? -1 : !done;
	/* What has our name could be another's by now. */
	if (!done && r->named && fs_is_at(r->fd, r->temporary))
		unlink(r->temporary);
	if (done && lock)
		*lock = r->fd;
	else if (r->fd >= 0)
		close(r->fd);
	if (rc < 0)
		err_system(e, "cannot write '%s': %s", r->path,
			   strerror(r->failure));
	release(r);
	return rc;
}

int
replace_end(struct replacement *r, int *lock, struct err *e)
{
	return replace_end_if(r, NULL, false, lock, e);
}

void
replace_drop(struct replacement *r)
{
	close(r->fd);
	if (r->named)
		unlink(r->temporary);
	release(r);
}

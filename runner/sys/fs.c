/* fs.c: files: read whole, replaced whole. Floor 1. Paths are in path.c. */
#include "sys/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/text.h"
#include "sys/clock.h"

#define FIND_DEPTH_MAX 64

#define READ_CHUNK 65536

int
fs_read_fd(int fd, struct buf *out)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    st.st_size <= FS_MAX_FILE)
		buf_reserve(out, (size_t)st.st_size + 1);
	for (;;) {
		ssize_t n;

		if (out->cap < out->len + 2)
			buf_reserve(out, READ_CHUNK);
		n = read(fd, out->data + out->len, out->cap - out->len - 1);
		if (n == 0)
			break;
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			out->len += (size_t)n;
		if ((int64_t)out->len > FS_MAX_FILE) {
			errno = EFBIG;
			return -1;
		}
	}
	out->data[out->len] = '\0';
	return 0;
}

/* On a network, or of a pipe, an open may take its time and be interrupted. */
static int
open_waiting(const char *path, int flags)
{
	int fd;

	do
		fd = open(path, flags);
	while (fd < 0 && errno == EINTR);
	return fd;
}

int
fs_read(const char *path, struct buf *out, struct err *e)
{
	int fd = 0, saved;

	if (strcmp(path, "-") != 0)
		fd = open_waiting(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd >= 0 && fs_read_fd(fd, out) == 0) {
		if (fd > 0)
			close(fd);
		return 0;
	}
	saved = errno;
	if (fd > 0)
		close(fd);
	if (saved == EIO || saved == ENOMEM || saved == ENFILE ||
	    saved == EMFILE)
		return err_system(e, "cannot read '%s': %s", path,
				  strerror(saved));
	return err_input(e, "cannot read '%s': %s", path, strerror(saved));
}

int
fs_write_fd(int fd, const void *bytes, size_t len)
{
	const char *p = bytes;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

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

/* `keep` NULL: the descriptor is closed. Else it is one of its own: what
 * close() says of the writing must be known before the rename. */
static int
replace(const char *target, struct slice bytes, bool durable, int *keep)
{
	struct buf name = { 0 };
	int fd, locked = -1, saved = 0;

	buf_addf(&name, "%s.XXXXXX", target);
	fd = mkostemp(name.data, O_CLOEXEC);
	if (fd < 0) {
		saved = errno;
		goto out;
	}
	dress_like(fd, target);
	if (fs_write_fd(fd, bytes.at, bytes.len) < 0 ||
	    (durable && fsync(fd) < 0))
		saved = errno;
	if (keep && !saved) {
		locked = open(name.data, O_RDONLY | O_CLOEXEC);
		if (locked >= 0)
			flock(locked, LOCK_EX | LOCK_NB);
	}
	if (close(fd) < 0 && !saved)
		saved = errno;
	if (!saved && rename(name.data, target) < 0)
		saved = errno;
	if (saved)
		unlink(name.data);
	else if (durable)
		sync_dir(target);
	if (saved && locked >= 0)
		close(locked);
	else if (keep)
		*keep = locked;
out:
	buf_release(&name);
	errno = saved;
	return saved ? -1 : 0;
}

int
fs_replace(const char *path, struct slice bytes, struct err *e)
{
	return fs_replace_with(path, bytes, NULL, e);
}

int
fs_replace_with(const char *path, struct slice bytes, int *fd_out,
		struct err *e)
{
	char *real = path_real(path);
	const char *target = real ? real : path;
	struct stat st;
	int rc;

	/* A pipe or a device cannot be replaced, only written to. */
	if (stat(target, &st) == 0 && !S_ISREG(st.st_mode)) {
		int fd = open_waiting(target, O_WRONLY | O_CLOEXEC | O_NOCTTY);

		rc = fd < 0 ? -1 : fs_write_fd(fd, bytes.at, bytes.len);
		if (fd >= 0 && close(fd) < 0)
			rc = -1;
	} else {
		rc = replace(target, bytes, true, fd_out);
	}
	if (rc < 0)
		err_system(e, "cannot write '%s': %s", path, strerror(errno));
	free(real);
	return rc;
}

int
fs_write(const char *path, struct slice bytes, struct err *e)
{
	if (replace(path, bytes, false, NULL) == 0)
		return 0;
	return err_system(e, "cannot write '%s': %s", path, strerror(errno));
}

int64_t
fs_mtime_ns(const struct stat *st)
{
	return (int64_t)st->st_mtim.tv_sec * NS_PER_S + st->st_mtim.tv_nsec;
}

bool
fs_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool
fs_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int
fs_mkdirs(const char *path, mode_t mode, struct err *e)
{
	char *copy = mem_strdup(path);
	int rc = 0;

	for (char *p = copy + 1; rc == 0; p++) {
		char end = *p;

		if (end != '/' && end != '\0')
			continue;
		*p = '\0';
		if (mkdir(copy, mode) < 0 && errno != EEXIST &&
		    !fs_is_dir(copy))
			rc = err_system(e, "cannot make folder '%s': %s", copy,
					strerror(errno));
		*p = end;
		if (!end)
			break;
	}
	if (rc == 0 && !fs_is_dir(path))
		rc = err_system(e, "cannot make folder '%s': %s", path,
				strerror(ENOTDIR));
	free(copy);
	return rc;
}

/* Takes the descriptor of the folder whose entries go. */
static int
empty_dir(int fd)
{
	DIR *dir = fdopendir(fd);
	struct dirent *d;
	int rc = 0;

	if (!dir) {
		close(fd);
		return -1;
	}
	while ((d = readdir(dir))) {
		int flags = 0, sub;

		if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, ".."))
			continue;
		sub = openat(dirfd(dir), d->d_name,
			     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (sub >= 0) {
			flags = AT_REMOVEDIR;
			rc |= empty_dir(sub);
		}
		rc |= unlinkat(dirfd(dir), d->d_name, flags);
	}
	closedir(dir);
	return rc;
}

int
fs_remove_tree(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOTDIR || errno == ELOOP ? unlink(path) : -1;
	return empty_dir(fd) | rmdir(path);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
fs_list(const char *path, const char *suffix, struct strs *names)
{
	DIR *dir = opendir(path);
	size_t first = names->count, n = strlen(suffix);
	struct dirent *d;

	if (!dir)
		return -1;
	while ((d = readdir(dir))) {
		size_t len = strlen(d->d_name);

		if (d->d_name[0] != '.' && len >= n &&
		    !strcmp(d->d_name + len - n, suffix))
			strs_add(names, d->d_name);
	}
	closedir(dir);
	if (names->count > first)
		qsort(names->at + first, names->count - first,
		      sizeof *names->at, by_name);
	return 0;
}

/* Folders below the first that we may not read are passed over; links to
 * folders are not followed. */
static int
find_below(const char *dir, const char *suffix, struct strs *paths, int depth)
{
	struct strs names = { 0 };
	int rc = fs_list(dir, "", &names);

	for (size_t i = 0; i < names.count; i++) {
		char *path = path_join(dir, names.at[i]);
		size_t len = strlen(path), n = strlen(suffix);
		struct stat st;

		if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
			if (depth < FIND_DEPTH_MAX)
				find_below(path, suffix, paths, depth + 1);
		} else if (len > n && !strcmp(path + len - n, suffix)) {
			strs_add(paths, path);
		}
		free(path);
	}
	strs_release(&names);
	return rc;
}

int
fs_find(const char *dir, const char *suffix, struct strs *paths)
{
	return find_below(dir, suffix, paths, 0);
}

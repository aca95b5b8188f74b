/* fs.c: files: read whole, replaced whole. Floor 1. Paths are in path.c. */
#include "sys/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/text.h"
#include "sys/clock.h"
#include "sys/proc.h"
#include "sys/replace.h"

#define FIND_DEPTH_MAX 64

#define READ_CHUNK 65536
#define HUGE_PAGE (uintptr_t)(2 << 20)
#define HUGE_FROM (size_t)(16 << 20)
/* So often is looked whether somebody has come to write. */
#define WRITER_LOOK_NS (10 * NS_PER_MS)
#define READER_LOOK_MS 10
/* Who is asked to end does not wait longer for a reader that takes nothing. */
#define READER_PATIENCE_MS 1000

/* Room for a whole file. Of a large one, memory comes in large pages: half the
 * time of reading it would go into small ones. */
static void
reserve(struct buf *out, size_t len)
{
	uintptr_t from, to;

	buf_reserve(out, len);
	if (len < HUGE_FROM)
		return;
	from = ((uintptr_t)out->data + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
	to = ((uintptr_t)out->data + len) & ~(HUGE_PAGE - 1);
	madvise((void *)from, to - from, MADV_HUGEPAGE);
}

/* What is read is kept in memory: half of all there is, at most. */
static int64_t
longest(void)
{
	int64_t half = (int64_t)sysconf(_SC_PHYS_PAGES) / 2 *
		       (int64_t)sysconf(_SC_PAGESIZE);

	return half > 0 && half < FS_MAX_FILE ? half : FS_MAX_FILE;
}

/* Until something can be read or written, or a signal asks us to end: they are
 * read, not handled, and nobody else does that while we wait. `patience_ms`: so
 * long it may take once one did. */
static int
await(int fd, short event, int patience_ms)
{
	struct pollfd p[] = { { .fd = fd, .events = event },
			      { .fd = proc_signal_fd(), .events = POLLIN } };

	for (;;) {
		bool ends = proc_interrupted();
		int n = poll(p, countof(p), ends ? patience_ms : -1);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0 && p[0].revents)
			return 0;
		if (n == 0) {
			errno = EINTR;
			return -1;
		}
		if (proc_stop_asked())
			proc_stop_ourselves(SIGTSTP);
	}
}

/* `waits`: it is a pipe or a terminal, where nothing may ever come. */
static int
read_all(int fd, bool waits, struct buf *out)
{
	int64_t most = longest();
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		if (st.st_size > most) {
			errno = EFBIG;
			return -1;
		}
		reserve(out, (size_t)st.st_size + 1);
	}
	for (;;) {
		ssize_t n;

		if (out->cap < out->len + 2)
			buf_reserve(out, READ_CHUNK);
		if (waits && await(fd, POLLIN, 0) < 0)
			return -1;
		n = read(fd, out->data + out->len, out->cap - out->len - 1);
		if (n == 0)
			break;
		if (n < 0 && errno != EINTR && !(waits && errno == EAGAIN))
			return -1;
		if (n > 0)
			out->len += (size_t)n;
		if ((int64_t)out->len > most) {
			errno = EFBIG;
			return -1;
		}
	}
	out->data[out->len] = '\0';
	return 0;
}

int
fs_read_fd(int fd, struct buf *out)
{
	return read_all(fd, false, out);
}

/* On a network, or of a pipe, an open may take its time and be interrupted. */
int
fs_open(const char *path, int flags)
{
	int fd;

	do
		fd = open(path, flags | O_CLOEXEC);
	while (fd < 0 && errno == EINTR);
	return fd;
}

/* Who writes may be there and have written nothing yet: only tee(2) can tell
 * without taking anything. Where it cannot be told it is as if. */
static bool
has_writer(int fd)
{
	int peek[2];
	ssize_t n;

	if (pipe2(peek, O_CLOEXEC) < 0)
		return true;
	n = tee(fd, peek[1], 1, SPLICE_F_NONBLOCK);
	close(peek[0]);
	close(peek[1]);
	return n != 0;
}

static int
await_writer(int fd, int64_t until_ns)
{
	int rc = 0;

	while (rc == 0 && !has_writer(fd)) {
		int64_t look_ns = clock_mono_ns() + WRITER_LOOK_NS;

		if (look_ns - WRITER_LOOK_NS >= until_ns) {
			errno = ETIMEDOUT;
			return -1;
		}
		rc = proc_await(fd, look_ns < until_ns ? look_ns : until_ns);
	}
	if (rc < 0)
		errno = EINTR;
	return rc < 0 ? -1 : 0;
}

int
fs_open_input(const char *path, int64_t until_ns)
{
	int fd = fs_open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK), why;
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0) {
		errno = EISDIR;
		if (!S_ISDIR(st.st_mode) &&
		    (!S_ISFIFO(st.st_mode) ||
		     await_writer(fd, until_ns) == 0) &&
		    fcntl(fd, F_SETFL, 0) == 0)
			return fd;
	}
	why = errno;
	close(fd);
	errno = why;
	return -1;
}

int
fs_create(const char *path, int flags, mode_t mode)
{
	int fd;

	do
		fd = open(path, flags | O_CREAT | O_CLOEXEC, mode);
	while (fd < 0 && errno == EINTR);
	return fd;
}

int
fs_sync(int fd)
{
	int rc;

	do
		rc = fsync(fd);
	while (rc < 0 && errno == EINTR);
	return rc;
}

void
fs_sync_dir(const char *path)
{
	char *dir = path_dir(path);
	int fd = fs_open(dir, O_RDONLY | O_DIRECTORY);

	if (fd >= 0) {
		fs_sync(fd);
		close(fd);
	}
	free(dir);
}

int
fs_lock(int fd, int how)
{
	int rc;

	do
		rc = flock(fd, how);
	while (rc < 0 && errno == EINTR);
	return rc;
}

int
fs_truncate(int fd, int64_t len)
{
	int rc;

	do
		rc = ftruncate(fd, (off_t)len);
	while (rc < 0 && errno == EINTR);
	return rc;
}

int
fs_allocate(int fd, int64_t len)
{
	int why;

	do
		why = posix_fallocate(fd, 0, (off_t)len);
	while (why == EINTR);
	return why;
}

/* On Linux an interrupted one has closed it all the same. */
int
fs_close(int fd)
{
	return close(fd) < 0 && errno != EINTR ? -1 : 0;
}

/* It is up to the user to name another file, or to let us read this one; with
 * all other reasons it is the system that fails us. */
static bool
is_users_affair(int why)
{
	static const int those[] = { ENOENT, ENOTDIR,	   EISDIR, EACCES,
				     ELOOP,  ENAMETOOLONG, EFBIG,  ENXIO };

	for (size_t i = 0; i < countof(those); i++)
		if (those[i] == why)
			return true;
	return false;
}

int
fs_err(struct err *e, int why, const char *verb, const char *path)
{
	return (is_users_affair(why) ? err_input
				     : err_system)(e, "cannot %s '%s': %s",
						   verb, path, strerror(why));
}

int
fs_read(const char *path, struct buf *out, struct err *e)
{
	int fd = 0, saved;
	struct stat st;

	/* A fifo is open before anybody writes to it. */
	if (strcmp(path, "-") != 0)
		fd = fs_open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
	if (fd >= 0 && fstat(fd, &st) == 0 &&
	    read_all(fd, !S_ISREG(st.st_mode), out) == 0) {
		if (fd > 0)
			close(fd);
		return 0;
	}
	saved = errno;
	if (fd > 0)
		close(fd);
	return fs_err(e, saved, "read", path);
}

int
fs_read_file(const char *path, int64_t most, struct buf *out)
{
	int fd = fs_open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK), rc = -1, why;
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0) {
		errno = S_ISREG(st.st_mode) ? EFBIG : EINVAL;
		if (S_ISREG(st.st_mode) && st.st_size <= most)
			rc = read_all(fd, false, out);
	}
	why = errno;
	close(fd);
	errno = why;
	return rc;
}

bool
fs_read_whole(int fd, void *bytes, size_t len)
{
	char *at = bytes;

	while (len) {
		ssize_t n = read(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
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

/* May a write take as long as somebody else likes? */
static bool
has_reader(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 &&
	       (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode) ||
		S_ISCHR(st.st_mode));
}

int
fs_write_reader(int fd, const void *bytes, size_t len)
{
	const char *p = bytes;

	if (proc_signal_fd() < 0 || !has_reader(fd))
		return fs_write_fd(fd, bytes, len);
	/* Where there is room at all there is room for so much. */
	for (size_t n; len; p += n, len -= n) {
		n = len < PIPE_BUF ? len : PIPE_BUF;
		if (await(fd, POLLOUT, READER_PATIENCE_MS) < 0 ||
		    fs_write_fd(fd, p, n) < 0)
			return -1;
	}
	return 0;
}

int
fs_open_special(const char *path)
{
	for (;;) {
		int fd = fs_open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK);
		struct stat st;

		if (fd >= 0) {
			fcntl(fd, F_SETFL, O_WRONLY);
			return fd;
		}
		if (errno != ENXIO || stat(path, &st) < 0 ||
		    !S_ISFIFO(st.st_mode))
			return -1;
		/* Nothing tells when somebody opens it to read. */
		poll(&(struct pollfd){ proc_signal_fd(), POLLIN, 0 }, 1,
		     READER_LOOK_MS);
		if (proc_stop_asked())
			proc_stop_ourselves(SIGTSTP);
		if (proc_interrupted()) {
			errno = EINTR;
			return -1;
		}
	}
}

bool
fs_is_at(int fd, const char *path)
{
	struct stat ours, there;

	return fstat(fd, &ours) == 0 && lstat(path, &there) == 0 &&
	       ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

bool
fs_is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

int
fs_write(const char *path, struct slice bytes, struct err *e)
{
	struct replacement r;

	if (fs_is_special(path) && !fs_is_dir(path))
		return err_input(e, "cannot write '%s': it is no file", path);
	if (replace_begin(&r, path, REPLACE_QUICK, e) < 0)
		return -1;
	buf_add_slice(&r.out, bytes);
	return replace_end(&r, NULL, e);
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
fs_is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
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
		if (mkdir(copy, mode) < 0 && errno != EEXIST) {
			int why = errno;

			if (!fs_is_dir(copy))
				rc = err_system(e,
						"cannot make folder '%s': %s",
						copy, strerror(why));
		}
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
	int why;

	if (!dir)
		return -1;
	while (errno = 0, (d = readdir(dir))) {
		size_t len = strlen(d->d_name);

		if (d->d_name[0] != '.' && len >= n &&
		    !strcmp(d->d_name + len - n, suffix))
			strs_add(names, d->d_name);
	}
	why = errno;
	closedir(dir);
	if (names->count > first)
		qsort(names->at + first, names->count - first,
		      sizeof *names->at, by_name);
	errno = why;
	return why ? -1 : 0;
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

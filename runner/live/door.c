/* door.c: the folder of sessions and the sockets in it. Floor 5. It does not
 * know what is said through them. */
#include "live/door.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/hash.h"
#include "sys/clock.h"
#include "sys/fs.h"
#include "sys/proc.h"

#define NAME_LENGTH 16
/* As long as the kernel grants: who finds it full has to wait, and each that
 * gave up a session that is stopped stands in it. */
#define BACKLOG SOMAXCONN
/* So long it may be full; and so often is looked whether we are to end. */
#define CONNECT_MS 20000
#define CONNECT_LOOK_MS 100

/* Not where it only cannot be seen now: sessions would be looked for elsewhere.
 */
static bool
is_useless(const char *dir)
{
	return access(dir, W_OK | X_OK) < 0 &&
	       (errno == EACCES || errno == EROFS || errno == ELOOP ||
		errno == ENAMETOOLONG || door_is_shut(errno));
}

/* $XDG_RUNTIME_DIR/cnb, which ends with the login; else one in /tmp. */
static void
folder_path(struct buf *path)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");

	if (dir && dir[0] == '/' && !is_useless(dir))
		buf_addf(path, "%s/cnb", dir);
	else
		buf_addf(path, "/tmp/cnb-%u", (unsigned)geteuid());
}

/* Opened; made if `make`. Who else could enter it could take our place. */
static int
open_folder(bool make, struct err *e)
{
	struct buf path = { 0 };
	struct stat st;
	int fd;

	folder_path(&path);
	if (make)
		mkdir(path.data, 0700);
	fd = fs_open(path.data, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	if (fd < 0 || fstat(fd, &st) < 0) {
		int why = errno;

		err_system(e, "cannot use '%s' for sessions: %s", path.data,
			   strerror(why));
		buf_release(&path);
		if (fd >= 0)
			close(fd);
		errno = why; /* see door_is_gone() */
		return -1;
	}
	if (st.st_uid != geteuid() || (st.st_mode & 077)) {
		err_input(e, "cannot use '%s' for sessions: %s", path.data,
			  st.st_uid != geteuid()
				  ? "it belongs to another user; set "
				    "XDG_RUNTIME_DIR"
				  : "others can enter it; remove it, or set "
				    "XDG_RUNTIME_DIR");
		close(fd);
		fd = -1;
		errno = ENOENT; /* whoever is there is none of ours */
	}
	buf_release(&path);
	return fd;
}

/* Through the open folder, whose own path may be longer than an address. */
static struct sockaddr_un
address(int folder, const char *name)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	snprintf(a.sun_path, sizeof a.sun_path, "/proc/self/fd/%d/%s", folder,
		 name);
	return a;
}

char *
door_name(const char *notebook)
{
	char *real = path_real(notebook), hex[HASH_HEX];
	struct hash h;

	/* Of one that is gone, or cannot be seen, as far as its path tells. */
	if (!real)
		real = path_absolute(notebook);
	hash_init(&h);
	hash_add_str(&h, real);
	hash_hex(&h, hex);
	free(real);
	return strndup(hex, NAME_LENGTH);
}

static int
new_socket(int flags)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
}

static void
limit(int fd, int64_t ms)
{
	struct timeval t = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
}

/* Signals are read, not handled: a call that waits does not hear them. */
static int
connect_to(int fd, const struct sockaddr_un *a, int64_t patience_ms)
{
	int64_t until_ns = clock_after_ms(patience_ms);
	int rc;

	limit(fd,
	      patience_ms < CONNECT_LOOK_MS ? patience_ms : CONNECT_LOOK_MS);
	do
		rc = connect(fd, (const void *)a, sizeof *a);
	while (rc < 0 && (errno == EINTR ||
			  (errno == EAGAIN && clock_mono_ns() < until_ns &&
			   !proc_interrupted())));
	return rc;
}

/* `patience_ms` 0: what is said and heard may take as long as it takes. */
static int
connect_in(int folder, const char *name, int64_t patience_ms)
{
	struct sockaddr_un a = address(folder, name);
	int fd = new_socket(0), rc = -1, why;

	if (fd >= 0)
		rc = connect_to(fd, &a, patience_ms ? patience_ms : CONNECT_MS);
	if (rc == 0)
		limit(fd, patience_ms);
	if (rc == 0 && door_is_ours(fd))
		return fd;
	why = errno;
	if (fd >= 0)
		close(fd);
	errno = why;
	return -1;
}

bool
door_is_shut(int why)
{
	return why == ENOENT || why == ECONNREFUSED || why == ENOTDIR;
}

int
door_listen(const char *name, struct err *e)
{
	int folder = open_folder(true, e), alive, fd = -1;
	struct sockaddr_un a;

	if (folder < 0)
		return -1;
	/* Between our look and our bind() there must not be another's. */
	fs_lock(folder, LOCK_EX);
	alive = connect_in(folder, name, 0);
	if (alive >= 0) {
		err_input(e, "it has a session already");
		close(alive);
		goto out;
	}
	/* One that lives must not lose its name to us. */
	if (!door_is_shut(errno)) {
		err_system(e, "cannot see whether it has a session: %s",
			   strerror(errno));
		goto out;
	}
	unlinkat(folder, name, 0);
	a = address(folder, name);
	fd = new_socket(SOCK_NONBLOCK);
	if (fd < 0 || bind(fd, (const void *)&a, sizeof a) < 0 ||
	    listen(fd, BACKLOG) < 0) {
		err_system(e, "cannot open a socket for the session: %s",
			   strerror(errno));
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
out:
	close(folder);
	return fd;
}

int
door_connect_briefly(const char *name, int64_t patience_ms)
{
	struct err e;
	int folder = open_folder(false, &e), fd, why;

	if (folder < 0)
		return -1;
	fd = connect_in(folder, name, patience_ms);
	why = errno;
	close(folder);
	errno = why;
	return fd;
}

int
door_connect(const char *name)
{
	return door_connect_briefly(name, 0);
}

int
door_list(struct strs *names, struct err *e)
{
	int folder = open_folder(true, e);
	struct dirent *d;
	DIR *dir;

	if (folder < 0)
		return -1;
	dir = fdopendir(folder);
	if (!dir) {
		close(folder);
		return err_system(e, "cannot list sessions: %s",
				  strerror(errno));
	}
	while ((d = readdir(dir)))
		if (strlen(d->d_name) == NAME_LENGTH)
			strs_add(names, d->d_name);
	closedir(dir);
	return 0;
}

bool
door_is_refused(struct err *e)
{
	int folder = open_folder(false, e);

	if (folder >= 0)
		close(folder);
	return folder < 0 && (e->class == ERR_INPUT || !door_is_shut(errno));
}

void
door_remove(const char *name)
{
	struct err e;
	int folder = open_folder(false, &e);

	if (folder < 0)
		return;
	unlinkat(folder, name, 0);
	close(folder);
}

bool
door_is_gone(const char *name)
{
	struct err e;
	int folder = open_folder(false, &e);
	bool seen = folder >= 0 && faccessat(folder, name, F_OK, 0) == 0;
	bool gone = !seen && door_is_shut(errno); /* else it is not known */

	if (folder >= 0)
		close(folder);
	return gone;
}

static bool
other_end(int fd, struct ucred *who)
{
	socklen_t len = sizeof *who;

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, who, &len) == 0;
}

bool
door_is_ours(int fd)
{
	struct ucred who;

	return other_end(fd, &who) && (who.uid == geteuid() || who.uid == 0);
}

int64_t
door_pid(int fd)
{
	struct ucred who;

	return other_end(fd, &who) ? who.pid : 0;
}

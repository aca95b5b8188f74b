/* inject.c: makes one system call of a program fail. Loaded in front of libc
 * (LD_PRELOAD); what it starts is left alone.
 *
 * INJECT_AT=N     the N-th call that is listed below fails; 0: none does
 * INJECT=ERRNO    with that errno; "short": a read or write does half of it
 * INJECT=kill     it does not fail: the program is killed before it
 * INJECT=memory   memory is what fails, and nothing else is counted
 * INJECT_LOG=FILE gets the number of calls, and the name of the failing one
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static pid_t ours;
static long calls, at;
static int how; /* errno; 0: short */
static int memory, deadly;
static const char *failed = "-";

__attribute__((constructor)) static void
begin(void)
{
	const char *when = getenv("INJECT_AT"), *what = getenv("INJECT");

	at = when ? atol(when) : 0;
	how = what ? atoi(what) : 0;
	memory = what && strcmp(what, "memory") == 0;
	deadly = what && strcmp(what, "kill") == 0;
	ours = getpid();
	unsetenv("LD_PRELOAD");
}

static void
tell(void)
{
	const char *log = getenv("INJECT_LOG");
	FILE *f;

	if (getpid() != ours || !log)
		return;
	ours = 0;
	f = fopen(log, "w");
	if (f) {
		fprintf(f, "%ld %s\n", calls, failed);
		fclose(f);
	}
}

/* _exit() does not come here, and need not. */
__attribute__((destructor)) static void
end(void)
{
	tell();
}

/* Is this the call? */
static int
hit(const char *name, int can_be_short)
{
	if (memory || ours != getpid() || ++calls != at ||
	    (!how && !deadly && !can_be_short))
		return 0;
	failed = name;
	if (deadly) {
		tell();
		kill(getpid(), SIGKILL);
	}
	errno = how;
	return 1;
}

/* The function behind ours. */
static void *
real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

#define REAL(type, name, params)                                               \
	static type(*next) params;                                             \
	if (!next)                                                             \
	*(void **)&next = real(#name)

#define FAILING(type, name, params, args)                                      \
	type name params                                                       \
	{                                                                      \
		REAL(type, name, params);                                      \
		return hit(#name, 0) ? (type)-1 : next args;                   \
	}

#define PARTIAL(name, params, args, half)                                      \
	ssize_t name params                                                    \
	{                                                                      \
		REAL(ssize_t, name, params);                                   \
		if (!hit(#name, 1))                                            \
			return next args;                                      \
		if (how)                                                       \
			return -1;                                             \
		n = n > 1 ? n / 2 : n;                                         \
		return next half;                                              \
	}

PARTIAL(read, (int fd, void *p, size_t n), (fd, p, n), (fd, p, n))
PARTIAL(write, (int fd, const void *p, size_t n), (fd, p, n), (fd, p, n))
PARTIAL(__read_chk, (int fd, void *p, size_t n, size_t room), (fd, p, n, room),
	(fd, p, n, room))
FAILING(int, fsync, (int fd), (fd))
FAILING(int, fdatasync, (int fd), (fd))
FAILING(int, ftruncate, (int fd, off_t n), (fd, n))
FAILING(int, fchmod, (int fd, mode_t mode), (fd, mode))
FAILING(int, fchown, (int fd, uid_t u, gid_t g), (fd, u, g))
FAILING(int, flock, (int fd, int what), (fd, what))
FAILING(int, linkat, (int d, const char *a, int e, const char *b, int flags),
	(d, a, e, b, flags))
FAILING(int, rename, (const char *a, const char *b), (a, b))
FAILING(int, mkdir, (const char *path, mode_t mode), (path, mode))
FAILING(int, mkostemp, (char *path, int flags), (path, flags))
FAILING(int, stat, (const char *path, struct stat *s), (path, s))
FAILING(int, fstat, (int fd, struct stat *s), (fd, s))
FAILING(int, pipe2, (int fds[2], int flags), (fds, flags))
FAILING(int, socketpair, (int d, int t, int p, int fds[2]), (d, t, p, fds))
FAILING(int, epoll_create1, (int flags), (flags))
FAILING(int, signalfd, (int fd, const sigset_t *set, int flags),
	(fd, set, flags))
FAILING(pid_t, fork, (void), ())
FAILING(ssize_t, sendmsg, (int fd, const struct msghdr *m, int f), (fd, m, f))
FAILING(ssize_t, recvmsg, (int fd, struct msghdr *m, int f), (fd, m, f))

/* On Linux the descriptor is gone, whatever close() says. */
int
close(int fd)
{
	int saved, rc;
	REAL(int, close, (int));

	rc = next(fd);
	saved = errno;
	if (hit("close", 0))
		return -1;
	errno = saved;
	return rc;
}

int
posix_fallocate(int fd, off_t from, off_t n)
{
	REAL(int, posix_fallocate, (int, off_t, off_t));
	return hit("posix_fallocate", 0) ? how : next(fd, from, n);
}

void *
mmap(void *where, size_t n, int prot, int flags, int fd, off_t from)
{
	REAL(void *, mmap, (void *, size_t, int, int, int, off_t));
	return hit("mmap", 0) ? MAP_FAILED
			      : next(where, n, prot, flags, fd, from);
}

static mode_t
mode_of(int flags, va_list args)
{
	return flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
}

int
open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;
	REAL(int, open, (const char *, int, ...));

	va_start(args, flags);
	mode = mode_of(flags, args);
	va_end(args);
	return hit("open", 0) ? -1 : next(path, flags, mode);
}

int
openat(int dir, const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;
	REAL(int, openat, (int, const char *, int, ...));

	va_start(args, flags);
	mode = mode_of(flags, args);
	va_end(args);
	return hit("openat", 0) ? -1 : next(dir, path, flags, mode);
}

FILE *
fopen(const char *path, const char *mode)
{
	REAL(FILE *, fopen, (const char *, const char *));
	return hit("fopen", 0) ? NULL : next(path, mode);
}

/* glibc's own names of its allocator. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

static int
no_memory(void)
{
	if (!memory || !ours || ours != getpid() || ++calls != at)
		return 0;
	failed = "memory";
	errno = ENOMEM;
	return 1;
}

void *
malloc(size_t n)
{
	return no_memory() ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return no_memory() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return no_memory() ? NULL : __libc_realloc(p, n);
}

/* inject.c: makes system calls of a program fail. Loaded in front of libc
 * (LD_PRELOAD).
 *
 * INJECT_WHO=NAME the process whose calls are counted, by the name that it
 *                 gives itself: cnb (the first one that is started; so it is
 *                 without INJECT_WHO), cnb-keeper, cnb-session, cnb-bell,
 *                 cnb-host. NAME/2: the second of them. NAME+: not itself but
 *                 its forked children, until they become another program
 * INJECT_AT=WAY/K the K-th call that can fail so, of those that are come to in
 *                 the same way, fails; 0: none does; WAY/K+: it, and all that
 *                 come after it. A way is a number (hexadecimal) made of the
 *                 places in the program's text that lead to the call
 * INJECT=ERRNO    with that errno, of the calls that can have it; "short": a
 *                 read, write or send does half of it
 * INJECT=kill     it does not fail: the process is killed before it
 * INJECT=slow     it does not fail, it waits a while before
 * INJECT=do       it does not fail: INJECT_DO, a command of the shell, is run
 *                 before it
 * INJECT=INT, TERM, HUP, QUIT
 *                 it does not fail: the process gets that signal before it
 * INJECT=memory   memory is what fails, and nothing else is counted
 * INJECT_LOG=FILE gets a struct state: the calls of each way, and the name of
 *                 the failing one
 *
 * Calls made by libraries are not counted, nor are those of a cell: only what
 * the program's own text asks for.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* What can be wrong with a call. */
enum {
	DISK = 1,	/* EIO, ENOSPC, EROFS, EDQUOT */
	FILES = 2,	/* EMFILE, ENFILE */
	MEMORY = 4,	/* ENOMEM */
	SLEEPS = 8,	/* EINTR */
	PARTS = 16,	/* it may do less than was asked for */
	FORBIDDEN = 32, /* EPERM, EACCES, ENOSYS, EOPNOTSUPP */
	CROWDED = 64	/* EAGAIN: too many processes, or threads */
};

/* Frames of a way; of one to memory, which is asked for from everywhere. */
#define DEEP 24
#define SHALLOW 10

#define WAYS 8192 /* a power of two, more than there are */

struct way {
	_Atomic uint64_t of; /* 0: none yet */
	atomic_long calls;
	long first; /* which one of all calls */
	char name[24];
};

/* Shared by all processes: the log. tests/bin/inject knows how it looks. It is
 * mapped only while it is looked at: the host makes no snapshot of a process
 * that shares memory, or has a file open. */
struct state {
	char text[64];
	atomic_long calls;
	atomic_int claims; /* of INJECT_WHO's name */
	atomic_int failing;
	struct way ways[WAYS];
};

static char log_path[4096];
static struct {
	char name[32];
	int number, children;
} who;
static uint64_t at_way;
static long at;
static int onwards, memory, deadly, slow, doing, signalled, how, kinds, ready;
static uintptr_t text_begin, text_end; /* of the program itself */

/* Which process this is, found out at its first call after a fork. */
static pid_t known;
static enum { OTHER, ONE, CHILD } role;

static int
own_text(struct dl_phdr_info *info, size_t size, void *data)
{
	(void)size;
	(void)data;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type == PT_LOAD && p->p_flags & PF_X) {
			text_begin = info->dlpi_addr + p->p_vaddr;
			text_end = text_begin + p->p_memsz;
		}
	}
	return 1; /* the first one is the program */
}

static struct state *
take_state(void)
{
	int fd = open(log_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *map = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, sizeof(struct state)) == 0)
		map = mmap(NULL, sizeof(struct state), PROT_READ | PROT_WRITE,
			   MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	return map == MAP_FAILED ? NULL : map;
}

static void
leave_state(struct state *state)
{
	munmap(state, sizeof *state);
}

static void
claim(const char *name)
{
	struct state *state;

	if (strcmp(name, who.name) != 0 || !(state = take_state()))
		return;
	known = getpid();
	role = atomic_fetch_add(&state->claims, 1) + 1 == who.number ? ONE
								     : OTHER;
	leave_state(state);
}

static int
kinds_of(int error)
{
	switch (error) {
	case EINTR:
		return SLEEPS;
	case EMFILE:
	case ENFILE:
		return FILES;
	case ENOMEM:
		return MEMORY;
	case EAGAIN:
		return CROWDED;
	case EPERM:
	case EACCES:
	case ENOSYS:
	case EOPNOTSUPP:
		return FORBIDDEN;
	case 0:
		return PARTS;
	default:
		return DISK;
	}
}

static int
signal_of(const char *word)
{
	return strcmp(word, "INT") == 0	   ? SIGINT
	       : strcmp(word, "TERM") == 0 ? SIGTERM
	       : strcmp(word, "HUP") == 0  ? SIGHUP
	       : strcmp(word, "QUIT") == 0 ? SIGQUIT
					   : 0;
}

static void
settle_who(const char *word)
{
	snprintf(who.name, sizeof who.name, "%s", word ? word : "cnb");
	who.number = 1;
	if (who.name[strlen(who.name) - 1] == '+') {
		who.children = 1;
		who.name[strlen(who.name) - 1] = '\0';
	}
	if (strchr(who.name, '/')) {
		who.number = atoi(strchr(who.name, '/') + 1);
		*strchr(who.name, '/') = '\0';
	}
}

__attribute__((constructor)) static void
begin(void)
{
	void *frame[4];
	const char *when = getenv("INJECT_AT"), *what = getenv("INJECT");

	at_way = when ? strtoull(when, NULL, 16) : 0;
	at = when && strchr(when, '/') ? atol(strchr(when, '/') + 1) : 0;
	onwards = when && strchr(when, '+');
	how = what ? atoi(what) : 0;
	memory = what && strcmp(what, "memory") == 0;
	deadly = what && strcmp(what, "kill") == 0;
	slow = what && strcmp(what, "slow") == 0;
	doing = what && strcmp(what, "do") == 0;
	signalled = what ? signal_of(what) : 0;
	kinds = deadly || slow || doing || signalled ? ~0 : kinds_of(how);
	settle_who(getenv("INJECT_WHO"));
	snprintf(log_path, sizeof log_path, "%s",
		 getenv("INJECT_LOG") ? getenv("INJECT_LOG") : "");
	dl_iterate_phdr(own_text, NULL);
	backtrace(frame, 4); /* what it loads the first time */
	claim(program_invocation_short_name);
	if (strcmp(program_invocation_short_name, "cnb") == 0 &&
	    strcmp(who.name, "cnb-host") != 0)
		unsetenv("LD_PRELOAD");
	if (strcmp(program_invocation_short_name, "cnb-host") == 0)
		unsetenv("LD_PRELOAD");
	ready = log_path[0] != '\0';
}

/* Is this process the one? */
static int
is_meant(void)
{
	if (known != getpid()) {
		role = role == ONE ? CHILD : OTHER;
		known = getpid();
	}
	return role == (who.children ? CHILD : ONE);
}

static int
is_own(const void *address)
{
	return (uintptr_t)address >= text_begin &&
	       (uintptr_t)address < text_end;
}

/* Which way led here. A place that comes again, in a recursion, counts once. */
static uint64_t
way_here(void)
{
	void *frames[DEEP];
	int n = backtrace(frames, memory ? SHALLOW : DEEP), same;
	uint64_t of = 14695981039346656037u;

	for (int i = 0; i < n; i++) {
		for (same = 0; same < i && frames[same] != frames[i]; same++)
			;
		if (same == i && is_own(frames[i]))
			of = (of ^ ((uintptr_t)frames[i] - text_begin)) *
			     1099511628211u;
	}
	return of ? of : 1;
}

/* -> NULL: there are more than we have room for */
static struct way *
find_way(struct state *state, uint64_t of, const char *name, long first)
{
	for (uint64_t i = 0; i < WAYS; i++) {
		struct way *w = &state->ways[(of + i) % WAYS];
		uint64_t was = 0;

		if (atomic_compare_exchange_strong(&w->of, &was, of)) {
			w->first = first;
			snprintf(w->name, sizeof w->name, "%s", name);
			return w;
		}
		if (was == of)
			return w;
	}
	return NULL;
}

static const struct timespec a_while = { 0, 60 * 1000 * 1000 };

/* As system() does, which throws away a SIGINT that nobody has read yet. */
static void
run(const char *command)
{
	char *const argv[] = { "sh", "-c", (char *)(uintptr_t)command, NULL };
	pid_t pid;

	if (posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ) == 0)
		while (syscall(SYS_wait4, pid, NULL, 0, NULL) < 0 &&
		       errno == EINTR)
			;
}

/* -> does it fail? */
static int
count(struct state *state, const char *name)
{
	long n = atomic_fetch_add(&state->calls, 1) + 1;
	struct way *w;

	if (atomic_load(&state->failing))
		return onwards;
	w = find_way(state, way_here(), name, n);
	n = w ? atomic_fetch_add(&w->calls, 1) + 1 : 0;
	if (!at || !w || w->of != at_way || n != at)
		return 0;
	atomic_store(&state->failing, 1);
	snprintf(state->text, sizeof state->text, "%s", name);
	return 1;
}

static int
fails(const char *name)
{
	int saved = errno, failing;
	struct state *state = take_state();

	if (!state)
		return 0;
	failing = count(state, name);
	leave_state(state);
	if (failing && deadly)
		kill(getpid(), SIGKILL);
	if (failing && slow)
		syscall(SYS_nanosleep, &a_while, NULL);
	if (failing && signalled)
		kill(getpid(), signalled);
	if (failing && doing && getenv("INJECT_DO"))
		run(getenv("INJECT_DO"));
	errno = saved;
	return failing && !slow && !doing && !signalled;
}

/* Is this the call? */
static int
hit(const char *name, int can_be, const void *caller)
{
	if (memory || !ready || !(can_be & kinds) || !is_own(caller) ||
	    !is_meant() || !fails(name))
		return 0;
	errno = how;
	return 1;
}

#define HIT(name, can_be) hit(name, can_be, __builtin_return_address(0))

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

#define FAILING(can_be, type, name, params, args)                              \
	type name params                                                       \
	{                                                                      \
		REAL(type, name, params);                                      \
		return HIT(#name, can_be) ? (type)-1 : next args;              \
	}

#define NULLING(can_be, type, name, params, args)                              \
	type name params                                                       \
	{                                                                      \
		REAL(type, name, params);                                      \
		return HIT(#name, can_be) ? NULL : next args;                  \
	}

#define PARTIAL(can_be, name, params, args)                                    \
	ssize_t name params                                                    \
	{                                                                      \
		REAL(ssize_t, name, params);                                   \
		if (!HIT(#name, (can_be) | PARTS))                             \
			return next args;                                      \
		if (how)                                                       \
			return -1;                                             \
		n = n > 1 ? n / 2 : n;                                         \
		return next args;                                              \
	}

/* --- what is in files ------------------------------------------------------
 */

PARTIAL(DISK | SLEEPS, read, (int fd, void *p, size_t n), (fd, p, n))
PARTIAL(DISK | SLEEPS, write, (int fd, const void *p, size_t n), (fd, p, n))
PARTIAL(DISK | SLEEPS, __read_chk, (int fd, void *p, size_t n, size_t room),
	(fd, p, n, room))
PARTIAL(DISK | SLEEPS, pread, (int fd, void *p, size_t n, off_t from),
	(fd, p, n, from))
FAILING(DISK, off_t, lseek, (int fd, off_t n, int from), (fd, n, from))
FAILING(DISK | SLEEPS, int, fsync, (int fd), (fd))
FAILING(DISK | SLEEPS, int, fdatasync, (int fd), (fd))
FAILING(DISK, int, sync_file_range,
	(int fd, off64_t from, off64_t n, unsigned flags), (fd, from, n, flags))
FAILING(DISK | SLEEPS, int, ftruncate, (int fd, off_t n), (fd, n))
FAILING(DISK | SLEEPS | FORBIDDEN, int, fallocate,
	(int fd, int mode, off_t from, off_t n), (fd, mode, from, n))
FAILING(DISK | FORBIDDEN, int, fchmod, (int fd, mode_t mode), (fd, mode))
FAILING(DISK | FORBIDDEN, int, fchown, (int fd, uid_t u, gid_t g), (fd, u, g))
FAILING(DISK | SLEEPS | MEMORY, int, flock, (int fd, int what), (fd, what))
FAILING(DISK | FORBIDDEN, int, futimens,
	(int fd, const struct timespec times[2]), (fd, times))
FAILING(DISK | FORBIDDEN, int, utimensat,
	(int d, const char *path, const struct timespec times[2], int flags),
	(d, path, times, flags))

/* --- names of files --------------------------------------------------------
 */

FAILING(DISK | FORBIDDEN, int, linkat,
	(int d, const char *a, int e, const char *b, int flags),
	(d, a, e, b, flags))
FAILING(DISK | FORBIDDEN, int, rename, (const char *a, const char *b), (a, b))
FAILING(DISK | FORBIDDEN, int, renameat2,
	(int d, const char *a, int e, const char *b, unsigned flags),
	(d, a, e, b, flags))
FAILING(DISK | FORBIDDEN, int, mkdir, (const char *path, mode_t mode),
	(path, mode))
FAILING(DISK | FORBIDDEN, int, rmdir, (const char *path), (path))
FAILING(DISK | FORBIDDEN, int, unlink, (const char *path), (path))
FAILING(DISK | FORBIDDEN, int, unlinkat, (int d, const char *path, int flags),
	(d, path, flags))
FAILING(DISK | FILES | FORBIDDEN, int, mkostemp, (char *path, int flags),
	(path, flags))
NULLING(DISK | FORBIDDEN, char *, mkdtemp, (char *path), (path))
FAILING(DISK | FORBIDDEN, int, stat, (const char *path, struct stat *s),
	(path, s))
FAILING(DISK | FORBIDDEN, int, lstat, (const char *path, struct stat *s),
	(path, s))
FAILING(DISK, int, fstat, (int fd, struct stat *s), (fd, s))
FAILING(DISK | FORBIDDEN, int, fstatat,
	(int d, const char *path, struct stat *s, int flags),
	(d, path, s, flags))
FAILING(DISK | FORBIDDEN, int, access, (const char *path, int mode),
	(path, mode))
FAILING(DISK | FORBIDDEN, int, faccessat,
	(int d, const char *path, int mode, int flags), (d, path, mode, flags))
FAILING(DISK | FORBIDDEN, int, chdir, (const char *path), (path))
NULLING(DISK | MEMORY | FORBIDDEN, char *, getcwd, (char *path, size_t n),
	(path, n))
NULLING(DISK | FORBIDDEN, char *, realpath, (const char *a, char *b), (a, b))
NULLING(DISK | FILES | FORBIDDEN, DIR *, opendir, (const char *path), (path))
NULLING(DISK | MEMORY, DIR *, fdopendir, (int fd), (fd))
NULLING(DISK, struct dirent *, readdir, (DIR * dir), (dir))
NULLING(DISK | FILES | SLEEPS | FORBIDDEN, FILE *, fopen,
	(const char *path, const char *mode), (path, mode))
NULLING(DISK, char *, fgets, (char *line, int n, FILE *f), (line, n, f))
FAILING(DISK, int, fflush, (FILE * f), (f))

/* --- descriptors -----------------------------------------------------------
 */

FAILING(FILES, int, pipe2, (int fds[2], int flags), (fds, flags))
FAILING(SLEEPS, int, dup2, (int fd, int to), (fd, to))
FAILING(FORBIDDEN, int, close_range, (unsigned a, unsigned b, int flags),
	(a, b, flags))
FAILING(FILES | MEMORY | FORBIDDEN, int, memfd_create,
	(const char *name, unsigned flags), (name, flags))
FAILING(FILES, int, epoll_create1, (int flags), (flags))
FAILING(MEMORY | DISK, int, epoll_ctl,
	(int fd, int op, int other, struct epoll_event *ev),
	(fd, op, other, ev))
FAILING(SLEEPS, int, epoll_wait,
	(int fd, struct epoll_event *ev, int n, int ms), (fd, ev, n, ms))
FAILING(SLEEPS, int, poll, (struct pollfd * fds, nfds_t n, int ms),
	(fds, n, ms))
FAILING(SLEEPS, int, __poll_chk,
	(struct pollfd * fds, nfds_t n, int ms, size_t room),
	(fds, n, ms, room))
FAILING(FILES | MEMORY, int, signalfd, (int fd, const sigset_t *set, int flags),
	(fd, set, flags))
FAILING(FILES | MEMORY, int, inotify_init1, (int flags), (flags))
FAILING(MEMORY | DISK | FORBIDDEN, int, inotify_add_watch,
	(int fd, const char *path, uint32_t mask), (fd, path, mask))

/* --- sockets ---------------------------------------------------------------
 */

FAILING(FILES | MEMORY, int, socketpair, (int d, int t, int p, int fds[2]),
	(d, t, p, fds))
FAILING(FILES | MEMORY, int, socket, (int d, int t, int p), (d, t, p))
FAILING(DISK | MEMORY | FORBIDDEN, int, bind,
	(int fd, const struct sockaddr *a, socklen_t n), (fd, a, n))
FAILING(MEMORY, int, listen, (int fd, int n), (fd, n))
FAILING(SLEEPS | MEMORY | FORBIDDEN, int, connect,
	(int fd, const struct sockaddr *a, socklen_t n), (fd, a, n))
FAILING(FILES | SLEEPS | MEMORY, int, accept4,
	(int fd, struct sockaddr *a, socklen_t *n, int flags),
	(fd, a, n, flags))
FAILING(MEMORY, int, getsockopt,
	(int fd, int level, int name, void *p, socklen_t *n),
	(fd, level, name, p, n))
FAILING(SLEEPS | MEMORY, ssize_t, sendmsg,
	(int fd, const struct msghdr *m, int f), (fd, m, f))
FAILING(SLEEPS, ssize_t, recvmsg, (int fd, struct msghdr *m, int f), (fd, m, f))

static int
is_stream(int fd)
{
	int type = 0;
	socklen_t n = sizeof type;

	syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_TYPE, &type, &n);
	return type == SOCK_STREAM ? PARTS : 0;
}

ssize_t
send(int fd, const void *p, size_t n, int flags)
{
	REAL(ssize_t, send, (int, const void *, size_t, int));

	if (HIT("send", SLEEPS | MEMORY | is_stream(fd))) {
		if (how)
			return -1;
		n = n > 1 ? n / 2 : n;
	}
	return next(fd, p, n, flags);
}

ssize_t
recv(int fd, void *p, size_t n, int flags)
{
	REAL(ssize_t, recv, (int, void *, size_t, int));

	if (HIT("recv", SLEEPS | is_stream(fd))) {
		if (how)
			return -1;
		n = n > 1 ? n / 2 : n;
	}
	return next(fd, p, n, flags);
}

/* --- processes -------------------------------------------------------------
 */

FAILING(MEMORY | CROWDED, pid_t, fork, (void), ())
FAILING(MEMORY | CROWDED | DISK | FORBIDDEN, int, execve,
	(const char *path, char *const argv[], char *const env[]),
	(path, argv, env))
FAILING(MEMORY | CROWDED | DISK | FORBIDDEN, int, execv,
	(const char *path, char *const argv[]), (path, argv))
FAILING(SLEEPS, pid_t, waitpid, (pid_t pid, int *status, int flags),
	(pid, status, flags))
FAILING(SLEEPS, pid_t, wait4,
	(pid_t pid, int *status, int flags, struct rusage *usage),
	(pid, status, flags, usage))
FAILING(SLEEPS, int, waitid, (idtype_t t, id_t id, siginfo_t *i, int flags),
	(t, id, i, flags))
FAILING(FORBIDDEN, int, kill, (pid_t pid, int sig), (pid, sig))
FAILING(FORBIDDEN | MEMORY, int, sigqueue,
	(pid_t pid, int sig, const union sigval v), (pid, sig, v))
FAILING(FORBIDDEN, int, setpgid, (pid_t pid, pid_t group), (pid, group))
FAILING(FORBIDDEN, pid_t, setsid, (void), ())
FAILING(FORBIDDEN, int, setrlimit,
	(__rlimit_resource_t what, const struct rlimit *r), (what, r))
FAILING(FORBIDDEN, int, personality, (unsigned long what), (what))
FAILING(SLEEPS, int, nanosleep,
	(const struct timespec *t, struct timespec *left), (t, left))
FAILING(SLEEPS, int, usleep, (useconds_t us), (us))
FAILING(FORBIDDEN | MEMORY, ssize_t, process_vm_readv,
	(pid_t pid, const struct iovec *a, unsigned long na,
	 const struct iovec *b, unsigned long nb, unsigned long flags),
	(pid, a, na, b, nb, flags))

int
pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *),
	       void *p)
{
	REAL(int, pthread_create,
	     (pthread_t *, const pthread_attr_t *, void *(*)(void *), void *));
	return HIT("pthread_create", MEMORY | CROWDED) ? how : next(t, a, f, p);
}

/* A name that is taken says who this is. */
int
prctl(int what, ...)
{
	unsigned long a[4];
	va_list args;
	REAL(int, prctl, (int, ...));

	va_start(args, what);
	for (int i = 0; i < 4; i++)
		a[i] = va_arg(args, unsigned long);
	va_end(args);
	if (what == PR_SET_NAME && ready)
		claim((const char *)a[0]);
	return HIT("prctl", FORBIDDEN) ? -1
				       : next(what, a[0], a[1], a[2], a[3]);
}

long
syscall(long number, ...)
{
	static const struct {
		long number;
		const char *name;
		int can_be;
	} known_calls[] = {
		{ SYS_pidfd_open, "pidfd_open", FILES | MEMORY | FORBIDDEN },
		{ SYS_clone3, "clone3", MEMORY | CROWDED | FORBIDDEN },
		{ SYS_clone, "clone", MEMORY | CROWDED },
		{ SYS_seccomp, "seccomp", FILES | MEMORY | FORBIDDEN },
		{ SYS_waitid, "waitid", SLEEPS },
	};
	long a[6];
	va_list args;
	REAL(long, syscall, (long, ...));

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	for (size_t i = 0; i < sizeof known_calls / sizeof *known_calls; i++)
		if (known_calls[i].number == number &&
		    HIT(known_calls[i].name, known_calls[i].can_be))
			return -1;
	return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int
fcntl(int fd, int what, ...)
{
	va_list args;
	long arg;
	int can_be = what == F_DUPFD || what == F_DUPFD_CLOEXEC ? FILES
		     : what == F_SETPIPE_SZ || what == F_SETLEASE ||
				     what == F_GETLEASE
			     ? FORBIDDEN
			     : 0;
	REAL(int, fcntl, (int, int, ...));

	va_start(args, what);
	arg = va_arg(args, long);
	va_end(args);
	return HIT("fcntl", can_be) ? -1 : next(fd, what, arg);
}

/* To count what a pipe holds never sleeps. */
int
ioctl(int fd, unsigned long what, ...)
{
	va_list args;
	void *arg;
	REAL(int, ioctl, (int, unsigned long, ...));

	va_start(args, what);
	arg = va_arg(args, void *);
	va_end(args);
	return HIT("ioctl", what == FIONREAD ? 0 : SLEEPS)
		       ? -1
		       : next(fd, what, arg);
}

/* On Linux the descriptor is gone, whatever close() says. */
int
close(int fd)
{
	int saved, rc;
	REAL(int, close, (int));

	rc = next(fd);
	saved = errno;
	if (HIT("close", DISK | SLEEPS))
		return -1;
	errno = saved;
	return rc;
}

int
posix_fallocate(int fd, off_t from, off_t n)
{
	REAL(int, posix_fallocate, (int, off_t, off_t));
	return HIT("posix_fallocate", DISK | SLEEPS | FORBIDDEN)
		       ? how
		       : next(fd, from, n);
}

void *
mmap(void *where, size_t n, int prot, int flags, int fd, off_t from)
{
	REAL(void *, mmap, (void *, size_t, int, int, int, off_t));
	return HIT("mmap", DISK | MEMORY)
		       ? MAP_FAILED
		       : next(where, n, prot, flags, fd, from);
}

void *
mremap(void *old, size_t n, size_t more, int flags, ...)
{
	REAL(void *, mremap, (void *, size_t, size_t, int, ...));
	return HIT("mremap", MEMORY) ? MAP_FAILED : next(old, n, more, flags);
}

static mode_t
mode_of(int flags, va_list args)
{
	return flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
}

#define OPEN (DISK | FILES | SLEEPS | FORBIDDEN)

int
open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;
	REAL(int, open, (const char *, int, ...));

	va_start(args, flags);
	mode = mode_of(flags, args);
	va_end(args);
	return HIT("open", OPEN) ? -1 : next(path, flags, mode);
}

int
__open_2(const char *path, int flags)
{
	REAL(int, __open_2, (const char *, int));
	return HIT("open", OPEN) ? -1 : next(path, flags);
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
	return HIT("openat", OPEN) ? -1 : next(dir, path, flags, mode);
}

/* --- memory ----------------------------------------------------------------
 */

/* glibc's own names of its allocator. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

/* Whoever asks for it: libc for us, too. */
static int
no_memory(void)
{
	if (!memory || !ready || !is_meant() || !fails("memory"))
		return 0;
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

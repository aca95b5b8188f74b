/* snapshot.c: is this process in a state that can be copied; the copy; its
 * frozen life and its thaw. Floor 2, in cnb-host. Does not know what is loaded
 * or run. Allocates nothing on the heap, which cells may have smashed.
 *
 * The copy is made by the kernel's clone(), not by fork(): CLONE_PARENT is the
 * only way to a copy that no cell can wait for, and what programs registered by
 * pthread_atfork() is not for us to run. What fork() mends beside, of a process
 * with one thread, is the thread's id and its list of robust mutexes: done
 * here. */
#include "host/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "host/control.h"
#include "host/descriptors.h"
#include "host/measure.h"
#include "host/room.h"
#include "host/streams.h"

#ifndef PR_GET_TID_ADDRESS
#define PR_GET_TID_ADDRESS 40
#endif
/* Where in a thread's descriptor its id may stand, if the kernel does not say:
 * glibc has it in the first third. */
#define DESCRIPTOR_BYTES 2048
#define PROC_PIECE 4096 /* lines of /proc files come whole in so much */

/* A descriptor of a cell whose place in its file comes back. */
struct place {
	int fd, flags;
	off_t offset;
};

static struct {
	char why[160];
	struct room places; /* struct place[nplaces] */
	uint32_t nplaces;
} snapshot;

/* What is read from /proc: one page, since each that we write to between two
 * snapshots is kept twice. */
static char page[PROC_PIECE] __attribute__((aligned(PROC_PIECE)));

static bool obstacle(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
static bool
obstacle(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(snapshot.why, sizeof snapshot.why, format, args);
	va_end(args);
	return true;
}

/* what cannot be copied: each says true and why */

static bool
has_threads(void)
{
	uint32_t n = measure_threads();

	if (n <= 1)
		return false;
	return n == 2 ? obstacle("a thread is alive")
		      : obstacle("%u threads are alive", (unsigned)n - 1);
}

static bool
has_children(void)
{
	siginfo_t info;

	if (waitid(P_ALL, 0, &info,
		   WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) < 0)
		return false;
	return obstacle("a child process has not been waited for");
}

static bool
has_timers(void)
{
	static const int clocks[] = { ITIMER_REAL, ITIMER_VIRTUAL,
				      ITIMER_PROF };
	struct itimerval t;
	char byte;
	size_t i;
	int fd;
	ssize_t n;

	for (i = 0; i < sizeof clocks / sizeof *clocks; i++)
		if (getitimer(clocks[i], &t) == 0 &&
		    (t.it_value.tv_sec || t.it_value.tv_usec))
			return obstacle("a timer is running");
	fd = open("/proc/self/timers", O_RDONLY | O_CLOEXEC);
	if (fd < 0) /* a kernel that does not tell */
		return false;
	n = read(fd, &byte, 1);
	close(fd);
	return n > 0 && obstacle("a timer exists");
}

/* One line of /proc/self/maps: "7f00-7f10 rw-s 00000000 00:01 7 /dev/shm/x". */
static bool
is_shared(const char *line)
{
	const char *mode = strchr(line, ' ');
	const char *path = strchr(line, '/');

	if (!mode || strlen(mode) < 5 || mode[2] != 'w' || mode[4] != 's')
		return false;
	return obstacle("memory is shared (%s)", path ? path : "anonymous");
}

static bool
has_shared_memory(void)
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	bool found = false;
	ssize_t n;

	if (fd < 0)
		return obstacle("/proc/self/maps cannot be read");
	while (!found && (n = read(fd, page, PROC_PIECE - 1)) > 0) {
		char *line = page, *end;

		page[n] = '\0';
		for (; !found && *line; line = end) {
			end = line + strcspn(line, "\n");
			if (*end)
				*end++ = '\0';
			found = is_shared(line);
		}
	}
	close(fd);
	return found;
}

/* What stands behind a descriptor: remember the place in a file, or refuse. */
static bool
is_obstacle(int fd, void *ours)
{
	struct place *p;
	struct stat st;
	off_t offset;

	if (fd == *(int *)ours || fstat(fd, &st) < 0 || control_is(&st) ||
	    own_is(fd, &st) || streams_hold(fd, &st))
		return false;
	if (S_ISFIFO(st.st_mode))
		return obstacle("descriptor %d is a pipe", fd);
	if (S_ISSOCK(st.st_mode))
		return obstacle("descriptor %d is a socket", fd);
	if (!(st.st_mode & S_IFMT))
		return obstacle("descriptor %d is not a file", fd);
	offset = S_ISCHR(st.st_mode) ? -1 : lseek(fd, 0, SEEK_CUR);
	if (offset < 0)
		return false;
	if (room_reserve(&snapshot.places, (snapshot.nplaces + 1) * sizeof *p))
		return obstacle("no memory is left");
	p = (struct place *)(void *)snapshot.places.at + snapshot.nplaces++;
	*p = (struct place){ fd, fcntl(fd, F_GETFL), offset };
	return false;
}

static bool
has_odd_descriptors(int ours)
{
	obstacle("/proc/self/fd cannot be read"); /* unless it says another */
	snapshot.nplaces = 0;
	return descriptors_any(is_obstacle, &ours);
}

/* Those that are cheap to ask, and met most, first. */
static bool
is_unclean(int ours)
{
	return has_threads() || has_children() || has_odd_descriptors(ours) ||
	       has_timers() || has_shared_memory();
}

/* copies */

/* Where libc keeps this thread's id. */
static pid_t *
id_of_thread(void)
{
	pid_t *found = NULL, me = (pid_t)syscall(SYS_gettid);
	char *descriptor = (char *)pthread_self();
	size_t i;

	if (prctl(PR_GET_TID_ADDRESS, &found, 0, 0, 0) == 0 && found &&
	    *found == me)
		return found;
	for (i = 0; i < DESCRIPTOR_BYTES; i += sizeof *found) {
		found = (pid_t *)(void *)(descriptor + i);
		if (*found == me)
			return found;
	}
	return NULL;
}

/* A child of our parent; 0 in the child, -1 with errno. */
static pid_t
copy(void)
{
	static void *robust;
	static size_t robust_len;
	pid_t *id = id_of_thread();
	long pid;

	if (!id) {
		errno = ENOSYS;
		return -1;
	}
	syscall(SYS_get_robust_list, 0, &robust, &robust_len);
	/* Machines differ in which of the last two is the id's address; the
	 * other is not looked at. */
	pid = syscall(SYS_clone,
		      CLONE_PARENT | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID |
			      SIGCHLD,
		      0, NULL, id, id);
	if (pid == 0) {
		if (robust)
			syscall(SYS_set_robust_list, robust, robust_len);
		/* A signal to the group that we come from is not for us. */
		setpgid(0, 0);
	}
	return (pid_t)pid;
}

static void
put_back_places(void)
{
	const struct place *p = (const void *)snapshot.places.at;
	uint32_t i;

	for (i = 0; i < snapshot.nplaces; i++, p++) {
		lseek(p->fd, p->offset, SEEK_SET);
		fcntl(p->fd, F_SETFL, p->flags);
	}
}

/* The message says how many places there are: while a file is open, two lines
 * would move each other's. */
static void
tell_frozen(void)
{
	char room[64];
	struct wire_put p = { .data = room, .cap = sizeof room };

	wire_put_u32(&p, (uint32_t)getpid());
	wire_put_u32(&p, snapshot.nplaces);
	wire_put_str(&p, "");
	if (wire_send(control_fd(), WIRE_FROZEN, room, p.len, NULL, 0) < 0)
		_exit(0);
}

static void
tell_refused(int fd)
{
	char room[sizeof snapshot.why + 16];
	struct wire_put p = { .data = room, .cap = sizeof room };

	obstacle("the process cannot be copied: %s", strerror(errno));
	wire_put_str(&p, snapshot.why);
	wire_send(fd, WIRE_REFUSED, room, p.len, NULL, 0);
}

/* Wait for orders. Returns in a copy that has become the one to run cells. */
static void
stay_frozen(int fd, struct wire_in *in)
{
	int got;

	for (;;) {
		do
			got = wire_recv(fd, in);
		while (got == 0);
		/* At the end of the socket nobody wants us any more. */
		if (got < 0 || in->type != WIRE_THAW || in->nfds != 1)
			_exit(0);
		put_back_places();
		switch (copy()) {
		case 0:
			close(fd);
			fd = in->fds[0];
			in->nfds = 0;
			if (control_init(fd) < 0)
				_exit(WIRE_EXIT_LOST);
			return;
		case -1:
			tell_refused(in->fds[0]);
			break;
		default:
			break;
		}
	}
}

enum snapshot_role
snapshot_take(int fd, struct wire_in *in, const char **why)
{
	sigset_t all, before;
	pid_t pid = -1;

	*why = snapshot.why;
	if (!is_unclean(fd)) {
		sigfillset(&all);
		sigprocmask(SIG_SETMASK, &all, &before);
		pid = copy();
		if (pid == 0) {
			streams_let_go();
			tell_frozen();
			control_drop();
			stay_frozen(fd, in);
		} else if (pid < 0) {
			obstacle("the process cannot be copied: %s",
				 strerror(errno));
		}
		sigprocmask(SIG_SETMASK, &before, NULL);
	}
	if (pid == 0)
		return SNAPSHOT_THAWED;
	close(fd);
	return pid < 0 ? SNAPSHOT_NONE : SNAPSHOT_TAKEN;
}

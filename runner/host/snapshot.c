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
#include <inttypes.h>
#include <linux/fs.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "host/bare.h"
#include "host/control.h"
#include "host/descriptors.h"
#include "host/hot.h"
#include "host/measure.h"
#include "host/namespaces.h"
#include "host/places.h"
#include "host/streams.h"
#include "host/systemv.h"

#ifndef PR_GET_TID_ADDRESS
#define PR_GET_TID_ADDRESS 40
#endif
/* Where in a thread's descriptor its id may stand, if the kernel does not say:
 * glibc has it in the first third. */
#define DESCRIPTOR_BYTES 2048
#ifndef PROCMAP_QUERY /* <linux/fs.h> of Linux 6.11 */
struct procmap_query {
	uint64_t size, query_flags, query_addr;
	uint64_t vma_start, vma_end, vma_flags, vma_page_size, vma_offset;
	uint64_t inode;
	uint32_t dev_major, dev_minor, vma_name_size, build_id_size;
	uint64_t vma_name_addr, build_id_addr;
};
#define PROCMAP_QUERY _IOWR('f', 17, struct procmap_query)
#define PROCMAP_QUERY_VMA_SHARED 0x08
#define PROCMAP_QUERY_COVERING_OR_NEXT_VMA 0x10
#endif
#define PROT_ALL (PROT_READ | PROT_WRITE | PROT_EXEC)
#define PROC_PIECE 4096
#define ENDING_NICE 10

static struct {
	char why[160];
	/* Where libc keeps the main thread's id, and its list of mutexes. */
	pid_t *id;
	void *robust;
	size_t robust_len;
	bool ahead;	   /* snapshot_is_ahead(), and */
	sigset_t when_not; /* the signals that are blocked when it begins */
	int subreaper;	   /* who loses its parent becomes our child */
	int orphaned;	   /* the signal that comes when our parent ends */
} snapshot HOT;

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
	int fd = own_fd(OWN_TIMERS, NULL);

	for (i = 0; i < sizeof clocks / sizeof *clocks; i++)
		if (getitimer(clocks[i], &t) == 0 &&
		    (t.it_value.tv_sec || t.it_value.tv_usec))
			return obstacle("a timer is running");
	/* There is no such file where the kernel does not tell. */
	return fd >= 0 && pread(fd, &byte, 1, 0) > 0 &&
	       obstacle("a timer exists");
}

/* Is it, or could it be if a cell asked for it? To ask is to try; memory of a
 * file that was opened to be read cannot. */
static bool
can_be_written(uint64_t begin, uint64_t end, int protection)
{
	void *at = (void *)(uintptr_t)begin;
	size_t size = (size_t)(end - begin);

	if (protection & PROT_WRITE)
		return true;
	if (mprotect(at, size, protection | PROT_WRITE))
		return false;
	mprotect(at, size, protection);
	return true;
}

/* One line of /proc/self/maps: "7f00-7f10 rw-s 00000000 00:01 7 /dev/shm/x". */
static bool
is_shared(const char *line)
{
	const char *mode = strchr(line, ' ');
	const char *path = strchr(line, '/');
	uint64_t begin, end;
	int protection;

	if (!mode || strlen(mode) < 5 || mode[4] != 's' ||
	    sscanf(line, "%" SCNx64 "-%" SCNx64, &begin, &end) != 2)
		return false;
	protection = (mode[1] == 'r' ? PROT_READ : 0) |
		     (mode[2] == 'w' ? PROT_WRITE : 0) |
		     (mode[3] == 'x' ? PROT_EXEC : 0);
	return can_be_written(begin, end, protection) &&
	       obstacle("memory is shared (%s)", path ? path : "anonymous");
}

/* The kernel is asked for each place that is shared. False: one can be written
 * to, or it cannot be asked (before Linux 6.11). */
static bool
surely_shares_nothing(void)
{
	struct procmap_query q = { .size = sizeof q,
				   .query_flags =
					   PROCMAP_QUERY_COVERING_OR_NEXT_VMA |
					   PROCMAP_QUERY_VMA_SHARED };
	int fd = own_fd(OWN_MAPS, NULL);

	if (fd < 0)
		return false;
	for (; ioctl(fd, PROCMAP_QUERY, &q) == 0; q.query_addr = q.vma_end)
		/* Their flags are numbered as those of mmap(). */
		if (can_be_written(q.vma_start, q.vma_end,
				   (int)(q.vma_flags & PROT_ALL)))
			return false;
	return errno == ENOENT;
}

/* The text of /proc/self/maps, as far as it was read: `page` holds `len` bytes
 * of a line that has not come to its end. A name may be longer than that: then
 * what stands before it is there, and the `rest` is passed over. */
struct maps {
	size_t len;
	bool rest;
};

static bool
any_is_shared(struct maps *m)
{
	char *line = page, *end;

	for (; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (!m->rest && is_shared(line))
			return true;
		m->rest = false;
	}
	m->len = strlen(line);
	if (m->len == PROC_PIECE - 1) {
		if (!m->rest && is_shared(line))
			return true;
		m->rest = true;
		m->len = 0;
	}
	memmove(page, line, m->len);
	return false;
}

static bool
has_shared_memory(void)
{
	struct maps m = { 0, false };
	bool found = false;
	ssize_t n = 1;
	int fd;

	if (surely_shares_nothing())
		return false;
	fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return obstacle("/proc/self/maps cannot be read");
	while (!found && n) {
		n = read(fd, page + m.len, PROC_PIECE - 1 - m.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			found = obstacle("/proc/self/maps cannot be read");
			break;
		}
		page[m.len + (size_t)n] = '\0';
		found = any_is_shared(&m);
	}
	close(fd);
	return found;
}

static bool
was_received(const struct wire_in *in, int fd)
{
	size_t i;

	for (i = 0; i < in->nfds; i++)
		if (in->fds[i] == fd)
			return true;
	return false;
}

/* What stands behind a descriptor: remember the place in a file, or refuse. */
static bool
is_obstacle(int fd, void *received)
{
	struct stat st;

	if (was_received(received, fd) || fstat(fd, &st) < 0 ||
	    control_is(&st) || own_is(fd, &st) || streams_hold(fd, &st))
		return false;
	return places_add(fd, &st, snapshot.why, sizeof snapshot.why) < 0;
}

static bool
has_odd_descriptors(struct wire_in *in, bool watched)
{
	places_begin(watched);
	if (descriptors_are_ours(control_check() + (unsigned)in->nfds))
		return false;
	obstacle("/proc/self/fd cannot be read"); /* unless it says another */
	return descriptors_any(is_obstacle, in);
}

/* A copy would never get it. (glibc's sigisemptyset() does not see those of
 * real time.) */
static bool
has_signals(void)
{
	sigset_t waiting;
	int i;

	sigpending(&waiting);
	for (i = 1; i <= SIGRTMAX; i++)
		if (sigismember(&waiting, i) == 1)
			return obstacle("a signal waits to be let in");
	return false;
}

static bool
has_system_v(void)
{
	const char *left = systemv_left();

	return left && obstacle("%s was not removed", left);
}

static bool
has_namespaces(void)
{
	const char *kind = namespaces_left();

	if (!kind)
		return false;
	return *kind ? obstacle("it has left the namespace that it began in "
				"(%s)",
				kind)
		     : obstacle("its namespaces cannot be told");
}

/* Those that are cheap to ask, and met most, first. */
static bool
is_unclean(struct wire_in *in, bool watched)
{
	/* Where we are sure, there are none of the first two. */
	return (!descriptors_are_sure() && (has_threads() || has_children())) ||
	       has_odd_descriptors(in, watched) || has_signals() ||
	       has_timers() || has_shared_memory() || has_system_v() ||
	       has_namespaces();
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

/* A child of our parent; 0 in the child, or -errno. */
static pid_t
clone_beside(unsigned long flags)
{
	pid_t *id = snapshot.id;

	/* Machines differ in which of the last two is the id's address; the
	 * other is not looked at. */
	return (pid_t)bare(SYS_clone, (long)(CLONE_PARENT | SIGCHLD | flags), 0,
			   0, (long)id, (long)id, 0);
}

/* One that stands still. It has a thread's id no more than a list of mutexes:
 * whoever comes from it gets its own. It begins in our parent's group, and in
 * ours it never was: a signal to the group, by the very next cell, is not for
 * it. */
static pid_t
copy_still(void)
{
	pid_t group = getpgrp(), pid;

	snapshot.id = id_of_thread();
	if (!snapshot.id) {
		errno = ENOSYS;
		return -1;
	}
	syscall(SYS_get_robust_list, 0, &snapshot.robust, &snapshot.robust_len);
	prctl(PR_GET_CHILD_SUBREAPER, &snapshot.subreaper);
	prctl(PR_GET_PDEATHSIG, &snapshot.orphaned);
	setpgid(0, getpgid(getppid()));
	pid = clone_beside(0);
	if (pid == 0)
		return 0;
	if (setpgid(0, group))
		setpgid(0, 0);
	if (pid > 0)
		return pid;
	errno = -pid;
	return -1;
}

/* What is not inherited. */
static void
set_as_before(void)
{
	if (snapshot.robust)
		syscall(SYS_set_robust_list, snapshot.robust,
			snapshot.robust_len);
	if (snapshot.subreaper)
		prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* One that runs. */
static pid_t
copy_running(void)
{
	pid_t pid = clone_beside(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID);

	if (pid == 0) {
		set_as_before();
		setpgid(0, 0);
	} else if (pid < 0) {
		errno = -pid;
	}
	return pid < 0 ? -1 : pid;
}

/* As the host that is to be would say it; a `fault` is the system's. */
static void
tell_refused(int fd, bool fault)
{
	char room[sizeof snapshot.why + 16];
	struct wire_put p = { .data = room, .cap = sizeof room };

	wire_put_str(&p, snapshot.why);
	wire_put_u32(&p, fault);
	wire_send(fd, WIRE_REFUSED, room, p.len, NULL, 0);
}

/* May we become a host, whose files are as they were? */
static bool
has_come_back(struct wire_in *in)
{
	int fd = places_find_written();

	if (fd < 0) {
		places_put_back();
		return true;
	}
	obstacle("the file of descriptor %d was written to since", fd);
	tell_refused(in->fds[0], false);
	return false;
}

/* Until there is an order. Each page that a copy touches costs: it waits with
 * few. */
static void
await_order(int fd)
{
	char byte;
	long n;

	do
		n = bare(SYS_recvfrom, fd, (long)&byte, 1, MSG_PEEK, 0, 0);
	while (n == -EINTR);
	if (n > 0)
		return;
	/* Nobody wants us any more, and perhaps hundreds of others: who runs a
	 * cell is not to wait while the kernel clears us away. */
	bare(SYS_setpriority, PRIO_PROCESS, 0, ENDING_NICE, 0, 0, 0);
	bare(SYS_exit_group, 0, 0, 0, 0, 0, 0);
}

static void
close_received(struct wire_in *in)
{
	size_t i;

	for (i = 0; i < in->nfds; i++)
		bare_close(in->fds[i]);
	in->nfds = 0;
}

/* Go on as the one that the order's descriptor leads to. */
static int
take_socket(int fd, struct wire_in *in)
{
	close(fd);
	fd = in->fds[0];
	in->nfds = 0;
	return fd;
}

static void
be_host(int fd)
{
	own_forget();
	streams_let_go();
	if (control_init(fd) < 0)
		_exit(WIRE_EXIT_LOST);
}

static void
thaw(int fd, struct wire_in *in)
{
	switch (copy_running()) {
	case 0:
		snapshot.ahead = in->type == WIRE_COPY;
		be_host(take_socket(fd, in));
		return;
	case -1:
		obstacle("the process cannot be copied: %s", strerror(errno));
		tell_refused(in->fds[0], true);
		break;
	default:
		break;
	}
}

/* Wait for orders. Returns in a copy that has become the one to run cells. */
static void
stay_frozen(int fd, struct wire_in *in)
{
	while (control_fd() < 0) {
		await_order(fd);
		if (wire_recv(fd, in) <= 0 || in->nfds != 1)
			_exit(0);
		if (in->type == WIRE_THAW) {
			if (has_come_back(in))
				thaw(fd, in);
		} else if (in->type == WIRE_COPY) {
			thaw(fd, in);
		} else {
			_exit(0);
		}
		/* The end of file of others' sockets must not wait for us. */
		close_received(in);
	}
}

#define STACK_PART (64 << 10)

/* What calls that are over have left below ours. */
static __attribute__((noinline)) void
drop_old_frames(void)
{
	const uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t at = (uintptr_t)__builtin_frame_address(0);
	long rc;

	at = (at & ~(size - 1)) - size; /* what runs now is above it */
	do {
		at -= STACK_PART;
		rc = bare(SYS_madvise, (long)at, STACK_PART, MADV_DONTNEED, 0,
			  0, 0);
	} while (rc == 0); /* else it begins within this part */
}

/* Let go of what others wait for the end of. */
static void
let_go(struct wire_in *in, bool lasting)
{
	bare(SYS_setpgid, 0, 0, 0, 0, 0, 0);
	own_part();
	streams_step_back(lasting);
	control_drop();
	close_received(in);
	if (lasting && in->packet.at)
		DROP_PAGES(in->packet.at, in->packet.cap);
	if (lasting)
		drop_old_frames();
}

/* A cell may have used up all descriptors. */
static int
make_pair(int pair[2])
{
	const int type = SOCK_SEQPACKET | SOCK_CLOEXEC;

	if (socketpair(AF_UNIX, type, 0, pair) == 0)
		return 0;
	control_make_room();
	return socketpair(AF_UNIX, type, 0, pair);
}

/* As snapshot_take(), with no reason to refuse it. */
static pid_t
take(struct wire_in *in, bool lasting, int *leading)
{
	sigset_t all, before;
	int pair[2];
	pid_t pid;

	if (make_pair(pair))
		return -1;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = copy_still();
	if (pid == 0) {
		bare_close(pair[0]);
		let_go(in, lasting);
		stay_frozen(pair[1], in);
	}
	if (pid == 0 && snapshot.ahead)
		snapshot.when_not = before;
	else
		sigprocmask(SIG_SETMASK, &before, NULL);
	if (pid)
		close(pair[1]);
	if (pid < 0)
		close(pair[0]);
	*leading = pair[0];
	return pid;
}

bool
snapshot_take(struct wire_in *in, bool watched, struct snapshot *s)
{
	pid_t pid = -1;

	*s = (struct snapshot){ .fd = -1, .why = snapshot.why };
	if (!is_unclean(in, watched)) {
		/* One that is not watched is soon followed by the next. */
		pid = take(in, watched, &s->fd);
		if (pid < 0)
			obstacle("the process cannot be copied: %s",
				 strerror(errno));
	}
	if (pid > 0) {
		s->pid = pid;
		s->files = places_count();
		s->watched = places_watched();
		s->why = "";
	}
	return pid == 0;
}

int
snapshot_orphaned(void)
{
	return snapshot.orphaned;
}

bool
snapshot_is_ahead(void)
{
	return snapshot.ahead;
}

void
snapshot_begin(void)
{
	const struct timespec none = { 0 };
	sigset_t all;

	sigfillset(&all);
	if (!snapshot.ahead)
		return;
	snapshot.ahead = false;
	places_put_back();
	/* Those that came were for others, as one to all processes is. */
	while (sigtimedwait(&all, NULL, &none) > 0)
		;
	sigprocmask(SIG_SETMASK, &snapshot.when_not, NULL);
}

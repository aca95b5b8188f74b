/* keeper_main.c: the keeper's own life. Floor 1.
 *
 * One loop over two verbs: do what cnb asks, and reap. It allocates little and
 * logs nothing. The order at the end matters: cnb's socket at end of file means
 * that nobody is left to tell, so everything below us dies first. */
#include "sys/keeper_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/cgroup.h"
#include "sys/clock.h"
#include "sys/filelimit.h"
#include "sys/fs.h"
#include "sys/notify.h"
#include "sys/proc.h"
#include "sys/sweep.h"

/* One whose call waits for cnb's word does not stop: no longer than this. */
#define HOLD_NS (100 * NS_PER_MS)
#define HOLD_PAUSE_US 100
#define LOOK_MS 5

static int to_cnb;
static bool mute;	    /* cnb cannot be told any more: it must see us go */
static struct cgroup cells; /* all that was ever started */
static struct reaped *reaped; /* keeper.reaped; ours and the nests' */

static void
answer(uint32_t verb, int value, const struct keeper_death *death)
{
	struct keeper_answer a = { .verb = verb, .value = value };

	if (death)
		a.death = *death;
	mute |= keeper_send_fd(to_cnb, &a, sizeof a, -1) < 0;
}

static int64_t
timeval_ns(struct timeval t)
{
	return (int64_t)t.tv_sec * NS_PER_S + (int64_t)t.tv_usec * 1000;
}

static void
count_reaped(void)
{
	if (reaped)
		reaped->count++;
}

/* As wait4() has it. */
static int
status_of(const siginfo_t *info)
{
	switch (info->si_code) {
	case CLD_EXITED:
		return W_EXITCODE(info->si_status, 0);
	case CLD_STOPPED:
	case CLD_TRAPPED:
		return W_STOPCODE(info->si_status);
	case CLD_DUMPED:
		return info->si_status | WCOREFLAG;
	default:
		return info->si_status;
	}
}

/* Which child has died or stopped, which stays so: 0: none. */
static pid_t
look(int options, siginfo_t *info, struct rusage *usage)
{
	long rc;

	info->si_pid = 0;
	do
		rc = syscall(SYS_waitid, P_ALL, 0, info,
			     options | WEXITED | WSTOPPED | WNOWAIT, usage);
	while (rc < 0 && errno == EINTR);
	return rc < 0 ? -1 : info->si_pid;
}

/* Tell of one death, and only then let go of the child: who sees that its pid
 * is no more, and tells of that on another way, tells it later. As wait4(). */
static pid_t
reap(int options)
{
	struct keeper_death d;
	struct rusage usage;
	siginfo_t info;

	d.pid = look(options, &info, &usage);
	if (d.pid <= 0)
		return d.pid;
	d.status = status_of(&info);
	d.at_ns = clock_mono_ns();
	d.cpu_ns = timeval_ns(usage.ru_utime) + timeval_ns(usage.ru_stime);
	d.max_rss_kb = usage.ru_maxrss;
	answer(KEEPER_DEATH, 0, &d);
	count_reaped();
	/* One that was stopped may have died since: that is told, too. */
	while (waitid(P_PID, (id_t)d.pid, &info,
		      (WIFSTOPPED(d.status) ? WSTOPPED : WEXITED) | WNOHANG) <
		       0 &&
	       errno == EINTR)
		;
	return d.pid;
}

static void
reap_all(void)
{
	while (reap(WNOHANG) > 0)
		;
}

/* What is to be started, and the descriptors that came with it; -1: none. */
struct spawn {
	const struct keeper_order *order;
	int fds[KEEPER_FDS];
};

/* dup2() that also clears CLOEXEC where source and target are the same. */
static int
place(int fd, int target)
{
	if (fd == target)
		return fcntl(fd, F_SETFD, 0);
	return proc_dup(fd, target);
}

static int
place_all(struct spawn *s)
{
	int null = fs_open("/dev/null", O_RDWR);

	if (null < 0)
		return -1;
	/* Out of the way of 0..2 first, or one dup2 would close another. */
	for (int i = 0; i < KEEPER_FDS; i++) {
		int from = s->fds[i] >= 0 ? s->fds[i] : null;

		if (i >= 3 && s->fds[i] < 0)
			continue;
		s->fds[i] = fcntl(from, F_DUPFD_CLOEXEC, keeper_extra_fd() + 1);
		if (s->fds[i] < 0)
			return -1;
	}
	for (int i = 0; i < 3; i++)
		if (place(s->fds[i], i) < 0)
			return -1;
	if (s->fds[3] >= 0 && place(s->fds[3], keeper_extra_fd()) < 0)
		return -1;
	return 0;
}

/* What the child says before it becomes another: the nests that it is in and
 * its number; its listener (0) or why there is none; and, if it cannot become
 * another, why, or why it cannot be in its folder. */
struct report {
	enum {
		REPORT_NEST,
		REPORT_PID,
		REPORT_NOTIFY,
		REPORT_WHY,
		REPORT_FOLDER
	} what;
	int32_t value;
};

static void
say(int socket, struct report r, int fd)
{
	if (keeper_send_fd(socket, &r, sizeof r, fd) < 0)
		_exit(127); /* who is not known of must not run */
}

/* From here on its calls wait for cnb: nothing may be written before exec but
 * by send(). */
static void
hand_over_listener(unsigned calls, int socket)
{
	int listener = notify_install(calls);

	say(socket, (struct report){ REPORT_NOTIFY, listener < 0 ? errno : 0 },
	    listener);
	if (listener >= 0)
		close(listener);
}

/* A limit that is higher than ours we may not give. */
static void
limit_files(int64_t most)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 &&
	    (rlim_t)most < files.rlim_max) {
		files.rlim_cur = files.rlim_max = (rlim_t)most;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

/* A group of our own; and to die with our parent. */
static void
stand_apart(pid_t parent)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
}

static _Noreturn void
become(struct spawn *s, int report)
{
	const struct keeper_order *o = s->order;
	struct rlimit core;

	say(report, (struct report){ REPORT_PID, getpid() }, -1);
	if (getrlimit(RLIMIT_CORE, &core) == 0) {
		core.rlim_cur = 0;
		setrlimit(RLIMIT_CORE, &core);
	}
	report = fcntl(report, F_DUPFD_CLOEXEC, keeper_extra_fd() + 1);
	if (o->cwd && chdir(o->cwd) < 0) {
		say(report, (struct report){ REPORT_FOLDER, errno }, -1);
		_exit(127);
	}
	if (place_all(s) == 0) {
		/* SIGTTOU is still ignored here, as tcsetpgrp() needs. */
		if (o->q.foreground) {
			if (s->fds[4] >= 0)
				bell_join_by(s->fds[4], getpid());
			tcsetpgrp(0, getpid());
		}
		filelimit_restore();
		if (o->q.files)
			limit_files(o->q.files);
		proc_reset_signals();
		if (o->q.fixed_addresses)
			personality(ADDR_NO_RANDOMIZE);
		for (char **e = o->env; *e; e++)
			putenv(*e);
		if (o->q.notify)
			hand_over_listener(o->q.notify, report);
		execv(o->path, o->argv);
	}
	say(report, (struct report){ REPORT_WHY, errno }, -1);
	_exit(127);
}

/* A nest tells of its children's deaths, as we do, until it has none. */
static _Noreturn void
sit(void)
{
	proc_close_from(to_cnb + 1);
	while (reap(0) > 0)
		;
	_exit(0);
}

/* Nest in nest; all but the innermost take in the children of the one within
 * when it is killed. Orphans are not for the innermost: whoever it has taken
 * in would stand among them. */
static void
go_into_nests(unsigned n, int report)
{
	while (n--) {
		pid_t self = getpid(), pid;

		prctl(PR_SET_NAME, "cnb-nest");
		say(report, (struct report){ REPORT_NEST, self }, -1);
		if (n)
			prctl(PR_SET_CHILD_SUBREAPER, 1);
		pid = fork();
		if (pid < 0) {
			say(report, (struct report){ REPORT_WHY, errno }, -1);
			_exit(127);
		}
		if (pid)
			sit();
		stand_apart(self);
	}
}

static void
await_reports(int socket, struct keeper_answer *a, int *listener)
{
	struct report r;
	uint32_t nests = 0;
	int fd;

	while (keeper_receive_fd(socket, &r, sizeof r, &fd, 0) ==
	       (ssize_t)sizeof r) {
		if (r.what == REPORT_PID) {
			a->value = r.value;
		} else if (r.what == REPORT_NEST) {
			if (nests < KEEPER_NESTS)
				a->nests[nests++] = r.value;
		} else if (r.what == REPORT_NOTIFY) {
			*listener = fd;
			a->notify_error = r.value;
		} else {
			a->value = -r.value;
			a->no_folder = r.what == REPORT_FOLDER;
		}
	}
}

/* a->value: the pid, or -errno. */
static void
spawn(struct spawn *s, struct keeper_answer *a, int *listener)
{
	int report[2];
	pid_t keeper = getpid(), pid;

	a->value = -ESRCH; /* unless we hear of it */
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, report) < 0) {
		a->value = -errno;
		return;
	}
	pid = cgroup_fork(&cells);
	if (pid == 0) {
		stand_apart(keeper);
		go_into_nests(s->order->q.nests, report[1]);
		become(s, report[1]);
	}
	if (pid < 0)
		a->value = -errno;
	close(report[1]);
	await_reports(report[0], a, listener);
	if (pid > 0 && a->value < 0) {
		count_reaped();
		waitpid(pid, NULL, 0);
	}
	close(report[0]);
}

static void
do_spawn(const struct keeper_order *o, const int *fds, size_t nfds)
{
	struct spawn s = { .order = o };
	struct keeper_answer a = { .verb = KEEPER_REPLY };
	int listener = -1;
	size_t used = 0;

	for (int i = 0; i < KEEPER_FDS; i++)
		s.fds[i] = o->q.fd_mask & 1u << i && used < nfds ? fds[used++]
								 : -1;
	spawn(&s, &a, &listener);
	mute |= keeper_send_fd(to_cnb, &a, sizeof a, listener) < 0;
	if (listener >= 0)
		close(listener);
}

static struct pids held;

/* One that waits for the terminal's input and has not yet noticed that it is
 * stopped takes the first key that is meant for the shell. */
static void
await_stop(void)
{
	int64_t until = clock_mono_ns() + HOLD_NS;

	for (size_t i = 0; i < held.count; i++)
		while (!tree_is_stopped(held.at[i]) &&
		       kill(held.at[i], 0) == 0 && clock_mono_ns() < until)
			usleep(HOLD_PAUSE_US);
}

/* -> how many it stopped. */
static int
hold(const struct pids *still)
{
	struct pids found = { 0 };
	bool fresh;

	do { /* one may fork before it stops */
		fresh = false;
		tree_descendants(getpid(), still, &found);
		for (size_t i = 0; i < found.count; i++) {
			if (pids_has(&held, found.at[i]) ||
			    tree_is_stopped(found.at[i]))
				continue;
			pids_add(&held, found.at[i]);
			kill(found.at[i], SIGSTOP);
			fresh = true;
		}
	} while (fresh);
	pids_release(&found);
	await_stop();
	return (int)held.count;
}

static void
let_go(pid_t leader)
{
	for (size_t i = 0; i < held.count; i++)
		kill(held.at[i], SIGCONT);
	held.count = 0;
	if (leader > 0)
		kill(-leader, SIGCONT);
}

static void
obey(const struct keeper_order *o, const int *fds, size_t nfds)
{
	const struct whom whom = { o->q.family, o->spare, o->still };

	if (o->q.verb == KEEPER_SPAWN)
		do_spawn(o, fds, nfds);
	else if (o->q.verb == KEEPER_SIGNAL)
		sweep_signal(&whom, o->q.sig);
	else if (o->q.verb == KEEPER_SWEEP)
		answer(KEEPER_REPLY, sweep(&whom, &cells, reap_all), NULL);
	else if (o->q.verb == KEEPER_HOLD)
		answer(KEEPER_REPLY, hold(&whom.still), NULL);
	else
		let_go(o->q.family);
}

/* One request; false at end of file, and where somebody else than cnb asks. */
static bool
serve(char *packet)
{
	struct keeper_order o;
	int fds[KEEPER_FDS];
	size_t nfds;
	ssize_t n = keeper_receive_request(to_cnb, packet, fds, &nfds, 0);
	bool is_ours;

	if (n < 0 && errno == EINTR)
		return true;
	is_ours = keeper_read_order(&o, packet, n > 0 ? (size_t)n : 0);
	if (is_ours)
		obey(&o, fds, nfds);
	keeper_release_order(&o);
	for (size_t i = 0; i < nfds; i++)
		close(fds[i]);
	return is_ours;
}

/* Own group, nothing open but the socket; deaf to the terminal, and to cells,
 * whose parent we are. */
static int
settle(int fd)
{
	sigset_t set;
	int null;

	setpgid(0, 0);
	prctl(PR_SET_NAME, "cnb-keeper");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	for (int sig = 1; sig < NSIG; sig++)
		if (sig != SIGCHLD)
			signal(sig, SIG_IGN);
	/* No free descriptor is asked for: there may be none. */
	to_cnb = 3;
	if (fd != to_cnb && proc_dup(fd, to_cnb) < 0)
		_exit(1);
	fcntl(to_cnb, F_SETFD, FD_CLOEXEC);
	proc_close_from(to_cnb + 1);
	null = fs_open("/dev/null", O_RDWR);
	for (int i = 0; i < 3; i++)
		proc_dup(null, i);
	if (null > 3)
		close(null);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

_Noreturn void
keeper_main(int fd, struct reaped *count)
{
	static const struct whom all;
	int deaths = settle(fd);
	char *packet = mem_alloc(KEEPER_PACKET, 1);

	reaped = count;
	cgroup_make(&cells);
	while (!mute) {
		struct pollfd fds[2] = {
			{ .fd = to_cnb, .events = POLLIN },
			{ .fd = deaths, .events = POLLIN },
		};
		struct signalfd_siginfo info;

		/* Where the kernel tells of no deaths they are looked for. */
		if (poll(fds, 2, deaths < 0 ? LOOK_MS : -1) < 0)
			continue;
		while (fds[1].revents && read(deaths, &info, sizeof info) > 0)
			;
		if (fds[1].revents || deaths < 0)
			reap_all();
		if (fds[0].revents && !serve(packet))
			break;
	}
	cgroup_kill(&cells);
	sweep(&all, &cells, reap_all);
	cgroup_remove(&cells);
	_exit(0);
}

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
#include <sys/wait.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/cgroup.h"
#include "sys/clock.h"
#include "sys/notify.h"
#include "sys/proc.h"

#define SWEEP_NS (2 * NS_PER_S)
#define SWEEP_PAUSE_US 200
/* From this round on what still runs is stopped first, so that it cannot fork
 * faster than we kill. */
#define SWEEP_STOP_ROUND 3

/* So many are taken for a fork bomb: among them, each step that we make takes
 * as many times longer. */
#define SWEEP_BOMB 256

static int to_cnb;
static struct cgroup cells; /* all that was ever started */

static void
answer(uint32_t verb, int value, const struct keeper_death *death)
{
	struct keeper_answer a = { .verb = verb, .value = value };

	if (death)
		a.death = *death;
	while (send(to_cnb, &a, sizeof a, MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
}

static int64_t
timeval_ns(struct timeval t)
{
	return (int64_t)t.tv_sec * NS_PER_S + (int64_t)t.tv_usec * 1000;
}

static void
reap(void)
{
	struct keeper_death d;
	struct rusage usage;

	while ((d.pid = wait4(-1, &d.status, WNOHANG | WUNTRACED, &usage)) >
	       0) {
		d.at_ns = clock_mono_ns();
		d.cpu_ns =
			timeval_ns(usage.ru_utime) + timeval_ns(usage.ru_stime);
		d.max_rss_kb = usage.ru_maxrss;
		answer(KEEPER_DEATH, 0, &d);
	}
}

/* The families that it names as the pids that they are now. */
static void
expand(const struct pids *spare, struct pids *kept)
{
	struct pids family = { 0 };

	for (size_t i = 0; spare && i < spare->count; i++) {
		if (spare->at[i] > 0) {
			pids_add(kept, spare->at[i]);
			continue;
		}
		tree_family(getpid(), -spare->at[i], &family);
		pids_add_all(kept, &family);
	}
	pids_release(&family);
}

/* Whom a request is about, now; of a bomb only some. */
static void
find_meant(pid_t family, const struct pids *spare, struct pids *found)
{
	struct pids kept = { 0 };
	size_t n = 0;

	expand(spare, &kept);
	if (family)
		tree_family(getpid(), family, found);
	else
		tree_some_descendants(getpid(), found, kept.count + SWEEP_BOMB);
	for (size_t i = 0; i < found->count; i++)
		if (!pids_has(&kept, found->at[i]))
			found->at[n++] = found->at[i];
	found->count = n;
	pids_release(&kept);
}

static bool
holds_one_of(pid_t group, const struct pids *kept)
{
	for (size_t i = 0; i < kept->count; i++)
		if (getpgid(kept->at[i]) == group)
			return true;
	return false;
}

/* Whole groups first: one call kills all of a group, and none of it can fork
 * meanwhile, however fast. One that holds somebody to be spared is left to be
 * killed one by one, unless there are too many for that. */
static void
kill_groups(const struct pids *spare, bool all)
{
	struct pids found = { 0 }, kept = { 0 }, done = { 0 };

	expand(spare, &kept);
	tree_children(getpid(), &found);
	for (size_t i = 0; i < found.count; i++) {
		pid_t group = getpgid(found.at[i]);

		if (group <= 1 || group == getpgrp() ||
		    pids_has(&kept, found.at[i]) || pids_has(&done, group))
			continue;
		pids_add(&done, group);
		if (all ? !pids_has(&kept, group) : !holds_one_of(group, &kept))
			kill(-group, SIGKILL);
	}
	pids_release(&found);
	pids_release(&kept);
	pids_release(&done);
}

/* They fork faster than they can be killed one by one. Where we may, we stop
 * them at one word, and those to be spared with them for that moment; else we
 * take the processor from them, and where they are not root's, they get no more
 * processes. */
static void
hold_down(pid_t family, const struct pids *found, const struct pids *spare)
{
	const struct rlimit none = { 0, 0 };

	cgroup_freeze(&cells, true);
	setpriority(PRIO_PROCESS, 0, -20);
	for (size_t i = 0; i < found->count; i++)
		prlimit(found->at[i], RLIMIT_NPROC, &none, NULL);
	if (family)
		kill(-family, SIGKILL);
	else
		kill_groups(spare, true);
}

static int
sweep(pid_t family, const struct pids *spare)
{
	int64_t until = clock_mono_ns() + SWEEP_NS;
	struct pids found = { 0 };
	int nice = getpriority(PRIO_PROCESS, 0), left;
	bool bomb = false;

	if (family)
		kill(-family, SIGKILL);
	else
		kill_groups(spare, false);
	for (int round = 0;; round++) {
		find_meant(family, spare, &found);
		left = (int)found.count;
		if (left >= SWEEP_BOMB) {
			hold_down(family, &found, spare);
			bomb = true;
		}
		for (size_t i = 0; i < found.count && round >= SWEEP_STOP_ROUND;
		     i++)
			kill(found.at[i], SIGSTOP);
		for (size_t i = 0; i < found.count; i++)
			kill(found.at[i], SIGKILL);
		reap();
		if (!left || clock_mono_ns() > until)
			break;
		usleep(SWEEP_PAUSE_US);
	}
	pids_release(&found);
	if (bomb) {
		cgroup_freeze(&cells, false);
		setpriority(PRIO_PROCESS, 0, nice);
	}
	return left;
}

/* What SPAWN carries, unpacked. */
struct spawn {
	const char *path, *cwd;
	char **argv, **env;
	int fds[KEEPER_FDS];
	bool foreground, fixed_addresses;
	int64_t files;
	unsigned notify;
};

/* dup2() that also clears CLOEXEC where source and target are the same. */
static int
place(int fd, int target)
{
	if (fd == target)
		return fcntl(fd, F_SETFD, 0);
	return dup2(fd, target);
}

static int
place_all(struct spawn *s)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	/* Out of the way of 0..2 first, or one dup2 would close another. */
	for (int i = 0; i < KEEPER_FDS; i++) {
		int from = s->fds[i] >= 0 ? s->fds[i] : null;

		if (i >= 3 && s->fds[i] < 0)
			continue;
		s->fds[i] = fcntl(from, F_DUPFD_CLOEXEC, KEEPER_EXTRA_FD + 1);
		if (s->fds[i] < 0)
			return -1;
	}
	for (int i = 0; i < 3; i++)
		if (place(s->fds[i], i) < 0)
			return -1;
	if (s->fds[3] >= 0 && place(s->fds[3], KEEPER_EXTRA_FD) < 0)
		return -1;
	return 0;
}

/* What the child says before it becomes another: its listener (why: 0) or why
 * there is none; then, if it cannot become another, why. */
struct report {
	int32_t from_notify, why;
};

/* From here on its calls wait for cnb: nothing may be written before exec but
 * by send(). */
static void
hand_over_listener(unsigned calls, int socket)
{
	int listener = notify_install(calls);
	struct report r = { true, listener < 0 ? errno : 0 };

	keeper_send_fd(socket, &r, sizeof r, listener);
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

static _Noreturn void
become(struct spawn *s, pid_t keeper, int report)
{
	struct report r = { 0 };
	struct rlimit core;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != keeper)
		_exit(127);
	if (getrlimit(RLIMIT_CORE, &core) == 0) {
		core.rlim_cur = 0;
		setrlimit(RLIMIT_CORE, &core);
	}
	report = fcntl(report, F_DUPFD_CLOEXEC, KEEPER_EXTRA_FD + 1);
	if (place_all(s) == 0 && (!s->cwd || chdir(s->cwd) == 0)) {
		/* SIGTTOU is still ignored here, as tcsetpgrp() needs. */
		if (s->foreground) {
			if (s->fds[4] >= 0)
				bell_join_by(s->fds[4], getpid());
			tcsetpgrp(0, getpid());
		}
		if (s->files)
			limit_files(s->files);
		proc_reset_signals();
		if (s->fixed_addresses)
			personality(ADDR_NO_RANDOMIZE);
		for (char **e = s->env; *e; e++)
			putenv(*e);
		if (s->notify)
			hand_over_listener(s->notify, report);
		execv(s->path, s->argv);
	}
	r.why = errno;
	keeper_send_fd(report, &r, sizeof r, -1);
	_exit(127);
}

static void
await_report(int socket, int *listener, int *notify_error, int *why)
{
	struct report r;
	int fd;

	while (keeper_receive_fd(socket, &r, sizeof r, &fd, 0) ==
	       (ssize_t)sizeof r) {
		if (r.from_notify) {
			*listener = fd;
			*notify_error = r.why;
		} else {
			*why = r.why;
		}
	}
}

/* -> the pid, or -errno. */
static int
spawn(struct spawn *s, int *listener, int *notify_error)
{
	int report[2], why = 0;
	pid_t keeper = getpid(), pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, report) < 0)
		return -errno;
	pid = cgroup_fork(&cells);
	if (pid == 0)
		become(s, keeper, report[1]);
	why = pid < 0 ? errno : 0;
	close(report[1]);
	if (pid > 0) {
		setpgid(pid, pid);
		await_report(report[0], listener, notify_error, &why);
		if (why)
			waitpid(pid, NULL, 0);
	}
	close(report[0]);
	return why ? -why : pid;
}

/* The strings behind the request; each pointer stays inside the packet. */
static char *
next_string(char **at, char *end)
{
	char *text = *at, *nul = memchr(text, '\0', (size_t)(end - text));

	if (!nul)
		_exit(1); /* cnb sends no such packet */
	*at = nul + 1;
	return text;
}

static void
do_spawn(const struct keeper_request *q, char *at, char *end, const int *fds,
	 size_t nfds)
{
	struct spawn s = { .foreground = q->foreground,
			   .fixed_addresses = q->fixed_addresses,
			   .files = q->files,
			   .notify = q->notify };
	struct keeper_answer a = { .verb = KEEPER_REPLY };
	int listener = -1;
	size_t used = 0;

	s.path = next_string(&at, end);
	s.cwd = next_string(&at, end);
	if (!q->has_cwd)
		s.cwd = NULL;
	s.argv = mem_alloc(q->argc + 1, sizeof *s.argv);
	s.env = mem_alloc(q->envc + 1, sizeof *s.env);
	for (uint32_t i = 0; i < q->argc; i++)
		s.argv[i] = next_string(&at, end);
	for (uint32_t i = 0; i < q->envc; i++)
		s.env[i] = next_string(&at, end);
	for (int i = 0; i < KEEPER_FDS; i++)
		s.fds[i] =
			q->fd_mask & 1u << i && used < nfds ? fds[used++] : -1;
	a.value = spawn(&s, &listener, &a.notify_error);
	keeper_send_fd(to_cnb, &a, sizeof a, listener);
	if (listener >= 0)
		close(listener);
	free(s.argv);
	free(s.env);
}

static void
signal_all(pid_t family, const struct pids *spare, int sig)
{
	struct pids found = { 0 };

	find_meant(family, spare, &found);
	for (size_t i = 0; i < found.count; i++)
		kill(found.at[i], sig);
	pids_release(&found);
}

static struct pids held;

static void
hold(void)
{
	struct pids found = { 0 };
	bool fresh;

	do { /* one may fork before it stops */
		fresh = false;
		tree_descendants(getpid(), &found);
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

static struct pids
sent_pids(const struct keeper_request *q, const char *at, const char *end)
{
	struct pids pids = { 0 };
	size_t n = q->npids;

	if (n > (size_t)(end - at) / sizeof(pid_t))
		n = 0;
	for (size_t i = 0; i < n; i++) {
		pid_t pid;

		memcpy(&pid, at + i * sizeof pid, sizeof pid);
		pids_add(&pids, pid);
	}
	return pids;
}

/* One request; false at end of file. */
static bool
serve(char *packet)
{
	struct iovec iov = { packet, KEEPER_PACKET };
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int) * KEEPER_FDS)];
	} control;
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control.room,
			    .msg_controllen = sizeof control.room };
	struct keeper_request q;
	struct cmsghdr *c;
	int fds[KEEPER_FDS];
	struct pids spare;
	size_t nfds = 0;
	ssize_t n = recvmsg(to_cnb, &m, MSG_CMSG_CLOEXEC);

	if (n < 0 && errno == EINTR)
		return true;
	if (n < (ssize_t)sizeof q)
		return false;
	c = CMSG_FIRSTHDR(&m);
	if (c && c->cmsg_type == SCM_RIGHTS) {
		nfds = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(c), nfds * sizeof(int));
	}
	memcpy(&q, packet, sizeof q);
	spare = sent_pids(&q, packet + sizeof q, packet + n);
	if (q.verb == KEEPER_SPAWN)
		do_spawn(&q, packet + sizeof q, packet + n, fds, nfds);
	else if (q.verb == KEEPER_SIGNAL)
		signal_all(q.family, &spare, q.sig);
	else if (q.verb == KEEPER_SWEEP)
		answer(KEEPER_REPLY, sweep(q.family, &spare), NULL);
	else if (q.verb == KEEPER_HOLD)
		hold();
	else if (q.verb == KEEPER_LET_GO)
		let_go(q.family);
	pids_release(&spare);
	for (size_t i = 0; i < nfds; i++)
		close(fds[i]);
	return true;
}

/* Own group, deaf to the terminal, nothing open but the socket. */
static int
settle(int fd)
{
	static const int ignored[] = { SIGINT,	SIGQUIT, SIGHUP,  SIGTERM,
				       SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE };
	sigset_t set;
	int null;

	setpgid(0, 0);
	prctl(PR_SET_NAME, "cnb-keeper");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	for (size_t i = 0; i < countof(ignored); i++)
		signal(ignored[i], SIG_IGN);
	to_cnb = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	dup2(to_cnb, 3);
	to_cnb = 3;
	fcntl(3, F_SETFD, FD_CLOEXEC);
	close_range(4, ~0u, 0);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int i = 0; i < 3; i++)
		dup2(null, i);
	if (null > 3)
		close(null);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

_Noreturn void
keeper_main(int fd)
{
	static const struct pids none;
	int deaths = settle(fd);
	char *packet = mem_alloc(KEEPER_PACKET, 1);

	cgroup_make(&cells);
	for (;;) {
		struct pollfd fds[2] = {
			{ .fd = to_cnb, .events = POLLIN },
			{ .fd = deaths, .events = POLLIN },
		};
		struct signalfd_siginfo info;

		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents) {
			while (read(deaths, &info, sizeof info) > 0)
				;
			reap();
		}
		if (fds[0].revents && !serve(packet))
			break;
	}
	cgroup_kill(&cells);
	sweep(0, &none);
	cgroup_remove(&cells);
	_exit(0);
}

/* bell.c: a process that listens in another's group. Floor 1. */
#include "sys/bell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sys/proc.h"

/* The one descriptor that it keeps. */
#define BELL_FD 3

#define MEMORY_PAUSE_US 1000

/* To it: a group to join, 0 for one of its own. From it: a signal, or that
 * this is done. */
#define DONE 0
#define REFUSED (-1)

/* Who is not answered must see us go. */
static void
say(int what)
{
	while (send(BELL_FD, &what, sizeof what, MSG_NOSIGNAL) < 0) {
		if (errno == ENOMEM || errno == ENOBUFS)
			usleep(MEMORY_PAUSE_US);
		else if (errno != EINTR)
			_exit(1);
	}
}

/* A kill() of the cell's own, even one to its whole group, is its own affair.
 */
static void
ring(int signals)
{
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof info) == sizeof info)
		if (info.ssi_code == SI_KERNEL &&
		    (info.ssi_signo == SIGINT || info.ssi_signo == SIGQUIT))
			say((int)info.ssi_signo);
}

static _Noreturn void
listen_in(int socket)
{
	struct pollfd fds[2] = { { .fd = BELL_FD, .events = POLLIN },
				 { .events = POLLIN } };
	sigset_t all;
	int group;
	ssize_t n;

	prctl(PR_SET_NAME, "cnb-bell");
	setpgid(0, 0);
	if (socket != BELL_FD)
		proc_dup(socket, BELL_FD);
	/* No pipe of a cell's may be held open here. */
	proc_close_from(BELL_FD + 1);
	for (int i = 0; i < BELL_FD; i++)
		close(i);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	fds[1].fd = signalfd(-1, &all, SFD_NONBLOCK);
	for (;;) {
		if (poll(fds, 2, -1) < 0)
			continue;
		ring(fds[1].fd);
		if (!fds[0].revents)
			continue;
		n = recv(BELL_FD, &group, sizeof group, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n != sizeof group)
			_exit(0);
		group = setpgid(0, group) < 0 ? REFUSED : DONE;
		/* What came before it left. */
		ring(fds[1].fd);
		say(group);
	}
}

static bool
start(struct bell *b)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return false;
	b->pid = fork();
	if (b->pid == 0)
		listen_in(pair[1]);
	close(pair[1]);
	b->fd = pair[0];
	if (b->pid < 0) {
		b->pid = 0;
		close(b->fd);
	}
	return b->pid > 0;
}

void
bell_stop(struct bell *b)
{
	if (!b->pid)
		return;
	close(b->fd);
	while (waitpid(b->pid, NULL, 0) < 0 && errno == EINTR)
		;
	*b = (struct bell){ 0 };
}

/* Ask it to be in that group; *rang: what it told meanwhile. */
static bool
move(int fd, int group, int *rang)
{
	int what;
	ssize_t n;

	do
		n = send(fd, &group, sizeof group, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return false;
	for (;;) {
		n = recv(fd, &what, sizeof what, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n != sizeof what)
			return false;
		if (what == DONE || what == REFUSED)
			return what == DONE;
		*rang = what;
	}
}

bool
bell_ready(struct bell *b)
{
	struct pollfd p = { .fd = b->fd };

	if (b->pid && poll(&p, 1, 0) == 0)
		return true;
	/* Killed with a group that it was in. */
	bell_stop(b);
	return start(b);
}

bool
bell_join(struct bell *b, pid_t group)
{
	return move(b->fd, group, &b->rang);
}

bool
bell_join_by(int fd, pid_t group)
{
	int rang;

	return move(fd, group, &rang);
}

int
bell_heard(struct bell *b)
{
	int what, first = b->rang;

	b->rang = 0;
	while (b->pid &&
	       recv(b->fd, &what, sizeof what, MSG_DONTWAIT) == sizeof what)
		if (!first)
			first = what;
	return first;
}

void
bell_leave(struct bell *b)
{
	if (b->pid)
		move(b->fd, 0, &b->rang);
}

/* signals.c: signals are blocked and read, never handled. Floor 1. Declared in
 * proc.h. */
#include "sys/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "sys/clock.h"
#include "sys/tree.h"

static const int taken[] = {
	SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCHLD
};
static int signal_fd = -1;
/* Read by whichever thread comes first, seen by all. */
static atomic_int first_ending; /* the first signal that asked us to end */
static atomic_int endings;	/* how many did */
static atomic_int requests;	/* by others than signals */
static atomic_bool stop_asked;	/* SIGTSTP, not yet answered */
static atomic_bool child_news;	/* SIGCHLD, not yet looked into */

void
proc_fill_standard(void)
{
	static const int how[] = { O_RDONLY, O_RDONLY, O_WRONLY };

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", how[fd]);
}

void
proc_ignore_failed_writes(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

/* What nobody could read does what it does to everybody: a Ctrl-C that is
 * blocked would be none. */
static void
leave(sigset_t *set)
{
	for (size_t i = 0; i < countof(taken); i++)
		if (sigismember(set, taken[i]) == 1)
			signal(taken[i], SIG_DFL);
	sigemptyset(set);
}

void
proc_take_signals(void)
{
	sigset_t set;

	proc_ignore_failed_writes();
	/* A parent may have left SIGCHLD ignored; then children vanish. */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&set);
	for (size_t i = 0; i < countof(taken); i++) {
		struct sigaction old;

		/* nohup(1) means it. SIGINT, which a shell ignores for what it
		 * starts with &, is taken all the same: who sends it to us
		 * wants the run to end. */
		if (taken[i] == SIGHUP && sigaction(SIGHUP, NULL, &old) == 0 &&
		    old.sa_handler == SIG_IGN)
			continue;
		sigaddset(&set, taken[i]);
	}
	if (signal_fd < 0)
		signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signal_fd < 0)
		leave(&set);
	/* We write to the terminal also while a cell is its foreground group;
	 * where `stty tostop` is set, a blocked signal lets that pass. */
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

void
proc_leave_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < countof(taken) && signal_fd >= 0; i++) {
		struct sigaction old;

		if (taken[i] == SIGCHLD)
			continue;
		if (sigaction(taken[i], NULL, &old) == 0 &&
		    (taken[i] != SIGHUP || old.sa_handler != SIG_IGN))
			signal(taken[i], SIG_DFL);
		sigaddset(&set, taken[i]);
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int
proc_signal_fd(void)
{
	return signal_fd;
}

int
proc_interrupted(void)
{
	struct signalfd_siginfo info;

	while (signal_fd >= 0 &&
	       read(signal_fd, &info, sizeof info) == sizeof info) {
		int sig = (int)info.ssi_signo;

		if (sig == SIGTSTP) {
			stop_asked = true;
		} else if (sig == SIGCHLD) {
			child_news = true;
		} else {
			endings++;
			if (!first_ending)
				first_ending = sig;
		}
	}
	return first_ending ? first_ending : requests ? SIGINT : 0;
}

int
proc_interruptions(void)
{
	proc_interrupted();
	return proc_endings();
}

int
proc_endings(void)
{
	return endings + requests;
}

bool
proc_child_news(void)
{
	return atomic_exchange(&child_news, false);
}

bool
proc_stop_asked(void)
{
	return atomic_exchange(&stop_asked, false);
}

void
proc_interrupted_by(int sig)
{
	if (!first_ending)
		first_ending = sig;
}

void
proc_interrupt(int sig)
{
	endings++;
	proc_interrupted_by(sig);
}

void
proc_request_stop(void)
{
	requests++;
}

void
proc_forget_requests(void)
{
	requests = 0;
}

void
proc_take_signals_anew(void)
{
	signal_fd = -1;
	proc_take_signals();
}

void
proc_stop_ourselves(int sig)
{
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(SIG_BLOCK, &set, &old);
	/* The others of our job are no children of ours: make, a pager. */
	kill(0, sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

int
proc_hold(pid_t pid)
{
	return pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
}

bool
proc_end(int held, int64_t patience_ms)
{
	struct pollfd p = { .fd = held, .events = POLLIN };
	int64_t until = clock_after_ms(patience_ms), left = 1;
	bool ended = false;

	if (held < 0)
		return false;
	syscall(SYS_pidfd_send_signal, held, SIGTERM, NULL, 0);
	syscall(SYS_pidfd_send_signal, held, SIGCONT, NULL, 0);
	while (!ended && left > 0) {
		left = (until - clock_mono_ns()) / NS_PER_MS;
		ended = poll(&p, 1, left > 0 ? (int)left : 0) > 0;
	}
	close(held);
	return ended;
}

/* Signals are looked for so often. */
#define LOOK_MS 100

void
proc_await_end(int held, int64_t patience_ms)
{
	struct pollfd p = { .fd = held, .events = POLLIN };
	int64_t until = clock_after_ms(patience_ms);

	if (held < 0)
		return;
	while (clock_mono_ns() < until && !proc_interrupted() &&
	       poll(&p, 1, LOOK_MS) <= 0)
		;
	close(held);
}

void
proc_kill(pid_t pid)
{
	if (pid > 0)
		kill(pid, SIGKILL);
}

bool
proc_ask(pid_t pid, int sig, int value)
{
	return tree_catches(pid, sig) &&
	       sigqueue(pid, sig, (union sigval){ .sival_int = value }) == 0;
}

void
proc_reset_signals(void)
{
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		if (sig != SIGKILL && sig != SIGSTOP)
			signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

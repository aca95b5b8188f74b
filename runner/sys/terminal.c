/* terminal.c: the terminal's foreground group and its modes. Floor 1. It knows
 * no cells: who gets the terminal, and when, is others' business. */
#include "sys/terminal.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include "base/buf.h"
#include "sys/fs.h"
#include "sys/procfs.h"
#include "sys/tree.h"

static struct termios ours, theirs;
static bool ours_known, theirs_known;

/* The session's terminal, -1: it has none. */
static int
terminal(void)
{
	static int fd = -2;

	if (fd == -2)
		fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	return fd;
}

bool
terminal_is_foreground(void)
{
	return terminal() >= 0 && tcgetpgrp(terminal()) == getpgrp();
}

bool
terminal_is_ours(void)
{
	static int is_terminal = -1; /* it stays what it is */

	if (is_terminal < 0)
		is_terminal = isatty(STDIN_FILENO);
	return is_terminal && terminal_is_foreground();
}

/* A background group that changes the terminal is sent SIGTTOU; blocked, the
 * kernel lets it pass. */
static void
hold_ttou(sigset_t *old)
{
	sigset_t ttou;

	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	sigprocmask(SIG_BLOCK, &ttou, old);
}

static void
set_foreground(pid_t group)
{
	sigset_t old;

	hold_ttou(&old);
	tcsetpgrp(terminal(), group);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void
set_modes(const struct termios *modes)
{
	sigset_t old;

	hold_ttou(&old);
	tcsetattr(terminal(), TCSADRAIN, modes);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

void
terminal_remember(void)
{
	ours_known = tcgetattr(terminal(), &ours) == 0;
}

void
terminal_give(pid_t group)
{
	set_foreground(group);
}

void
terminal_take(void)
{
	set_foreground(getpgrp());
	if (ours_known)
		set_modes(&ours);
}

void
terminal_keep(void)
{
	theirs_known = tcgetattr(terminal(), &theirs) == 0;
}

void
terminal_restore(void)
{
	if (theirs_known)
		set_modes(&theirs);
	theirs_known = false;
}

static bool
reads_stdin(pid_t pid)
{
	char path[64];
	struct buf text = { 0 };
	bool reads;

	snprintf(path, sizeof path, "/proc/%d/syscall", (int)pid);
	reads = fs_read(path, &text, NULL) == 0 &&
		procfs_reads_stdin(buf_slice(&text));
	buf_release(&text);
	return reads;
}

bool
terminal_is_read(pid_t pid)
{
	struct pids below = { 0 };
	bool found = reads_stdin(pid);

	tree_descendants(pid, NULL, &below);
	for (size_t i = 0; i < below.count && !found; i++)
		found = reads_stdin(below.at[i]);
	pids_release(&below);
	return found;
}

size_t
terminal_width(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_col;
}

bool
terminal_echoes(int fd)
{
	struct termios modes;

	return tcgetattr(fd, &modes) == 0 && (modes.c_lflag & ECHO) &&
	       (modes.c_lflag & ECHOCTL);
}

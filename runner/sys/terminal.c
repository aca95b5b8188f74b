/* terminal.c: the terminal's foreground group. Floor 1. */
#include "sys/terminal.h"

#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "sys/tree.h"

bool
terminal_is_ours(void)
{
	return isatty(0) && tcgetpgrp(0) == getpgrp();
}

/* A background group that changes the foreground is sent SIGTTOU; blocked, the
 * kernel lets it pass. */
static void
set_foreground(pid_t group)
{
	sigset_t ttou, old;

	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	sigprocmask(SIG_BLOCK, &ttou, &old);
	tcsetpgrp(0, group);
	sigprocmask(SIG_SETMASK, &old, NULL);
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
}

/* The system call that a task is in, of /proc/PID/syscall: its number and its
 * arguments in hexadecimal. */
static bool
reads_stdin(pid_t pid)
{
	char path[64];
	long number = -1;
	unsigned long fd = 1;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/syscall", (int)pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	if (fscanf(f, "%ld %lx", &number, &fd) != 2)
		fd = 1;
	fclose(f);
	return fd == 0 && (number == SYS_read || number == SYS_readv);
}

bool
terminal_is_read(pid_t pid)
{
	struct pids below = { 0 };
	bool found = reads_stdin(pid);

	tree_descendants(pid, &below);
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

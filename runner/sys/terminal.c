/* terminal.c: the terminal's foreground group. Floor 1. */
#include "sys/terminal.h"

#include <signal.h>
#include <unistd.h>

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

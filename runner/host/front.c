/* front.c: the one object that is linked in front of a program cell. Its
 * constructor makes stdout line-buffered, as on a terminal (with full buffers,
 * a fork would print the text twice), and installs the crash reporter where cnb
 * gave it a socket. Depends on libc only and adds no name that a program could
 * use: it is one file, with crash.c in it. */
#define crash_report_to cnb__crash_report_to
#define crash_catch cnb__crash_catch
#define crash_stack_use cnb__crash_stack_use
#define crash_stack_leave cnb__crash_stack_leave
#include "host/crash.c"

#include <stdio.h>
#include <stdlib.h>

static char stack[CRASH_STACK] __attribute__((aligned(16)));

/* The socket that cnb left open for us, or -1. */
static int
reporting_socket(void)
{
	const char *text = getenv(WIRE_ENV_CRASH_FD);
	int fd = -1, type;
	socklen_t size = sizeof type;
	char *end;
	long n;

	if (!text)
		return -1;
	n = strtol(text, &end, 10);
	if (end != text && !*end && n > STDERR_FILENO && n < 1 << 20 &&
	    !getsockopt((int)n, SOL_SOCKET, SO_TYPE, &type, &size) &&
	    type == SOCK_SEQPACKET)
		fd = (int)n;
	unsetenv(WIRE_ENV_CRASH_FD); /* it is no child's business */
	return fd;
}

__attribute__((constructor)) static void
begin(void)
{
	int fd = reporting_socket();

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (fd < 0)
		return;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	crash_report_to(fd);
	crash_stack_use(stack, sizeof stack);
	crash_catch();
}

/* background.c: becoming a daemon. Floor 1. */
#include "sys/background.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sys/proc.h"

/* The pipe to whoever waits for us to be ready. */
#define REPORT 3

static void
detach(const char *name, int report)
{
	int null;

	setsid();
	prctl(PR_SET_NAME, name);
	null = open("/dev/null", O_RDWR);
	for (int i = 0; i < 3; i++)
		dup2(null, i);
	if (dup2(report, REPORT) < 0 || chdir("/") < 0)
		_exit(EXIT_FAILURE);
	fcntl(REPORT, F_SETFD, FD_CLOEXEC);
	close_range(REPORT + 1, ~0u, 0);
	proc_take_signals_anew();
}

void
background_ready(void)
{
	close(REPORT);
}

void
background_failed(const struct err *e)
{
	if (write(REPORT, e, sizeof *e) < 0)
		_exit(EXIT_FAILURE);
	_exit(EXIT_FAILURE);
}

int
background_start(const char *name, void (*life)(void *self), void *self,
		 struct err *e)
{
	int report[2];
	ssize_t n;
	pid_t pid;

	if (pipe2(report, O_CLOEXEC) < 0)
		return err_system(e, "cannot start a process: %s",
				  strerror(errno));
	pid = fork();
	if (pid == 0) {
		/* A child of nobody here: nobody has to wait for its end. */
		if (fork() == 0) {
			detach(name, report[1]);
			life(self);
		}
		_exit(0);
	}
	close(report[1]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	do /* End of file says that it is ready. */
		n = read(report[0], e, sizeof *e);
	while (n < 0 && errno == EINTR);
	close(report[0]);
	if (pid < 0)
		return err_system(e, "cannot start a process: %s",
				  strerror(errno));
	return n == 0 ? 0 : -1;
}

/* background.c: becoming a daemon. Floor 1. */
#include "sys/background.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sys/fs.h"
#include "sys/proc.h"

/* The pipe to whoever waits for us to be ready. */
#define REPORT 3

static int
fail(struct err *e, int why)
{
	return err_system(e, "cannot start a process: %s", strerror(why));
}

static void
detach(const char *name, int report)
{
	bool failed = false;
	struct err e;
	int null;

	setpgid(0, 0);
	prctl(PR_SET_NAME, name);
	null = fs_open("/dev/null", O_RDWR);
	for (int i = 0; i < 3; i++)
		failed |= proc_dup(null, i) < 0;
	if (failed || proc_dup(report, REPORT) < 0 || chdir("/") < 0) {
		fail(&e, errno);
		fs_write_fd(report, &e, sizeof e);
		_exit(EXIT_FAILURE);
	}
	fcntl(REPORT, F_SETFD, FD_CLOEXEC);
	proc_close_from(REPORT + 1);
	proc_take_signals_anew();
}

/* That nobody says anything more says nothing: a sentence that is empty says
 * that all is well. */
void
background_ready(void)
{
	const struct err none = { 0 };

	fs_write_fd(REPORT, &none, sizeof none);
	close(REPORT);
}

void
background_failed(const struct err *e)
{
	fs_write_fd(REPORT, e, sizeof *e);
	_exit(EXIT_FAILURE);
}

/* Its child is a child of nobody here: nobody has to wait for its end. And it
 * does not lead the session: whoever kills the process that getsid() names, or
 * its group, finds none. */
static _Noreturn void
be_parent(const char *name, void (*life)(void *self), void *self, int report)
{
	struct err e;
	pid_t pid;

	setsid();
	pid = fork();
	if (pid == 0) {
		detach(name, report);
		life(self);
	} else if (pid < 0) {
		fail(&e, errno);
		fs_write_fd(report, &e, sizeof e);
	}
	_exit(0);
}

int
background_start(const char *name, void (*life)(void *self), void *self,
		 struct err *e)
{
	struct err said = { 0 };
	int report[2], why;
	bool told;
	pid_t pid;

	if (pipe2(report, O_CLOEXEC) < 0)
		return fail(e, errno);
	pid = fork();
	why = errno;
	if (pid == 0)
		be_parent(name, life, self, report[1]);
	close(report[1]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	told = fs_read_whole(report[0], &said, sizeof said);
	close(report[0]);
	if (pid < 0)
		return fail(e, why);
	if (!told)
		return err_system(e, "cannot start '%s': it ended at once",
				  name);
	if (!said.text[0])
		return 0;
	*e = said;
	return -1;
}

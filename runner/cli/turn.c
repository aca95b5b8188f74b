/* turn.c: a client of a session waits for another one. Floor 6. It waits before
 * it reads the notebook: what it then runs is what stands in it then. */
#include "cli/turn.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "cli/commands.h"
#include "live/client.h"
#include "sys/clock.h"
#include "sys/proc.h"

#define PAUSE_NS (5 * NS_PER_MS)

static void
say(const char *path, long pid)
{
	if (pid > 0)
		command_say("cnb: another cnb (process %ld) is saving into "
			    "'%s': waiting for it to end",
			    pid, path);
	else
		command_say("cnb: another cnb is saving into '%s': waiting for "
			    "it to end",
			    path);
}

static bool
has_session(const char *path)
{
	int fd = client_connect(path);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int
turn_await(struct lock *l, const char *path, bool quiet, struct err *e)
{
	int64_t since = clock_mono_ns();
	bool said = quiet;
	long pid;
	int rc;

	if (!strcmp(path, "-"))
		return 0;
	rc = lock_try_file(l, path, &pid, e);
	/* Who is not waited for is named by this. */
	if (rc > 0 && !has_session(path))
		return lock_take_file(l, path, e);
	while (rc > 0) {
		if (!said && clock_mono_ns() - since > CLIENT_SILENCE_NS) {
			say(path, pid);
			said = true;
		}
		clock_sleep_ns(PAUSE_NS);
		if (proc_interrupted())
			return err_input(e, "interrupted");
		if (proc_stop_asked())
			proc_stop_ourselves(SIGTSTP);
		rc = lock_try_file(l, path, &pid, e);
	}
	return rc;
}

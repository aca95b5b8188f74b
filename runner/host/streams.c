/* streams.c: standard input and output, given to one cell after the other.
 * Floor 2, in cnb-host.
 *
 * A thread that an earlier cell left may sit in fgets(stdin) and hold its lock
 * for ever: so there is no fflush(NULL) here, and stdin is only tried for. */
#include "host/streams.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>

/* stdout's buffer: never one on a stack frame that is gone. */
static char out[BUFSIZ];
/* libc's own: a cell may assign others to the variables, and free those. */
static FILE *streams[3];

/* exit() may come from a handler that interrupted printf() at the one point
 * where a stream is locked but does not know by whom. */
static void
flush_at_exit(void)
{
	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
		if (ftrylockfile(streams[fd]))
			continue;
		fflush_unlocked(streams[fd]);
		funlockfile(streams[fd]);
	}
}

void
streams_init(void)
{
	int fd;

	for (fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", O_RDWR);
	streams[STDIN_FILENO] = stdin;
	streams[STDOUT_FILENO] = stdout;
	streams[STDERR_FILENO] = stderr;
	atexit(flush_at_exit); /* the first, so it runs last */
}

static void
place(int fds[3])
{
	int i;

	/* If a cell closed one of 0..2, its number may have been given to one
	 * of these: away from there first. */
	for (i = 0; i < 3; i++) {
		int away = fds[i] > STDERR_FILENO
				   ? fds[i]
				   : fcntl(fds[i], F_DUPFD_CLOEXEC,
					   STDERR_FILENO + 1);

		if (away != fds[i])
			close(fds[i]);
		fds[i] = away;
	}
	for (i = 0; i < 3; i++) {
		dup2(fds[i], i);
		close(fds[i]);
		fds[i] = -1;
	}
}

/* A stream that was closed, or that a cell made wide (on which printf() writes
 * nothing), becomes a fresh one. With all descriptors below taken, it gets its
 * own number. */
static void
revive(int fd, const char *mode)
{
	if (fileno(streams[fd]) == fd && fwide(streams[fd], 0) <= 0)
		return;
	close(fd);
	if (!freopen("/dev/null", mode, streams[fd]))
		open("/dev/null", O_RDWR);
}

void
streams_begin(int fds[3])
{
	stdin = streams[0];
	stdout = streams[1];
	stderr = streams[2];
	if (ftrylockfile(stdin) == 0) {
		__fpurge(stdin);
		revive(STDIN_FILENO, "r");
		clearerr(stdin);
		funlockfile(stdin);
	}
	revive(STDOUT_FILENO, "w");
	revive(STDERR_FILENO, "w");
	place(fds);
	clearerr(stdout);
	clearerr(stderr);
	setvbuf(stdout, out, _IOLBF, sizeof out);
	setvbuf(stderr, NULL, _IONBF, 0);
}

void
streams_flush(void)
{
	fflush(streams[STDOUT_FILENO]);
	fflush(streams[STDERR_FILENO]);
}

void
streams_end(bool threads_left)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0) { /* no descriptor is free: make it that of stdin */
		close(STDIN_FILENO);
		null = open("/dev/null", O_RDWR);
		if (null < 0)
			return;
	}
	dup2(null, STDIN_FILENO);
	if (!threads_left) {
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	if (null > STDERR_FILENO)
		close(null);
}

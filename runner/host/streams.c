/* streams.c: standard input and output, given to one cell after the other.
 * Floor 2, in cnb-host.
 *
 * A thread that an earlier cell left may sit in fgets(stdin) and hold its lock
 * for ever: so there is no fflush(NULL) here, and stdin is only tried for. */
#include "host/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <wchar.h>
#include "host/bare.h"
#include "host/control.h"
#include "host/descriptors.h"
#include "host/hot.h"

/* stdout's buffer: never one on a stack frame that is gone. Of most cells' text
 * one page is enough. */
static char out[BUFSIZ] __attribute__((aligned(4096)));
/* libc's own: a cell may assign others to the variables, and free those. */
static FILE *streams[3];
/* What stands behind 1 and 2, as it was given. */
static struct output {
	dev_t dev;
	ino_t ino;
	int flags, size;
} outputs[2] HOT;
/* Pairs of them that come again, as they were when they came first: what is
 * asked of each costs a cell that does little more than a tenth of its time. */
#define PAIRS 32
static struct {
	uint32_t pair; /* 0: none */
	struct output outputs[2];
} pairs[PAIRS];
/* streams_are_whole() said so, and no cell has run since. */
static bool whole HOT;
/* Standard input is /dev/null, and no cell has run since. */
static bool no_input HOT;
/* It is that already, as streams_are_whole() has seen. */
static bool is_empty HOT;

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
dup_to(int fd, int target)
{
	while (dup2(fd, target) < 0 && errno == EINTR)
		;
}

/* As descriptors `first` and up. */
static void
place(int *fds, size_t nfds, int first)
{
	size_t i;

	/* If a cell closed one of 0..2, its number may have been given to one
	 * of these: away from there first. */
	for (i = 0; i < nfds; i++) {
		int away = fds[i] > STDERR_FILENO
				   ? fds[i]
				   : fcntl(fds[i], F_DUPFD_CLOEXEC,
					   STDERR_FILENO + 1);

		if (away != fds[i])
			close(fds[i]);
		fds[i] = away;
	}
	for (i = 0; i < nfds; i++) {
		dup_to(fds[i], first + (int)i);
		close(fds[i]);
		fds[i] = -1;
	}
}

/* outputs that are kept */

static void
remember(struct output *o, int fd)
{
	struct stat st = { 0 };

	fstat(fd, &st);
	o->dev = st.st_dev;
	o->ino = st.st_ino;
	o->flags = fcntl(fd, F_GETFL);
	o->size = fcntl(fd, F_GETPIPE_SZ);
}

static void
remember_pair(uint32_t pair)
{
	size_t i = pair % PAIRS;

	/* Nothing is written where nothing is kept: see hot.h. */
	if (!pair) {
		remember(&outputs[0], STDOUT_FILENO);
		remember(&outputs[1], STDERR_FILENO);
		return;
	}
	if (pairs[i].pair == pair) {
		memcpy(outputs, pairs[i].outputs, sizeof outputs);
		return;
	}
	remember(&outputs[0], STDOUT_FILENO);
	remember(&outputs[1], STDERR_FILENO);
	pairs[i].pair = pair;
	memcpy(pairs[i].outputs, outputs, sizeof outputs);
}

static bool
is_output(const struct output *o, const struct stat *st)
{
	return st->st_dev == o->dev && st->st_ino == o->ino;
}

/* What a cell may have changed of a pipe is as it was. */
static bool
is_untouched(const struct output *o, int fd)
{
	struct stat st;

	return bare_fstat(fd, &st) == 0 && is_output(o, &st) &&
	       fcntl(fd, F_GETFL) == o->flags &&
	       fcntl(fd, F_GETPIPE_SZ) == o->size;
}

/* Opened by whomever: nothing can be read from it or be done to it. */
static bool
is_null(int fd, int access)
{
	struct stat st;

	return bare_fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) &&
	       st.st_rdev == makedev(1, 3) &&
	       (fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK)) == access;
}

/* A stream that streams_begin() would have to open anew closes its
 * descriptor. */
static bool
is_sound(int fd)
{
	return fileno(streams[fd]) == fd && fwide(streams[fd], 0) <= 0;
}

/* Another file, socket or whatever can do no harm if it is surely not a way to
 * the outputs: a socket may have one in it that was sent. */
static bool
may_be_output(int fd, void *data)
{
	struct stat st;

	(void)data;
	if (fd <= STDERR_FILENO || fstat(fd, &st) < 0 || control_is(&st))
		return false;
	if (S_ISFIFO(st.st_mode))
		return is_output(&outputs[0], &st) ||
		       is_output(&outputs[1], &st);
	return !S_ISREG(st.st_mode) && !S_ISCHR(st.st_mode) &&
	       !S_ISDIR(st.st_mode);
}

bool
streams_hold(int fd, const struct stat *st)
{
	return (fd == STDOUT_FILENO && is_output(&outputs[0], st)) ||
	       (fd == STDERR_FILENO && is_output(&outputs[1], st));
}

bool
streams_are_whole(unsigned sockets)
{
	struct stat st;

	is_empty = is_null(STDIN_FILENO, O_RDONLY);
	whole = is_sound(STDOUT_FILENO) && is_sound(STDERR_FILENO) &&
		is_untouched(&outputs[0], STDOUT_FILENO) &&
		is_untouched(&outputs[1], STDERR_FILENO) &&
		(is_empty || fstat(STDIN_FILENO, &st) == 0) &&
		(descriptors_are_ours(sockets) ||
		 !descriptors_any(may_be_output, NULL));
	return whole;
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

/* /dev/null in the place of descriptors 0 to `last`. */
static void
put_null(int last, int access)
{
	int null = open("/dev/null", access | O_CLOEXEC);

	if (null < 0) { /* no descriptor is free: make it that of stdin */
		close(STDIN_FILENO);
		null = open("/dev/null", access);
		if (null < 0)
			return;
	}
	for (int fd = STDIN_FILENO; fd <= last; fd++)
		dup_to(null, fd);
	if (null > STDERR_FILENO)
		close(null);
}

static int
take(int *fds, size_t nfds, uint32_t pair)
{
	bool input = nfds & 1, output = nfds > 1;

	if (!whole && nfds < 3)
		return -1;
	place(fds, nfds, input ? STDIN_FILENO : STDOUT_FILENO);
	if (!input && !no_input)
		put_null(STDIN_FILENO, O_RDONLY);
	if (output)
		remember_pair(pair);
	whole = no_input = is_empty = false;
	return 0;
}

int
streams_begin(int fds[3], size_t nfds, uint32_t pair)
{
	/* What is so already stays on a page that copies share. */
	if (stdin != streams[0])
		stdin = streams[0];
	if (stdout != streams[1])
		stdout = streams[1];
	if (stderr != streams[2])
		stderr = streams[2];
	if (ftrylockfile(stdin) == 0) {
		__fpurge(stdin);
		revive(STDIN_FILENO, "r");
		clearerr(stdin);
		funlockfile(stdin);
	}
	revive(STDOUT_FILENO, "w");
	revive(STDERR_FILENO, "w");
	if (take(fds, nfds, pair))
		return -1;
	clearerr(stdout);
	clearerr(stderr);
	setvbuf(stdout, out, _IOLBF, sizeof out);
	setvbuf(stderr, NULL, _IONBF, 0);
	return 0;
}

void
streams_flush(void)
{
	fflush(streams[STDOUT_FILENO]);
	fflush(streams[STDERR_FILENO]);
}

void
streams_end(void)
{
	if (!is_empty)
		put_null(STDIN_FILENO, O_RDONLY);
	no_input = true;
}

void
streams_step_back(bool lasting)
{
	if (!no_input || bare_dup(STDIN_FILENO, STDOUT_FILENO) ||
	    bare_dup(STDIN_FILENO, STDERR_FILENO))
		put_null(STDERR_FILENO, O_RDWR);
	if (lasting && streams[STDOUT_FILENO] &&
	    !__fpending(streams[STDOUT_FILENO]))
		DROP_PAGES(out, sizeof out);
}

void
streams_let_go(void)
{
	whole = no_input = false;
	put_null(STDERR_FILENO, O_RDWR);
}

/* cells.h: the few lines that the cells of this folder share.
 *
 * A cell here fails the short way: it says why on standard error and calls
 * exit(1), which ends the cell and not the session. */
#ifndef CELLS_H
#define CELLS_H

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "cell.h"

/* A parameter of the notebook (or of -p), kept within what makes sense. */
static inline long
number(const char *key, long otherwise, long least, long most)
{
	long n = cell_param_long(key, otherwise);

	return n < least ? least : n > most ? most : n;
}

/* End the cell if `error`, a code as in errno, is not 0. */
static inline void
must(int error, const char *what)
{
	if (!error)
		return;
	fprintf(stderr, "cannot %s: %s\n", what, strerror(error));
	exit(1);
}

static inline pthread_t
start(void *(*run)(void *), void *arg)
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, run, arg), "start a thread");
	return thread;
}

/* Wait for a child process; its exit status as a shell would say it. */
static inline int
exit_status(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			must(errno, "wait for the child");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#endif

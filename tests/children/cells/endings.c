/* endings.c: cells that end in ways that a cell should not. Each is named for
 * what it does; tests/cli/endings.t says what must come of it. */
#define _GNU_SOURCE 1
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cell.h"

static int
calls_exit_0(struct cell *c)
{
	(void)c;
	puts("before exit");
	exit(0);
}

static int
calls_exit_3(struct cell *c)
{
	(void)c;
	printf("unflushed");
	exit(3);
}

static int
calls__exit_4(struct cell *c)
{
	(void)c;
	puts("before _exit");
	_exit(4);
}

static void *
exit_5(void *arg)
{
	(void)arg;
	exit(5);
}

static int
exits_from_a_thread(struct cell *c)
{
	pthread_t t;

	(void)c;
	puts("before the thread's exit");
	pthread_create(&t, NULL, exit_5, NULL);
	pthread_join(t, NULL);
	return 0;
}

static void
exit_6(int sig)
{
	exit(sig - SIGUSR1 + 6);
}

static int
exits_from_a_handler(struct cell *c)
{
	(void)c;
	signal(SIGUSR1, exit_6);
	raise(SIGUSR1);
	return 0;
}

static int
calls_pthread_exit(struct cell *c)
{
	(void)c;
	puts("before pthread_exit");
	pthread_exit(NULL);
}

static int
execs(struct cell *c)
{
	(void)c;
	puts("before exec");
	execl("/bin/sh", "sh", "-c", "echo from exec; exit 7", (char *)NULL);
	return 1;
}

static int
aborts(struct cell *c)
{
	(void)c;
	puts("before abort");
	abort();
}

static int
dereferences_null(struct cell *c)
{
	volatile int *p = NULL;

	(void)c;
	puts("before the crash");
	return *p;
}

static void *
write_to_null(void *arg)
{
	volatile int *p = arg;

	*p = 1;
	return NULL;
}

static int
crashes_in_a_thread(struct cell *c)
{
	pthread_t t;

	(void)c;
	puts("before the thread's crash");
	pthread_create(&t, NULL, write_to_null, NULL);
	pthread_join(t, NULL);
	return 0;
}

static volatile int no_end = 1;

static int
recurse(int depth)
{
	volatile char frame[4096];

	frame[0] = (char)depth;
	return no_end ? recurse(depth + 1) + frame[0] : depth;
}

static int
overflows_its_stack(struct cell *c)
{
	(void)c;
	puts("before the overflow");
	return recurse(0);
}

static void *
overflow(void *arg)
{
	recurse(0);
	return arg;
}

static int
overflows_a_threads_stack(struct cell *c)
{
	pthread_t t;

	(void)c;
	pthread_create(&t, NULL, overflow, NULL);
	pthread_join(t, NULL);
	return 0;
}

static int
divides_by_zero(struct cell *c)
{
	volatile int zero = c->argc - c->argc;

	return 100 / zero; /* of 1 / x gcc makes a comparison */
}

static int
kills_itself(struct cell *c)
{
	(void)c;
	kill(getpid(), SIGKILL);
	return 0;
}

static int
returns_256(struct cell *c)
{
	(void)c;
	return 256;
}

static int
smashes_its_stack(struct cell *c)
{
	char *frame = __builtin_frame_address(0);

	(void)c;
	memset(frame, 0, 256);
	return 0;
}

static const struct cell_def cells[] = {
	{ "calls-exit-0", calls_exit_0, NULL },
	{ "calls-exit-3", calls_exit_3, NULL },
	{ "calls-_exit-4", calls__exit_4, NULL },
	{ "exits-from-a-thread", exits_from_a_thread, NULL },
	{ "exits-from-a-handler", exits_from_a_handler, NULL },
	{ "calls-pthread_exit", calls_pthread_exit, NULL },
	{ "execs", execs, NULL },
	{ "aborts", aborts, NULL },
	{ "dereferences-null", dereferences_null, NULL },
	{ "crashes-in-a-thread", crashes_in_a_thread, NULL },
	{ "overflows-its-stack", overflows_its_stack, NULL },
	{ "overflows-a-threads-stack", overflows_a_threads_stack, NULL },
	{ "divides-by-zero", divides_by_zero, NULL },
	{ "kills-itself", kills_itself, NULL },
	{ "returns-256", returns_256, NULL },
	{ "smashes-its-stack", smashes_its_stack, NULL },
};
CELL_TABLE(cells);

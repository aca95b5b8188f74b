/* stopping.c: how to end a thread that would go on for ever.
 *
 * Nobody can stop a thread from outside and leave what it works on whole, so
 * it is asked: it looks at a flag between two pieces of work. The flag is
 * atomic. With a plain one the compiler may read it once and never again. */
#define _GNU_SOURCE 1
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include "cells.h"

struct counter {
	atomic_bool stop;
	sem_t going; /* posted when it has counted to `warm` */
	long warm;
	long count; /* the worker's alone until it is joined */
};

static void *
count(void *arg)
{
	struct counter *k = arg;

	while (!atomic_load(&k->stop))
		if (++k->count == k->warm)
			sem_post(&k->going);
	return NULL;
}

/* A worker counts until a line comes from standard input. */
static int
stop_flag(struct cell *c)
{
	struct counter k = { .warm = number("warm", 1000, 1, 1000000000) };
	pthread_t worker;
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	(void)c;
	sem_init(&k.going, 0, 0);
	worker = start(count, &k);
	sem_wait(&k.going);
	puts("The worker is counting. Press enter to quit.");

	length = getline(&line, &size, stdin);
	puts(length < 0 ? "End of input." : "A line was read.");
	free(line);

	atomic_store(&k.stop, true);
	pthread_join(worker, NULL);
	printf("The worker saw the flag and stopped at %ld.\n", k.count);
	sem_destroy(&k.going);
	return 0;
}

static const struct cell_def cells[] = {
	{ "stop-flag", stop_flag,
	  .doc = "a worker counts until a line is read and a flag is set" },
};
CELL_TABLE(cells);

/* threads.c: what it means to start a thread, and to wait for it.
 *
 * Each cell starts a few threads and shows one thing about them. Where a cell
 * must catch its threads in the middle of something, a semaphore holds them
 * there: no outcome below hangs on a sleep that happened to be long enough. */
#define _GNU_SOURCE 1
#include <dirent.h>
#include <sched.h>
#include <semaphore.h>
#include <time.h>
#include <unistd.h>
#include "cells.h"

#define ROUNDS_MAX 100
#define WORKERS_MAX 64

static void
sem_wait_times(sem_t *sem, long times)
{
	while (times-- > 0)
		sem_wait(sem);
}

static void
sem_post_times(sem_t *sem, long times)
{
	while (times-- > 0)
		sem_post(sem);
}

/* ---- worker-args ------------------------------------------------------ */

struct work {
	const char *text;
	long rounds;
};

static void *
say(void *arg)
{
	const struct work *w = arg;

	for (long i = 0; i < w->rounds; i++)
		printf("%s: round %ld\n", w->text, i);
	return NULL;
}

/* Two threads, one function. Each gets the address of its own struct: one
 * struct filled twice would be changed under the first thread's eyes. */
static int
worker_args(struct cell *c)
{
	long rounds = number("rounds", 4, 1, ROUNDS_MAX);
	struct work works[] = {
		{ c->argc > 1 ? c->argv[1] : "ABC", rounds },
		{ c->argc > 2 ? c->argv[2] : "XYZ", rounds },
	};
	pthread_t first = start(say, &works[0]);
	pthread_t second = start(say, &works[1]);

	pthread_join(first, NULL);
	pthread_join(second, NULL);
	return 0;
}

/* ---- daemon ----------------------------------------------------------- */

struct daemon {
	char *name;
	long rounds, delay_ms;
};

static sem_t first_tick;

static void
sleep_ms(long ms)
{
	struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

/* Tick, and wait twice as long before each next tick: it lives long and stays
 * quiet. What it reads is its own, since the cell may be over by then. */
static void *
tick(void *arg)
{
	struct daemon *d = arg;

	printf("daemon %s: tick 0\n", d->name);
	sem_post(&first_tick);
	for (long i = 1; i < d->rounds; i++) {
		sleep_ms(d->delay_ms);
		d->delay_ms *= 2;
		printf("daemon %s: tick %ld\n", d->name, i);
	}
	free(d->name);
	free(d);
	return NULL;
}

/* A thread that nobody will join. It is detached, so that its memory is given
 * back when it ends. */
static void
start_daemon(const char *name)
{
	struct daemon *d = malloc(sizeof(*d));

	must(d ? 0 : ENOMEM, "make a daemon");
	d->name = strdup(name);
	must(d->name ? 0 : ENOMEM, "make a daemon");
	d->rounds = number("daemon-rounds", 12, 1, 16);
	d->delay_ms = number("daemon-delay-ms", 1, 0, 1000);
	must(pthread_detach(start(tick, d)), "detach a thread");
	sem_wait(&first_tick);
}

/* Start one daemon for each argument and end. The daemons go on. */
static int
daemon_cell(struct cell *c)
{
	sem_init(&first_tick, 0, 0);
	for (int i = 1; i < c->argc; i++)
		start_daemon(c->argv[i]);
	printf("The cell ends here, its %d daemon(s) do not.\n", c->argc - 1);
	return 0;
}

/* ---- active-count ----------------------------------------------------- */

struct meeting {
	sem_t here, leave;
};

static void *
attend(void *arg)
{
	struct meeting *m = arg;

	sem_post(&m->here);
	sem_wait(&m->leave);
	return NULL;
}

/* The kernel lists this process's threads as folders. */
static long
threads_alive(void)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *task;
	long n = 0;

	must(tasks ? 0 : errno, "read /proc/self/task");
	while ((task = readdir(tasks)))
		n += task->d_name[0] != '.';
	closedir(tasks);
	return n;
}

/* Count all threads of the process, daemons of other cells included, around
 * the life of a few workers. */
static int
active_count(struct cell *c)
{
	long workers = number("workers", 3, 1, WORKERS_MAX);
	long before = threads_alive(), after = before + workers;
	pthread_t threads[WORKERS_MAX];
	struct meeting m;

	(void)c;
	printf("before: %ld\n", before);
	sem_init(&m.here, 0, 0);
	sem_init(&m.leave, 0, 0);
	for (long i = 0; i < workers; i++)
		threads[i] = start(attend, &m);
	sem_wait_times(&m.here, workers);
	printf("during: %ld, of which %ld are workers\n", threads_alive(),
	       workers);
	sem_post_times(&m.leave, workers);
	for (long i = 0; i < workers; i++)
		pthread_join(threads[i], NULL);
	/* A joined thread runs no more C, but the kernel may need a moment
	 * to take it off the list. */
	for (int tries = 0; tries < 1000 && after > before; tries++) {
		sched_yield();
		after = threads_alive();
	}
	printf("after:  %ld\n", after);
	return 0;
}

/* ---- join ------------------------------------------------------------- */

struct list {
	pthread_mutex_t lock;
	long used, wanted;
	struct {
		int worker;
		long round;
	} items[2 * ROUNDS_MAX];
	sem_t halfway, gate; /* workers say they are, and wait */
};

struct appender {
	struct list *list;
	int number;
};

/* Append t1:0, t1:1, ... and stop halfway until the gate opens. */
static void *
append(void *arg)
{
	const struct appender *a = arg;
	struct list *l = a->list;
	long rounds = l->wanted / 2;

	for (long i = 0; i < rounds; i++) {
		if (i == rounds / 2) {
			sem_post(&l->halfway);
			sem_wait(&l->gate);
		}
		pthread_mutex_lock(&l->lock);
		l->items[l->used].worker = a->number;
		l->items[l->used++].round = i;
		pthread_mutex_unlock(&l->lock);
	}
	return NULL;
}

static void
show(const char *when, struct list *l)
{
	pthread_mutex_lock(&l->lock);
	flockfile(stdout); /* no other thread's text within the line */
	printf("%s %ld of %ld:", when, l->used, l->wanted);
	for (long i = 0; i < l->used; i++)
		printf(" t%d:%ld", l->items[i].worker, l->items[i].round);
	putchar('\n');
	funlockfile(stdout);
	pthread_mutex_unlock(&l->lock);
}

/* Read the list while the workers are at it, then again once they are joined.
 * The gate stands for bad luck: without it, the first reading would find as
 * much of the list as the scheduler pleases. */
static int
join(struct cell *c)
{
	struct list l = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct appender one = { &l, 1 }, two = { &l, 2 };
	pthread_t t1, t2;

	(void)c;
	l.wanted = 2 * number("rounds", 4, 1, ROUNDS_MAX);
	sem_init(&l.halfway, 0, 0);
	sem_init(&l.gate, 0, 0);
	t1 = start(append, &one);
	t2 = start(append, &two);

	sem_wait_times(&l.halfway, 2);
	show("not joined,", &l);
	sem_post_times(&l.gate, 2);

	pthread_join(t1, NULL);
	pthread_join(t2, NULL);
	show("joined,    ", &l);
	return l.used != l.wanted;
}

/* ---- run-vs-start ----------------------------------------------------- */

static void *
who(void *label)
{
	printf("%s: thread %d\n", (const char *)label, gettid());
	return NULL;
}

/* A thread function is a function: called, it runs on the caller's thread,
 * started, it runs on a thread of its own. */
static int
run_vs_start(struct cell *c)
{
	char caller[] = "caller", called[] = "called", started[] = "started";

	who(c->argc > 1 ? c->argv[1] : caller);
	who(c->argc > 2 ? c->argv[2] : called);
	pthread_join(start(who, c->argc > 3 ? c->argv[3] : started), NULL);
	return 0;
}

static const struct cell_def cells[] = {
	{ "worker-args", worker_args,
	  .doc = "two threads run one function with different arguments" },
	{ "daemon", daemon_cell,
	  .doc = "threads that nobody joins go on while later cells run" },
	{ "active-count", active_count,
	  .doc = "the number of threads before, during and after" },
	{ "join", join,
	  .doc = "two workers fill a list: read too early, then joined" },
	{ "run-vs-start", run_vs_start,
	  .doc = "a thread function called, and the same one started" },
};
CELL_TABLE(cells);

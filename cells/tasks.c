/* tasks.c: two words that are easily confused.
 *
 * Tasks are concurrent when both are under way: their steps may alternate on
 * a single thread. They are parallel when their steps happen at the same
 * time, which takes a second thread and a second processor. Only the second
 * makes the whole any faster. */
#define _GNU_SOURCE 1
#include <sched.h>
#include <stdatomic.h>
#include <time.h>
#include "cells.h"

#define STEPS_MAX 32

/* Which task made the n-th step, in the order in which they ended. */
struct trace {
	atomic_int used;
	char names[2 * STEPS_MAX];
};

struct task {
	char name;
	long steps, work;
	unsigned result;
	struct trace *trace;
};

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : CPU_COUNT(&set);
}

/* One step: arithmetic that waits for nobody. */
static void
step(struct task *t)
{
	unsigned x = t->result;

	for (long i = 0; i < t->work; i++)
		x = x * 1664525 + 1013904223;
	t->result = x;
	t->trace->names[atomic_fetch_add(&t->trace->used, 1)] = t->name;
}

static void *
all_steps(void *task)
{
	struct task *t = task;

	for (long i = 0; i < t->steps; i++)
		step(t);
	return NULL;
}

static void
show(const char *how, struct trace *trace, double ms)
{
	printf("%s  %.*s  %.1f ms\n", how, atomic_load(&trace->used),
	       trace->names, ms);
	atomic_store(&trace->used, 0);
}

/* The same two tasks twice: taking turns on this thread, then on a thread
 * each. The work is equal; only the second way can use two processors. */
static int
concurrency_vs_parallelism(struct cell *c)
{
	struct trace trace = { 0 };
	struct task a = { 'A', .trace = &trace }, b = { 'B', .trace = &trace };
	pthread_t run_a, run_b;
	double begin, turns_ms, threads_ms;

	(void)c;
	a.steps = b.steps = number("steps", 4, 1, STEPS_MAX);
	a.work = b.work = number("work", 250000, 0, 1000000000);

	begin = now_ms();
	for (long i = 0; i < a.steps; i++) {
		step(&a);
		step(&b);
	}
	turns_ms = now_ms() - begin;
	show("taking turns on one thread:", &trace, turns_ms);

	begin = now_ms();
	run_a = start(all_steps, &a);
	run_b = start(all_steps, &b);
	pthread_join(run_a, NULL);
	pthread_join(run_b, NULL);
	threads_ms = now_ms() - begin;
	show("at once, on two threads:   ", &trace, threads_ms);

	printf("%.1f times as fast, with %d processor(s) to run on\n",
	       turns_ms / threads_ms, processors());
	return 0;
}

static const struct cell_def cells[] = {
	{ "concurrency-vs-parallelism", concurrency_vs_parallelism,
	  .doc = "two tasks taking turns on one thread, then on two at once" },
};
CELL_TABLE(cells);

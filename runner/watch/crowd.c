/* crowd.c: the limit on processes and threads. Floor 3.
 *
 * To count is dear, so it is done only where the sum of the last count and of
 * what was granted since reaches the limit. A grant is taken when its thread
 * asks again, sleeps, or has run for a while: until then the new one may or may
 * not be in the count. Where that makes a difference we wait. */
#include "watch/crowd.h"

#include <stdlib.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/clock.h"

/* A grant is taken by a thread that has run for so long; */
#define TAKEN_NS (10 * NS_PER_MS)
/* one that gets no processor is not waited for longer. */
#define STARVED_NS (10 * NS_PER_S)
#define PAUSE_US 200 /* at first; twice as long each time, */
#define PAUSE_MOST_US 6400
/* A bomb asks without end: at the limit, count only so often. */
#define FULL_NS (5 * NS_PER_MS)

void
crowd_begin(struct crowd *c, const struct crowd *wish)
{
	struct grant *grants = c->grants;

	*c = *wish;
	c->grants = grants;
	c->ngrants = 0;
	c->bound = c->limit; /* not counted yet */
	c->struck = false;
	c->full_until_ns = 0;
}

void
crowd_release(struct crowd *c)
{
	free(c->grants);
	*c = (struct crowd){ 0 };
}

/* Those whose parent dies while we look may be missed once. */
static int
count(const struct crowd *c)
{
	int before, now = -1;

	for (int i = 0; i < 3; i++) {
		before = now;
		now = tree_tasks(c->root, c->still, c->spare);
		if (c->host)
			now += tree_nthreads(c->host) - c->others;
		if (now <= before)
			break;
	}
	return now > before ? now : before;
}

static void
drop_grant(struct crowd *c, size_t i)
{
	c->grants[i] = c->grants[--c->ngrants];
}

/* It asks again, so it has taken what it was granted. */
static void
taken_by(struct crowd *c, pid_t tid)
{
	for (size_t i = 0; i < c->ngrants; i++)
		if (c->grants[i].tid == tid)
			drop_grant(c, i--);
}

/* One that waits in fork() itself, for its own memory, is in state D. */
static bool
is_taken(struct grant *g, int64_t now)
{
	int64_t ran_ns;
	char state;

	if (now - g->at_ns < TAKEN_NS)
		return false;
	state = tree_thread_state(g->tid, &ran_ns);
	if (g->ran_ns < 0)
		g->ran_ns = ran_ns;
	return (state != 'R' && state != 'D') ||
	       ran_ns - g->ran_ns >= TAKEN_NS || now - g->at_ns >= STARVED_NS;
}

static void
drop_taken(struct crowd *c)
{
	int64_t now = clock_mono_ns();

	for (size_t i = 0; i < c->ngrants; i++)
		if (is_taken(&c->grants[i], now))
			drop_grant(c, i--);
}

static bool
grant(struct crowd *c, pid_t tid)
{
	*mem_push(c->grants, c->ngrants) =
		(struct grant){ tid, clock_mono_ns(), -1 };
	c->bound++;
	return true;
}

static bool
refuse(struct crowd *c)
{
	c->struck = true;
	return false;
}

bool
crowd_may_grow(struct crowd *c, pid_t tid)
{
	unsigned pause_us = PAUSE_US;

	if (!c->limit)
		return true;
	taken_by(c, tid);
	if (c->bound < c->limit)
		return grant(c, tid);
	if (clock_mono_ns() < c->full_until_ns)
		return refuse(c);
	for (;;) {
		int there;

		drop_taken(c);
		there = count(c);
		if (there >= c->limit) {
			c->full_until_ns = clock_mono_ns() + FULL_NS;
			return refuse(c);
		}
		c->bound = there + (int)c->ngrants;
		if (c->bound < c->limit)
			return grant(c, tid);
		usleep(pause_us);
		if (pause_us < PAUSE_MOST_US)
			pause_us *= 2;
	}
}

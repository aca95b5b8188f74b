/* crowd.c: the limit on processes and threads. Floor 3.
 *
 * To count is dear, so it is done only where the sum of the last count and of
 * what was granted since reaches the limit. A grant is taken when its thread
 * asks again, or some time later at the latest: until then the new one may or
 * may not be in the count. Where that makes a difference we wait. */
#include "watch/crowd.h"

#include <stdlib.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/clock.h"

#define TAKEN_NS (10 * NS_PER_MS) /* a grant is taken by then */
#define PAUSE_US 200
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

static void
taken_before(struct crowd *c, int64_t at_ns)
{
	for (size_t i = 0; i < c->ngrants; i++)
		if (c->grants[i].at_ns < at_ns)
			drop_grant(c, i--);
}

static bool
grant(struct crowd *c, pid_t tid)
{
	*mem_push(c->grants, c->ngrants) =
		(struct grant){ tid, clock_mono_ns() };
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
	if (!c->limit)
		return true;
	taken_by(c, tid);
	if (c->bound < c->limit)
		return grant(c, tid);
	if (clock_mono_ns() < c->full_until_ns)
		return refuse(c);
	for (;;) {
		int there;

		taken_before(c, clock_mono_ns() - TAKEN_NS);
		there = count(c);
		if (there >= c->limit) {
			c->full_until_ns = clock_mono_ns() + FULL_NS;
			return refuse(c);
		}
		c->bound = there + (int)c->ngrants;
		if (c->bound < c->limit)
			return grant(c, tid);
		usleep(PAUSE_US);
	}
}

/* granted.c: cells that the host may run before we have looked at those before
 * them. Floor 3.
 *
 * One message to the host and one back for each cell, each of which wakes the
 * other side, take several times as long as a cell that prints a line. So cells
 * are sent ahead, each with pipes of its own, and the host goes on from one to
 * the next as long as it sees for itself that nothing is left to be seen by us:
 * the cell returned 0, nobody else has its outputs, no process lives that it
 * has begun, and it was brief. We follow, cell by cell, with what it wrote and
 * how it ended, as if it had just happened. After any other end the host drops
 * what was sent ahead, and all goes on one cell at a time.
 *
 * Which cell runs is known but for that: while more were sent ahead and the
 * last end that we know of is not WIRE_BRIEF_MS old, it may be one of those. In
 * that time none is ended, by whatever limit or signal; after it the cell that
 * we follow is the one that runs, and none comes after it. */
#include "watch/task.h"

#include <errno.h>
#include "sys/clock.h"
#include "sys/proc.h"
#include "watch/enforce.h"

/* What a message may be late. */
#define LATE_MS 5
/* So long the host is left alone to run a few of them: to be woken for each
 * would cost more than it brings. One that is copied takes several times as
 * long as one that prints a line. */
#define DOZE_NS 60000
#define DOZE_COPYING_NS 100000 /* for each that was sent ahead, but no more */
#define DOZE_MOST_NS 1000000   /* than this */
/* The loop is served once for so many, where it is not waited for. */
#define SERVED_EVERY 8

static int64_t
bound_until(const struct supervisor *s)
{
	return s->host.free_ns + (WIRE_BRIEF_MS + LATE_MS) * NS_PER_MS;
}

bool
granted_may_run(const struct supervisor *s)
{
	return s->granted && clock_mono_ns() < bound_until(s);
}

int64_t
granted_deadline(const struct supervisor *s)
{
	return granted_may_run(s) ? bound_until(s) : LOOP_NEVER;
}

void
granted_ended(struct supervisor *s, const struct task *t)
{
	int64_t now = clock_mono_ns(), at = t->outcome.how.ended_ns;

	if (at > s->host.free_ns)
		s->host.free_ns = at < now ? at : now;
	s->host.goes_on = s->host.kept && t->outcome.how.goes_on &&
			  t->phase == TASK_RUNNING;
	if (!s->host.goes_on)
		s->granted = 0;
}

bool
granted_put_off(struct supervisor *s, const struct keeper_death *d)
{
	if (!s->granted || (s->task && !s->task->over))
		return false;
	s->host.is_dead = true;
	s->host.death = *d;
	return true;
}

int
supervise_grant(struct supervisor *s, struct capture *c,
		enum capture_order order, const struct wire_put *payload)
{
	if (!s->host.pid || s->host.is_dead)
		return -1;
	c->order = host_order_of(s, order);
	host_put_turn(s, payload);
	if (wire_try(s->host.fd, WIRE_FOLLOW, payload->data, payload->len,
		     c->writer, STREAM_COUNT) < 0) {
		s->turns--;
		return -1;
	}
	s->granted++;
	return 0;
}

int64_t
granted_ask(struct supervisor *s, struct task *t)
{
	uint32_t turn = t->turn;

	if (!t->follows || t->asked || s->granted || !s->host.pid ||
	    s->host.is_dead)
		return LOOP_NEVER;
	if (clock_mono_ns() < bound_until(s))
		return bound_until(s);
	t->asked = true;
	wire_try(s->host.fd, WIRE_SENT, &turn, sizeof turn, NULL, 0);
	return LOOP_NEVER;
}

/* What the host has said of it by now, or how it died. */
static void
look(struct supervisor *s, struct task *t)
{
	struct keeper_death d = s->host.death;

	if (s->host.pid)
		host_read(s);
	if (t->over || !s->host.is_dead)
		return;
	t->outcome.interrupted |= proc_endings() > 0;
	task_died(t, &d);
	host_is_gone(s);
}

/* -> something but the host wants to be heard. With each copy that takes the
 * place of another the keeper tells of a death: that, too, can wait so long. */
static bool
doze(struct supervisor *s, const struct task *t)
{
	const int deaf[] = { s->host.fd, s->keeper.fd };
	bool copies = t->on_copied != NULL;
	int64_t ns = DOZE_NS;

	if (copies) {
		ns = DOZE_COPYING_NS * s->granted;
		if (ns > DOZE_MOST_NS)
			ns = DOZE_MOST_NS;
	}
	return loop_doze(&s->loop, deaf, copies ? 2 : 1, ns);
}

void
granted_catch_up(struct supervisor *s, struct task *t)
{
	bool serve = s->followed++ % SERVED_EVERY == 0;

	look(s, t);
	if (!t->over && s->granted) {
		serve |= doze(s, t);
		look(s, t);
	}
	if (serve) {
		task_wait(s, 0);
		look(s, t);
	}
	if (!t->over)
		capture_listen(t->capture);
}

int
supervise_follow(struct supervisor *s, struct task *t, struct err *e)
{
	int rc;

	t->turn = s->turns - (uint32_t)--s->granted;
	host_begin_task(s, t);
	t->follows = true;
	task_began(t, s->host.free_ns);
	task_follow(s, t);
	if (!s->host.goes_on)
		capture_close_writers(t->capture);
	rc = task_conclude(s, t, e);
	/* It died, and all that it had said by then is read. */
	if (s->host.is_dead && !s->granted)
		host_is_gone(s);
	return rc;
}

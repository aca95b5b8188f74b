/* abreast.c: runs of one cell, several at the same time. Floor 4. What they
 * come to is repeat.c's to count. */
#include "exec/abreast.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/mem.h"
#include "exec/repeat.h"
#include "exec/run.h"
#include "model/event_pack.h"
#include "sys/clock.h"
#include "sys/fs.h"
#include "sys/proc.h"
#include "sys/workers.h"

/* A process does several runs, one after the other: to fork us takes longer
 * than a small cell. So many shares each lane has, to even out their times. */
#define SHARES 4

struct abreast {
	struct run *r;
	const struct cell_info *c;
	int count, share; /* runs; of which one process does so many */
	struct sink *sink;
	int *told;
};

/* In the process that does them: what a run tells, as bytes, each event after
 * its length. */
struct packer {
	struct sink sink; /* first */
	struct buf run;
};

static void
pack(struct sink *sink, const struct event *ev)
{
	struct packer *p = (struct packer *)sink;
	struct buf one = { 0 };
	uint64_t len;

	event_pack(&one, ev);
	len = one.len;
	buf_add(&p->run, &len, sizeof len);
	buf_add(&p->run, one.data, one.len);
	buf_release(&one);
}

/* Whoever killed it may have been another run, or have meant another. */
static bool
is_doubtful(const struct cell_result *res)
{
	const struct outcome *o = &res->outcome;

	return res->verdict.status == STATUS_INTERRUPTED ||
	       (o->died && WIFSIGNALED(o->wait_status) &&
		WTERMSIG(o->wait_status) == SIGKILL && !o->timed_out);
}

/* One run; it is written down as a whole, or not at all. */
static int
do_one(struct abreast *a, struct packer *p, int report)
{
	struct run *r = a->r;
	struct cell_result res;
	struct err e;
	int rc;

	buf_clear(&p->run);
	rc = repeat_once(r, a->c, &res, &e);
	if (rc == 0 && is_doubtful(&res))
		rc = -1;
	if (rc == 0) {
		uint64_t len;

		repeat_tell_end(r, a->c, &res);
		len = p->run.len;
		rc = fs_write_fd(report, &len, sizeof len);
		if (rc == 0)
			rc = fs_write_fd(report, p->run.data, p->run.len);
	}
	cell_result_release(&res);
	run_close_ended(r);
	lanes_tidy(&r->supervisor);
	return rc;
}

static int
work(void *self, size_t i, int report)
{
	struct abreast *a = self;
	struct packer p = { .sink = { pack } };
	struct sink *sinks[] = { &p.sink, NULL };
	int from = (int)i * a->share, n = a->count - from, rc = 0;
	struct run *r = a->r;
	struct err e;

	if (lanes_enter(&r->supervisor, &e) < 0)
		return EXIT_FAILURE;
	/* Their descriptors are the parent's to read. */
	r->lives = NULL;
	r->resting = NULL;
	r->grants = (struct grants){ 0 };
	r->nlives = r->nback = 0;
	r->emitter.sinks = sinks;
	if (n > a->share)
		n = a->share;
	while (n-- > 0 && rc == 0 && !proc_interrupted() &&
	       !r->supervisor.run_is_over)
		rc = do_one(a, &p, report);
	supervise_host_kill(&r->supervisor);
	return EXIT_SUCCESS;
}

/* In our own process: what it wrote is told. */
static bool
take_length(struct slice *from, uint64_t *len)
{
	if (from->len < sizeof *len)
		return false;
	memcpy(len, from->at, sizeof *len);
	from->at += sizeof *len;
	from->len -= sizeof *len;
	return *len <= from->len;
}

static void
tell_run(struct abreast *a, struct slice run)
{
	struct arena arena;
	struct event ev;
	uint64_t len;

	arena_init(&arena);
	for (; take_length(&run, &len); run.at += len, run.len -= len)
		if (event_unpack(&ev, (struct slice){ run.at, len },
				 a->r->cells->nb, &arena) == 0)
			a->sink->on_event(a->sink, &ev);
	arena_release(&arena);
	++*a->told;
}

static void
done(void *self, size_t i, const struct worker_result *result)
{
	struct abreast *a = self;
	struct buf text = { 0 };
	struct slice left;
	uint64_t len;

	(void)i;
	if (lseek(result->report, 0, SEEK_SET) == 0)
		fs_read_fd(result->report, &text);
	left = buf_slice(&text);
	for (; take_length(&left, &len); left.at += len, left.len -= len)
		tell_run(a, (struct slice){ left.at, len });
	buf_release(&text);
}

static void
serve(void *self)
{
	struct abreast *a = self;
	struct supervisor *s = &a->r->supervisor;

	supervise_idle(s);
	if (s->keeper_lost)
		loop_wait(&s->loop, 0);
}

static void
stop(void *self, bool stopping)
{
	struct abreast *a = self;
	struct keeper *k = &a->r->supervisor.keeper;

	if (stopping)
		keeper_hold(k);
	else
		keeper_let_go(k, 0);
}

size_t
abreast_most(const struct run *r, const struct cell_info *c)
{
	const struct limits *limits = &r->how->limits;
	bool in_host = c->kind == KIND_TABLE || c->kind == KIND_SHARED;

	if (r->how->input_fd >= 0 || limits->memory || limits->tasks ||
	    r->supervisor.keeper_lost || (in_host && !past_has_copy(&r->past)))
		return 1;
	return r->how->lanes ? (size_t)r->how->lanes : workers_processors();
}

int
abreast_run(struct run *r, const struct cell_info *c, int count, size_t at_once,
	    struct sink *sink, int *told, struct err *e)
{
	int shares = (int)at_once * SHARES;
	struct abreast a = { .r = r,
			     .c = c,
			     .count = count,
			     .share = (count + shares - 1) / shares,
			     .sink = sink,
			     .told = told };
	struct workers w = { .count = (size_t)((count + a.share - 1) / a.share),
			     .at_once = at_once,
			     .work = work,
			     .done = done,
			     .also = r->supervisor.loop.epoll,
			     .serve = serve,
			     .stop = stop,
			     .self = &a };
	int rc;

	*told = 0;
	rc = lanes_open(&r->supervisor, e);
	if (rc == 0)
		rc = workers_run(&w, e);
	lanes_close(&r->supervisor);
	r->supervisor.run_is_over |=
		clock_mono_ns() >= r->supervisor.deadline_ns;
	return rc;
}

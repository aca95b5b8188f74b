/* event_pack.c: events as bytes and back. Floor 1. Each kind's members are
 * listed once, in a function that is walked in either direction: what is
 * written is what is read. */
#include "model/event_pack.h"

/* Whoever adds a member is sent here: it has its line below. */
_Static_assert(sizeof(void *) != 8 || (sizeof(struct event) == 96 &&
				       sizeof(struct cell_end) == 80),
	       "events have changed: pack the new members, too");

/* Bytes on their way, in one of two directions. */
struct pack {
	struct buf *out;      /* writing; NULL: reading */
	const char *at, *end; /* what is left to read */
	bool bad;	      /* it was not there, or is nonsense */
	struct arena *arena;
};

static void
raw(struct pack *p, void *bytes, size_t len)
{
	if (p->out) {
		buf_add(p->out, bytes, len);
	} else if (p->bad || (size_t)(p->end - p->at) < len) {
		memset(bytes, 0, len);
		p->bad = true;
	} else {
		memcpy(bytes, p->at, len);
		p->at += len;
	}
}

static void
integer(struct pack *p, int64_t *value)
{
	raw(p, value, sizeof *value);
}

/* Nanoseconds, -1: not known. Two of them can be added up. */
static void
nanoseconds(struct pack *p, int64_t *value)
{
	integer(p, value);
	p->bad |= *value < -1 || *value > INT64_MAX / 2;
}

static void
number(struct pack *p, int *value)
{
	raw(p, value, sizeof *value);
}

static void
flag(struct pack *p, bool *value)
{
	unsigned char byte = *value;

	raw(p, &byte, 1);
	*value = byte != 0;
}

static size_t
length(struct pack *p, size_t len)
{
	uint64_t n = len;

	raw(p, &n, sizeof n);
	/* No count can be larger than the bytes that are left. */
	if (!p->out && n > (size_t)(p->end - p->at))
		p->bad = true;
	return p->bad ? 0 : (size_t)n;
}

static void
bytes(struct pack *p, struct slice *s)
{
	size_t len = length(p, s->len);

	if (p->out) {
		buf_add_slice(p->out, *s);
		return;
	}
	*s = (struct slice){ p->at, len };
	p->at += len;
}

/* A string, or NULL. */
static void
text(struct pack *p, const char **s)
{
	bool there = *s != NULL;
	struct slice all = there ? slice_of(*s) : (struct slice){ "", 0 };

	flag(p, &there);
	if (!there) {
		*s = NULL;
		return;
	}
	bytes(p, &all);
	if (!p->out)
		*s = arena_dup(p->arena, all.at, all.len);
}

static void
texts(struct pack *p, const char *const **list, size_t *count)
{
	size_t n = length(p, *count);
	const char **all;

	if (p->out) {
		for (size_t i = 0; i < n; i++) {
			const char *one = (*list)[i];

			text(p, &one);
		}
		return;
	}
	all = arena_alloc(p->arena, n + 1, sizeof *all);
	for (size_t i = 0; i < n; i++) {
		text(p, &all[i]);
		p->bad |= !all[i];
	}
	*list = all;
	*count = n;
}

static void
numbers(struct pack *p, const int **list, size_t *count)
{
	size_t n = length(p, *count);
	int *all;

	if (p->out) {
		buf_add(p->out, *list, n * sizeof **list);
		return;
	}
	if (n > (size_t)(p->end - p->at) / sizeof *all)
		p->bad = true;
	n = p->bad ? 0 : n;
	all = arena_alloc(p->arena, n + 1, sizeof *all);
	raw(p, all, n * sizeof *all);
	*list = all;
	*count = n;
}

/* An enumerator below `limit`. */
static int
choice(struct pack *p, int value, int limit)
{
	number(p, &value);
	if (value < 0 || value >= limit) {
		p->bad = true;
		return 0;
	}
	return value;
}

/* --- the members of each kind --------------------------------------------- */

static void
run_begin(struct pack *p, struct event *ev)
{
	nanoseconds(p, &ev->run.started_ns);
}

static void
cell_begin(struct pack *p, struct event *ev)
{
	ev->begin.kind = choice(p, (int)ev->begin.kind, KIND_COUNT);
	text(p, &ev->begin.name);
	bytes(p, &ev->begin.source);
	flag(p, &ev->begin.quiet);
	nanoseconds(p, &ev->begin.started_ns);
	p->bad |= !ev->begin.name;
}

static void
restored(struct pack *p, struct event *ev)
{
	number(p, &ev->restored.cells);
	text(p, &ev->restored.why);
	text(p, &ev->restored.differs);
}

static void
built(struct pack *p, struct event *ev)
{
	text(p, &ev->built.cc);
	flag(p, &ev->built.failed);
	flag(p, &ev->built.cached);
	nanoseconds(p, &ev->built.duration_ns);
	text(p, &ev->built.command);
	bytes(p, &ev->built.messages);
}

static void
author(struct pack *p, const struct author **who)
{
	bool there = *who != NULL;
	struct author copy = there ? **who : author_unknown;

	flag(p, &there);
	if (!there) {
		*who = NULL;
		return;
	}
	number(p, &copy.pid);
	number(p, &copy.tid);
	nanoseconds(p, &copy.at_ns);
	raw(p, copy.comm, sizeof copy.comm);
	copy.comm[sizeof copy.comm - 1] = '\0';
	if (p->out)
		return;
	*who = memcpy(arena_alloc(p->arena, 1, sizeof copy), &copy,
		      sizeof copy);
}

static void
written(struct pack *p, struct event *ev)
{
	ev->text.stream = choice(p, (int)ev->text.stream, STREAM_COUNT);
	bytes(p, &ev->text.bytes);
	flag(p, &ev->text.late);
	text(p, &ev->text.background);
	flag(p, &ev->text.unordered);
	author(p, &ev->text.author);
}

static void
display(struct pack *p, struct event *ev)
{
	text(p, &ev->display.mime);
	bytes(p, &ev->display.bytes);
	p->bad |= !ev->display.mime;
}

static void
error(struct pack *p, struct event *ev)
{
	text(p, &ev->error.ename);
	text(p, &ev->error.evalue);
	texts(p, &ev->error.traceback, &ev->error.ntraceback);
	p->bad |= !ev->error.ename || !ev->error.evalue;
}

static void
left(struct pack *p, struct event *ev)
{
	flag(p, &ev->left.thread);
	number(p, &ev->left.id);
	text(p, &ev->left.name);
	p->bad |= !ev->left.name;
}

static void
cell_end(struct pack *p, struct event *ev)
{
	struct cell_end *end = &ev->end;

	end->status = choice(p, (int)end->status, STATUS_COUNT);
	number(p, &end->exit_status);
	number(p, &end->signal);
	nanoseconds(p, &end->duration_ns);
	nanoseconds(p, &end->cpu_ns);
	integer(p, &end->max_rss_kb);
	number(p, &end->threads_left);
	number(p, &end->children_left);
	flag(p, &end->expected);
	flag(p, &end->excused);
	flag(p, &end->timeline);
	integer(p, &end->output_dropped);
	numbers(p, &end->runs, &end->nruns);
	flag(p, &end->background);
	flag(p, &end->stopped);
}

static void
run_end(struct pack *p, struct event *ev)
{
	nanoseconds(p, &ev->run_end.duration_ns);
	number(p, &ev->run_end.signal);
}

static void
tick(struct pack *p, struct event *ev)
{
	flag(p, &ev->tick.asks);
}

/* A switch, so that the compiler misses a new kind. */
static void
members(struct pack *p, struct event *ev)
{
	switch (ev->kind) {
	case EV_RUN_BEGIN:
		run_begin(p, ev);
		return;
	case EV_CELL_BEGIN:
		cell_begin(p, ev);
		return;
	case EV_RESTORED:
		restored(p, ev);
		return;
	case EV_BUILT:
		built(p, ev);
		return;
	case EV_TEXT:
		written(p, ev);
		return;
	case EV_DISPLAY:
	case EV_RESULT:
		display(p, ev);
		return;
	case EV_LEFT:
		left(p, ev);
		return;
	case EV_ERROR:
	case EV_CHILD_CRASH:
		error(p, ev);
		return;
	case EV_CELL_END:
		cell_end(p, ev);
		return;
	case EV_CELL_BACKGROUND:
	case EV_CELL_NOT_RUN:
		return;
	case EV_RUN_END:
		run_end(p, ev);
		return;
	case EV_TICK:
		tick(p, ev);
		return;
	}
	p->bad = true; /* no kind of ours */
}

static void
walk(struct pack *p, struct event *ev)
{
	int kind = (int)ev->kind;

	number(p, &kind);
	ev->kind = (enum event_kind)kind;
	number(p, &ev->cell);
	nanoseconds(p, &ev->at_ns);
	if (!p->bad)
		members(p, ev);
}

void
event_pack(struct buf *out, const struct event *ev)
{
	struct event copy = *ev;
	struct pack p = { .out = out };

	walk(&p, &copy);
}

/* Only some are about the run itself. */
static bool
is_of(const struct event *ev, const struct notebook *nb)
{
	bool of_run = ev->kind == EV_RUN_BEGIN || ev->kind == EV_RUN_END ||
		      ev->kind == EV_BUILT || ev->kind == EV_TICK;

	return ev->cell >= !of_run && (size_t)ev->cell <= nb->ncode;
}

int
event_unpack(struct event *ev, struct slice bytes, const struct notebook *nb,
	     struct arena *a)
{
	struct pack p = { .at = bytes.at,
			  .end = bytes.at + bytes.len,
			  .arena = a };

	*ev = (struct event){ 0 };
	walk(&p, ev);
	if (p.bad || p.at != p.end || !is_of(ev, nb))
		return -1;
	if (ev->kind == EV_RUN_BEGIN)
		ev->run.notebook = nb;
	return 0;
}

/* grants.c: which cells are sent ahead of the one that runs (watch/granted.c
 * says why). Floor 4.
 *
 * One whose end the host can judge alone, and which needs nothing of us before
 * it: no input, no file, nothing to be built or loaded. Its pipes are taken
 * from a ring, and come back to it when all that it wrote has been read. So at
 * any time each pair belongs to one cell, and what is read from it is that
 * cell's. */
#include "exec/run.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "exec/foreign.h"
#include "exec/repeat.h"
#include "sys/clock.h"
#include "sys/filelimit.h"
#include "sys/fs.h"
#include "sys/proc.h"

/* A pair of pipes has four ends. So many descriptors are left for the rest. */
#define ENDS 4
#define OTHERS 128
/* A message takes room in the socket, and must not wait for it. */
#define PAYLOAD 1536
/* At first, and so many times as many after each that went well. */
#define WINDOW 4
/* A limit of time that is so far away does not strike before we can tell which
 * cell runs. */
#define FAR_MS ((int64_t)GRANTS_MOST * 4 * WIRE_BRIEF_MS)

static size_t
most(struct grants *g)
{
	size_t files = filelimit();

	if (g->most)
		return g->most;
	g->most = 1;
	if (files > OTHERS)
		g->most += (files - OTHERS) / ENDS;
	if (g->most > GRANTS_MOST)
		g->most = GRANTS_MOST;
	return g->most;
}

/* Is all well with the run, so that cells may follow each other at once? */
static bool
may_send(const struct run *r)
{
	const struct supervisor *s = &r->supervisor;

	return r->grants.chosen && !r->past.all && !sharedcells_are_apart(r) &&
	       !r->replaying && !r->repeating && !r->nback && !s->lane &&
	       !s->limits.tasks && s->host_order != CAPTURE_TIMELINE &&
	       s->host.pid && !s->keeper_lost && !proc_interrupted() &&
	       (s->deadline_ns == LOOP_NEVER ||
		s->deadline_ns > clock_after_ms(FAR_MS));
}

/* Its end says by itself whether it was good, and it has nothing on its input.
 */
static bool
is_plain(const struct run *r, const struct cell_info *c)
{
	int64_t timeout_ms = cellrun_task(r, c).timeout_ms;

	return (c->kind == KIND_TABLE || c->kind == KIND_SHARED) &&
	       c->options->expect.kind == EXPECT_NONE &&
	       !c->options->sanitize.count &&
	       (!timeout_ms || timeout_ms > FAR_MS) &&
	       repeat_count(r, c) <= 1 && input_is_none(r, c);
}

/* What a table cell is built from. */
static const char *
source_of(const struct cell_info *c)
{
	return c->kind == KIND_TABLE && c->plugin_is_source ? c->plugin_path
							    : NULL;
}

static void
forget_source(struct grants *g)
{
	free(g->source);
	free(g->path);
	g->source = g->path = NULL;
}

static void
take_source(struct grants *g, const char *source)
{
	if (source && (!g->source || strcmp(source, g->source) != 0)) {
		forget_source(g);
		g->source = mem_strdup(source);
		g->path = path_absolute(source);
	}
	if (g->source && stat(g->path, &g->state) < 0)
		forget_source(g);
}

bool
grants_lead(struct run *r, const struct cell_info *c)
{
	if (!may_send(r) || !is_plain(r, c))
		return false;
	take_source(&r->grants, source_of(c));
	return true;
}

void
grants_put(const struct run *r, uint32_t pair, struct wire_put *p)
{
	const struct grants *g = &r->grants;

	wire_put_u32(p, WIRE_KEEP_GOING);
	wire_put_u32(p, pair);
	wire_put_str(p, g->path);
	if (!g->path)
		return;
	wire_put_u64(p, (uint64_t)g->state.st_dev);
	wire_put_u64(p, (uint64_t)g->state.st_ino);
	wire_put_u64(p, (uint64_t)g->state.st_size);
	wire_put_u64(p, (uint64_t)g->state.st_mtim.tv_sec);
	wire_put_u64(p, (uint64_t)g->state.st_mtim.tv_nsec);
}

static bool
is_foreign(const struct run *r, const struct cell_info *c)
{
	struct buf words = { 0 };
	bool is = foreign_magic(c, r->cells->nb, &words) ||
		  foreign_shell_line(c, r->cells->nb, &words);

	buf_release(&words);
	return is;
}

/* What it runs from, if that is there as it stands. */
static bool
find(struct run *r, struct granted *gr)
{
	const struct cell_info *c = gr->c;
	const struct grants *g = &r->grants;
	const char *source = source_of(c);
	const struct loaded *l;
	struct err e;

	if (c->kind == KIND_SHARED) {
		gr->plugin = is_foreign(r, c)
				     ? NULL
				     : sharedcell_ready(r, c, &gr->row);
	} else if (source && g->source && !strcmp(source, g->source)) {
		gr->plugin = workshop_made(&r->workshop, source, c->options,
					   &g->state, &gr->command);
	}
	l = gr->plugin ? hostcell_loaded(r, gr->plugin) : NULL;
	return l && (c->kind == KIND_SHARED ||
		     hostcell_row(l, c, &gr->row, &e) == 0);
}

static bool
is_free(const struct live *live)
{
	return live->over && !live->waiting &&
	       live->capture.writer[STREAM_STDOUT] >= 0;
}

static struct live *
ring_find(struct run *r)
{
	struct grants *g = &r->grants;

	for (size_t i = 0; i < g->nring; i++)
		if (is_free(g->ring[i]))
			return g->ring[i];
	return NULL;
}

/* Pipes for one more. NULL: there are no more, now. */
static struct live *
ring_take(struct run *r, int number)
{
	struct grants *g = &r->grants;
	struct live *live = ring_find(r);
	struct err e;

	if (!live && g->nring < most(g) && (live = run_live(r, number, &e))) {
		live->pair = ++g->pairs;
		capture_ignore(&live->capture);
		g->ring[g->nring++] = live;
	}
	if (live) {
		live_wait(live, number);
		capture_ignore(&live->capture);
	}
	return live;
}

static void
ring_put_back(struct live *live)
{
	live->waiting = false;
	live->over = true;
	buf_release(&live->early);
}

/* Those whose writing ends are given away do not come round any more. */
static void
ring_tidy(struct grants *g)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->nring; i++)
		if (g->ring[i]->capture.writer[STREAM_STDOUT] >= 0)
			g->ring[kept++] = g->ring[i];
	g->nring = kept;
}

static bool
send(struct run *r, const struct cell_info *c)
{
	struct grants *g = &r->grants;
	struct granted gr = { .c = c, .copies = past_wants_next(r, c) };
	char room[PAYLOAD];
	struct wire_put p = { .data = room, .cap = sizeof room };

	if (!is_plain(r, c) || !find(r, &gr) ||
	    !(gr.live = ring_take(r, c->cell->number)))
		return false;
	hostcell_put(&p, r, c, hostcell_loaded(r, gr.plugin), gr.row,
		     gr.copies);
	grants_put(r, gr.live->pair, &p);
	if (p.full || supervise_grant(&r->supervisor, &gr.live->capture,
				      cellrun_task(r, c).order, &p) < 0) {
		ring_put_back(gr.live);
		return false;
	}
	g->queue[(g->first + g->count++) % GRANTS_MOST] = gr;
	return true;
}

void
grants_send(struct run *r, const struct cell_info *c)
{
	struct grants *g = &r->grants;
	const struct cell_info *last = c;

	/* Several at once: each that comes alone would wake the host. */
	if (g->count > g->window / 2 || g->count >= g->window || !may_send(r))
		return;
	if (g->count)
		last = g->queue[(g->first + g->count - 1) % GRANTS_MOST].c;
	for (size_t i = (size_t)last->cell->number;
	     i < g->chosen->count && g->count < g->window; i++) {
		const struct cell_info *next = &r->cells->at[i];

		if (g->chosen->part[i] != PART_SKIP &&
		    next->kind != KIND_EMPTY && !send(r, next))
			break;
	}
}

const struct granted *
grants_next(const struct run *r, const struct cell_info *c)
{
	const struct granted *gr = &r->grants.queue[r->grants.first];

	return r->grants.count && gr->c == c ? gr : NULL;
}

struct granted
grants_take(struct run *r)
{
	struct grants *g = &r->grants;
	struct granted gr = g->queue[g->first];

	g->first = (g->first + 1) % GRANTS_MOST;
	g->count--;
	return gr;
}

/* Nobody will tell whose it is that a host which is gone has written. */
static void
ring_drop(struct grants *g)
{
	for (size_t i = 0; i < g->nring; i++)
		if (is_free(g->ring[i])) {
			g->ring[i]->mute = true;
			capture_close_writers(&g->ring[i]->capture);
		}
}

void
grants_settle(struct run *r)
{
	struct grants *g = &r->grants;
	bool goes_on = r->supervisor.host.goes_on;

	while (g->count && !r->supervisor.granted)
		ring_put_back(grants_take(r).live);
	if (!r->supervisor.host.pid)
		ring_drop(g);
	ring_tidy(g);
	g->window = !goes_on ? 0 : g->window ? g->window * WINDOW : WINDOW;
	if (g->window > most(g))
		g->window = most(g);
}

void
grants_release(struct run *r)
{
	forget_source(&r->grants);
	r->grants = (struct grants){ 0 };
}

/* lives.c: what cells write, from the pipes to the events; and which pipes are
 * whose. Floor 4. It knows nothing of why a cell runs. */
#include "exec/run.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "exec/sanitize.h"

/* To tell whether a cell that runs again writes the same: FNV-1a of so much,
 * and of how much more there was. */
#define DIGEST_BYTES (UINT64_C(1) << 20)

void
live_digest(struct live *live, int part, struct slice bytes)
{
	uint64_t d = live->digest[part], seen = live->written[part];

	for (size_t i = 0; i < bytes.len && seen + i < DIGEST_BYTES; i++)
		d = (d ^ (unsigned char)bytes.at[i]) * UINT64_C(1099511628211);
	live->digest[part] = d;
	live->written[part] = seen + bytes.len;
}

uint64_t
live_digest_all(const struct live *live)
{
	uint64_t all = 0;

	for (size_t i = 0; i < countof(live->digest); i++)
		all = all * 31 + (live->digest[i] ^ live->written[i] << 32);
	return all;
}

bool
live_has_timeline(const struct run *r, int cell)
{
	return order_of_cell(r->how->capture, &r->cells->at[cell - 1]) ==
	       CAPTURE_TIMELINE;
}

/* The cell whose text it is. `live` is that in which it came; a thread that
 * outlived its own cell writes there, too. *sure: it is known. */
static int
owner_of(struct live *live, const struct author *who, bool *sure)
{
	struct supervisor *s = &live->run->supervisor;
	int cell = 0;

	*sure = false;
	if (!who || !who->pid || who->pid != s->host.pid)
		return live->number;
	cell = who->tid == who->pid ? live->number
				    : supervise_owner(s, who->tid);
	*sure = cell > 0 && (size_t)cell <= live->run->cells->count;
	return *sure ? cell : live->number;
}

/* A piece of `early`, before its bytes. */
struct piece {
	enum stream stream;
	bool unordered;
	size_t len;
};

static void
put_off(struct live *live, const struct capture_text *text)
{
	struct piece p = { text->stream, text->unordered, text->bytes.len };

	buf_add(&live->early, &p, sizeof p);
	buf_add_slice(&live->early, text->bytes);
}

static void
deliver(void *self, const struct capture_text *text)
{
	struct live *live = self;
	struct run *r = live->run;
	bool sure;
	int cell = owner_of(live, text->author, &sure);
	struct event ev = { .kind = EV_TEXT };
	struct author who;

	if (live->waiting) {
		put_off(live, text);
		return;
	}
	if (cell == live->number)
		live_digest(live, (int)text->stream, text->bytes);
	if (live->mute)
		return;
	/* Whoever writes it: a report names a mistake of the cell that runs, as
	 * a rule, also where an earlier one's thread comes upon it. */
	if (text->stream == STREAM_STDERR)
		findings_take(&live->findings, text->bytes);
	ev.text.stream = text->stream;
	ev.text.bytes = text->bytes;
	ev.text.unordered = text->unordered;
	if (text->author && live_has_timeline(r, cell))
		ev.text.author = text->author;
	if (ev.text.author &&
	    cell != live->number) { /* its time is that of its own cell */
		who = *text->author;
		who.at_ns += live->capture.began_ns - r->began_ns[cell - 1];
		ev.text.author = &who;
	}
	ev.text.late = live->over || cell != live->number;
	if (!sure && r->background.len &&
	    cell_info_is_in_host(&r->cells->at[live->number - 1]))
		ev.text.background = r->background.data;
	emit(&r->emitter, cell, ev);
}

/* What belongs to no cell is not told. */
static void
set_number(struct live *live, int number)
{
	struct run *r = live->run;

	live->number = number;
	live->mute = r->replaying || !number;
	if (number)
		live->findings.use = sanitize_use(&r->cells->at[number - 1]);
}

struct live *
run_live(struct run *r, int number, struct err *e)
{
	struct live *live = mem_alloc(1, sizeof *live);

	live->run = r;
	set_number(live, number);
	if (capture_open(&live->capture, &r->supervisor.loop, deliver, live,
			 e) < 0) {
		free(live);
		return NULL;
	}
	witness_watch(&r->supervisor.witness, &live->capture);
	*mem_push(r->lives, r->nlives) = live;
	return live;
}

/* For another cell. What came since the last one's end is drained: it is late,
 * and its. */
static void
live_renew(struct live *live, int number)
{
	capture_renew(&live->capture);
	findings_release(&live->findings);
	live->over = false;
	memset(live->digest, 0, sizeof live->digest);
	memset(live->written, 0, sizeof live->written);
	live->findings = (struct findings){ 0 };
	set_number(live, number);
}

void
live_wait(struct live *live, int number)
{
	live_renew(live, number);
	live->waiting = true;
}

void
live_begin(struct live *live)
{
	struct buf early = live->early;
	struct piece p;

	live->waiting = false;
	live->early = (struct buf){ 0 };
	for (size_t at = 0; at < early.len; at += sizeof p + p.len) {
		struct capture_text text;

		memcpy(&p, early.data + at, sizeof p);
		text = (struct capture_text){
			.stream = p.stream,
			.bytes = { early.data + at + sizeof p, p.len },
			.unordered = p.unordered,
		};
		deliver(live, &text);
	}
	buf_release(&early);
}

struct live *
run_live_in_host(struct run *r, int number, bool *kept, struct err *e)
{
	struct live *live = r->resting;

	*kept = live && r->supervisor.host.kept;
	r->resting = NULL;
	if (!*kept)
		return run_live(r, number, e);
	capture_drain(&live->capture);
	live_renew(live, number);
	return live;
}

static void
live_free(struct live *live)
{
	capture_close(&live->capture);
	findings_release(&live->findings);
	buf_release(&live->early);
	free(live);
}

void
run_close_ended(struct run *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->nlives; i++) {
		struct live *live = r->lives[i];

		if (live->over && capture_at_end(&live->capture)) {
			if (live == r->resting)
				r->resting = NULL;
			live_free(live);
		} else {
			r->lives[kept++] = live;
		}
	}
	r->nlives = kept;
}

void
run_sweep(struct run *r)
{
	if (r->supervisor.keeper.pid)
		keeper_sweep(&r->supervisor.keeper, NULL);
	for (size_t i = 0; i < r->nlives; i++) {
		capture_drain(&r->lives[i]->capture);
		live_free(r->lives[i]);
	}
	free(r->lives);
	r->lives = NULL;
	r->resting = NULL;
	r->nlives = 0;
}

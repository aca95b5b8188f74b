/* replay.c: a record becomes events again. Floor 1. */
#include "model/replay.h"

struct player {
	const struct record *r;
	const struct record_cell *c;
	struct sink *sink;
	int64_t at_ns;
};

static void
play(struct player *p, struct event ev)
{
	ev.cell = p->c ? p->c->cell->number : 0;
	ev.at_ns = p->at_ns;
	p->sink->on_event(p->sink, &ev);
}

static void
play_text(struct player *p, const struct output *o, size_t from, size_t to,
	  const struct author *who)
{
	if (to <= from)
		return;
	play(p, (struct event){
			.kind = EV_TEXT,
			.text = { .stream = o->stream,
				  .bytes = { o->bytes.data + from, to - from },
				  .background = p->c->background,
				  .author = who } });
}

/* A write is an event where it is known, the rest is text. */
static void
play_texts(struct player *p, const struct output *o)
{
	size_t len = o->bytes.len, done = 0;

	for (size_t i = 0; i < o->marks.count; i++) {
		const struct mark *m = &o->marks.all[i];
		size_t end = marks_end(&o->marks, i, len);

		if (end > len)
			end = len;
		play_text(p, o, done, m->at, NULL);
		play_text(p, o, m->at, end, m->omitted ? NULL : &m->who);
		done = end;
	}
	play_text(p, o, done, len, NULL);
}

/* What a notebook holds as another form was told on its own. */
static void
play_repeat(struct player *p, const struct output *o)
{
	const struct buf *data = output_data(o, EVENT_REPEAT_MIME);

	if (data && data != &o->bytes)
		play(p, (struct event){ .kind = EV_DISPLAY,
					.display = { EVENT_REPEAT_MIME,
						     buf_slice(data) } });
}

static void
play_output(struct player *p, const struct output *o)
{
	switch (o->kind) {
	case OUT_TEXT:
		play_texts(p, o);
		break;
	case OUT_DISPLAY:
	case OUT_RESULT:
		play(p, (struct event){
				.kind = o->kind == OUT_RESULT ? EV_RESULT
							      : EV_DISPLAY,
				.display = { o->mime, buf_slice(&o->bytes) } });
		play_repeat(p, o);
		break;
	case OUT_ERROR:
		play(p, (struct event){
				.kind = EV_ERROR,
				.error = { o->ename, o->evalue,
					   (const char *const *)o->traceback.at,
					   o->traceback.count } });
		break;
	}
}

/* Did it run, in this run or in the one that the notebook holds? */
static bool
was_reached(const struct record *r, const struct record_cell *c)
{
	return c->reached ||
	       (r->exported && (c->noutputs || c->cell->execution_count >= 0));
}

static void
play_leavings(struct player *p)
{
	for (size_t i = 0; i < p->c->ncrashes; i++) {
		const struct output *o = &p->c->crashes[i];

		play(p, (struct event){
				.kind = EV_CHILD_CRASH,
				.error = { o->ename, o->evalue,
					   (const char *const *)o->traceback.at,
					   o->traceback.count } });
	}
	for (size_t i = 0; i < p->c->nleft; i++) {
		const struct left *l = &p->c->left[i];

		play(p,
		     (struct event){ .kind = EV_LEFT,
				     .left = { l->thread, l->id, l->name } });
	}
}

static void
play_cell(struct player *p)
{
	const struct record *r = p->r;
	const struct record_cell *c = p->c;

	if (r->started_ns > 0 && c->started_ns >= r->started_ns)
		p->at_ns = c->started_ns - r->started_ns;
	play(p,
	     (struct event){ .kind = EV_CELL_BEGIN,
			     .begin = { .kind = c->kind,
					.name = c->name,
					.source = { c->source, c->source_len },
					.quiet = c->quiet,
					.started_ns = c->started_ns } });
	if (c->restored)
		play(p,
		     (struct event){ .kind = EV_RESTORED,
				     .restored = { c->replayed, c->replay_why,
						   c->replay_differs } });
	if (c->diagnostics)
		play(p, (struct event){ .kind = EV_BUILT,
					.built = { .cc = r->cc,
						   .failed = c->end.status ==
							     STATUS_BUILD_ERROR,
						   .duration_ns = -1,
						   .messages = slice_of(
							   c->diagnostics) } });
	for (size_t i = 0; i < c->noutputs; i++)
		play_output(p, &c->outputs[i]);
	play_leavings(p);
	if (p->at_ns >= 0 && c->end.duration_ns > 0)
		p->at_ns += c->end.duration_ns;
	play(p, (struct event){ .kind = EV_CELL_END, .end = c->end });
}

void
record_replay(const struct record *r, struct sink *sink)
{
	struct player p = { r, NULL, sink, r->started_ns > 0 ? 0 : -1 };

	play(&p, (struct event){ .kind = EV_RUN_BEGIN,
				 .run = { r->started_ns, r->nb } });
	for (size_t i = 0; i < r->ncells; i++) {
		struct record_cell look;

		p.c = record_look(r, i, &look);
		if (was_reached(r, p.c))
			play_cell(&p);
		record_look_end(&look);
	}
	p.c = NULL;
	if (r->duration_ns >= 0)
		p.at_ns = r->duration_ns;
	play(&p, (struct event){ .kind = EV_RUN_END,
				 .run_end = { r->duration_ns, r->signal } });
}

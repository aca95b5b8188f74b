/* record.c: a sink that keeps what a run captured. Floor 1. It knows neither
 * where events come from nor in which format it will be written. */
#include "model/record.h"

#include <stdlib.h>
#include "base/mem.h"
#include "base/spool.h"
#include "model/record_outputs.h"

void
output_release(struct output *o)
{
	buf_release(&o->bytes);
	switch (o->kind) {
	case OUT_TEXT:
		marks_release(&o->marks);
		break;
	case OUT_DISPLAY:
	case OUT_RESULT:
		free(o->mime);
		for (size_t i = 0; i < o->nothers; i++) {
			free(o->others[i].mime);
			buf_release(&o->others[i].bytes);
		}
		free(o->others);
		break;
	case OUT_ERROR:
		free(o->ename);
		free(o->evalue);
		strs_release(&o->traceback);
		break;
	}
	*o = (struct output){ 0 };
}

const struct buf *
output_data(const struct output *o, const char *mime)
{
	if (o->kind != OUT_DISPLAY && o->kind != OUT_RESULT)
		return NULL;
	if (!strcmp(o->mime, mime))
		return &o->bytes;
	for (size_t i = 0; i < o->nothers; i++)
		if (!strcmp(o->others[i].mime, mime))
			return &o->others[i].bytes;
	return NULL;
}

static void
forget_family(struct record_cell *c)
{
	for (size_t i = 0; i < c->nleft; i++)
		free(c->left[i].name);
	for (size_t i = 0; i < c->ncrashes; i++)
		output_release(&c->crashes[i]);
	free(c->left);
	free(c->crashes);
	c->left = NULL;
	c->crashes = NULL;
	c->nleft = c->ncrashes = 0;
}

static void
set_str(char **at, const char *text)
{
	char *copy = text ? mem_strdup(text) : NULL;

	free(*at);
	*at = copy;
}

/* Is it the notebook's? */
static bool
is_borrowed(const struct record_cell *c)
{
	return c->name == c->cell->meta_name || c->name == c->cell->id;
}

static void
drop_name(struct record_cell *c)
{
	union {
		const char *in;
		char *out;
	} own = { .in = c->name };

	if (!is_borrowed(c))
		free(own.out);
	c->name = NULL;
}

/* Most are called what the notebook calls them. */
static void
set_name(struct record_cell *c, const char *name)
{
	const char *usual = notebook_name_of(c->cell);
	const char *own = !strcmp(name, usual) ? usual : mem_strdup(name);

	drop_name(c);
	c->name = own;
}

/* A source that is not the notebook's: cells of a plugin's table, one below the
 * other, have the same as a rule. */
struct source {
	size_t users;
	char text[];
};

static struct source *
source_of(const struct record_cell *c)
{
	union {
		const char *in;
		char *out;
	} own = { .in = c->source };

	if (!c->source || c->source == c->cell->source.at)
		return NULL;
	return (struct source *)(void *)(own.out -
					 offsetof(struct source, text));
}

static void
drop_source(struct record_cell *c)
{
	struct source *s = source_of(c);

	if (s && !--s->users)
		free(s);
	c->source = NULL;
}

static bool
is_source(const struct record_cell *c, struct slice text)
{
	return c->source && c->source_len == text.len &&
	       !memcmp(c->source, text.at, text.len);
}

static struct source *
new_source(struct slice text)
{
	struct source *s = mem_grow(NULL, sizeof *s + text.len + 1, 1);

	s->users = 0;
	memcpy(s->text, text.at, text.len);
	s->text[text.len] = '\0';
	return s;
}

static void
set_source(const struct record *r, struct record_cell *c, struct slice text)
{
	const struct record_cell *above = c > r->cells ? c - 1 : NULL;
	const struct slice usual = c->cell->source;
	struct source *s = NULL;

	if (is_source(c, text))
		return;
	drop_source(c);
	c->source = usual.at;
	c->source_len = usual.len;
	if (is_source(c, text))
		return;
	if (above && is_source(above, text))
		s = source_of(above);
	if (!s)
		s = new_source(text);
	s->users++;
	c->source = s->text;
	c->source_len = text.len;
}

/* What it has of its notebook becomes its own. */
static void
unborrow(struct record_cell *c)
{
	struct source *s;

	if (c->name && is_borrowed(c))
		c->name = mem_strdup(c->name);
	if (!c->source || source_of(c))
		return;
	s = new_source((struct slice){ c->source, c->source_len });
	s->users++;
	c->source = s->text;
}

void
record_swap(struct record_cell *a, struct record_cell *b)
{
	struct record_cell was;

	unborrow(a);
	unborrow(b);
	was = *a;
	*a = *b;
	*b = was;
	/* Each stays a cell of its own notebook. */
	b->cell = a->cell;
	a->cell = was.cell;
}

static const struct cell_end end_unknown = {
	.status = STATUS_NOT_RUN,
	.exit_status = -1,
	.duration_ns = -1,
	.cpu_ns = -1,
	.max_rss_kb = -1,
	.threads_left = -1,
	.children_left = -1,
};

static void
set_end(struct record_cell *c, const struct cell_end *end)
{
	int *runs = NULL;

	if (end->nruns) {
		runs = mem_alloc(end->nruns, sizeof *runs);
		memcpy(runs, end->runs, end->nruns * sizeof *runs);
	}
	free((void *)(uintptr_t)c->end.runs);
	c->end = *end;
	c->end.runs = runs;
}

void
record_describe(struct record *r, int number, enum cell_kind kind,
		const char *name, struct slice source)
{
	struct record_cell *c = &r->cells[number - 1];

	c->kind = kind;
	c->kind_known = true;
	set_name(c, name);
	set_source(r, c, source);
}

/* --- events -------------------------------------------------------------- */

static bool
in_list(const char *list, const char *name, size_t len)
{
	while (list) {
		if (!strncmp(list, name, len) &&
		    (!list[len] || !strncmp(list + len, ", ", 2)))
			return true;
		list = strstr(list, ", ");
		if (list)
			list += 2;
	}
	return false;
}

/* Names separated by ", ": those that are new are added. */
static void
add_names(char **list, const char *names)
{
	while (*names) {
		const char *comma = strstr(names, ", ");
		size_t len = comma ? (size_t)(comma - names) : strlen(names);

		if (!in_list(*list, names, len)) {
			struct buf all = { 0 };

			if (*list)
				buf_addf(&all, "%s, ", *list);
			buf_add(&all, names, len);
			free(*list);
			*list = buf_take(&all);
		}
		names += comma ? len + 2 : len;
	}
}

static void
on_run_begin(struct record *r, const struct event *ev)
{
	r->started_ns = ev->run.started_ns;
}

static void
on_cell_begin(struct record *r, struct record_cell *c, const struct event *ev)
{
	outputs_drop(c);
	forget_family(c);
	record_describe(r, ev->cell, ev->begin.kind, ev->begin.name,
			ev->begin.source);
	set_end(c, &end_unknown);
	/* until its end says otherwise */
	c->end.status = STATUS_INTERRUPTED;
	c->reached = true;
	c->ended = false;
	c->known = true;
	c->status_known = true;
	c->quiet = ev->begin.quiet;
	c->started_ns = ev->begin.started_ns;
	c->output_bytes = 0;
	c->unordered = c->timeline = false;
	c->writes = c->writes_omitted = 0;
	set_str(&c->diagnostics, NULL);
	set_str(&c->background, NULL);
	c->restored = false;
}

static void
on_built(struct record *r, struct record_cell *c, const struct event *ev)
{
	struct buf all = { 0 };

	r->cached = ev->built.cached && (r->cached || !r->built);
	r->built = true;
	r->build_ns += ev->built.duration_ns;
	if (ev->built.cc)
		add_names(&r->cc, ev->built.cc);
	if (!c || !ev->built.messages.len)
		return;
	if (c->diagnostics)
		buf_add_str(&all, c->diagnostics);
	buf_add_slice(&all, ev->built.messages);
	free(c->diagnostics);
	c->diagnostics = buf_take(&all);
}

static void
on_left(struct record_cell *c, const struct event *ev)
{
	*mem_push(c->left, c->nleft) =
		(struct left){ ev->left.thread, ev->left.id,
			       mem_strdup(ev->left.name) };
}

static void
fill_error(struct output *o, const struct event *ev)
{
	o->ename = mem_strdup(ev->error.ename);
	o->evalue = mem_strdup(ev->error.evalue);
	for (size_t i = 0; i < ev->error.ntraceback; i++)
		strs_add(&o->traceback, ev->error.traceback[i]);
}

static void
on_error(struct record_cell *c, const struct event *ev)
{
	fill_error(record_output(c, OUT_ERROR), ev);
}

static void
on_child_crash(struct record_cell *c, const struct event *ev)
{
	struct output *o = mem_push(c->crashes, c->ncrashes);

	*o = (struct output){ .kind = OUT_ERROR };
	fill_error(o, ev);
}

static void
on_result(struct record_cell *c, const struct event *ev)
{
	struct output *o = record_output(c, OUT_RESULT);

	o->mime = mem_strdup(ev->display.mime);
	buf_add_slice(&o->bytes, ev->display.bytes);
}

static void
on_restored(struct record_cell *c, const struct event *ev)
{
	c->restored = true;
	c->replayed = ev->restored.cells;
	set_str(&c->replay_why, ev->restored.why);
	set_str(&c->replay_differs, ev->restored.differs);
}

static void
on_cell_end(struct record_cell *c, const struct event *ev)
{
	int64_t dropped;

	outputs_settle(c);
	dropped = c->end.output_dropped;
	set_end(c, &ev->end);
	outputs_dropped(c, dropped);
	c->timeline |= ev->end.timeline;
	c->ended = true;
}

static void
on_run_end(struct record *r, const struct event *ev)
{
	r->duration_ns = ev->run_end.duration_ns;
	r->signal = ev->run_end.signal;
	for (size_t i = 0; i < r->ncells; i++)
		outputs_settle(&r->cells[i]);
}

static void
on_event(struct sink *sink, const struct event *ev)
{
	struct record *r = (struct record *)sink;
	struct record_cell *c = NULL;

	if (ev->cell >= 1 && (size_t)ev->cell <= r->ncells)
		c = &r->cells[ev->cell - 1];
	switch (ev->kind) {
	case EV_LEFT:
		if (c)
			on_left(c, ev);
		return;
	case EV_CHILD_CRASH:
		if (c)
			on_child_crash(c, ev);
		return;
	case EV_TICK:
		return;
	case EV_RUN_BEGIN:
		on_run_begin(r, ev);
		return;
	case EV_RUN_END:
		on_run_end(r, ev);
		return;
	case EV_BUILT:
		on_built(r, c, ev);
		return;
	case EV_RESTORED:
		if (c)
			on_restored(c, ev);
		return;
	case EV_CELL_BEGIN:
		if (c)
			on_cell_begin(r, c, ev);
		return;
	case EV_TEXT:
		if (!c)
			return;
		outputs_text(r, c, ev->text.stream, ev->text.bytes,
			     ev->text.author);
		c->unordered |= ev->text.unordered;
		if (ev->text.background)
			add_names(&c->background, ev->text.background);
		return;
	case EV_DISPLAY:
		if (c)
			outputs_display(r, c, ev->display.mime,
					ev->display.bytes);
		return;
	case EV_RESULT:
	case EV_ERROR:
		if (!c)
			return;
		/* these are never left out, and keep their place */
		outputs_settle(c);
		(ev->kind == EV_RESULT ? on_result : on_error)(c, ev);
		return;
	case EV_CELL_BACKGROUND:
		if (c)
			c->end.background = true;
		return;
	case EV_CELL_NOT_RUN:
		if (c && !c->reached && !r->leaves_alone)
			c->end.status = STATUS_NOT_RUN;
		return;
	case EV_CELL_END:
		if (c)
			on_cell_end(c, ev);
		return;
	}
}

/* --- the record ---------------------------------------------------------- */

void
record_init(struct record *r, const struct notebook *nb)
{
	*r = (struct record){ .sink.on_event = on_event, .nb = nb };
	r->ncells = nb->ncode;
	r->cells = mem_alloc(r->ncells ? r->ncells : 1, sizeof *r->cells);
	r->duration_ns = -1;
	strs_init(&r->cflags);
	for (size_t i = 0; i < r->ncells; i++) {
		struct record_cell *c = &r->cells[i];

		c->cell = nb->code[i];
		c->known = true;
		c->status_known = true;
		c->end = end_unknown;
		c->name = notebook_name_of(c->cell);
		c->source = c->cell->source.at;
		c->source_len = c->cell->source.len;
	}
}

void
record_release(struct record *r)
{
	for (size_t i = 0; i < r->ncells; i++) {
		struct record_cell *c = &r->cells[i];

		outputs_drop(c);
		forget_family(c);
		drop_name(c);
		drop_source(c);
		free(c->diagnostics);
		free(c->background);
		free(c->replay_why);
		free(c->replay_differs);
		set_end(c, &end_unknown);
	}
	free(r->cells);
	free(r->cc);
	strs_release(&r->cflags);
	*r = (struct record){ 0 };
}

void
record_skip(struct record *r, int number)
{
	r->cells[number - 1].end.status = STATUS_SKIPPED;
}

int
record_execution_count(const struct record *r, const struct record_cell *c)
{
	if (r->exported || c->end.status == STATUS_SKIPPED)
		return c->cell->execution_count;
	return c->reached ? c->cell->number : -1;
}

int
record_count(const struct record *r, enum cell_status status)
{
	int n = 0;

	for (size_t i = 0; i < r->ncells; i++)
		n += r->cells[i].status_known &&
		     r->cells[i].end.status == status;
	return n;
}

bool
record_is_ok(const struct record *r)
{
	for (size_t i = 0; i < r->ncells; i++) {
		const struct cell_end *end = &r->cells[i].end;

		if (cell_status_is_bad(end->status) && !end->excused)
			return false;
	}
	return true;
}

struct slice
record_text(const struct record_cell *c, enum stream stream, struct buf *own)
{
	const struct output *only = NULL;

	buf_init(own);
	for (size_t i = 0; i < c->noutputs; i++) {
		const struct output *o = &c->outputs[i];

		if (o->kind != OUT_TEXT || o->stream != stream || !o->bytes.len)
			continue;
		if (!only && !own->len) {
			only = o;
			continue;
		}
		buf_spool(own);
		if (only)
			buf_add_slice(own, buf_slice(&only->bytes));
		only = NULL;
		buf_add_slice(own, buf_slice(&o->bytes));
	}
	return buf_slice(only ? &only->bytes : own);
}

const struct record_cell *
record_look(const struct record *r, size_t i, struct record_cell *look)
{
	*look = (struct record_cell){ 0 };
	if (!r->read_recorded || !r->cells[i].recorded.len)
		return &r->cells[i];
	*look = r->cells[i];
	r->read_recorded(look);
	return look;
}

void
record_look_end(struct record_cell *look)
{
	outputs_drop(look);
}

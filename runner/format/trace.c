/* trace.c: Chrome trace events. Floor 2. Times are microseconds since the run
 * began. The notebook is process 0, whose one lane holds the cells; pids and
 * tids of writers are their own. */
#include "format/trace.h"

#include "base/utf8.h"
#include "format/json.h"
#include "format/lanes.h"

#define NAME_SHOWN 80 /* bytes of a write that are its name */

static int64_t
run_began(const struct record *r)
{
	int64_t first = r->started_ns;

	for (size_t i = 0; i < r->ncells; i++) {
		int64_t ns = r->cells[i].started_ns;

		if (ns > 0 && (first <= 0 || ns < first))
			first = ns;
	}
	return first;
}

int
trace_check(const struct record *r, struct err *e)
{
	for (size_t i = 0; i < r->ncells; i++)
		if (r->cells[i].started_ns > 0)
			return 0;
	if (!r->exported)
		return 0;
	return err_input(e,
			 "cannot make a trace of '%s': it holds no times; 'cnb "
			 "run -i --timing' saves them",
			 r->nb->path);
}

/* --- one event ------------------------------------------------------------ */

static void
put_us(struct json_out *j, const char *key, int64_t ns)
{
	struct buf number = { 0 };

	buf_addf(&number, "%lld.%03d", (long long)(ns / 1000),
		 (int)(ns % 1000));
	json_key(j, key);
	json_raw(j, buf_slice(&number));
	buf_release(&number);
}

static void
begin_event(struct json_out *j, const char *phase, int pid, int tid)
{
	json_open(j, '{');
	json_key(j, "ph");
	json_str(j, phase);
	json_key(j, "pid");
	json_int(j, pid);
	json_key(j, "tid");
	json_int(j, tid);
}

/* What a process or thread is called. */
static void
put_name(struct json_out *j, const char *what, int pid, int tid,
	 const char *name)
{
	begin_event(j, "M", pid, tid);
	json_key(j, "name");
	json_str(j, what);
	json_key(j, "args");
	json_open(j, '{');
	json_key(j, "name");
	json_bytes(j, name, strlen(name));
	json_close(j, '}');
	json_close(j, '}');
}

/* --- cells and writes ----------------------------------------------------- */

static void
put_cell(struct json_out *j, const struct record_cell *c, int64_t at_ns)
{
	const struct cell_end *end = &c->end;

	begin_event(j, "X", 0, 0);
	put_us(j, "ts", at_ns);
	put_us(j, "dur", end->duration_ns > 0 ? end->duration_ns : 0);
	json_key(j, "cat");
	json_str(j, "cell");
	json_key(j, "name");
	json_str(j, c->name);
	json_key(j, "args");
	json_open(j, '{');
	json_key(j, "cell");
	json_int(j, c->cell->number);
	json_key(j, "kind");
	json_str(j, c->kind_known ? cell_kind_name(c->kind) : NULL);
	json_key(j, "status");
	json_str(j, c->status_known ? cell_status_name(end->status) : NULL);
	json_close(j, '}');
	json_close(j, '}');
}

static void
put_lanes(struct json_out *j, const struct lanes *l, const char *cell)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct lane *lane = &l->at[i];
		struct buf name = { 0 };

		buf_addf(&name, "cell %s", cell);
		put_name(j, "process_name", lane->pid, lane->tid,
			 buf_str(&name));
		put_name(j, "thread_name", lane->pid, lane->tid,
			 lane->comm[0] ? lane->comm
			 : lane->tid   ? "thread"
				       : "not known");
		buf_release(&name);
	}
}

/* The first line, or as much of it as a label takes. */
static struct slice
label_of(struct slice text)
{
	const char *end = text.len ? memchr(text.at, '\n', text.len) : NULL;

	if (end)
		text.len = (size_t)(end - text.at);
	if (text.len > NAME_SHOWN)
		text.len = NAME_SHOWN;
	text.len -= utf8_incomplete_tail(text.at, text.len);
	return text;
}

static void
put_write(struct json_out *j, const struct lane *lane,
	  const struct lane_write *w, int64_t began_ns)
{
	struct slice label = label_of(w->text);

	begin_event(j, "i", lane->pid, lane->tid);
	put_us(j, "ts", began_ns + w->at_ns);
	json_key(j, "s");
	json_str(j, "t");
	json_key(j, "cat");
	json_str(j, stream_name(w->stream));
	json_key(j, "name");
	json_bytes(j, label.at, label.len);
	json_key(j, "args");
	json_open(j, '{');
	json_key(j, "text");
	json_bytes(j, w->text.at, w->text.len);
	json_close(j, '}');
	json_close(j, '}');
}

static void
put_writes(struct json_out *j, const struct record_cell *c, int64_t began_ns)
{
	struct lanes l;

	lanes_init(&l, c);
	put_lanes(j, &l, c->name);
	for (size_t i = 0; i < l.nwrites; i++)
		if (l.writes[i].at_ns >= 0)
			put_write(j, &l.at[l.writes[i].lane], &l.writes[i],
				  began_ns);
	lanes_release(&l);
}

void
trace_write(struct buf *out, const struct record *r)
{
	int64_t began = run_began(r);
	struct json_out j;

	json_begin(&j, out, 1, 0);
	json_open(&j, '{');
	json_key(&j, "displayTimeUnit");
	json_str(&j, "ms");
	json_key(&j, "traceEvents");
	json_open(&j, '[');
	put_name(&j, "process_name", 0, 0, r->nb->name);
	put_name(&j, "thread_name", 0, 0, "cells");
	for (size_t i = 0; i < r->ncells; i++) {
		const struct record_cell *c = &r->cells[i];

		if (c->started_ns <= 0)
			continue;
		put_cell(&j, c, c->started_ns - began);
		put_writes(&j, c, c->started_ns - began);
	}
	json_close(&j, ']');
	json_close(&j, '}');
	buf_add_byte(out, '\n');
}

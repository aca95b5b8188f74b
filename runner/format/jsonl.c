/* jsonl.c: events as JSON lines. Floor 2. The keys are those of the record,
 * what is not known is left out. It does not know where the lines go. */
#include "format/jsonl.h"

#include "base/utf8.h"
#include "format/json.h"
#include "format/mime.h"
#include "format/record_timeline.h"
#include "model/replay.h"
#include "model/signal_names.h"

/* Of text, so many bytes at most in one line: escaped, and with what stands
 * around it, a line stays within PIPE_BUF but in the worst of cases. */
#define TEXT_MAX 2048

static void
put_key(struct json_out *o, const char *key, const char *value)
{
	if (!value)
		return;
	json_key(o, key);
	json_str(o, value);
}

static void
put_number(struct json_out *o, const char *key, int64_t value)
{
	if (value < 0)
		return;
	json_key(o, key);
	json_int(o, value);
}

static void
put_ms(struct json_out *o, const char *key, int64_t ns)
{
	if (ns < 0)
		return;
	json_key(o, key);
	json_ms(o, ns);
}

static void
put_flag(struct json_out *o, const char *key, bool value)
{
	if (!value)
		return;
	json_key(o, key);
	json_bool(o, true);
}

static void
begin_line(struct jsonl *j, struct json_out *o, const struct event *ev,
	   const char *name)
{
	buf_clear(&j->line);
	json_begin(o, &j->line, -1, 0);
	json_open(o, '{');
	put_key(o, "event", name);
	if (ev->cell)
		put_number(o, "cell", ev->cell);
	put_ms(o, "at_ms", ev->at_ns);
}

static void
end_line(struct jsonl *j, struct json_out *o)
{
	json_close(o, '}');
	buf_add_byte(&j->line, '\n');
	j->put(j->to, buf_slice(&j->line));
}

/* --- text ----------------------------------------------------------------- */

static void
put_piece(struct jsonl *j, const struct event *ev, struct slice text)
{
	struct json_out o;

	begin_line(j, &o, ev, "text");
	if (ev->text.author) {
		record_write(&o, ev->text.stream, ev->text.author, text);
	} else {
		put_key(&o, "stream", stream_name(ev->text.stream));
		json_key(&o, "text");
		json_bytes(&o, text.at, text.len);
		if (!utf8_is_valid(text.at, text.len)) {
			json_key(&o, "text_base64");
			json_base64(&o, text.at, text.len);
		}
	}
	put_flag(&o, "late", ev->text.late);
	put_key(&o, "background", ev->text.background);
	end_line(j, &o);
}

/* How much of the text goes into one line: whole lines of it if there are. */
static size_t
piece_length(struct slice text)
{
	const char *end;

	if (text.len <= TEXT_MAX)
		return text.len;
	end = memrchr(text.at, '\n', TEXT_MAX);
	if (end)
		return (size_t)(end - text.at) + 1;
	return TEXT_MAX - utf8_incomplete_tail(text.at, TEXT_MAX);
}

static void
put_pieces(struct jsonl *j, const struct event *ev, struct slice text)
{
	while (text.len) {
		size_t n = piece_length(text);

		put_piece(j, ev, (struct slice){ text.at, n });
		text.at += n;
		text.len -= n;
	}
}

/* What was held back never got its other half. */
static void
let_go(struct jsonl *j, int64_t at_ns)
{
	for (int i = 0; i < STREAM_COUNT; i++) {
		struct event ev = { .kind = EV_TEXT,
				    .cell = j->cut_cell,
				    .at_ns = at_ns,
				    .text.stream = (enum stream)i };

		if (j->cut[i].len)
			put_piece(j, &ev, buf_slice(&j->cut[i]));
		buf_clear(&j->cut[i]);
	}
}

static void
on_text(struct jsonl *j, const struct event *ev)
{
	struct buf *cut = &j->cut[ev->text.stream], all = { 0 };
	struct slice text = ev->text.bytes;
	size_t half;

	if (ev->text.author) { /* a write is told as it was made */
		put_pieces(j, ev, text);
		return;
	}
	if (ev->cell != j->cut_cell)
		let_go(j, ev->at_ns);
	j->cut_cell = ev->cell;
	if (cut->len) {
		buf_add_slice(&all, buf_slice(cut));
		buf_add_slice(&all, text);
		text = buf_slice(&all);
	}
	half = utf8_incomplete_tail(text.at, text.len);
	buf_clear(cut);
	buf_add(cut, text.at + text.len - half, half);
	text.len -= half;
	put_pieces(j, ev, text);
	buf_release(&all);
}

/* --- the other events ----------------------------------------------------- */

static void
on_run_begin(struct jsonl *j, const struct event *ev)
{
	struct json_out o;

	begin_line(j, &o, ev, "run-begin");
	if (ev->run.notebook)
		put_key(&o, "notebook", ev->run.notebook->name);
	if (ev->run.started_ns > 0) {
		json_key(&o, "started");
		json_time(&o, ev->run.started_ns);
	}
	end_line(j, &o);
}

static void
on_cell_begin(struct jsonl *j, const struct event *ev)
{
	struct json_out o;

	begin_line(j, &o, ev, "cell-begin");
	put_key(&o, "name", ev->begin.name);
	put_key(&o, "kind", cell_kind_name(ev->begin.kind));
	if (ev->begin.started_ns > 0) {
		json_key(&o, "started");
		json_time(&o, ev->begin.started_ns);
	}
	put_flag(&o, "quiet", ev->begin.quiet);
	json_key(&o, "source");
	json_bytes(&o, ev->begin.source.at, ev->begin.source.len);
	end_line(j, &o);
}

static void
on_restored(struct jsonl *j, const struct event *ev)
{
	struct json_out o;

	begin_line(j, &o, ev, "restored");
	put_key(&o, "by", ev->restored.cells ? "replay" : "snapshot");
	if (ev->restored.cells)
		put_number(&o, "cells", ev->restored.cells);
	put_key(&o, "because", ev->restored.why);
	put_key(&o, "differs", ev->restored.differs);
	end_line(j, &o);
}

static void
on_built(struct jsonl *j, const struct event *ev)
{
	struct json_out o;

	begin_line(j, &o, ev, "built");
	put_key(&o, "cc", ev->built.cc);
	put_key(&o, "command", ev->built.command);
	put_flag(&o, "failed", ev->built.failed);
	put_flag(&o, "cached", ev->built.cached);
	put_ms(&o, "duration_ms", ev->built.duration_ns);
	if (ev->built.messages.len) {
		json_key(&o, "messages");
		json_bytes(&o, ev->built.messages.at, ev->built.messages.len);
	}
	end_line(j, &o);
}

static void
on_display(struct jsonl *j, const struct event *ev, const char *name)
{
	const char *mime = ev->display.mime;
	struct slice bytes = ev->display.bytes;
	struct json_out o;

	begin_line(j, &o, ev, name);
	put_key(&o, "mime", mime);
	if (mime_is_text(mime) || mime_is_json(mime)) {
		json_key(&o, "text");
		json_bytes(&o, bytes.at, bytes.len);
	} else {
		json_key(&o, "base64");
		json_base64(&o, bytes.at, bytes.len);
	}
	end_line(j, &o);
}

static void
on_error(struct jsonl *j, const struct event *ev, const char *name)
{
	struct json_out o;

	begin_line(j, &o, ev, name);
	put_key(&o, "ename", ev->error.ename);
	put_key(&o, "evalue", ev->error.evalue);
	json_key(&o, "traceback");
	json_open(&o, '[');
	for (size_t i = 0; i < ev->error.ntraceback; i++)
		json_str(&o, ev->error.traceback[i]);
	json_close(&o, ']');
	end_line(j, &o);
}

static void
on_cell_end(struct jsonl *j, const struct event *ev)
{
	const struct cell_end *end = &ev->end;
	struct json_out o;

	j->failed |= cell_status_is_bad(end->status) && !end->excused;
	begin_line(j, &o, ev, "cell-end");
	put_key(&o, "status", cell_status_name(end->status));
	put_number(&o, "exit_status", end->exit_status);
	put_key(&o, "signal", signal_name(end->signal));
	put_ms(&o, "duration_ms", end->duration_ns);
	put_ms(&o, "cpu_ms", end->cpu_ns);
	put_number(&o, "max_rss_kb", end->max_rss_kb);
	put_number(&o, "threads_left", end->threads_left);
	put_number(&o, "children_left", end->children_left);
	put_flag(&o, "expected", end->expected);
	put_flag(&o, "excused", end->excused);
	if (end->output_dropped)
		put_number(&o, "output_dropped", end->output_dropped);
	if (end->nruns) {
		json_key(&o, "runs");
		json_open(&o, '[');
		for (size_t i = 0; i < end->nruns; i++)
			json_int(&o, end->runs[i]);
		json_close(&o, ']');
	}
	end_line(j, &o);
}

static void
on_run_end(struct jsonl *j, const struct event *ev)
{
	struct json_out o;

	begin_line(j, &o, ev, "run-end");
	put_key(&o, "status",
		j->failed || ev->run_end.signal ? "failed" : "ok");
	put_key(&o, "signal", signal_name(ev->run_end.signal));
	put_ms(&o, "duration_ms", ev->run_end.duration_ns);
	end_line(j, &o);
}

static void
on_left(struct jsonl *j, const struct event *ev)
{
	struct json_out o;

	begin_line(j, &o, ev, "left");
	put_key(&o, "what", ev->left.thread ? "thread" : "process");
	put_number(&o, ev->left.thread ? "tid" : "pid", ev->left.id);
	put_key(&o, "name", ev->left.name);
	end_line(j, &o);
}

static void
on_cell_error(struct jsonl *j, const struct event *ev)
{
	on_error(j, ev, "error");
}

static void
on_child_crash(struct jsonl *j, const struct event *ev)
{
	on_error(j, ev, "child-crash");
}

static void
on_shown(struct jsonl *j, const struct event *ev)
{
	on_display(j, ev, "display");
}

static void
on_result(struct jsonl *j, const struct event *ev)
{
	on_display(j, ev, "result");
}

/* What is not in it (a tick) has no line. */
static void (*const handlers[])(struct jsonl *, const struct event *) = {
	[EV_RUN_BEGIN] = on_run_begin,
	[EV_CELL_BEGIN] = on_cell_begin,
	[EV_RESTORED] = on_restored,
	[EV_BUILT] = on_built,
	[EV_TEXT] = on_text,
	[EV_DISPLAY] = on_shown,
	[EV_RESULT] = on_result,
	[EV_ERROR] = on_cell_error,
	[EV_CHILD_CRASH] = on_child_crash,
	[EV_LEFT] = on_left,
	[EV_CELL_END] = on_cell_end,
	[EV_RUN_END] = on_run_end,
};

static void
on_event(struct sink *sink, const struct event *ev)
{
	struct jsonl *j = (struct jsonl *)sink;

	if ((size_t)ev->kind >= countof(handlers) || !handlers[ev->kind])
		return;
	if (ev->kind != EV_TEXT)
		let_go(j, ev->at_ns);
	handlers[ev->kind](j, ev);
}

void
jsonl_init(struct jsonl *j, void (*put)(void *to, struct slice line), void *to)
{
	*j = (struct jsonl){ .sink.on_event = on_event, .put = put, .to = to };
}

void
jsonl_release(struct jsonl *j)
{
	buf_release(&j->line);
	for (int i = 0; i < STREAM_COUNT; i++)
		buf_release(&j->cut[i]);
}

static void
append(void *to, struct slice line)
{
	buf_add_slice(to, line);
}

void
jsonl_write(struct buf *out, const struct record *r)
{
	struct jsonl j;

	jsonl_init(&j, append, out);
	record_replay(r, &j.sink);
	jsonl_release(&j);
}

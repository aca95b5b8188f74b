/* record_json.c: the record as JSON (SPEC 6). Floor 2. Every key stands on
 * every cell; what is not known is null. */
#include "format/record_json.h"

#include "base/utf8.h"
#include "format/json.h"
#include "format/nbformat_output.h"
#include "format/record_timeline.h"
#include "model/signal_names.h"

#define INDENT 1

static void
put_number(struct json_out *j, const char *key, bool known, int64_t value)
{
	json_key(j, key);
	if (known && value >= 0)
		json_int(j, value);
	else
		json_null(j);
}

static void
put_ms(struct json_out *j, const char *key, bool known, int64_t ns)
{
	json_key(j, key);
	json_ms(j, known ? ns : -1);
}

/* --- the head ------------------------------------------------------------ */

/* NULL: a notebook of another kernel that does not say. */
static const char *
overall_status(const struct record *r)
{
	bool known = !r->exported;

	for (size_t i = 0; i < r->ncells; i++)
		known |= r->cells[i].status_known;
	if (!known)
		return NULL;
	return record_is_ok(r) ? "ok" : "failed";
}

static void
put_counts(struct json_out *j, const struct record *r)
{
	json_key(j, "counts");
	json_open(j, '{');
	for (int i = 0; i < STATUS_COUNT; i++) {
		enum cell_status status = (enum cell_status)i;

		json_key(j, cell_status_name(status));
		json_int(j, record_count(r, status));
	}
	json_close(j, '}');
}

static void
put_build(struct json_out *j, const struct record *r)
{
	json_key(j, "build");
	if (!r->built) {
		json_null(j);
		return;
	}
	json_open(j, '{');
	json_key(j, "cc");
	json_str(j, r->cc);
	json_key(j, "cflags");
	json_open(j, '[');
	for (size_t i = 0; i < r->cflags.count; i++)
		json_str(j, r->cflags.at[i]);
	json_close(j, ']');
	json_key(j, "cached");
	json_bool(j, r->cached);
	put_ms(j, "duration_ms", true, r->build_ns);
	json_close(j, '}');
}

static void
put_limits(struct json_out *j, const struct record *r)
{
	const struct {
		const char *key;
		int64_t value;
	} all[] = {
		{ "timeout_ms", r->limits.timeout_ms },
		{ "deadline_ms", r->limits.deadline_ms },
		{ "memory", r->limits.memory },
		{ "processes", r->limits.processes },
		{ "files", r->limits.files },
		{ "output", r->output_limit },
	};

	json_key(j, "limits");
	if (r->exported) {
		json_null(j);
		return;
	}
	json_open(j, '{');
	for (size_t i = 0; i < countof(all); i++)
		put_number(j, all[i].key, all[i].value > 0, all[i].value);
	json_close(j, '}');
}

/* --- a cell -------------------------------------------------------------- */

/* The text, and where it is not UTF-8 the exact bytes beside it. */
static bool
put_text(struct json_out *j, const struct record_cell *c, enum stream stream)
{
	const char *name = stream_name(stream);
	struct buf own, key = { 0 };
	struct slice text = record_text(c, stream, &own);

	json_key(j, name);
	if (!json_bytes(j, text.at, text.len)) {
		buf_addf(&key, "%s_base64", name);
		json_key(j, buf_str(&key));
		json_base64(j, text.at, text.len);
	}
	buf_release(&own);
	buf_release(&key);
	return text.len > 0;
}

static void
put_result(struct json_out *j, const struct record_cell *c)
{
	const struct buf *text = NULL;

	for (size_t i = 0; i < c->noutputs; i++)
		if (c->outputs[i].kind == OUT_RESULT)
			text = output_data(&c->outputs[i], "text/plain");
	json_key(j, "result");
	if (text)
		json_bytes(j, buf_str(text), text->len);
	else
		json_null(j);
}

static void
put_outputs(struct json_out *j, const struct record *r,
	    const struct record_cell *c)
{
	struct json recorded = { JSON_ARRAY, c->recorded };

	json_key(j, "outputs");
	if (c->recorded.len)
		json_value(j, recorded);
	else
		nbformat_outputs(j, c, record_execution_count(r, c));
}

static void
put_runs(struct json_out *j, const struct cell_end *end)
{
	json_key(j, "runs");
	json_open(j, '[');
	for (size_t i = 0; i < end->nruns; i++)
		json_int(j, end->runs[i]);
	json_close(j, ']');
}

static void
put_restored(struct json_out *j, const struct record_cell *c)
{
	json_key(j, "restored");
	json_open(j, '{');
	json_key(j, "by");
	json_str(j, c->replayed ? "replay" : "snapshot");
	if (c->replayed) {
		put_number(j, "cells", true, c->replayed);
		json_key(j, "because");
		json_str(j, c->replay_why);
		json_key(j, "differs");
		json_str(j, c->replay_differs);
	}
	json_close(j, '}');
}

/* [ {"thread": "worker", "tid": 12}, {"process": "sleep", "pid": 13} ] */
static void
put_left(struct json_out *j, const struct record_cell *c)
{
	json_key(j, "left");
	json_open(j, '[');
	for (size_t i = 0; i < c->nleft; i++) {
		const struct left *l = &c->left[i];

		json_open(j, '{');
		json_key(j, l->thread ? "thread" : "process");
		json_bytes(j, l->name, strlen(l->name));
		json_key(j, l->thread ? "tid" : "pid");
		json_int(j, l->id);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
put_crashes(struct json_out *j, const struct record_cell *c)
{
	json_key(j, "child_crashes");
	json_open(j, '[');
	for (size_t i = 0; i < c->ncrashes; i++)
		nbformat_error(j, &c->crashes[i]);
	json_close(j, ']');
}

static void
put_repeat(struct json_out *j, const struct record_cell *c)
{
	const struct buf *answer = NULL;
	struct json root;

	for (size_t i = 0; i < c->noutputs && !answer; i++)
		answer = output_data(&c->outputs[i], EVENT_REPEAT_MIME);
	/* A notebook may hold anything under that name. */
	if (!answer || json_check(buf_slice(answer), &root, NULL, NULL) < 0 ||
	    root.type != JSON_OBJECT)
		return;
	json_key(j, "repeat");
	json_value(j, root);
}

/* What stands there only where it applies. */
static void
put_rest(struct json_out *j, const struct record_cell *c)
{
	const struct {
		const char *key;
		bool applies;
	} flags[] = {
		{ "quiet", c->quiet },
		{ "expected", c->end.expected },
		{ "excused", c->end.excused },
		{ "in_background", c->end.background },
	};

	for (size_t i = 0; i < countof(flags); i++) {
		if (!flags[i].applies)
			continue;
		json_key(j, flags[i].key);
		json_bool(j, true);
	}
	if (c->diagnostics) {
		json_key(j, "diagnostics");
		json_str(j, c->diagnostics);
	}
	if (c->nleft)
		put_left(j, c);
	if (c->ncrashes)
		put_crashes(j, c);
	if (c->end.nruns)
		put_runs(j, &c->end);
	if (c->end.output_dropped)
		put_number(j, "output_dropped", true, c->end.output_dropped);
	if (c->writes_omitted)
		put_number(j, "timeline_omitted", true, c->writes_omitted);
	put_repeat(j, c);
	if (c->restored)
		put_restored(j, c);
	if (c->background) {
		json_key(j, "background");
		json_str(j, c->background);
	}
}

static void
put_numbers(struct json_out *j, const struct record_cell *c)
{
	const struct cell_end *end = &c->end;
	bool known = c->reached || !c->known;

	json_key(j, "started");
	json_time(j, c->started_ns);
	put_ms(j, "duration_ms", known, end->duration_ns);
	put_ms(j, "cpu_ms", known, end->cpu_ns);
	put_number(j, "max_rss_kb", known, end->max_rss_kb);
	put_number(j, "exit_status", true, end->exit_status);
	json_key(j, "signal");
	json_str(j, signal_name(end->signal));
	put_number(j, "threads_left", known, end->threads_left);
	put_number(j, "children_left", known, end->children_left);
	put_number(j, "output_bytes", c->known, c->output_bytes);
}

static void
put_cell(struct json_out *j, const struct record *r,
	 const struct record_cell *c)
{
	bool both;

	json_open(j, '{');
	json_key(j, "index");
	json_int(j, c->cell->number);
	json_key(j, "id");
	json_str(j, c->cell->id);
	json_key(j, "name");
	json_str(j, c->name);
	json_key(j, "kind");
	json_str(j, c->kind_known ? cell_kind_name(c->kind) : NULL);
	put_number(j, "execution_count", true, record_execution_count(r, c));
	json_key(j, "status");
	json_str(j, c->status_known ? cell_status_name(c->end.status) : NULL);
	json_key(j, "source");
	json_bytes(j, c->source, c->source_len);
	put_numbers(j, c);
	both = put_text(j, c, STREAM_STDOUT);
	both &= put_text(j, c, STREAM_STDERR);
	json_key(j, "stream_order");
	json_str(j, r->exported		   ? NULL
		    : both && c->unordered ? "approximate"
					   : "exact");
	put_result(j, c);
	put_outputs(j, r, c);
	json_key(j, "timeline");
	record_timeline(j, c);
	put_rest(j, c);
	json_close(j, '}');
}

void
record_json_write(struct buf *out, const struct record *r)
{
	struct json_out j;

	json_begin(&j, out, INDENT, 0);
	json_open(&j, '{');
	json_key(&j, "cnb_record");
	json_int(&j, 1);
	json_key(&j, "notebook");
	json_str(&j, r->nb->name);
	json_key(&j, "started");
	json_time(&j, r->started_ns);
	put_ms(&j, "duration_ms", true, r->duration_ns);
	json_key(&j, "status");
	json_str(&j, overall_status(r));
	put_counts(&j, r);
	put_build(&j, r);
	put_limits(&j, r);
	json_key(&j, "cells");
	json_open(&j, '[');
	for (size_t i = 0; i < r->ncells; i++) {
		struct record_cell look;

		put_cell(&j, r, record_look(r, i, &look));
		record_look_end(&look);
	}
	json_close(&j, ']');
	json_close(&j, '}');
	buf_add_byte(out, '\n');
}

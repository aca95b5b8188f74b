/* nbformat_recorded.c: a record of what a notebook itself holds, for export.
 * Floor 2. Outputs come from any kernel; what has not the shape that nbformat
 * gives it is passed over here, and stays in the JSON of
 * record_cell.recorded. */
#include "format/nbformat.h"

#include <stdlib.h>
#include "base/mem.h"
#include "base/spool.h"
#include "base/text.h"
#include "format/json.h"
#include "format/mime.h"
#include "format/nbformat_output.h"
#include "model/signal_names.h"

static bool
find_text(struct json object, const char *key, struct buf *out)
{
	struct json value;

	buf_clear(out);
	return json_find(object, key, &value) && json_joined(out, value);
}

static bool
decode_data(struct buf *out, const char *mime, struct json value)
{
	struct buf text = { 0 };
	bool ok;

	if (mime_is_json(mime) && value.type != JSON_STRING) {
		buf_add_slice(out, value.text);
		return true;
	}
	ok = json_joined(&text, value);
	if (ok && (mime_is_text(mime) || mime_is_json(mime)))
		buf_add(out, buf_str(&text), text.len);
	else if (ok)
		ok = text_unbase64(out, buf_slice(&text));
	buf_release(&text);
	return ok;
}

/* The best form becomes the output's own; the others follow. */
static void
add_form(struct output *o, char *mime, struct buf bytes)
{
	struct mime_data other = { mime, bytes };

	if (!o->mime || mime_rank(mime) < mime_rank(o->mime)) {
		other = (struct mime_data){ o->mime, o->bytes };
		o->mime = mime;
		o->bytes = bytes;
	}
	if (other.mime)
		*mem_push(o->others, o->nothers) = other;
}

static void
add_data(struct record_cell *c, enum output_kind kind, struct json output)
{
	struct output found = { .kind = kind };
	struct json data, value;
	struct json_walk w;
	struct slice key;

	if (!json_find(output, "data", &data) || data.type != JSON_OBJECT)
		return;
	for (w = json_enter(data); json_next(&w, &key, &value);) {
		struct buf bytes = { 0 }, name = { 0 };
		char *mime;

		json_unescape(&name, key);
		mime = buf_take(&name);
		if (decode_data(&bytes, mime, value)) {
			add_form(&found, mime, bytes);
			continue;
		}
		buf_release(&bytes);
		free(mime);
	}
	if (found.mime)
		*record_output(c, kind) = found;
}

static void
add_stream(struct record_cell *c, struct json output)
{
	struct buf text = { 0 }, name = { 0 };
	struct output *o;

	buf_spool(&text);
	find_text(output, "name", &name);
	if (find_text(output, "text", &text)) {
		o = record_output(c, OUT_TEXT);
		o->stream = !strcmp(buf_str(&name), "stderr") ? STREAM_STDERR
							      : STREAM_STDOUT;
		o->bytes = text;
		buf_init(&text);
	}
	buf_release(&text);
	buf_release(&name);
}

static void
add_error(struct record_cell *c, struct json output)
{
	struct output *o = record_output(c, OUT_ERROR);
	struct buf text = { 0 };
	struct json_walk w;
	struct json list, v;

	find_text(output, "ename", &text);
	o->ename = mem_strdup(buf_str(&text));
	find_text(output, "evalue", &text);
	o->evalue = mem_strdup(buf_str(&text));
	if (json_find(output, "traceback", &list) && list.type == JSON_ARRAY) {
		for (w = json_enter(list); json_next(&w, NULL, &v);) {
			buf_clear(&text);
			if (json_joined(&text, v))
				strs_add(&o->traceback, buf_str(&text));
		}
	}
	buf_release(&text);
}

static void
add_output(struct record_cell *c, struct json output)
{
	struct buf type = { 0 };
	const char *name;

	find_text(output, "output_type", &type);
	name = buf_str(&type);
	if (!strcmp(name, "stream"))
		add_stream(c, output);
	else if (!strcmp(name, "error"))
		add_error(c, output);
	else if (!strcmp(name, "execute_result"))
		add_data(c, OUT_RESULT, output);
	else if (!strcmp(name, "display_data"))
		add_data(c, OUT_DISPLAY, output);
	buf_release(&type);
}

void
nbformat_read_outputs(struct record_cell *c, struct json outputs)
{
	struct json_walk w;
	struct json v;

	for (w = json_enter(outputs); json_next(&w, NULL, &v);)
		add_output(c, v);
}

static bool
has_error(const struct record_cell *c)
{
	for (size_t i = 0; i < c->noutputs; i++)
		if (c->outputs[i].kind == OUT_ERROR)
			return true;
	return false;
}

static double
number_of(struct json object, const char *key)
{
	struct json value;

	if (!json_find(object, key, &value) || value.type != JSON_NUMBER)
		return -1;
	return strtod(value.text.at, NULL);
}

static int64_t
time_of(struct json object, const char *key)
{
	struct buf text = { 0 };
	int64_t ns = find_text(object, key, &text)
			     ? json_parse_time(buf_str(&text))
			     : 0;

	buf_release(&text);
	return ns;
}

static int64_t
ns_of(double ms)
{
	return ms >= 0 && ms < 1e12 ? (int64_t)(ms * 1e6 + 0.5) : -1;
}

/* What `run --timing`, and Jupyter's front ends, save of times. */
static void
set_times(struct record_cell *c, struct slice text)
{
	struct span at = c->cell->metadata;
	struct json metadata = { JSON_OBJECT,
				 { text.at + at.start, at.end - at.start } };
	struct json cnb, run, execution;
	int64_t began, ended;

	if (!at.end)
		return;
	if (json_find(metadata, "execution", &execution) &&
	    execution.type == JSON_OBJECT) {
		began = time_of(execution, "iopub.execute_input");
		ended = time_of(execution, "shell.execute_reply");
		c->started_ns = began;
		if (began > 0 && ended >= began)
			c->end.duration_ns = ended - began;
	}
	if (json_find(metadata, "cnb", &cnb) && cnb.type == JSON_OBJECT &&
	    json_find(cnb, "run", &run) && run.type == JSON_OBJECT) {
		double kb = number_of(run, "max_rss_kb");

		if (number_of(run, "duration_ms") >= 0)
			c->end.duration_ns =
				ns_of(number_of(run, "duration_ms"));
		c->end.cpu_ns = ns_of(number_of(run, "cpu_ms"));
		c->end.max_rss_kb = kb >= 0 && kb < 1e15 ? (int64_t)kb : -1;
	}
}

static bool
may_fail(const struct nb_cell *cell)
{
	for (size_t i = 0; i < cell->ntags; i++)
		if (!strcmp(cell->tags[i], "raises-exception"))
			return true;
	return false;
}

/* What metadata.cnb.run says; in a notebook of another kernel, an error output
 * says that the cell failed, and nothing says that it did not. */
static void
set_end(struct record_cell *c)
{
	const struct nb_cell *cell = c->cell;
	int signal = cell->run_signal ? signal_from_name(cell->run_signal) : 0;

	c->known = false;
	c->kind_known =
		cell->run_kind && cell_kind_from_name(cell->run_kind, &c->kind);
	c->end.exit_status = cell->run_exit_status;
	c->end.signal = signal > 0 ? signal : 0;
	c->status_known =
		cell->run_status &&
		cell_status_from_name(cell->run_status, &c->end.status);
	c->end.excused = may_fail(cell) &&
			 (has_error(c) || (c->status_known &&
					   cell_status_is_bad(c->end.status)));
	if (c->status_known)
		return;
	c->status_known = has_error(c);
	c->end.status = c->status_known		     ? STATUS_FAILED
			: cell->execution_count >= 0 ? STATUS_OK
						     : STATUS_NOT_RUN;
}

static void
fill(struct record *r, const struct notebook *nb, bool outputs_too)
{
	r->exported = true;
	for (size_t i = 0; i < r->ncells; i++) {
		struct record_cell *c = &r->cells[i];
		struct span at = c->cell->outputs;
		struct json outputs = { JSON_ARRAY,
					{ nb->text.at + at.start,
					  at.end - at.start } };

		if (at.end && outputs_too) {
			c->recorded = outputs.text;
			nbformat_read_outputs(c, outputs);
		}
		set_end(c);
		set_times(c, nb->text);
	}
}

void
nbformat_recorded(struct record *r, const struct notebook *nb)
{
	fill(r, nb, true);
}

void
nbformat_recorded_bare(struct record *r, const struct notebook *nb)
{
	fill(r, nb, false);
}

/* nbformat_recorded.c: a record of what a notebook itself holds, for export.
 * Floor 2. Outputs come from any kernel; what has not the shape that nbformat
 * gives it is passed over here, and stays in the JSON of
 * record_cell.recorded. */
#include "format/nbformat.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/spool.h"
#include "base/text.h"
#include "format/json.h"
#include "format/mime.h"
#include "format/nbformat_output.h"
#include "model/signal_names.h"

#define LARGE (size_t)(8 << 20) /* text that need not lie in memory */

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
	if (value.type == JSON_STRING &&
	    !(mime_is_text(mime) || mime_is_json(mime)) &&
	    !memchr(value.text.at, '\\', value.text.len))
		return text_unbase64(out, (struct slice){ value.text.at + 1,
							  value.text.len - 2 });
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

/* The members of an output that are known here; text.at NULL: not there. Found
 * in one pass, for one of them may be all of the notebook. */
struct members {
	struct json type, name, text, data, ename, evalue, traceback;
};

static struct members
members_of(struct json_walk *outputs)
{
	struct members m = { 0 };
	const struct {
		const char *key;
		struct json *value;
	} known[] = {
		{ "output_type", &m.type },    { "name", &m.name },
		{ "text", &m.text },	       { "data", &m.data },
		{ "ename", &m.ename },	       { "evalue", &m.evalue },
		{ "traceback", &m.traceback },
	};
	struct json_walk w = json_dive(outputs);
	struct slice key;
	struct json v;

	while (json_next(&w, &key, &v))
		for (size_t i = 0; i < countof(known); i++)
			if (json_key_is(key, known[i].key))
				*known[i].value = v;
	json_rise(outputs, &w);
	return m;
}

static bool
is_a(struct json v, enum json_type type)
{
	return v.text.at && v.type == type;
}

static bool
read_text(struct json value, struct buf *out)
{
	buf_clear(out);
	return value.text.at && json_joined(out, value);
}

static void
add_data(struct record_cell *c, enum output_kind kind, struct json data)
{
	struct output found = { .kind = kind };
	struct json value;
	struct json_walk w;
	struct slice key;

	if (!is_a(data, JSON_OBJECT))
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
add_stream(struct record_cell *c, const struct members *m)
{
	struct buf text = { 0 }, name = { 0 };
	struct output *o;

	/* These are few at a time: see record_look(). */
	if (m->text.text.len > LARGE)
		buf_spool(&text);
	read_text(m->name, &name);
	if (read_text(m->text, &text)) {
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
add_error(struct record_cell *c, const struct members *m)
{
	struct output *o = record_output(c, OUT_ERROR);
	struct buf text = { 0 }, headline = { 0 };
	struct json_walk w;
	struct json v;

	read_text(m->ename, &text);
	o->ename = mem_strdup(buf_str(&text));
	read_text(m->evalue, &text);
	o->evalue = mem_strdup(buf_str(&text));
	nbformat_headline(&headline, o);
	if (is_a(m->traceback, JSON_ARRAY))
		for (w = json_enter(m->traceback); json_next(&w, NULL, &v);)
			if (read_text(v, &text) &&
			    (o->traceback.count ||
			     strcmp(buf_str(&text), buf_str(&headline)) != 0))
				strs_add(&o->traceback, buf_str(&text));
	buf_release(&headline);
	buf_release(&text);
}

static void
add_output(struct record_cell *c, const struct members *m)
{
	if (!is_a(m->type, JSON_STRING))
		return;
	if (json_key_is(m->type.text, "stream"))
		add_stream(c, m);
	else if (json_key_is(m->type.text, "error"))
		add_error(c, m);
	else if (json_key_is(m->type.text, "execute_result"))
		add_data(c, OUT_RESULT, m->data);
	else if (json_key_is(m->type.text, "display_data"))
		add_data(c, OUT_DISPLAY, m->data);
}

void
nbformat_read_outputs(struct record_cell *c, struct json outputs)
{
	struct json_walk w;
	struct json v;

	for (w = json_enter(outputs); json_step(&w, NULL, &v);) {
		if (v.type == JSON_OBJECT) {
			struct members m = members_of(&w);

			add_output(c, &m);
		} else {
			json_take(&w, &v);
		}
	}
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
	int signal =
		cell->run->signal ? signal_from_name(cell->run->signal) : 0;

	c->known = false;
	c->kind_known = cell->run->kind &&
			cell_kind_from_name(cell->run->kind, &c->kind);
	c->end.exit_status = cell->run->exit_status;
	c->end.signal = signal > 0 ? signal : 0;
	c->status_known =
		cell->run->status &&
		cell_status_from_name(cell->run->status, &c->end.status);
	c->end.excused = may_fail(cell) &&
			 (cell->failed || (c->status_known &&
					   cell_status_is_bad(c->end.status)));
	if (c->status_known)
		return;
	c->status_known = cell->failed;
	c->end.status = c->status_known		     ? STATUS_FAILED
			: cell->execution_count >= 0 ? STATUS_OK
						     : STATUS_NOT_RUN;
}

static void
read_recorded(struct record_cell *c)
{
	nbformat_read_outputs(c, (struct json){ JSON_ARRAY, c->recorded });
}

void
nbformat_recorded(struct record *r, const struct notebook *nb)
{
	r->exported = true;
	r->read_recorded = read_recorded;
	for (size_t i = 0; i < r->ncells; i++) {
		struct record_cell *c = &r->cells[i];
		struct span at = c->cell->outputs;

		if (at.end)
			c->recorded = (struct slice){ nb->text.at + at.start,
						      at.end - at.start };
		set_end(c);
		set_times(c, nb->text);
	}
}

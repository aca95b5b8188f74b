/* nbformat_recorded.c: a record of what a notebook itself holds, for export.
 * Floor 2. Outputs come from any kernel; what has not the shape that nbformat
 * gives it is passed over here, and stays in the JSON of
 * record_cell.recorded. */
#include "format/nbformat.h"

#include <stdlib.h>
#include "base/mem.h"
#include "format/json.h"
#include "format/mime.h"
#include "model/signal_names.h"

static bool
find_text(struct json object, const char *key, struct buf *out)
{
	struct json value;

	buf_clear(out);
	return json_find(object, key, &value) && json_joined(out, value);
}

static int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Line breaks are allowed; false: it is not base64. */
static bool
decode_base64(struct buf *out, const char *text, size_t len)
{
	unsigned bits = 0;
	int count = 0;

	for (size_t i = 0; i < len; i++) {
		int digit = base64_digit(text[i]);

		if (text[i] == '\n' || text[i] == '\r' || text[i] == ' ')
			continue;
		if (text[i] == '=')
			break;
		if (digit < 0)
			return false;
		bits = bits << 6 | (unsigned)digit;
		count += 6;
		if (count >= 8) {
			count -= 8;
			buf_add_byte(out, (char)(bits >> count & 0xff));
		}
	}
	return true;
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
		ok = decode_base64(out, buf_str(&text), text.len);
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

static bool
has_error(const struct record_cell *c)
{
	for (size_t i = 0; i < c->noutputs; i++)
		if (c->outputs[i].kind == OUT_ERROR)
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
	if (c->status_known)
		return;
	c->status_known = has_error(c);
	c->end.status = c->status_known		     ? STATUS_FAILED
			: cell->execution_count >= 0 ? STATUS_OK
						     : STATUS_NOT_RUN;
}

void
nbformat_recorded(struct record *r, const struct notebook *nb)
{
	r->exported = true;
	for (size_t i = 0; i < r->ncells; i++) {
		struct record_cell *c = &r->cells[i];
		struct span at = c->cell->outputs;
		struct json outputs = { JSON_ARRAY,
					{ nb->text.at + at.start,
					  at.end - at.start } };
		struct json_walk w;
		struct json v;

		if (at.end) {
			c->recorded = outputs.text;
			for (w = json_enter(outputs); json_next(&w, NULL, &v);)
				add_output(c, v);
		}
		set_end(c);
	}
}

/* nbformat_output.c: outputs as nbformat 4 has them, keys sorted. Floor 2. The
 * same outputs always give the same bytes. */
#include "format/nbformat_output.h"

#include <string.h>
#include "base/utf8.h"
#include "format/fold.h"
#include "format/mime.h"
#include "model/event.h"

/* A value inside a notebook stands this deep, or a little less. */
#define LEVELS_ABOVE_DATA 16

/* Text is looked at in pieces of about this size, each of whole lines. */
#define PIECE 65536

static struct slice
cut_piece(struct slice *rest)
{
	struct slice piece = *rest;
	const char *end = rest->at + rest->len, *newline;

	if (piece.len > PIECE) {
		newline = memchr(piece.at + PIECE, '\n', piece.len - PIECE);
		piece.len = (size_t)((newline ? newline + 1 : end) - piece.at);
	}
	rest->at += piece.len;
	rest->len -= piece.len;
	return piece;
}

static void
put_folded(struct json_lines *lines, struct slice text)
{
	struct buf valid = { 0 }, folded = { 0 };

	utf8_repair(&valid, text.at, text.len);
	fold_terminal(&folded, buf_str(&valid), valid.len);
	json_lines_add(lines, buf_str(&folded), folded.len);
	buf_release(&valid);
	buf_release(&folded);
}

static void
put_stream(struct json_out *j, const struct output *o)
{
	struct slice rest = buf_slice(&o->bytes);
	struct json_lines lines;

	json_open(j, '{');
	json_key(j, "name");
	json_str(j, stream_name(o->stream));
	json_key(j, "output_type");
	json_str(j, "stream");
	json_key(j, "text");
	json_lines_begin(&lines, j);
	while (rest.len) {
		struct slice piece = cut_piece(&rest);

		if (fold_needed(piece.at, piece.len))
			put_folded(&lines, piece);
		else
			json_lines_add(&lines, piece.at, piece.len);
	}
	json_lines_end(&lines);
	json_close(j, '}');
}

void
nbformat_headline(struct buf *line, const struct output *o)
{
	buf_add_str(line, o->ename ? o->ename : "");
	if (o->evalue && o->evalue[0])
		buf_addf(line, ": %s", o->evalue);
}

/* As a compiler's messages do: "...: error: EVALUE". */
static bool
says_what_went_wrong(const struct strs *traceback, const char *evalue)
{
	struct buf said = { 0 };
	bool found = false;

	if (!evalue || !evalue[0])
		return false;
	buf_addf(&said, ": %s", evalue);
	for (size_t i = 0; !found && i < traceback->count; i++)
		found = strstr(traceback->at[i], said.data) != NULL;
	buf_release(&said);
	return found;
}

static void
put_error(struct json_out *j, const struct output *o, const char *headline)
{
	json_open(j, '{');
	json_key(j, "ename");
	json_str(j, o->ename ? o->ename : "");
	json_key(j, "evalue");
	json_str(j, o->evalue ? o->evalue : "");
	json_key(j, "output_type");
	json_str(j, "error");
	json_key(j, "traceback");
	json_open(j, '[');
	if (headline)
		json_str(j, headline);
	for (size_t i = 0; i < o->traceback.count; i++)
		json_str(j, o->traceback.at[i]);
	json_close(j, ']');
	json_close(j, '}');
}

void
nbformat_error(struct json_out *j, const struct output *o)
{
	put_error(j, o, NULL);
}

/* Many readers of notebooks show of an error its traceback alone. */
static void
put_error_for_readers(struct json_out *j, const struct output *o)
{
	struct buf headline = { 0 };

	if (!says_what_went_wrong(&o->traceback, o->evalue))
		nbformat_headline(&headline, o);
	put_error(j, o, headline.len ? headline.data : NULL);
	buf_release(&headline);
}

/* The JSON value itself, if it is one that a notebook can hold: no key twice,
 * no half characters, not too deep. */
static bool
put_json(struct json_out *j, struct slice text)
{
	struct strs duplicates = { 0 };
	struct json value;
	size_t at;
	bool ok;

	ok = json_check(text, &value, &duplicates, NULL) == 0 &&
	     duplicates.count == 0 &&
	     json_fault(text, &at) != JSON_LONE_SURROGATE &&
	     json_depth(text) <= JSON_MAX_DEPTH - LEVELS_ABOVE_DATA;
	if (ok)
		json_value(j, value);
	strs_release(&duplicates);
	return ok;
}

static void
put_mime(struct json_out *j, const char *mime, const struct buf *bytes)
{
	const char *at = buf_str(bytes);

	json_key(j, mime);
	if (mime_is_json(mime)) {
		if (!put_json(j, buf_slice(bytes)))
			json_bytes(j, at, bytes->len);
	} else if (mime_is_lines(mime)) {
		json_lines(j, at, bytes->len);
	} else if (mime_is_text(mime)) {
		json_bytes(j, at, bytes->len);
	} else {
		json_base64(j, at, bytes->len);
	}
}

static void
put_forms(struct json_out *j, const struct output *o)
{
	put_mime(j, o->mime, &o->bytes);
	for (size_t i = 0; i < o->nothers; i++)
		put_mime(j, o->others[i].mime, &o->others[i].bytes);
}

/* `more` (NULL: nothing) is the same once more, in another form. */
static void
put_data(struct json_out *j, const struct output *o, const struct output *more,
	 int count)
{
	json_open(j, '{');
	json_key(j, "data");
	json_open(j, '{');
	if (more)
		put_forms(j, more);
	put_forms(j, o);
	json_close(j, '}');
	if (o->kind == OUT_RESULT) {
		json_key(j, "execution_count");
		if (count < 0)
			json_null(j);
		else
			json_int(j, count);
	}
	json_key(j, "metadata");
	json_open(j, '{');
	json_close(j, '}');
	json_key(j, "output_type");
	json_str(j, o->kind == OUT_RESULT ? "execute_result" : "display_data");
	json_close(j, '}');
}

/* What a repeated cell came to is told as text, and then for programs; most
 * that show notebooks know but the text, and some complain of the other. */
static const struct output *
same_for_programs(const struct record_cell *c, size_t i)
{
	const struct output *o = &c->outputs[i];
	const struct output *next = i + 1 < c->noutputs ? o + 1 : NULL;

	return next && o->kind == OUT_DISPLAY && next->kind == OUT_DISPLAY &&
			       !strcmp(o->mime, "text/plain") &&
			       !strcmp(next->mime, EVENT_REPEAT_MIME)
		       ? next
		       : NULL;
}

void
nbformat_outputs(struct json_out *j, const struct record_cell *c, int count)
{
	json_open(j, '[');
	for (size_t i = 0; i < c->noutputs; i++) {
		const struct output *o = &c->outputs[i];
		const struct output *more = same_for_programs(c, i);

		switch (o->kind) {
		case OUT_TEXT:
			if (o->bytes.len)
				put_stream(j, o);
			break;
		case OUT_ERROR:
			put_error_for_readers(j, o);
			break;
		case OUT_DISPLAY:
		case OUT_RESULT:
			put_data(j, o, more, count);
			i += more != NULL;
			break;
		}
	}
	json_close(j, ']');
}

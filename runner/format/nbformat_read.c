/* nbformat_read.c: a notebook file becomes cells. Floor 2. The text is checked
 * once, cut into the parts of each cell in one pass, and only then understood:
 * the version usually stands behind the cells. It does not look into outputs,
 * and does not know what C is. */
#include "format/nbformat.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/mem.h"
#include "format/nbformat_ids.h"
#include "format/nbformat_reader.h"

#define MAJOR 4
#define MINOR_WITH_IDS 5
#define COUNT_MOST INT32_MAX
#define COUNT_MOST_TEXT "2147483647"

/* --- small helpers ------------------------------------------------------- */

int
reader_refuse(struct reader *r, struct json at, const char *format, ...)
{
	struct slice text = r->nb->text;
	int line, column;
	char why[512];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	json_place(text, (size_t)(at.text.at - text.at), &line, &column);
	return err_input(r->e, "cannot read '%s': line %d, column %d: %s",
			 r->nb->path, line, column, why);
}

int
reader_wrong_type(struct reader *r, struct json value, const char *what,
		  const char *wanted)
{
	return reader_refuse(r, value, "%s is %s, not %s", what,
			     json_type_name(value.type), wanted);
}

void
reader_warn(struct reader *r, size_t cell, const char *format, ...)
{
	char why[512];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	if (cell)
		strs_addf(&r->nb->warnings, "'%s', cell %zu: %s", r->nb->name,
			  cell, why);
	else
		strs_addf(&r->nb->warnings, "'%s': %s", r->nb->name, why);
}

struct span
reader_span(const struct reader *r, struct json value)
{
	size_t start;

	if (!is_there(value))
		return nb_span(0, 0);
	start = (size_t)(value.text.at - r->nb->text.at);
	return nb_span(start, start + value.text.len);
}

int
reader_string(struct reader *r, struct json value, const char *what,
	      const char **text)
{
	size_t at;

	if (value.type != JSON_STRING)
		return reader_wrong_type(r, value, what, "a string");
	if (json_fault(value.text, &at) != JSON_FINE) {
		value.text.at += at;
		return reader_refuse(r, value,
				     "%s holds an escape that stands for "
				     "no character",
				     what);
	}
	*text = json_text(&r->nb->arena, value);
	return 0;
}

static int
line_of(struct reader *r, const char *at)
{
	const char *p;

	while (r->line_at < at &&
	       (p = memchr(r->line_at, '\n', (size_t)(at - r->line_at)))) {
		r->line++;
		r->line_at = p + 1;
	}
	r->line_at = at;
	return r->line;
}

/* A whole number from 0 to COUNT_MOST; -1: it is not. */
static int
whole_number(struct json value)
{
	int64_t n = 0;

	if (value.type != JSON_NUMBER)
		return -1;
	for (size_t i = 0; i < value.text.len && n <= COUNT_MOST; i++) {
		char digit = value.text.at[i];

		if (digit < '0' || digit > '9')
			return -1;
		n = n * 10 + (digit - '0');
	}
	return n <= COUNT_MOST ? (int)n : -1;
}

/* --- cutting ------------------------------------------------------------- */

/* -> is it an error? */
static bool
cut_output(struct json_walk *w)
{
	struct json_walk inner = json_dive(w);
	struct json v, type = { 0 };
	struct slice key;

	while (json_next(&inner, &key, &v))
		if (json_key_is(key, "output_type"))
			type = v;
	json_rise(w, &inner);
	return type.type == JSON_STRING && is_there(type) &&
	       json_key_is(type.text, "error");
}

static void
cut_outputs(struct json_walk *w, struct parts *p)
{
	struct json_walk inner = json_dive(w);
	struct json v;

	while (json_step(&inner, NULL, &v)) {
		if (v.type == JSON_OBJECT) {
			p->failed |= cut_output(&inner);
			continue;
		}
		json_take(&inner, &v);
		if (!is_there(p->bad_output))
			p->bad_output = v;
	}
	json_rise(w, &inner);
	p->outputs.text.len = (size_t)(w->at - p->outputs.text.at);
}

static void
cut_cell(struct json_walk *w, struct parts *p)
{
	struct json_walk inner = json_dive(w);
	const struct {
		const char *key;
		struct json *part;
	} known[] = {
		{ "cell_type", &p->type },	  { "id", &p->id },
		{ "metadata", &p->metadata },	  { "source", &p->source },
		{ "execution_count", &p->count },
	};
	struct slice key;
	struct json v;

	while (json_step(&inner, &key, &v)) {
		if (json_key_is(key, "outputs")) {
			p->outputs = v;
			p->bad_output = (struct json){ 0 };
			p->failed = false;
			if (v.type == JSON_ARRAY)
				cut_outputs(&inner, p);
			else
				json_take(&inner, &p->outputs);
			continue;
		}
		json_take(&inner, &v);
		for (size_t i = 0; i < countof(known); i++)
			if (json_key_is(key, known[i].key))
				*known[i].part = v;
	}
	json_rise(w, &inner);
	p->whole.text.len = (size_t)(w->at - p->whole.text.at);
}

static void
cut_cells(struct reader *r, struct json_walk *w)
{
	struct json_walk inner = json_dive(w);
	struct json v;

	r->nparts = 0;
	while (json_step(&inner, NULL, &v)) {
		struct parts *p = mem_push(r->parts, r->nparts);

		*p = (struct parts){ .whole = v };
		if (v.type == JSON_OBJECT)
			cut_cell(&inner, p);
		else
			json_take(&inner, &p->whole);
	}
	json_rise(w, &inner);
}

static void
cut(struct reader *r)
{
	struct json_walk w = json_enter(r->root);
	struct slice key;
	struct json v;

	while (json_step(&w, &key, &v)) {
		if (json_key_is(key, "cells")) {
			if (v.type == JSON_ARRAY)
				cut_cells(r, &w);
			else
				json_take(&w, &v);
			v.text.len = (size_t)(w.at - v.text.at);
			r->cells = v;
			continue;
		}
		json_take(&w, &v);
		if (json_key_is(key, "nbformat"))
			r->major = v;
		else if (json_key_is(key, "nbformat_minor"))
			r->minor = v;
		else if (json_key_is(key, "metadata"))
			r->metadata = v;
	}
}

/* --- the version --------------------------------------------------------- */

static int
check_version(struct reader *r)
{
	int major;

	if (r->root.type != JSON_OBJECT)
		return reader_wrong_type(r, r->root, "the file", "a notebook");
	if (!is_there(r->major))
		return reader_refuse(r, r->root,
				     "there is no 'nbformat': this is "
				     "not a notebook");
	major = whole_number(r->major);
	if (major < 0)
		return reader_wrong_type(
			r, r->major, "'nbformat'",
			"a whole number from 0 to " COUNT_MOST_TEXT);
	if (major < MAJOR)
		return reader_refuse(
			r, r->major,
			"this is nbformat %d; convert it with: jupyter "
			"nbconvert --to notebook '%s'",
			major, r->nb->path);
	if (major > MAJOR)
		return reader_refuse(
			r, r->major,
			"this is nbformat %d, which is not known; cnb "
			"reads nbformat 4",
			major);
	r->nb->major = major;
	if (!is_there(r->minor)) {
		reader_warn(r, 0,
			    "there is no 'nbformat_minor', which nbformat "
			    "requires; it is read as 4.0");
		return 0;
	}
	r->nb->minor = whole_number(r->minor);
	if (r->nb->minor < 0)
		return reader_wrong_type(
			r, r->minor, "'nbformat_minor'",
			"a whole number from 0 to " COUNT_MOST_TEXT);
	return 0;
}

/* --- cells --------------------------------------------------------------- */

/* Where line k + 1 of the source begins: in the file's line of the string that
 * holds its first character. `starts` has, for each string, where its text
 * begins in the joined source. */
struct piece {
	size_t start;
	int line;
};

static void
map_lines(struct reader *r, struct nb_cell *c, const struct piece *pieces,
	  size_t npieces)
{
	const char *text = c->source.at, *end = text + c->source.len, *p;
	size_t n = 0, piece = 0;
	int *lines;

	for (p = text; p < end; n++) {
		p = memchr(p, '\n', (size_t)(end - p));
		p = p ? p + 1 : end;
	}
	lines = arena_alloc(&r->nb->arena, n + 1, sizeof *lines);
	c->nlines = n;
	c->line_in_file = lines;
	for (p = text, n = 0; p < end; n++) {
		while (piece + 1 < npieces &&
		       pieces[piece + 1].start <= (size_t)(p - text))
			piece++;
		lines[n] = pieces[piece].line;
		p = memchr(p, '\n', (size_t)(end - p));
		p = p ? p + 1 : end;
	}
}

static int
join_source(struct reader *r, struct json source, struct piece **pieces,
	    size_t *npieces)
{
	struct json_walk w;
	struct json v;

	if (source.type == JSON_STRING) {
		*mem_push(*pieces, *npieces) =
			(struct piece){ 0, line_of(r, source.text.at) };
		json_unescape(&r->scratch, source.text);
		return 0;
	}
	if (source.type != JSON_ARRAY)
		return reader_wrong_type(r, source, "'source'",
					 "a string or a list of strings");
	for (w = json_enter(source); json_next(&w, NULL, &v);) {
		if (v.type != JSON_STRING)
			return reader_wrong_type(r, v, "a line of 'source'",
						 "a string");
		*mem_push(*pieces, *npieces) =
			(struct piece){ r->scratch.len, line_of(r, v.text.at) };
		json_unescape(&r->scratch, v.text);
	}
	return 0;
}

static int
check_source_escapes(struct reader *r, struct json source)
{
	size_t at;
	enum json_fault fault = json_fault(source.text, &at);

	if (fault != JSON_FINE)
		source.text.at += at;
	switch (fault) {
	case JSON_FINE:
		return 0;
	case JSON_NUL:
		return reader_refuse(r, source,
				     "a NUL character in the source of a "
				     "code cell");
	case JSON_LONE_SURROGATE:
		return reader_refuse(r, source,
				     "half a surrogate pair in the source "
				     "of a code cell, which is no "
				     "character");
	}
	return 0;
}

static int
cell_source(struct reader *r, struct nb_cell *c, const struct parts *p)
{
	struct piece *pieces = NULL;
	size_t npieces = 0;
	int rc;

	if (!is_there(p->source))
		return reader_refuse(r, p->whole, "the cell has no 'source'");
	if (c->type == NB_CODE && check_source_escapes(r, p->source))
		return -1;
	buf_clear(&r->scratch);
	rc = join_source(r, p->source, &pieces, &npieces);
	c->source.len = r->scratch.len;
	c->source.at =
		arena_dup(&r->nb->arena, buf_str(&r->scratch), r->scratch.len);
	if (!rc && c->type == NB_CODE)
		map_lines(r, c, pieces, npieces);
	free(pieces);
	return rc;
}

static int
cell_outputs(struct reader *r, struct nb_cell *c, const struct parts *p)
{
	size_t position = (size_t)(p - r->parts) + 1;

	if (!is_there(p->outputs))
		reader_warn(r, position,
			    "there are no 'outputs', which nbformat "
			    "requires");
	else if (p->outputs.type != JSON_ARRAY)
		return reader_wrong_type(r, p->outputs, "'outputs'", "a list");
	else if (is_there(p->bad_output))
		return reader_wrong_type(r, p->bad_output, "an output",
					 "an object");
	if (!is_there(p->count)) {
		reader_warn(r, position,
			    "there is no 'execution_count', which "
			    "nbformat requires");
	} else if (p->count.type != JSON_NULL) {
		c->execution_count = whole_number(p->count);
		if (c->execution_count < 0)
			return reader_wrong_type(r, p->count,
						 "'execution_count'",
						 "null or a whole number from "
						 "0 to " COUNT_MOST_TEXT);
	}
	return 0;
}

static int
cell_type(struct reader *r, struct nb_cell *c, const struct parts *p)
{
	static const struct {
		const char *name;
		enum nb_cell_type type;
	} types[] = {
		{ "code", NB_CODE },
		{ "markdown", NB_MARKDOWN },
		{ "raw", NB_RAW },
	};
	const char *name = "";

	if (p->whole.type != JSON_OBJECT)
		return reader_wrong_type(r, p->whole, "a cell", "an object");
	if (!is_there(p->type))
		return reader_refuse(r, p->whole,
				     "the cell has no 'cell_type'");
	for (size_t i = 0; p->type.type == JSON_STRING && i < countof(types);
	     i++)
		if (json_key_is(p->type.text, types[i].name)) {
			c->type = types[i].type;
			return 0;
		}
	c->type = NB_OTHER;
	if (reader_string(r, p->type, "'cell_type'", &name))
		return -1;
	if (r->nb->minor <= MINOR_WITH_IDS)
		reader_warn(r, (size_t)(p - r->parts) + 1,
			    "nbformat 4 has no cells of type '%s'; it is kept "
			    "as it is",
			    name);
	return 0;
}

/* Only what is there and can stand; duplicates are found later. */
static void
cell_id(struct reader *r, struct nb_cell *c, const struct parts *p)
{
	size_t position = (size_t)(p - r->parts) + 1;

	c->id_value = reader_span(r, p->id);
	if (!is_there(p->id)) {
		if (r->nb->minor >= MINOR_WITH_IDS)
			reader_warn(r, position,
				    "there is no 'id', which nbformat "
				    "4.5 requires; it gets one");
		return;
	}
	if (p->id.type == JSON_STRING) {
		buf_clear(&r->scratch);
		json_unescape(&r->scratch, p->id.text);
		if (nbformat_id_ok(buf_slice(&r->scratch))) {
			c->id = arena_str(&r->nb->arena, buf_str(&r->scratch));
			return;
		}
	}
	reader_warn(r, position,
		    "its id is not one that nbformat allows (1 to 64 of "
		    "A-Z a-z 0-9 - _); it gets a new one");
}

/* Other programs clear outputs and counts, and leave what metadata.cnb.run says
 * of them. */
static bool
is_cleared(const struct nb_cell *c, const struct parts *p)
{
	struct json_walk outputs;
	enum cell_status status;
	struct json v;

	if (c->execution_count >= 0 || !c->run->status ||
	    !cell_status_from_name(c->run->status, &status) ||
	    status == STATUS_NOT_RUN || status == STATUS_SKIPPED)
		return false;
	if (!is_there(p->outputs))
		return true;
	outputs = json_enter(p->outputs);
	return !json_step(&outputs, NULL, &v);
}

static int
read_cell(struct reader *r, struct nb_cell *c, const struct parts *p)
{
	*c = (struct nb_cell){ .execution_count = -1, .run = &nb_no_run };
	if (cell_type(r, c, p))
		return -1;
	c->whole = reader_span(r, p->whole);
	c->metadata = reader_span(r, p->metadata);
	c->source_value = reader_span(r, p->source);
	cell_id(r, c, p);
	/* A type of a later minor may lack what the others have. */
	if (c->type == NB_OTHER && !is_there(p->source))
		c->source = slice_of("");
	else if (cell_source(r, c, p))
		return -1;
	if (reader_cell_metadata(r, c, p))
		return -1;
	if (c->type != NB_CODE)
		return 0;
	c->count_value = reader_span(r, p->count);
	c->outputs = reader_span(r, p->outputs);
	c->failed = p->failed;
	c->number = (int)++r->nb->ncode;
	if (cell_outputs(r, c, p))
		return -1;
	if (is_cleared(c, p))
		c->run = &nb_no_run;
	return 0;
}

static int
read_cells(struct reader *r)
{
	struct notebook *nb = r->nb;
	size_t n = 0;

	if (!is_there(r->cells))
		return reader_refuse(r, r->root,
				     "there are no 'cells': this is not "
				     "a notebook");
	if (r->cells.type != JSON_ARRAY)
		return reader_wrong_type(r, r->cells, "'cells'", "a list");
	nb->ncells = r->nparts;
	nb->cells = arena_alloc(&nb->arena, r->nparts + 1, sizeof *nb->cells);
	for (size_t i = 0; i < r->nparts; i++)
		if (read_cell(r, &nb->cells[i], &r->parts[i]))
			return -1;
	nb->code = arena_alloc(&nb->arena, nb->ncode + 1, sizeof *nb->code);
	for (size_t i = 0; i < nb->ncells; i++)
		if (nb->cells[i].type == NB_CODE)
			nb->code[n++] = &nb->cells[i];
	nbformat_give_ids(nb);
	return 0;
}

/* --- the file ------------------------------------------------------------ */

static void
set_path(struct notebook *nb, const char *path)
{
	const char *slash = strrchr(path, '/');

	nb->path = arena_str(&nb->arena, path);
	nb->name = !strcmp(path, "-") ? "stdin.ipynb"
		   : slash	      ? nb->path + (slash - path) + 1
				      : nb->path;
}

static int
understand(struct reader *r)
{
	cut(r);
	r->nb->whole = reader_span(r, r->root);
	r->nb->cells_value = reader_span(r, r->cells);
	r->nb->metadata = reader_span(r, r->metadata);
	r->nb->minor_value = reader_span(r, r->minor);
	if (check_version(r) || reader_notebook_metadata(r))
		return -1;
	return read_cells(r);
}

/* What stands in nb->text. */
static int
read_text(struct notebook *nb, const char *path, struct err *e)
{
	struct reader r = { .nb = nb, .e = e, .line = 1 };
	struct strs duplicates = { 0 };
	int rc;

	set_path(nb, path);
	if (slice_starts(nb->text, "\xef\xbb\xbf")) {
		nb->text.at += 3;
		nb->text.len -= 3;
	}
	if (slice_starts(nb->text, "\xff\xfe") ||
	    slice_starts(nb->text, "\xfe\xff"))
		return err_input(e,
				 "cannot read '%s': it is UTF-16; save it as "
				 "UTF-8",
				 path);
	if (nb->text.len > UINT32_MAX)
		return err_input(e, "cannot read '%s': it is larger than 4 GiB",
				 path);
	r.line_at = nb->text.at;
	rc = json_check(nb->text, &r.root, &duplicates, e);
	if (rc) {
		err_prefix(e, "cannot read '%s': ", path);
		goto out;
	}
	for (size_t i = 0; i < duplicates.count; i++)
		reader_warn(&r, 0, "%s", duplicates.at[i]);
	rc = r.root.type == JSON_OBJECT ? understand(&r) : check_version(&r);
out:
	buf_release(&r.scratch);
	strs_release(&duplicates);
	free(r.parts);
	return rc;
}

int
nbformat_read(struct notebook *nb, const char *path, const char *text,
	      size_t len, struct err *e)
{
	nb->text.at = arena_dup(&nb->arena, text, len);
	nb->text.len = len;
	return read_text(nb, path, e);
}

int
nbformat_read_file(struct notebook *nb, const char *path, struct buf *file,
		   struct err *e)
{
	buf_reserve(file, 0);
	nb->file = *file;
	buf_init(file);
	nb->text = buf_slice(&nb->file);
	return read_text(nb, path, e);
}

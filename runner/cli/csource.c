/* csource.c: a notebook as a C file. Floor 6, since it needs both the eyes of
 *the builder, for C, and those of the formats, for metadata. Above each cell
 *stands
 *
 *	// %% NAME [TYPE] {"id": "...", "metadata": {...}}
 *
 * and all parts of it but `// %%` may be missing. TYPE is markdown or raw, text
 * (a code cell that is no C, in comments), notebook (the notebook's metadata,
 * no cell) or end (what follows is no cell). */
#include "cli/csource.h"

#include <stdlib.h>
#include "base/mem.h"
#include "build/plain.h"
#include "cli/load.h"
#include "format/json.h"
#include "format/nbformat.h"

#define HEAD "// %%"

bool
csource_is_path(const char *path)
{
	static const char *const suffixes[] = { ".c", ".h", ".cc", ".cpp" };
	const char *slash = strrchr(path, '/');
	const char *dot = strrchr(slash ? slash : path, '.');

	for (size_t i = 0; dot && i < countof(suffixes); i++)
		if (!strcmp(dot, suffixes[i]))
			return true;
	return false;
}

/* --- writing: the line above a cell --------------------------------------- */

/* The cell's own JSON, without what a run left in it. */
static struct json
member(const struct notebook *nb, struct span at)
{
	return (struct json){ JSON_OBJECT,
			      { nb->text.at + at.start, at.end - at.start } };
}

/* All members but `without`, on one line; nothing if there are none. */
static bool
put_metadata(struct json_out *j, struct json metadata, const char *without)
{
	struct json_walk w = json_enter(metadata);
	struct arena a;
	struct slice key;
	struct json value;
	bool any = false;

	arena_init(&a);
	while (json_next(&w, &key, &value)) {
		if (without && json_key_is(key, without))
			continue;
		if (!any) {
			json_key(j, "metadata");
			json_open(j, '{');
		}
		any = true;
		json_key_raw(j, key);
		json_raw(j, slice_of(json_compact(&a, value)));
	}
	if (any)
		json_close(j, '}');
	arena_release(&a);
	return any;
}

static void
put_head(struct buf *out, const struct notebook *nb, const struct nb_cell *cell,
	 const char *type)
{
	bool named = cell->meta_name && cell_name_ok(cell->meta_name);
	struct json attachments;
	struct json_out j;
	struct arena a;

	arena_init(&a);
	buf_add_str(out, HEAD);
	if (named)
		buf_addf(out, " %s", cell->meta_name);
	if (type)
		buf_addf(out, " [%s]", type);
	buf_add_byte(out, ' ');
	json_begin(&j, out, -1, 0);
	json_open(&j, '{');
	json_key(&j, "id");
	json_str(&j, cell->id);
	put_metadata(&j, member(nb, cell->metadata), named ? "name" : NULL);
	if (json_find(member(nb, cell->whole), "attachments", &attachments)) {
		json_key(&j, "attachments");
		json_raw(&j, slice_of(json_compact(&a, attachments)));
	}
	json_close(&j, '}');
	buf_add_byte(out, '\n');
	arena_release(&a);
}

/* --- writing: cells ------------------------------------------------------- */

static void
put_comment(struct buf *out, struct slice text)
{
	while (text.len) {
		const char *end = memchr(text.at, '\n', text.len);
		size_t n = end ? (size_t)(end - text.at) : text.len, i = 0;

		while (i < n && text.at[i] == '\\')
			i++;
		buf_add_str(out, "//");
		if (n)
			buf_add_byte(out, ' ');
		/* what looks like the line above a cell is told from it */
		if (n - i >= 2 && !memcmp(text.at + i, "%%", 2))
			buf_add_byte(out, '\\');
		buf_add(out, text.at, n);
		buf_add_byte(out, '\n');
		/* an empty last line is one too */
		if (end && n + 1 == text.len)
			buf_add_str(out, "//\n");
		n += end != NULL;
		text.at += n;
		text.len -= n;
	}
}

struct file {
	struct buf *out;
	const struct notebook *nb;
	const struct cell_list *cells; /* NULL: it is not written in C */
	struct plain shared;
	size_t nshared, nprograms;
	bool guarded; /* what compiles depends on CELL */
};

/* How a code cell stands in the file. */
enum form { FORM_TEXT, FORM_SHARED, FORM_PROGRAM, FORM_ASIDE };

static enum form
form_of(const struct file *f, const struct nb_cell *cell)
{
	if (!f->cells || !plain_fits(cell->source))
		return FORM_TEXT;
	switch (f->cells->at[cell->number - 1].kind) {
	case KIND_SHARED:
		return FORM_SHARED;
	case KIND_PROGRAM:
		return FORM_PROGRAM;
	case KIND_TABLE:
		return FORM_ASIDE;
	case KIND_EMPTY:
		return FORM_SHARED;
	case KIND_SHELL:
	case KIND_FILE:
	case KIND_COUNT:
		break;
	}
	return FORM_TEXT;
}

static void
put_code(struct file *f, const struct nb_cell *cell)
{
	enum form form = form_of(f, cell);
	bool guarded = form == FORM_ASIDE || (f->guarded && form != FORM_TEXT);

	put_head(f->out, f->nb, cell, form == FORM_TEXT ? "text" : NULL);
	if (guarded && form == FORM_ASIDE)
		buf_add_str(f->out, "#if 0" PLAIN_LINE "\n");
	else if (guarded)
		buf_addf(f->out, "#if CELL == %d%s\n",
			 form == FORM_PROGRAM ? cell->number : 0, PLAIN_LINE);
	if (form == FORM_TEXT)
		put_comment(f->out, cell->source);
	else if (form == FORM_SHARED)
		plain_cell(&f->shared, f->out, cell->source);
	else
		plain_text(f->out, cell->source);
	if (guarded)
		buf_add_str(f->out, "#endif" PLAIN_LINE "\n");
	buf_add_byte(f->out, '\n');
}

static void
put_notebook(struct file *f)
{
	struct json_out j;

	buf_add_str(f->out, HEAD " [notebook] ");
	json_begin(&j, f->out, -1, 0);
	json_open(&j, '{');
	put_metadata(&j, member(f->nb, f->nb->metadata), NULL);
	json_close(&j, '}');
	buf_add_byte(f->out, '\n');
}

/* Which cells there are, and so what stands above them. */
static void
look(struct file *f)
{
	int first = 0;

	for (size_t i = 0; i < f->nb->ncode; i++) {
		const struct nb_cell *cell = f->nb->code[i];

		switch (form_of(f, cell)) {
		case FORM_SHARED:
			f->nshared++;
			plain_look(&f->shared, cell->source);
			break;
		case FORM_PROGRAM:
			if (!f->nprograms++)
				first = cell->number;
			break;
		case FORM_TEXT:
		case FORM_ASIDE:
			break;
		}
	}
	f->guarded = f->nprograms > 1 || (f->nprograms && f->nshared);
	if (f->guarded)
		buf_addf(f->out,
			 "// Cell N is compiled with -DCELL=N%s.%s\n"
			 "#ifndef CELL%s\n#define CELL %d%s\n#endif%s\n",
			 f->nshared ? ", the shared cells without" : "",
			 PLAIN_LINE, PLAIN_LINE, f->nshared ? 0 : first,
			 PLAIN_LINE, PLAIN_LINE);
}

static void
put_shared_begin(struct file *f)
{
	if (!f->nshared)
		return;
	if (f->guarded)
		buf_add_str(f->out, "#if CELL == 0" PLAIN_LINE "\n");
	plain_begin(&f->shared, f->out);
	if (f->guarded)
		buf_add_str(f->out, "#endif" PLAIN_LINE "\n");
}

static void
put_end(struct file *f)
{
	buf_add_str(f->out, HEAD " [end]\n");
	if (f->guarded && f->nshared)
		buf_add_str(f->out, "#if CELL == 0" PLAIN_LINE "\n");
	if (f->nshared || !f->nprograms)
		plain_end(&f->shared, f->out);
	if (f->guarded && f->nshared)
		buf_add_str(f->out, "#endif" PLAIN_LINE "\n");
}

static void
put_all(struct file *f)
{
	put_notebook(f);
	look(f);
	put_shared_begin(f);
	buf_add_byte(f->out, '\n');
	for (size_t i = 0; i < f->nb->ncells; i++) {
		const struct nb_cell *cell = &f->nb->cells[i];

		if (cell->type == NB_CODE) {
			put_code(f, cell);
			continue;
		}
		put_head(f->out, f->nb, cell,
			 cell->type == NB_MARKDOWN ? "markdown" : "raw");
		put_comment(f->out, cell->source);
		buf_add_byte(f->out, '\n');
	}
	put_end(f);
}

/* A cell of a type that is known to nobody has no form here. */
static int
check_types(const struct notebook *nb, struct err *e)
{
	for (size_t i = 0; i < nb->ncells; i++)
		if (nb->cells[i].type == NB_OTHER)
			return err_input(e,
					 "cannot write '%s' as C: cell %zu of "
					 "the file is of a type that nbformat "
					 "4.5 does not have",
					 nb->path, i + 1);
	return 0;
}

int
csource_write(struct buf *out, const struct notebook *nb, struct err *e)
{
	struct buf bare = { 0 };
	struct notebook clean;
	struct cell_list cells = { 0 };
	struct file f = { .out = out, .nb = &clean };
	int rc;

	if (check_types(nb, e) < 0)
		return -1;
	notebook_init(&clean);
	nbformat_clear(&bare, nb);
	rc = nbformat_read(&clean, nb->path, buf_str(&bare), bare.len, e);
	if (rc == 0 && !strcmp(nb->language, "c")) {
		rc = cell_list_init(&cells, &clean, e);
		f.cells = &cells;
	}
	if (rc == 0) {
		plain_init(&f.shared);
		put_all(&f);
		plain_release(&f.shared);
	}
	cell_list_release(&cells);
	notebook_release(&clean);
	buf_release(&bare);
	return rc;
}

/* --- reading -------------------------------------------------------------- */

enum type { CODE, MARKDOWN, RAW, TEXT, NOTEBOOK, END };

struct head {
	struct slice name; /* length 0: none */
	enum type type;
	struct json more; /* length 0: none */
};

static int
read_head(struct head *h, struct slice rest, const char *path, int line,
	  struct err *e)
{
	static const char *const types[] = {
		[CODE] = "[code]", [MARKDOWN] = "[markdown]", [RAW] = "[raw]",
		[TEXT] = "[text]", [NOTEBOOK] = "[notebook]", [END] = "[end]",
	};
	struct err why;

	*h = (struct head){ .type = CODE };
	rest = slice_trim(rest);
	while (rest.len && *rest.at != '{') {
		const char *end = memchr(rest.at, ' ', rest.len);
		size_t n = end ? (size_t)(end - rest.at) : rest.len;
		struct slice word = { rest.at, n };
		bool known = false;

		for (int i = 0; i < (int)countof(types); i++) {
			if (!slice_is(word, types[i]))
				continue;
			h->type = (enum type)i;
			known = true;
		}
		if (!known)
			h->name.at = h->name.len ? h->name.at : word.at;
		if (!known)
			h->name.len = (size_t)(word.at + n - h->name.at);
		rest.at += n;
		rest.len -= n;
		rest = slice_trim(rest);
	}
	if (!rest.len)
		return 0;
	if (json_check(rest, &h->more, NULL, &why) < 0 ||
	    h->more.type != JSON_OBJECT)
		return err_input(e,
				 "cannot read '%s': line %d: what stands "
				 "behind '// %%%%' is no JSON object",
				 path, line);
	return 0;
}

static bool
is_head(struct slice line)
{
	return slice_starts(line, HEAD) &&
	       (line.len == strlen(HEAD) || line.at[strlen(HEAD)] == ' ' ||
		line.at[strlen(HEAD)] == '\r');
}

/* The text up to the next head. */
static struct slice
cut_body(struct slice *rest, int *line)
{
	struct slice body = { rest->at, 0 };

	while (rest->len) {
		struct slice all = *rest, next = slice_cut_line(rest);

		if (is_head(next)) {
			*rest = all;
			break;
		}
		(*line)++;
	}
	body.len = (size_t)(rest->at - body.at);
	return body;
}

/* A newline ends the text, and an empty line may stand behind it. */
static struct slice
without_end(struct slice text)
{
	for (int i = 0; i < 2 && text.len && text.at[text.len - 1] == '\n'; i++)
		text.len--;
	return text;
}

/* The lines of a comment without its slashes. */
static void
uncomment(struct buf *out, struct slice body)
{
	bool first = true;

	while (body.len) {
		struct slice line = slice_cut_line(&body);
		size_t i;

		if (!slice_starts(line, "//")) {
			if (!slice_trim(line).len)
				continue;
		} else {
			i = line.len > 2 && line.at[2] == ' ' ? 3 : 2;
			line.at += i;
			line.len -= i;
		}
		for (i = 0; i < line.len && line.at[i] == '\\';)
			i++;
		if (i && line.len - i >= 2 && !memcmp(line.at + i, "%%", 2)) {
			line.at++;
			line.len--;
		}
		if (!first)
			buf_add_byte(out, '\n');
		first = false;
		buf_add_slice(out, line);
	}
}

/* Of an earlier notebook, the cell that this one is still. */
static const struct nb_cell *
find_old(const struct notebook *old, struct json id, struct slice source)
{
	struct buf text = { 0 };
	const struct nb_cell *found = NULL;

	if (!old || id.type != JSON_STRING)
		return NULL;
	json_unescape(&text, id.text);
	for (size_t i = 0; i < old->ncode && !found; i++)
		if (!strcmp(old->code[i]->id, buf_str(&text)) &&
		    slice_equal(old->code[i]->source, source))
			found = old->code[i];
	buf_release(&text);
	return found;
}

static void
put_count(struct json_out *j, const struct nb_cell *was)
{
	json_key(j, "execution_count");
	if (was && was->execution_count >= 0)
		json_int(j, was->execution_count);
	else
		json_null(j);
}

static void
put_outputs(struct json_out *j, const struct notebook *old,
	    const struct nb_cell *was)
{
	json_key(j, "outputs");
	if (was && was->outputs.end)
		json_value(j, (struct json){ JSON_ARRAY,
					     member(old, was->outputs).text });
	else
		json_raw(j, slice_of("[]"));
}

static int
slice_compare(struct slice a, struct slice b)
{
	int c = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);

	return c ? c : a.len < b.len ? -1 : a.len > b.len;
}

/* Once. */
static void
put_name(struct json_out *j, struct slice *name)
{
	json_key(j, "name");
	json_bytes(j, name->at, name->len);
	name->len = 0;
}

/* metadata.cnb.run stays where the outputs do. */
static void
put_cell_metadata(struct json_out *j, const struct head *h,
		  const struct notebook *old, const struct nb_cell *was)
{
	struct json metadata = { JSON_OBJECT, { "{}", 2 } }, value;
	struct slice key, name = h->name;
	struct json_walk w;

	if (h->more.text.len && json_find(h->more, "metadata", &value) &&
	    value.type == JSON_OBJECT)
		metadata = value;
	json_key(j, "metadata");
	if (was) {
		json_value(j, member(old, was->metadata));
		return;
	}
	json_open(j, '{');
	for (w = json_enter(metadata); json_next(&w, &key, &value);) {
		if (name.len && json_key_is(key, "name"))
			continue;
		/* keys are sorted, as a rule */
		if (name.len && slice_compare(key, slice_of("\"name\"")) > 0)
			put_name(j, &name);
		json_key_raw(j, key);
		json_value(j, value);
	}
	if (name.len)
		put_name(j, &name);
	json_close(j, '}');
}

static void
put_cell(struct json_out *j, const struct head *h, struct slice body,
	 const struct notebook *old)
{
	static const char *const types[] = {
		[CODE] = "code",
		[MARKDOWN] = "markdown",
		[RAW] = "raw",
		[TEXT] = "code",
	};
	bool code = h->type == CODE || h->type == TEXT;
	const struct nb_cell *was = NULL;
	struct json id = { .type = JSON_NULL }, attachments;
	struct buf source = { 0 };

	if (h->type == CODE) {
		plain_strip(&source, body);
		source.len = without_end(buf_slice(&source)).len;
	} else {
		uncomment(&source, body);
	}
	if (h->more.text.len && json_find(h->more, "id", &id) && code)
		was = find_old(old, id, buf_slice(&source));
	json_open(j, '{');
	if (h->more.text.len &&
	    json_find(h->more, "attachments", &attachments)) {
		json_key(j, "attachments");
		json_value(j, attachments);
	}
	json_key(j, "cell_type");
	json_str(j, types[h->type]);
	if (code)
		put_count(j, was);
	if (id.type == JSON_STRING) {
		json_key(j, "id");
		json_raw(j, id.text);
	}
	put_cell_metadata(j, h, old, was);
	if (code)
		put_outputs(j, old, was);
	json_key(j, "source");
	json_lines(j, buf_str(&source), source.len);
	json_close(j, '}');
	buf_release(&source);
}

static void
put_rest(struct json_out *j, struct json more)
{
	static const char plain[] =
		"{\"kernelspec\": {\"display_name\": \"C (cnb)\", "
		"\"language\": \"c\", \"name\": \"cnb\"}, "
		"\"language_info\": {\"file_extension\": \".c\", "
		"\"mimetype\": \"text/x-csrc\", \"name\": \"c\"}}";
	struct json metadata;

	json_key(j, "metadata");
	if (more.text.len && json_find(more, "metadata", &metadata))
		json_value(j, metadata);
	else if (more.text.len)
		json_raw(j, slice_of("{}"));
	else
		json_value(j, (struct json){ JSON_OBJECT, slice_of(plain) });
	json_key(j, "nbformat");
	json_int(j, 4);
	json_key(j, "nbformat_minor");
	json_int(j, 5);
}

/* Ids and all: as every notebook that is saved. */
static int
finish(struct buf *out, struct slice text, const char *path, struct err *e)
{
	struct notebook nb;
	int rc;

	notebook_init(&nb);
	rc = nbformat_read(&nb, path, text.at, text.len, e);
	if (rc == 0)
		nbformat_write(out, &nb, NULL, (struct nbformat_save){ 0 });
	notebook_release(&nb);
	return rc;
}

int
csource_read(struct buf *out, const char *path, struct slice text,
	     const struct notebook *old, struct err *e)
{
	struct buf json = { 0 }, above = { 0 };
	struct json notebook = { .text = { NULL, 0 } };
	struct head h = { .type = CODE };
	struct json_out j;
	int line = 1, rc = 0;

	json_begin(&j, &json, 1, 0);
	json_open(&j, '{');
	json_key(&j, "cells");
	json_open(&j, '[');
	/* what stands above the first cell is one, if it is anything */
	plain_strip(&above, cut_body(&text, &line));
	if (slice_trim(buf_slice(&above)).len)
		put_cell(&j, &h, buf_slice(&above), NULL);
	while (text.len && rc == 0) {
		struct slice head = slice_cut_line(&text), body;
		int at = line++;

		head.at += strlen(HEAD);
		head.len -= strlen(HEAD);
		rc = read_head(&h, head, path, at, e);
		body = cut_body(&text, &line);
		if (rc < 0 || h.type == END)
			break;
		if (h.type == NOTEBOOK)
			notebook = h.more;
		else
			put_cell(&j, &h, body, old);
	}
	json_close(&j, ']');
	put_rest(&j, notebook);
	json_close(&j, '}');
	buf_add_byte(&json, '\n');
	if (rc == 0)
		rc = finish(out, buf_slice(&json), path, e);
	buf_release(&json);
	buf_release(&above);
	return rc;
}

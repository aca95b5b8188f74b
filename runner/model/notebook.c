/* notebook.c: a notebook as it was read. Floor 1. It does not know the file
 * format: see format/nbformat.h. */
#include "model/notebook.h"

#include <string.h>

static const char *const kinds[KIND_COUNT] = {
	[KIND_EMPTY] = "empty",	    [KIND_TABLE] = "table",
	[KIND_PROGRAM] = "program", [KIND_SHARED] = "shared",
	[KIND_SHELL] = "shell",	    [KIND_FILE] = "file",
};

const char *
cell_kind_name(enum cell_kind kind)
{
	return kinds[kind];
}

bool
cell_kind_from_name(const char *name, enum cell_kind *kind)
{
	for (size_t i = 0; i < countof(kinds); i++) {
		if (strcmp(kinds[i], name) != 0)
			continue;
		*kind = (enum cell_kind)i;
		return true;
	}
	return false;
}

void
notebook_init(struct notebook *nb)
{
	*nb = (struct notebook){ .path = "", .name = "", .language = "c" };
	arena_init(&nb->arena);
	strs_init(&nb->warnings);
}

void
notebook_release(struct notebook *nb)
{
	arena_release(&nb->arena);
	buf_release(&nb->file);
	strs_release(&nb->warnings);
	notebook_init(nb);
}

const char *
notebook_name_of(const struct nb_cell *c)
{
	return c->meta_name ? c->meta_name : c->id;
}

static void
add_bytes(struct print *p, struct slice bytes)
{
	uint64_t len = bytes.len;

	print_add(p, (struct slice){ (const char *)&len, sizeof len });
	print_add(p, bytes);
}

/* NULL differs from "". */
static void
add_text(struct print *p, const char *text)
{
	print_add(p, slice_of(text ? "+" : "-"));
	add_bytes(p, slice_of(text ? text : ""));
}

static void
add_number(struct print *p, int n)
{
	print_add(p, (struct slice){ (const char *)&n, sizeof n });
}

static void
add_options(struct print *p, const struct option_text *options, size_t n)
{
	add_number(p, (int)n);
	for (size_t i = 0; i < n; i++) {
		add_text(p, options[i].key);
		add_text(p, options[i].value);
		add_number(p, (int)options[i].place);
		add_number(p, options[i].line);
		add_number(p, options[i].legacy);
	}
}

static void
add_cell(struct print *p, const struct nb_cell *c)
{
	add_text(p, c->id);
	add_bytes(p, c->source);
	add_text(p, c->meta_name);
	add_number(p, (int)c->ntags);
	for (size_t i = 0; i < c->ntags; i++)
		add_text(p, c->tags[i]);
	add_options(p, c->options, c->noptions);
	for (size_t i = 1; i < c->nlines; i++)
		add_number(p, c->line_in_file[i] - c->line_in_file[0]);
}

void
notebook_sense(const struct notebook *nb, struct print *p)
{
	print_init(p);
	add_number(p, nb->major);
	add_number(p, nb->minor);
	add_text(p, nb->language);
	add_options(p, nb->options, nb->noptions);
	add_number(p, (int)nb->nparams);
	for (size_t i = 0; i < nb->nparams; i++) {
		add_text(p, nb->params[i].key);
		add_text(p, nb->params[i].value);
	}
	add_number(p, nb->plugins ? (int)nb->nplugins : -1);
	for (size_t i = 0; i < nb->nplugins; i++)
		add_text(p, nb->plugins[i]);
	for (size_t i = 0; i < nb->ncode; i++)
		add_cell(p, nb->code[i]);
}

void
notebook_begins(const struct notebook *nb, struct buf *lines)
{
	for (size_t i = 0; i < nb->ncode; i++) {
		const struct nb_cell *c = nb->code[i];
		int line = c->nlines ? c->line_in_file[0] : 0;

		buf_add(lines, &line, sizeof line);
	}
}

void
notebook_move(struct notebook *nb, struct slice lines)
{
	for (size_t i = 0; i < nb->ncode; i++) {
		struct nb_cell *c = nb->code[i];
		int line, by;

		if ((i + 1) * sizeof line > lines.len)
			return;
		memcpy(&line, lines.at + i * sizeof line, sizeof line);
		by = c->nlines ? line - c->line_in_file[0] : 0;
		for (size_t k = 0; by && k < c->nlines; k++)
			c->line_in_file[k] += by;
	}
}

struct nb_cell *
notebook_code_cell(const struct notebook *nb, int number)
{
	if (number < 1 || (size_t)number > nb->ncode)
		return NULL;
	return nb->code[number - 1];
}

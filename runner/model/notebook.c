/* notebook.c: a notebook as it was read. Floor 1. It does not know the file
 * format: see format/nbformat.h. */
#include "model/notebook.h"

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

struct nb_cell *
notebook_code_cell(const struct notebook *nb, int number)
{
	if (number < 1 || (size_t)number > nb->ncode)
		return NULL;
	return nb->code[number - 1];
}

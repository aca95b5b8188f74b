/* cellinfo.h: the code cells of a notebook, understood: their options, their
 * kinds, their names. Nothing is built or run for it. */
#ifndef CNB_CELLINFO_H
#define CNB_CELLINFO_H

#include "base/err.h"
#include "model/notebook.h"
#include "model/option.h"

struct cell_info {
	const struct nb_cell *cell; /* borrowed from the notebook */
	/* Without the name. Those of cells that follow each other and ask for
	 * the same are one; the list's own. */
	struct cell_options *options;
	char *given_name; /* by an option; NULL: none */
	const char *why;  /* it is of its kind, for `cnb list -v` */
	const char *name; /* never NULL */
	/* table cells: the plugin's file, NULL where none is found */
	const char *plugin_path;
	const char *plugin_fault; /* what stands in its place; NULL: nothing */
	struct table_file *file;  /* of it, as read last; owned by the list */
	bool plugin_is_source;	  /* a .c, to be compiled */
	enum cell_kind kind;
	int ipynb_line; /* line of the file where the cell's text begins */
};

struct cell_list {
	const struct notebook *nb;
	struct arena arena;
	struct cell_info *at; /* [count], in order; at[n - 1] is number n */
	size_t count;
	struct cell_options **options; /* [noptions] */
	size_t noptions;
	struct table_file **files; /* [nfiles] */
	size_t nfiles;
	struct strs warnings; /* unknown legacy options and the like */
};

/* Understand all code cells. -1 if an option is wrong or two cells have one
 * name: a sentence with notebook, cell and line. */
int cell_list_init(struct cell_list *l, const struct notebook *nb,
		   struct err *e);
void cell_list_release(struct cell_list *l);

/* A tag of Jupyter's, or of the cell's options. */
bool cell_info_has_tag(const struct cell_info *c, const char *tag);
/* Tagged raises-exception: it may fail; skip-execution: it runs only if it is
 * named. */
bool cell_info_is_excused(const struct cell_info *c);
bool cell_info_is_skipped(const struct cell_info *c);
/* A program that is compiled, where `run:` names no other way. */
bool cell_info_is_compiled(const struct cell_info *c);
/* Does it run in the host, where it shares the process with others? */
bool cell_info_is_in_host(const struct cell_info *c);

/* The cell's text as views and the record show it: a table cell's function,
 * where its source is there. To be free()d; *len gets its length. */
char *cell_info_source(const struct cell_info *c, size_t *len);

/* Append to the compiler's messages where the first of them stands in the
 * notebook's file, for editors: "x.ipynb:43: line 1 of cell 'two'". Nothing is
 * added where they name no line of the cell. */
struct buf;
void cell_info_place(const struct cell_info *c, const struct notebook *nb,
		     struct buf *messages);

#endif

/* load.h: a notebook from its path to its understood cells, as every command
 * that names one needs it. */
#ifndef CNB_LOAD_H
#define CNB_LOAD_H

#include "base/err.h"
#include "exec/params.h"
#include "format/nbformat.h"

/* Read a notebook ("-": standard input). What the reader repaired is said on
 * standard error. Release it in any case. */
int load_notebook(struct notebook *nb, const char *path, struct err *e);
/* The same of its text, which was read already and is taken. */
int load_text(struct notebook *nb, const char *path, struct buf *text,
	      struct err *e);

/* And its cells; the list is released in any case. */
int load_cells(struct cell_list *cells, const struct notebook *nb,
	       struct err *e);

/* Refuse what is no C notebook: "cannot run 'x.ipynb': it is written in
 * python, not in C". */
int load_check_language(const struct notebook *nb, const char *verb,
			struct err *e);

/* The absolute work directory: `given`, else the notebook's folder. To be
 * free()d; NULL and *e if it is no folder. */
char *load_workdir(const char *given, const char *notebook, struct err *e);

/* The compiler that is meant where a cell names none: `given`, else $CC. A path
 * is one from here, whoever looks it up. To be free()d; NULL: neither. */
char *load_cc(const char *given);

/* Settle which sanitizers each cell is compiled with; `given` is the list of
 * --sanitize, or NULL, `cflags` the words of --cflags. */
int load_sanitizers(struct cell_list *cells, const char *given,
		    const struct strs *cflags, struct err *e);

/* What a copy shows of the parameters; borrows from them. */
struct nbformat_injected load_injected(const struct params *p);

#endif

/* notebook.h: a notebook as it was read: cells in document order, and where
 * in the file the parts stand that cnb may replace. No I/O here: the reader
 * and the writer are format/nbformat.h. */
#ifndef CNB_NOTEBOOK_H
#define CNB_NOTEBOOK_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/print.h"
#include "base/slice.h"
#include "base/text.h"
#include "model/option.h"

enum nb_cell_type { NB_CODE, NB_MARKDOWN, NB_RAW, NB_OTHER };

/* The kinds of code cells, SPEC 2 and the record's "kind". */
enum cell_kind {
	KIND_EMPTY,
	KIND_TABLE,
	KIND_PROGRAM,
	KIND_SHARED,
	KIND_SHELL,
	KIND_FILE,
	KIND_COUNT
};
const char *cell_kind_name(enum cell_kind kind);
bool cell_kind_from_name(const char *name, enum cell_kind *kind);

/* Bytes [start, end) of the notebook's text; start == end == 0: not there. A
 * notebook has many, and so many bytes that these are enough: see fs.h. */
struct span {
	uint32_t start, end;
};
static inline struct span
nb_span(size_t start, size_t end)
{
	return (struct span){ (uint32_t)start, (uint32_t)end };
}

/* What an earlier run left in metadata.cnb.run; NULL / -1: nothing. */
struct nb_run {
	const char *kind, *status, *signal;
	int exit_status;
	int64_t duration_ns; /* there, or in metadata.execution */
};
extern const struct nb_run nb_no_run;

struct nb_cell {
	enum nb_cell_type type;
	int number;	     /* the n-th code cell, from 1; 0 for other cells */
	int execution_count; /* -1: null or absent */
	bool id_repaired;
	bool failed;	     /* one of its outputs is an error */
	const char *id;	     /* as read, or repaired; unique; NULL before 4.5 is
			      * repaired too: never NULL after reading */
	struct slice source; /* joined, valid UTF-8 */
	size_t nlines;	     /* of the source */
	int *line_in_file;   /* [nlines]: the line of the .ipynb in which line
			      * k+1 of the source begins */
	const char *meta_name; /* metadata.name, or NULL */
	const char **tags;     /* metadata.tags */
	size_t ntags;
	struct option_text *options; /* metadata.cnb, PLACE_CELL */
	size_t noptions;
	const struct nb_run *run; /* never NULL: &nb_no_run */
	/* parts of the file */
	struct span whole; /* the cell's object, braces included */
	struct span id_value;
	struct span metadata; /* value, braces included */
	struct span cnb;      /* value of metadata.cnb */
	struct span cnb_run;  /* value of metadata.cnb.run */
	struct span source_value;
	struct span count_value;
	struct span outputs; /* value, brackets included */
};

struct nb_param {
	const char *key;
	const char *value; /* a string's text; any other value as JSON text */
};

struct notebook {
	struct arena arena;   /* owns every string here */
	const char *path;     /* as given; "-" is standard input */
	const char *name;     /* last part of the path; "stdin.ipynb" for "-" */
	struct slice text;    /* the file's bytes; BOM excluded */
	struct buf file;      /* owns them, if the arena does not */
	int major, minor;     /* as read */
	const char *language; /* "c" unless the notebook says another */
	struct nb_cell *cells;
	size_t ncells;
	struct nb_cell **code; /* the code cells among them, in order */
	size_t ncode;
	struct option_text *options; /* metadata.cnb, PLACE_NOTEBOOK */
	size_t noptions;
	struct nb_param *params; /* metadata.cnb.params */
	size_t nparams;
	const char **plugins; /* metadata.cnb.plugins, or NULL: the default */
	size_t nplugins;
	struct strs warnings; /* what the reader repaired or passed over */
	/* parts of the file */
	struct span whole; /* its object, braces included */
	struct span cells_value;
	struct span metadata;
	struct span minor_value;
};

void notebook_init(struct notebook *nb);
void notebook_release(struct notebook *nb);
/* What a cell is called where no option names it. */
const char *notebook_name_of(const struct nb_cell *c);
/* The fingerprint of what is run, and how: of the code cells' texts and options
 * and of what the notebook says for all of them, not of what runs leave in the
 * file. Of two with the same one the cells' lines differ in where they begin in
 * the file, and in nothing else. */
void notebook_sense(const struct notebook *nb, struct print *p);
/* [ncode] in *lines: in which line of the file each code cell's text begins; 0:
 * it has none. */
void notebook_begins(const struct notebook *nb, struct buf *lines);
/* So it is there now. */
void notebook_move(struct notebook *nb, struct slice lines);
/* The n-th code cell, from 1; NULL if there is none. */
struct nb_cell *notebook_code_cell(const struct notebook *nb, int number);

#endif

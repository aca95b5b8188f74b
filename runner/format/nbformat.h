/* nbformat.h: Jupyter's notebook files, 4.0 to 4.5 and later minors in, valid
 * 4.5 out. What cnb does not change stays the bytes it was. The format:
 * https://nbformat.readthedocs.io/en/latest/format_description.html */
#ifndef CNB_NBFORMAT_H
#define CNB_NBFORMAT_H

#include "base/buf.h"
#include "base/err.h"
#include "model/notebook.h"
#include "model/record.h"

/* Read `len` bytes into *nb (init'ed by the caller, released by the caller in
 * any case). The bytes are copied. Refusals name the path, line and column:
 * "cannot read 'x.ipynb': line 3, column 7: expected ',' or '}'". */
int nbformat_read(struct notebook *nb, const char *path, const char *text,
		  size_t len, struct err *e);

/* The same of a whole file, whose bytes are taken: *file is empty afterwards.
 */
int nbformat_read_file(struct notebook *nb, const char *path, struct buf *file,
		       struct err *e);

/* A cell that stands in a copy: the values of parameters. */
struct nbformat_injected {
	const struct nb_cell *after;   /* NULL: there is none */
	const struct nb_cell *instead; /* of this one; NULL: it is a new one */
	struct slice source;
};

struct nbformat_save {
	bool timing;	/* times too, in metadata.execution and cnb.run */
	bool show_code; /* write a table cell's function under its option */
	bool partial;	/* the run goes on: cells that have not ended yet keep
			 * what they had */
	struct nbformat_injected injected;
};

/* Append the notebook with the outputs, counts and metadata.cnb.run of the
 * cells that `r` has reached; skipped ones keep theirs, not-run ones lose
 * their outputs, quiet ones keep theirs. With a record made by export, or
 * none (NULL), all keep theirs. Ids are added and the minor raised to 5 where
 * it is lower. */
void nbformat_write(struct buf *out, const struct notebook *nb,
		    const struct record *r, struct nbformat_save how);

/* Append the notebook without outputs, counts and metadata.cnb.run. */
void nbformat_clear(struct buf *out, const struct notebook *nb);

/* Fill a fresh record (record_init) with what the notebook itself holds; its
 * outputs are read when record_look() asks for them. */
void nbformat_recorded(struct record *r, const struct notebook *nb);

#endif

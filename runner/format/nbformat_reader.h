/* nbformat_reader.h: what the two halves of the notebook reader share. For
 * nbformat_read.c and nbformat_meta.c only. */
#ifndef CNB_NBFORMAT_READER_H
#define CNB_NBFORMAT_READER_H

#include "base/buf.h"
#include "base/err.h"
#include "format/json.h"
#include "model/notebook.h"

/* A part that is not there has text.at NULL. */
struct parts {
	struct json whole;
	struct json type, id, metadata, source, count, outputs;
	struct json bad_output; /* the first element that is no object */
	bool failed;		/* one is an error */
};

struct reader {
	struct notebook *nb;
	struct err *e;
	struct json root, major, minor, metadata, cells;
	struct parts *parts;
	size_t nparts;
	/* how far lines are counted */
	const char *line_at;
	int line;
	struct buf scratch;
};

static inline bool
is_there(struct json value)
{
	return value.text.at != NULL;
}

/* Refuse the notebook, with the line and column of `at`. Returns -1. */
int reader_refuse(struct reader *r, struct json at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int reader_wrong_type(struct reader *r, struct json value, const char *what,
		      const char *wanted);
/* `cell` counts all cells from 1; 0: the notebook. */
void reader_warn(struct reader *r, size_t cell, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
struct span reader_span(const struct reader *r, struct json value);
/* A string that becomes a C string in the notebook's arena. */
int reader_string(struct reader *r, struct json value, const char *what,
		  const char **text);

/* What cnb reads in the notebook's metadata and in a cell's. */
int reader_notebook_metadata(struct reader *r);
int reader_cell_metadata(struct reader *r, struct nb_cell *c,
			 const struct parts *p);

#endif

/* lines.h: a sink that writes a run's events as JSON lines, each as it
 * happens. */
#ifndef CNB_LINES_H
#define CNB_LINES_H

#include "base/err.h"
#include "format/jsonl.h"

struct lines {
	struct jsonl json; /* first: a sink */
	const char *path;  /* borrowed */
	int fd;
	int failure; /* errno of the write that failed; nothing is written
		      * after it. 0: none */
};

/* Into the file at `path`, which is made or emptied; "-" is standard output. */
int lines_open(struct lines *s, const char *path, struct err *e);
/* -1: something could not be written; silent (*e has no text) where the reader
 * of standard output is gone. */
int lines_close(struct lines *s, struct err *e);

#endif

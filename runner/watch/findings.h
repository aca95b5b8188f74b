/* findings.h: what sanitizers found in a cell, read from their reports, which
 * stand in what it wrote to stderr. The report itself stays there, as in a
 * shell. */
#ifndef CNB_FINDINGS_H
#define CNB_FINDINGS_H

#include <stdbool.h>
#include "base/buf.h"
#include "base/text.h"

/* What a report means for the cell that wrote it. */
enum findings_use {
	FINDINGS_PASSED_OVER, /* nothing: it is text like any other */
	FINDINGS_NAME,	      /* says why a cell failed that did fail */
	FINDINGS_FAIL,	      /* fails the cell */
};

/* Collected while the cell runs. */
struct findings {
	enum findings_use use;
	size_t count;	 /* reports so far */
	int signal;	 /* of which one of them tells ("SEGV"); 0: none */
	struct buf line; /* not at its end yet */
	struct buf text; /* the reports' lines, from the first one on */
};
void findings_release(struct findings *f);
/* More of what came on stderr. */
void findings_take(struct findings *f, struct slice bytes);

/* The first of them, in words that are the same in every run. */
struct finding {
	const char *tool;      /* "AddressSanitizer"; NULL: there is none */
	struct buf words;      /* "heap-use-after-free: read of size 4" */
	struct strs traceback; /* "join:12 in worker()", with headings where
				* a report has several stacks */
};
/* `label` ("x.ipynb:") is cut from file names. */
void findings_first(const struct findings *f, const char *label,
		    struct finding *first);
void finding_release(struct finding *first);

#endif

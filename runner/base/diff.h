/* diff.h: what differs between two lists of lines, as a unified diff. */
#ifndef CNB_DIFF_H
#define CNB_DIFF_H

#include <stdbool.h>
#include "base/buf.h"

struct diff_lines {
	struct slice *at; /* without their newlines */
	size_t count;
};
/* Cut a text into its lines; they point into it. */
void diff_split(struct diff_lines *l, struct slice text);
void diff_release(struct diff_lines *l);

/* Append the hunks ("@@ -1,2 +1,3 @@", lines behind ' ', '-' and '+') with
 * three lines around each change, and without the middle of very many lines;
 * nothing is appended where `same` says so of
 * every pair. It gets indexes in both lists. */
void diff_unified(struct buf *out, const struct diff_lines *old,
		  const struct diff_lines *new,
		  bool (*same)(const void *self, size_t i, size_t k),
		  const void *self);

#endif

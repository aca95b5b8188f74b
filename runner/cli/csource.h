/* csource.h: a notebook as a C file that compiles by itself, and back: cells
 * stand between `// %%` lines, Markdown in comments. */
#ifndef CNB_CSOURCE_H
#define CNB_CSOURCE_H

#include "base/buf.h"
#include "base/err.h"
#include "model/notebook.h"

/* Does the path name a C file? */
bool csource_is_path(const char *path);

/* Append the notebook, without outputs. -1: its cells are not understood. */
int csource_write(struct buf *out, const struct notebook *nb, struct err *e);

/* Append the notebook that a C file holds. Of `old`, which may be NULL, cells
 * with the same id and text keep their outputs. */
int csource_read(struct buf *out, const char *path, struct slice text,
		 const struct notebook *old, struct err *e);

#endif

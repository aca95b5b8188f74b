/* merge.h: the records of several notebooks in one document, or each in a file
 * of its own. */
#ifndef CNB_MERGE_H
#define CNB_MERGE_H

#include "base/err.h"
#include "base/text.h"
#include "format/formats.h"

/* May so many notebooks go to `output` (NULL: standard output), which the user
 * wants in `format` (-1: the suffix decides; set)? A folder gets a file for
 * each; then *each. -1: no; the sentence says what could be. */
int merge_check(size_t count, const char *output, int *format, bool *each,
		struct err *e);

/* DIR/x.html for x.ipynb; to be free()d. */
char *merge_path(const char *dir, const char *notebook, enum format format);

/* Write the records, as JSON in reports[count], to `output`; the exit status.
 * Those that are empty did not come to run. */
int merge_write(const struct strs *paths, const struct buf *reports,
		const char *output, enum format format);

#endif

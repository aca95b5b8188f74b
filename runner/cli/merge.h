/* merge.h: the records of several notebooks in one document. */
#ifndef CNB_MERGE_H
#define CNB_MERGE_H

#include "base/err.h"
#include "base/text.h"
#include "format/formats.h"

/* May so many notebooks go to `output` (NULL: standard output), which the user
 * wants in `format` (-1: the suffix decides; set)? `each`: it is a folder, see
 * folder.h. -1: no; the sentence says what could be. */
int merge_check(size_t count, const char *output, int *format, bool each,
		struct err *e);

/* Write the records, as JSON in reports[count], to `output`; the exit status.
 * Those that are empty did not come to run. */
int merge_write(const struct strs *paths, const struct buf *reports,
		const char *output, enum format format);

#endif

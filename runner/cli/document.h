/* document.h: what is known of a run, or several, in any format. */
#ifndef CNB_DOCUMENT_H
#define CNB_DOCUMENT_H

#include "format/formats.h"

/* format_write(), and the formats that need more than the record. */
int document_write(struct buf *out, enum format format,
		   const struct record *const *records, size_t count,
		   struct nbformat_save how, struct err *e);

/* Before anything is made for it: can a file with that name (`-`: standard
 * output) be written? Where `given` is no format (-1), its suffix decides. */
int document_check(const char *output, int given, enum format *format,
		   struct err *e);

#endif

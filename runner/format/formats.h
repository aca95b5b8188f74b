/* formats.h: the table of formats that a run can be written in. A new format
 * is one file and one row. */
#ifndef CNB_FORMATS_H
#define CNB_FORMATS_H

#include "base/buf.h"
#include "base/err.h"
#include "format/nbformat.h"
#include "model/record.h"

enum format {
	FORMAT_IPYNB,
	FORMAT_JSON,
	FORMAT_JSONL,
	FORMAT_HTML,
	FORMAT_MD,
	FORMAT_JUNIT,
	FORMAT_TRACE,
	FORMAT_C, /* not written here: see cli/document.h */
	FORMAT_COUNT
};

/* Names as --to takes them, in the order of the enum, ended by NULL. */
extern const char *const format_names[FORMAT_COUNT + 1];

/* The format whose suffix `path` has. -1: none; the sentence says what to
 * type instead. */
int format_of_path(const char *path, enum format *format, struct err *e);

/* What files of that format are called: "html"; of junit "xml". */
const char *format_suffix(enum format format);
/* Can several records be written into one document? */
bool format_merges(enum format format);

/* Append the documents of `count` records (more than one only where the format
 * merges). -1: the records do not hold what it takes. */
int format_write(struct buf *out, enum format format,
		 const struct record *const *records, size_t count,
		 struct nbformat_save how, struct err *e);

#endif

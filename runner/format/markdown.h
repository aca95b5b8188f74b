/* markdown.h: a record as one Markdown file. */
#ifndef CNB_MARKDOWN_H
#define CNB_MARKDOWN_H

#include "base/buf.h"
#include "model/record.h"

/* Append the notebook as Markdown: its own as it is, code and text in fences,
 * pictures as data: addresses, so that the file needs no other. */
void markdown_write(struct buf *out, const struct record *r);

#endif

/* html.h: a record as one self-contained page, readable without a script. */
#ifndef CNB_HTML_H
#define CNB_HTML_H

#include "base/buf.h"
#include "model/record.h"

/* Append the page. Nothing in the notebook becomes markup of the page but what
 * is known to be harmless (tags.h); rich HTML sits in frames that can do
 * nothing; a policy in its head forbids scripts once more. */
void html_write(struct buf *out, const struct record *r);

#endif

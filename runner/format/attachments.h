/* attachments.h: pictures that a Markdown cell brings along. */
#ifndef CNB_ATTACHMENTS_H
#define CNB_ATTACHMENTS_H

#include "base/buf.h"
#include "model/notebook.h"

/* Append the picture that the cell's Markdown calls attachment:NAME, as a data:
 * address; false, and some may have been appended: there is none. */
bool attachment_url(struct buf *url, const struct notebook *nb,
		    const struct nb_cell *cell, struct slice name);

#endif

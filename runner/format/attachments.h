/* attachments.h: pictures that a Markdown cell brings along. */
#ifndef CNB_ATTACHMENTS_H
#define CNB_ATTACHMENTS_H

#include "base/buf.h"
#include "format/json.h"
#include "model/notebook.h"

struct attachment {
	char *name;	   /* owned */
	struct json types; /* an object: the picture by its types */
};

struct attachments {
	struct attachment *at; /* [count], by name */
	size_t count;
	size_t *room; /* borrowed; see attachments_room() */
};

/* Bytes that all pictures of a document may take: far more than they do where
 * each is shown, for one that a text names again and again takes as much each
 * time. */
size_t attachments_room(const struct notebook *nb);
/* Of that cell. The notebook's text must outlive it; `room` gets less by what
 * is appended. */
void attachments_init(struct attachments *a, const struct notebook *nb,
		      const struct nb_cell *cell, size_t *room);
void attachments_release(struct attachments *a);
/* Append the picture that the cell's Markdown calls attachment:NAME, as a data:
 * address; false, and some may have been appended: there is none, or no room
 * for it. */
bool attachments_url(const struct attachments *a, struct buf *url,
		     struct slice name);

#endif

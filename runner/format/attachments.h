/* attachments.h: pictures that a Markdown cell brings along. */
#ifndef CNB_ATTACHMENTS_H
#define CNB_ATTACHMENTS_H

#include "base/buf.h"
#include "format/json.h"
#include "model/notebook.h"

struct attachment {
	char *name;	   /* owned */
	struct json types; /* an object: the picture by its types */
	bool known;	   /* it was looked at: */
	const char *type;  /* the one that is shown; NULL: none */
	struct json data;
};

/* Bytes that all pictures of a document may take: far more than they do where
 * each is shown, for one that a text names again and again takes as much each
 * time. */
struct picture_room {
	size_t left;
	size_t refused; /* pictures that found none */
};

struct attachments {
	struct attachment *at; /* [count], by name */
	size_t count;
	struct picture_room *room; /* borrowed */
};

struct picture_room picture_room(const struct notebook *nb);
/* Append a sentence that says how many found none; none: nothing. */
void picture_room_tell(const struct picture_room *room, struct buf *out);

/* Of that cell. The notebook's text must outlive it; `room` gets less by what
 * is appended. */
void attachments_init(struct attachments *a, const struct notebook *nb,
		      const struct nb_cell *cell, struct picture_room *room);
void attachments_release(struct attachments *a);
/* Append the picture that the cell's Markdown calls attachment:NAME, as a data:
 * address; false, and some may have been appended: there is none, or no room
 * for it. */
bool attachments_url(const struct attachments *a, struct buf *url,
		     struct slice name);

#endif

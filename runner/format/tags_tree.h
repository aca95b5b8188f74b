/* tags_tree.h: what the tree of elements and the reader of strangers' HTML
 * share. For tags.c and tags_html.c only. */
#ifndef CNB_TAGS_TREE_H
#define CNB_TAGS_TREE_H

#include "format/tags.h"

#define TAG_NAME_MAX 16

enum content {
	FLOW,	  /* anything may stand in it */
	PHRASING, /* only text and what stands in a line */
	PARTS,	  /* only elements that name it as their parent */
	EMPTY,	  /* it has no end */
	DROPPED,  /* goes with what it holds */
};

struct tag {
	const char *name;
	enum content content;
	bool in_line;	     /* it may stand within a paragraph */
	const char *parents; /* " table thead ": nowhere else; NULL: anywhere */
	const char *written; /* as what it is written, NULL: its own name */
	const char *class;
};

/* By its name in small letters; NULL: not known. */
const struct tag *tag_find(const char *name);

/* Close strangers' elements in which text, or an element of a line or of none,
 * may not stand. */
void tags_make_room(struct tags *t, bool in_line);
/* The same for a stranger's element; false: it may not be opened here. */
bool tags_may_open(struct tags *t, const struct tag *tag, bool in_line);
/* Write its begin, and be in it. */
void tags_open(struct tags *t, const struct tag *tag, const char *attributes,
	       bool own);
/* Close the innermost such element of a stranger, if there is one. */
void tags_close(struct tags *t, const struct tag *tag);

/* Append ` name="value"`. */
void tags_attribute(struct buf *out, const char *name, struct slice value);
/* With more attributes, as they are written. */
void tags_put_picture(struct tags *t, struct slice url, struct slice alt,
		      const char *attributes);

#endif

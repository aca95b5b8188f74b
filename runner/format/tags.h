/* tags.h: HTML from strangers, made harmless and well-formed. Elements that are
 * known and harmless pass, with those of their attributes that are; all
 * others go, and what they hold stays as text (but scripts and styles). What
 * is left open is closed, what closes nothing goes. */
#ifndef CNB_TAGS_H
#define CNB_TAGS_H

#include "base/buf.h"
#include "base/set.h"

/* Where pictures that a text names as attachment:NAME come from. */
struct tags_pictures {
	/* Append the address of that picture; false: there is none. */
	bool (*find)(const struct tags_pictures *self, struct slice name,
		     struct buf *url);
};

/* What the texts of one page have in common. */
struct tags_outline {
	struct set ids; /* each may be used once */
	int level;	/* of the newest heading, as written; 0: none yet */
	struct buf
		title; /* the words of the first heading, if they are known */
};

struct tag;
struct tags_open {
	const struct tag *tag;
	const char *name; /* as written */
	bool own;	  /* from tags_enter() */
};

struct tags {
	struct buf *out;
	struct tags_outline *outline;
	const struct tags_pictures *pictures;
	struct tags_open *open; /* the elements we are in */
	size_t nopen;
};

void tags_init(struct tags *t, struct buf *out, struct tags_outline *outline,
	       const struct tags_pictures *pictures);
/* Closes what is open. */
void tags_release(struct tags *t);

/* An element that the caller vouches for (h1 to h6 are written one level below
 * the heading above at most, with a class that keeps their looks); attributes
 * as they are written. What strangers opened inside it ends with it. */
void tags_enter(struct tags *t, const char *name, const char *attributes);
void tags_leave(struct tags *t);
/* Are we inside a link? There is no other in one. */
bool tags_in_link(const struct tags *t);
/* Text. */
void tags_text(struct tags *t, struct slice text);
/* A stranger's HTML: tags, comments, text with entities. `in_line`: it stands
 * within a paragraph, where only what may stand there passes. */
void tags_html(struct tags *t, struct slice html, bool in_line);
/* A picture; an address that may not be shown leaves its words. */
void tags_picture(struct tags *t, struct slice url, struct slice alt,
		  struct slice title);
/* Append ` href="..."`; false, and nothing: it may not be one. */
bool tags_href(struct buf *out, struct slice url);
/* Append ` id="..."` that no other element of the page has, made of words. */
void tags_id(struct tags *t, struct buf *out, struct slice words);

/* Append what an entity (&amp; &#60; &#x3c;) stands for, as bytes; what is not
 * known is appended as it is. */
void tags_entity(struct buf *out, struct slice entity);

#endif

/* plain.h: cells as parts of one C file that compiles by itself, and their
 * texts again. What has to be added stands in lines of its own that bear a
 * mark; without them the text is, byte for byte, what it was. */
#ifndef CNB_PLAIN_H
#define CNB_PLAIN_H

#include "base/buf.h"
#include "base/set.h"
#include "build/known.h"

/* A line that ends so was added; with the second mark it was put into the
 * middle of a line. */
#define PLAIN_LINE " // %%+"
#define PLAIN_INSIDE " // %%-"

/* The shared cells of one notebook. */
struct plain {
	struct set own; /* names that they declare */
	struct set
		variables;   /* those of variables whose value is no constant */
	struct set headers;  /* whose names they use */
	struct buf features; /* feature-test macros */
	struct buf calls;    /* what main() does */
	struct known known;  /* what names are, by the cells written so far */
	size_t number;	     /* of functions so far */
};
void plain_init(struct plain *p);
void plain_release(struct plain *p);

/* Can the text stand in a C file without harm to what follows: comments,
 * brackets and #if closed, lines ended by newlines, and none that looks like
 * one of ours? */
bool plain_fits(struct slice text);

/* First all shared cells are looked at, in order; */
void plain_look(struct plain *p, struct slice text);
/* then the lines in front of them are written, */
void plain_begin(struct plain *p, struct buf *out);
/* then each of them, and a newline; */
void plain_cell(struct plain *p, struct buf *out, struct slice text);
/* at last main(). */
void plain_end(struct plain *p, struct buf *out);

/* Append any C text, and a newline. */
void plain_text(struct buf *out, struct slice text);
/* Append the text that plain_cell() or plain_text() was given, and what
 * stands behind it. */
void plain_strip(struct buf *out, struct slice text);

#endif

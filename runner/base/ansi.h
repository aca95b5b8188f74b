/* ansi.h: text with a terminal's escape sequences (ECMA-48): those that set
 * colours and weights (SGR) are understood, all others are passed over. */
#ifndef CNB_ANSI_H
#define CNB_ANSI_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"

struct ansi_color {
	enum { ANSI_DEFAULT, ANSI_NAMED, ANSI_RGB } kind;
	uint32_t value; /* 0..15, the terminal's own; or 0xrrggbb */
};

/* How text looks from some place on; all zero is plain. */
struct ansi {
	struct ansi_color fore, back;
	bool bold, dim, italic, underline, strike, inverse, hidden;
};

bool ansi_same(const struct ansi *a, const struct ansi *b);

/* Cut the next text off the front of *rest, the sequences before it obeyed;
 * length 0: there is none any more. */
struct slice ansi_text(struct slice *rest, struct ansi *look);

/* Append the text alone. */
void ansi_strip(struct buf *out, struct slice text);
/* The same: the text itself where it has no sequences, else in *own, an empty
 * buffer that the caller is to release. */
struct slice ansi_plain(struct slice text, struct buf *own);

#endif

/* shape.h: what begins at a token of a shared cell, and where it ends. */
#ifndef CNB_SHAPE_H
#define CNB_SHAPE_H

#include "build/split.h"

struct shape {
	enum item_kind kind;
	size_t end;  /* the token behind it */
	size_t body; /* the `{` of a function's, or macro's, block; else
		      * TOKEN_NONE */
	size_t head; /* of a function: behind its parameter list or before its
		      * body */
	bool unclosed, unended, knr, maybe_macro_function, maybe_statement;
};

/* The item that begins at token `i` < count; it has at least one token. */
struct shape shape_at(const struct tokens *ts, size_t i);

#endif

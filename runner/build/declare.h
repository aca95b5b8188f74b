/* declare.h: the parts of a declaration: its specifiers and its declarators. */
#ifndef CNB_DECLARE_H
#define CNB_DECLARE_H

#include "build/split.h"

/* The specifiers of the tokens [from, to): returns the token where the first
 * declarator begins; adds to *spec; *body gets the `{` of a struct, union or
 * enum that is defined there, or TOKEN_NONE. */
size_t declare_specifiers(const struct tokens *ts, size_t from, size_t to,
			  unsigned *spec, size_t *body);
/* The declarator at `from`: returns the token behind it and its initialiser,
 * a comma or `to`. */
size_t declare_one(const struct tokens *ts, size_t from, size_t to,
		   unsigned spec, struct declarator *d);

#endif

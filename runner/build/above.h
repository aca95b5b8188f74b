/* above.h: the shared cells above a cell, written as declarations, so that it
 * compiles without them.
 *
 * Of all that they declare (outline.h), a cell gets what it names, directly or
 * through something that it gets, so that a change in what it does not use
 * leaves its text, and thus what it compiled to, alone. */
#ifndef CNB_ABOVE_H
#define CNB_ABOVE_H

#include "build/outline.h"

struct above *above_new(void);
void above_free(struct above *a);

/* Take in the next cell, as it was decided; its texts may go afterwards. One
 * that is left out is nothing. */
void above_add(struct above *a, const struct unit_cell *c);

/* Append what `count` cells need; everything if `whole`. *defined (may be NULL)
 * gets the functions and variables declared there that the cells above define.
 */
void above_write(struct above *a, struct unit_cell *const *cells, size_t count,
		 bool whole, struct buf *out, struct strs *defined);

/* What the cells taken in so far make of a name. */
enum outline_kind above_kind(const struct above *a, struct slice name);
/* Is it declared in them as a function, whether or not it is defined? */
bool above_declares(const struct above *a, struct slice name);
/* Is it declared with its value, to clang? */
bool above_is_known(const struct above *a, struct slice name);
/* The name that asm() gives it for the linker; NULL: its own. */
const char *above_symbol(const struct above *a, struct slice name);

#endif

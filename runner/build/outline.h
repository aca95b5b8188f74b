/* outline.h: one item of a shared cell as other cells are to see it: variables
 * as `extern`, functions as prototypes, types and macros as they are. */
#ifndef CNB_OUTLINE_H
#define CNB_OUTLINE_H

#include "build/unit.h"

/* Append item `i` of the cell as a declaration, in lines of its own; nothing
 * where it leaves none to the cells below. */
void outline_item(const struct unit_cell *c, size_t i, struct buf *out);

/* Append the macros that a piece of code defines, with the conditions around
 * them. */
void outline_directives(struct buf *out, struct slice code);

/* What a name has become by the item that declares it. */
enum outline_kind {
	OUTLINE_NONE,	   /* only declared, or not to be seen by others */
	OUTLINE_TENTATIVE, /* `int x;`: more definitions may follow */
	OUTLINE_DEFINED,
};
enum outline_kind outline_kind(const struct unit_cell *c, const struct item *it,
			       size_t which);

/* The name that the linker knows it by, and `asm("label")` may change. */
struct slice outline_symbol(const struct declarator *d);

/* The name that its attribute says it stands for (alias, ifunc, weakref); or
 * empty. */
struct slice outline_target(const struct item *it);

/* Is it a number that does not change, which is written down? clang counts on
 * it: `const int n = 3;`, and `int v[n];` is an array at file scope. So it is
 * defined again where clang reads it; the host finds the first definition, and
 * takes it for all. */
bool outline_is_known(const struct unit_cell *c, const struct item *it,
		      size_t which);

/* Copy the item's text so that other cells see what it defines: the words
 * `static`, and `inline` beside it, become blanks. */
void outline_open(const struct item *it, struct buf *out);
/* The same as SPEC_ bits, for split_declare(). */
unsigned outline_drops(const struct item *it);

/* Is the item repeated with its bodies: a macro makes the function, branches of
 * an #if share it, or it must be inlined? */
bool outline_repeats(const struct unit_cell *c, size_t i);

#endif

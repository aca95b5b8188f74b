/* split.h: the text of a shared cell cut into top-level items (SPEC 2.3). The
 * tokens decide, with what is known of names declared above; no macro is
 * expanded. */
#ifndef CNB_SPLIT_H
#define CNB_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "base/slice.h"
#include "build/words.h"

enum item_kind {
	ITEM_BLANK,	  /* blanks and comments: the only item of its text */
	ITEM_DIRECTIVE,	  /* with all that an `#if 0` leaves out */
	ITEM_DECLARATION, /* of types, variables, functions; _Static_assert */
	ITEM_FUNCTION,	  /* a definition */
	ITEM_STATEMENT,	  /* also `#pragma omp ...` in front of one: a newline
			   * must follow it wherever it is put */
	ITEM_EXPRESSION,  /* the last item, without a semicolon: the result */
	ITEM_SHELL,	  /* `!` to the end of the line */
};

/* One name that a declaration declares. Slices are parts of the text. */
struct declarator {
	struct slice name;  /* length 0: none was found */
	struct slice whole; /* with `*`, brackets and attributes, without the
			     * initialiser */
	struct slice init;  /* what stands behind `=`; length 0: nothing */
	bool is_function;   /* declares a function, no variable */
	bool is_array;
	bool is_unsized; /* `[]`: the initialiser gives its length */
	bool is_const;	 /* the variable itself, not what it points to */
};

struct item {
	enum item_kind kind;
	struct slice text; /* from the end of the item before: blanks and
			    * comments in front of the code belong to it, those
			    * behind the last item's too */
	struct slice code; /* first token to last */
	int line;	   /* of the first token, from 1 */
	bool unclosed;	   /* a bracket, comment or literal is left open */
	bool unended;	   /* the text ends where `;` was expected */
	bool conditional;  /* branches of an #if share it: parts of it stand
			    * in one branch. No declarators, no body */
	bool maybe_macro_function; /* ITEM_STATEMENT, `ident(...) {`: a function
				    * if the macro says so */
	bool maybe_statement; /* ITEM_DECLARATION, `a * b;` where nothing is
			       * known of a */
	bool made_statement;  /* and it was made one since */
	bool macro_function;  /* and the macro is known to say so */
	bool knr;      /* ITEM_FUNCTION: parameters declared before the body */
	unsigned spec; /* SPEC_ bits, declarations and functions */
	struct slice specifiers; /* `static const struct s { int x; }` */
	struct slice tag_body;	 /* the braces in it; length 0: none */
	struct slice
		body; /* ITEM_FUNCTION, maybe_macro_function: with braces */
	size_t first,
		ndeclarators; /* in split.declarators; one for a function */
};

struct split {
	struct slice
		text; /* borrowed; the items put together are these bytes */
	struct item *items;
	size_t count;
	struct declarator *declarators;
	size_t ndeclarators;
};

/* Linear in the length of the text. Never fails: what is no C becomes some
 * item, for the compiler to refuse. */
void split_read(struct split *s, struct slice text);
/* The same below what *known tells, to which what the text declares is added.
 */
void split_read_below(struct split *s, struct slice text, struct known *known);
/* A maybe_statement is one: it declares nothing. */
void split_make_statement(struct split *s, size_t item);
void split_release(struct split *s);

/* Append the declaration of one declarator of the item, without initialiser
 * and semicolon, as one line. `drop` are SPEC_ bits: STATIC, REGISTER, EXTERN,
 * THREAD, AUTO, INLINE leave out that word; CONST the const of the variable
 * itself (never of what it points to); BODY the braces of a struct, union or
 * enum whose tag says enough. */
void split_declare(const struct split *s, const struct item *it, size_t which,
		   unsigned drop, struct buf *out);

#endif

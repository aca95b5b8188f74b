/* words.h: the words of C that say what a piece of text is. */
#ifndef CNB_WORDS_H
#define CNB_WORDS_H

#include "build/tokens.h"

enum word {
	WORD_NONE,	/* no word at all: punctuation, a number */
	WORD_NAME,	/* an identifier that is no keyword */
	WORD_STATEMENT, /* can only begin a statement: return goto break */
	WORD_IF,
	WORD_ELSE,
	WORD_LOOP, /* for while switch: (...), then a statement */
	WORD_DO,
	WORD_CASE, /* case default */
	WORD_ASM,
	WORD_EXPRESSION, /* sizeof _Generic */
	WORD_STORAGE,	 /* static typedef inline */
	WORD_QUALIFIER,	 /* const volatile */
	WORD_TYPE,	 /* int unsigned */
	WORD_TYPEOF,	 /* typeof(...), _Atomic(...): a type */
	WORD_TAG,	 /* struct union enum */
	WORD_ATTRIBUTE,	 /* __attribute__((...)), _Alignas(...) */
	WORD_ASSERT,	 /* _Static_assert */
	WORD_EXTENSION,	 /* __extension__: in front of anything */
	WORD_PRAGMA,	 /* _Pragma("..."): in front of anything */
};

/* What storage and qualifiers say, as bits. */
enum {
	SPEC_TYPEDEF = 1 << 0,
	SPEC_EXTERN = 1 << 1,
	SPEC_STATIC = 1 << 2,
	SPEC_REGISTER = 1 << 3,
	SPEC_AUTO = 1 << 4,
	SPEC_THREAD = 1 << 5,
	SPEC_INLINE = 1 << 6,
	SPEC_CONST = 1 << 7,
	SPEC_AUTO_TYPE = 1 << 8, /* __auto_type: the initialiser is the type */
	SPEC_BODY = 1 << 9,	 /* defines a struct, union or enum */
	SPEC_NAMELESS = 1 << 10, /* ... that has no tag */
	SPEC_ASSERT = 1 << 11,	 /* a _Static_assert */
};

enum word word_of(const struct tokens *ts, size_t i);
/* The SPEC_ bit of a storage class or qualifier, or 0. */
unsigned word_spec(const struct tokens *ts, size_t i);

/* Behind a run of attributes, __attribute__((...)) and [[...]], from `i`. */
size_t words_skip_attributes(const struct tokens *ts, size_t i);
/* Behind `struct`, its attributes, tag and body, from that word. *spec gets
 * SPEC_BODY and SPEC_NAMELESS where they apply; *body the `{` or TOKEN_NONE. */
size_t words_skip_tag(const struct tokens *ts, size_t i, unsigned *spec,
		      size_t *body);

#endif

/* blocks.h: macros that open or close a block: `#define BEGIN {`, and macros
 * that make declarations or functions. To the lexer they are names; a text that
 * uses them is cut in the right places only if they count as what they stand
 * for. */
#ifndef CNB_BLOCKS_H
#define CNB_BLOCKS_H

#include "base/slice.h"
#include "build/split.h"

struct block_macro {
	char *name;
	bool has_arguments;
	int braces; /* opened less closed by its replacement, never 0 */
};

/* What the preprocessor says of a macro with arguments. */
enum learnt {
	LEARNT_NOTHING,
	LEARNT_DECLARATION, /* whole declarations, or functions */
	LEARNT_OPEN,	    /* a declaration but for its end */
	LEARNT_FUNCTION,    /* all of a function but its block */
};

struct learnt_macro {
	char *name;
	enum learnt what;
};

/* What is known so far: the block macros of this cell and those above, what was
 * learnt of macros anywhere, and what names are. */
struct blocks {
	struct block_macro *at;
	size_t count;
	struct learnt_macro *learnt;
	size_t nlearnt;
	struct slice *dead; /* parts of texts that no compiler reads */
	size_t ndead;
	struct known known; /* names declared by this cell and those above */
};
void blocks_release(struct blocks *b);

/* Add those that the directives of `text` define; #undef takes one away. */
void blocks_collect(struct blocks *b, struct slice text);

/* False: it is nothing, or known. */
bool blocks_learn(struct blocks *b, struct slice name, enum learnt what);
enum learnt blocks_learnt(const struct blocks *b, struct slice name);
/* No compiler reads that part of a text, which is borrowed; an empty one says
 * that the text that begins there was asked about. */
void blocks_bury(struct blocks *b, struct slice part);
bool blocks_asked(const struct blocks *b, struct slice text);
/* As if no text had been seen; what was learnt stays. */
void blocks_restart(struct blocks *b);

/* As split_read(), with block macros taken as braces. All slices are parts of
 * `text`, as ever. What it declares is known from here on. */
void blocks_split(struct blocks *b, struct split *s, struct slice text);

#endif

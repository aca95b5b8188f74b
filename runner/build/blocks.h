/* blocks.h: macros that open or close a block: `#define BEGIN {`. To the lexer
 * they are names; a text that uses them is cut in the right places only if
 * they count as the braces that they stand for. */
#ifndef CNB_BLOCKS_H
#define CNB_BLOCKS_H

#include "base/slice.h"
#include "build/split.h"

struct block_macro {
	char *name;
	bool has_arguments;
	int braces; /* opened less closed by its replacement, never 0 */
};

/* The block macros known so far, of this cell and those above. */
struct blocks {
	struct block_macro *at;
	size_t count;
};
void blocks_release(struct blocks *b);

/* Add those that the directives of `text` define; #undef takes one away. */
void blocks_collect(struct blocks *b, struct slice text);

/* As split_read(), with block macros taken as braces. All slices are parts of
 * `text`, as ever. */
void blocks_split(const struct blocks *b, struct split *s, struct slice text);

#endif

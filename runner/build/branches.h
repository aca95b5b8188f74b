/* branches.h: the branches of #if that hold anything, even prose, because no
 * compiler reads them. Where a branch has brackets or quotes without a partner,
 * how the text is cut depends on whether it counts; the preprocessor knows. */
#ifndef CNB_BRANCHES_H
#define CNB_BRANCHES_H

#include <stdbool.h>
#include "base/buf.h"
#include "build/blocks.h"

/* Is there such a branch, and each #if has its #endif? */
bool branches_doubtful(struct slice text);
/* Append for the preprocessor the directives of the text, and marks with that
 * number in its branches; and take from its output which of them do not
 * count: blocks_bury(). */
void branches_ask(struct buf *out, struct slice text, size_t number);
void branches_answer(const char *output, struct slice text, size_t number,
		     struct blocks *b);

#endif

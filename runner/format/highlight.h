/* highlight.h: code in colour. */
#ifndef CNB_HIGHLIGHT_H
#define CNB_HIGHLIGHT_H

#include "base/buf.h"

/* Append code as HTML: escaped, its parts in <span class=...>: k keywords,
 * t types, s strings and characters, n numbers, c comments, p preprocessor,
 * f names that are called, o option lines of a cell. `language` as notebooks
 * and fenced code name it ("c", "python", "sh"); one that is not known stays
 * plain. */
void highlight(struct buf *out, const char *language, struct slice code);

#endif

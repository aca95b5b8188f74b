/* fold.h: what a terminal would show at the end: text in which a carriage
 * return or a backspace has been followed by what overwrites the line. */
#ifndef CNB_FOLD_H
#define CNB_FOLD_H

#include <stdbool.h>
#include "base/buf.h"

/* Is there anything to fold? */
bool fold_needed(const char *text, size_t len);
/* Append valid UTF-8 with \r, \b and the escape sequences that erase (ESC [ K,
 * ESC [ 2 K) carried out in each line; other escape sequences (colours) take
 * no room and stay with the character that follows. */
void fold_terminal(struct buf *out, const char *text, size_t len);

#endif

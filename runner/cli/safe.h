/* safe.h: bytes of a cell for a terminal. Text, colours (ECMA-48 SGR: ESC [
 * digits m) and what programs draw progress with (carriage return, backspace)
 * pass; other control characters are shown as \xNN instead of obeyed. */
#ifndef CNB_SAFE_H
#define CNB_SAFE_H

#include <stdbool.h>
#include "base/buf.h"

/* Append what a terminal may be given of `s`. True: colours were set, and may
 * have to be unset. */
bool safe_add(struct buf *out, struct slice s);
/* How many bytes at the end only the next ones explain: the start of a
 * character or of an escape sequence. */
size_t safe_cut(struct slice s);

#endif

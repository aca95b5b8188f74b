/* html_text.h: bytes as text in HTML. What is appended is valid HTML in a text
 * and in a quoted attribute: no markup, no control characters. */
#ifndef CNB_HTML_TEXT_H
#define CNB_HTML_TEXT_H

#include "base/ansi.h"
#include "base/buf.h"

/* Append text, escaped. Control characters but newline and tab appear as their
 * pictures (U+2400...), what would turn the direction of writing by name. */
void html_text(struct buf *out, struct slice text);
/* The same of a C string; NULL is empty. */
void html_str(struct buf *out, const char *text);
/* Append a terminal's text with its colours, carriage returns carried out.
 * `look` is that at its beginning, and becomes that at its end. */
void html_terminal(struct buf *out, struct slice text, struct ansi *look);

#endif

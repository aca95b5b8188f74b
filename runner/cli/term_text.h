/* term_text.h: text on its way to the terminal: in colour or not, made safe or
 * not, held back until a cell's status is known, with the progress line below
 * it. Private to term.c. */
#ifndef CNB_TERM_TEXT_H
#define CNB_TERM_TEXT_H

#include "cli/term.h"

/* A colour of paint.h, where there are to be any. */
void term_paint(struct term *t, const char *color);
/* What a cell wrote. */
void term_add(struct term *t, struct slice s);
/* What names something, or is shown to be read: not even colours pass. */
void term_add_seen(struct term *t, struct slice s);
/* The start of a character or an escape sequence that did not go on. */
void term_drop_cut(struct term *t);
/* From here on a new line, whoever wrote the last one. */
void term_fresh_line(struct term *t, int speaker);
/* Lines to be read, each behind `indent` blanks. */
void term_add_lines(struct term *t, struct slice s, int indent);
/* A Ctrl-C is seen where it was typed; the progress line is wiped with what
 * was typed over it. */
void term_note_echo(struct term *t);
/* Write what is rendered, unless it is held. */
void term_flush(struct term *t);

#endif

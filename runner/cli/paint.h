/* paint.h: the colours of the terminal. */
#ifndef CNB_PAINT_H
#define CNB_PAINT_H

#include "base/buf.h"
#include "model/event.h"

/* ECMA-48, select graphic rendition. */
#define BOLD "\033[1m"
#define DIM "\033[2m"
#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define CYAN "\033[36m"
#define PLAIN "\033[0m"

/* The colour of each status. */
extern const char *const paint_status[STATUS_COUNT];

/* As much of the text as fits in `width` columns, with a mark where it was
 * cut. */
void paint_cut(struct buf *out, const char *text, size_t width);

#endif

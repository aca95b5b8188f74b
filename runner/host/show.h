/* show.h: a C value as text, for the result of a shared cell.
 *
 * Numbers read back to the same value; text is quoted with C's escapes; memory
 * is read through the kernel, so that a bad pointer is shown as one and read
 * without a crash. Nothing here allocates. */
#ifndef CNB_SHOW_H
#define CNB_SHOW_H

#include <stddef.h>
#include "cell.h"

#define SHOW_TEXT 16384	   /* most bytes of a shown value */
#define SHOW_ELEMENTS 1000 /* most elements of an array */
#define SHOW_STRING 4096   /* most characters of a string */
#define SHOW_BYTES 64	   /* most bytes of a struct */

/* Write `v` into `text`, NUL-terminated; its length. What does not fit ends in
 * "...". */
size_t show_value(const struct cell_value *v, char text[SHOW_TEXT]);

#endif

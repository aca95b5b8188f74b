/* symbols.h: the symbols of a shared object, and those of the C library. */
#ifndef CNB_SYMBOLS_H
#define CNB_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/slice.h"
#include "base/text.h"

/* Do libc or libm have a symbol of that name, be it one that no header tells of
 * any more (`step`, `pow10`)? The process that runs cells has the same ones,
 * and finds them before any plugin's. */
bool symbols_taken(const char *name);

struct symbols {
	void *at; /* the mapped file */
	size_t size;
};
/* Map the file's symbol tables. -1: it is none that has any. */
int symbols_read(struct symbols *s, const char *path);
void symbols_release(struct symbols *s);
/* Is the name defined in it, but nowhere as a symbol that others can see? */
bool symbols_hides(const struct symbols *s, struct slice name);
/* Append the variables of other objects that it takes for functions. */
void symbols_misread(const struct symbols *s, struct strs *names);
/* Append the variables that only it can see, as the compiler names them, and
 * the functions. */
void symbols_locals(const struct symbols *s, struct strs *variables,
		    struct strs *functions);
/* Is it defined so that others see it? */
bool symbols_shows(const struct symbols *s, struct slice name);

#endif

/* names.h: identifiers and numbers for them: 0, 1, 2... as they are met. */
#ifndef CNB_NAMES_H
#define CNB_NAMES_H

#include "base/slice.h"

#define NAME_NONE ((size_t)-1)

struct names {
	char **at; /* [count], owned */
	size_t count;
	size_t *slots; /* [nslots] indices + 1; a power of two, 0: free */
	size_t nslots;
};
void names_release(struct names *n);
/* The number of a name, given now if it has none. */
size_t names_add(struct names *n, struct slice name);
/* NAME_NONE: never met. */
size_t names_find(const struct names *n, struct slice name);

#endif

/* packages.h: what pkg-config says of libraries. */
#ifndef CNB_PACKAGES_H
#define CNB_PACKAGES_H

#include "base/err.h"
#include "base/text.h"
#include "build/cache.h"

/* Append the words for compiler and linker of `libs` (NULL, none: nothing), as
 * pkg-config gives them in `workdir`. With a cache the answer is kept: as long
 * as the program, its variables and all .pc files that it may find are the
 * same, nothing is started. ERR_INPUT: pkg-config does not know one of them. */
int packages_words(struct strs *words, struct cache *cache,
		   const struct strs *libs, const char *workdir, struct err *e);

#endif

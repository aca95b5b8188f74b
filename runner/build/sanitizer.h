/* sanitizer.h: sanitizers, as compilers spell them. */
#ifndef CNB_SANITIZER_H
#define CNB_SANITIZER_H

#include "build/cc.h"

/* Append the words for the unit's sanitizers. -1: the compiler has none. */
int sanitizer_words(struct strs *words, const struct cc *cc,
		    const struct strs *list, struct err *e);

/* Did the link fail because the runtime is not installed? Then *e says what
 * to install, and it is -1. */
int sanitizer_missing(const struct cc *cc, const char *label,
		      const char *messages, struct err *e);

#endif

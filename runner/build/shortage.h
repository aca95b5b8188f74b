/* shortage.h: a build that failed for want of something, not for its text. */
#ifndef CNB_SHORTAGE_H
#define CNB_SHORTAGE_H

#include "base/err.h"
#include "build/cache.h"
#include "build/cc.h"
#include "build/diag.h"

/* Do the messages of a build that failed say that the machine lacked something:
 * room on a disk, memory, processes, a part of the compiler (ld, as)? Then *e
 * says what, and it is -1: another time the same text may compile. `status` is
 * the compiler's exit status, 128+N if signal N killed it. */
int shortage_refuse(const struct diags *d, int status, const struct cc *cc,
		    const struct cache *cache, const char *label,
		    struct err *e);

#endif

/* background.h: a part of us that goes on when we end. */
#ifndef CNB_BACKGROUND_H
#define CNB_BACKGROUND_H

#include "base/err.h"

/* Run life(self) in a process of its own, in a session of its own, away from
 * the terminal; it never returns. We come back when it has called
 * background_ready(). -1: it called background_failed() instead, with *e. */
int background_start(const char *name, void (*life)(void *self), void *self,
		     struct err *e);
void background_ready(void);
_Noreturn void background_failed(const struct err *e);

#endif

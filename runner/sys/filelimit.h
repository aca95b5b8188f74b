/* filelimit.h: how many files cnb may have open: as many as the system lets it.
 * What it starts gets the limit that cnb was given: a cell is to meet what a
 * program would. */
#ifndef CNB_FILELIMIT_H
#define CNB_FILELIMIT_H

#include <stddef.h>

/* The limit in force (soft) becomes the highest (hard). Once, at first. */
void filelimit_raise(void);
/* In a child, before exec: it is what it was. Async-signal-safe. */
void filelimit_restore(void);
/* So many may be open. */
size_t filelimit(void);

#endif

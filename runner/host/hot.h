/* hot.h: what is written at each cell stands together. A page that is written
 * to between two snapshots is kept once for each of them: of a hundred small
 * things on pages of their own, a hundred pages. */
#ifndef CNB_HOT_H
#define CNB_HOT_H

#include <sys/mman.h>

/* Of a variable in static memory. */
#define HOT __attribute__((section("cnb_hot")))

/* Of what stands on pages of its own and is done with, a copy that waits keeps
 * nothing: they are zero when they are touched again. */
#define DROP_PAGES(at, size) madvise(at, size, MADV_DONTNEED)

#endif

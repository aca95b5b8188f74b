/* backing.h: a file for memory that was written to. Where the loader has put
 * addresses into a plugin's data these are the process's own, and each copy of
 * the process has to be told of them, one mapping after the other: that is most
 * of what a copy costs where each cell is a plugin. Memory that is as its file
 * says costs next to nothing. */
#ifndef CNB_BACKING_H
#define CNB_BACKING_H

#include <stdint.h>

/* Have the private pages [begin, end), which may be read and written, mapped
 * from a file in memory that holds what they hold. Whoever writes to them
 * does so in memory of his own, as before. No other thread may use them
 * meanwhile. Where that cannot be, nothing changes. In /proc/PID/maps it is
 * called "/memfd:cnb-data:WHOSE". */
void backing_give(uintptr_t begin, uintptr_t end, const char *whose);

#endif

/* inert.h: would anything of a shared object run if it were loaded? */
#ifndef CNB_INERT_H
#define CNB_INERT_H

#include <stdbool.h>

/* True: it has neither constructors nor functions that choose functions, and
 * needs no object that is not loaded yet. False: it has, or it cannot be told.
 * Nothing on the heap is touched. (Of a plugin's own code only cell_table() is
 * called then, which has nothing to do but to return.) */
bool object_is_inert(const char *path);

#endif

/* object.h: would anything of a shared object run if it were loaded, and may
 * all of its calls be bound then? */
#ifndef CNB_OBJECT_H
#define CNB_OBJECT_H

#include <stdbool.h>

/* True: it has neither constructors nor functions that choose functions, and
 * needs no object that is not loaded yet. False: it has, or it cannot be told.
 * Nothing on the heap is touched. (Of a plugin's own code only cell_table() is
 * called then, which has nothing to do but to return.) */
bool object_is_inert(const char *path);
/* False: it calls a function that it can do without, which another object may
 * still bring; or it cannot be told. */
bool object_may_bind_now(const char *path);

#endif

/* names.h: the names of a loaded object's symbols. */
#ifndef CNB_NAMES_H
#define CNB_NAMES_H

#include <stdbool.h>

/* Is `name` among those that the object (a handle of dlopen()) has or needs?
 * True also where one ends with it. */
bool names_have(void *handle, const char *name);

#endif

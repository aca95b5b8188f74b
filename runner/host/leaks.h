/* leaks.h: memory that a cell lost, where a leak sanitizer is linked in. */
#ifndef CNB_LEAKS_H
#define CNB_LEAKS_H

#include <stdbool.h>

/* Once, before any user code: can leaks be looked for here? The sanitizer
 * stops all threads by tracing them, and ends the process where it may not. */
void leaks_init(void);
/* Around a cell, while its stderr is fd 2: if it is asked for its leaks, what
 * nothing points to any more is reported there, each piece once. What cells
 * lost that were not asked is told by none. */
void leaks_before_cell(bool asked);
void leaks_after_cell(bool asked);

#endif

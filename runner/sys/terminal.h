/* terminal.h: who may read from the terminal. */
#ifndef CNB_TERMINAL_H
#define CNB_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

/* Is standard input a terminal, and are we its foreground group? Only then
 * has a cell anybody to read from. */
bool terminal_is_ours(void);
/* Make `group` the foreground group; and us again. */
void terminal_give(pid_t group);
void terminal_take(void);

#endif

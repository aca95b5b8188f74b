/* terminal.h: who may read from the terminal. */
#ifndef CNB_TERMINAL_H
#define CNB_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Is standard input a terminal, and are we its foreground group? Only then
 * has a cell anybody to read from. */
bool terminal_is_ours(void);
/* Make `group` the foreground group; and us again. */
void terminal_give(pid_t group);
void terminal_take(void);

/* Does the process, or one below it, wait in a read of its standard input? As
 * far as the kernel lets us see; false where it does not. */
bool terminal_is_read(pid_t pid);

/* Columns of the terminal that `fd` is; 0: it is none, or does not say. */
size_t terminal_width(int fd);

#endif

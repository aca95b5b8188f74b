/* terminal.h: who may read from the terminal. One terminal, that of our
 * session; one thread. */
#ifndef CNB_TERMINAL_H
#define CNB_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Is standard input a terminal, and are we its foreground group? Only then
 * has a cell anybody to read from. */
bool terminal_is_ours(void);
/* Are we the foreground group of our session's terminal, whatever standard
 * input is? */
bool terminal_is_foreground(void);
/* What we set the terminal to when it is ours again: as it is now. */
void terminal_remember(void);
/* Make `group` the foreground group; and us again, with the modes that were
 * remembered. */
void terminal_give(pid_t group);
void terminal_take(void);
/* Between terminal_keep() and terminal_restore() we are stopped: the modes that
 * a cell has set are kept meanwhile. */
void terminal_keep(void);
void terminal_restore(void);

/* Does the process, or one below it, wait in a read of its standard input? As
 * far as the kernel lets us see; false where it does not. */
bool terminal_is_read(pid_t pid);

/* Does the terminal that `fd` is show a typed Ctrl-C, as `^C`? */
bool terminal_echoes(int fd);
/* Columns of the terminal that `fd` is; 0: it is none, or does not say. */
size_t terminal_width(int fd);

#endif

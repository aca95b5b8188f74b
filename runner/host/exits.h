/* exits.h: the functions that cnb-host exports to the cells in place of libc's.
 *
 * exit() and pthread_exit(), called on the main thread by a cell, end the cell
 * and keep the process. From a signal handler, another thread, a forked child
 * or inside a library's function (qsort's callback) they do what libc's do: to
 * jump out of those would leave a lock held. _exit() and its like are libc's.
 *
 * pthread_create() and thrd_create() are threads.h's. */
#ifndef CNB_EXITS_H
#define CNB_EXITS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "cell.h"
#include "host/wire.h"

/* On the main thread, first thing. `is_cell_code` says whether an address lies
 * in a plugin. */
void exits_init(bool (*is_cell_code)(uintptr_t code));
/* Call run(c) on the main thread of process `own`. *status: what it returned or
 * gave to exit(). It finds errno as the one before it left it, at first 0. May
 * return in a forked child, too (when it falls off the cell's end). */
enum wire_how exits_call(int (*run)(struct cell *c), struct cell *c, pid_t own,
			 int *status);

#endif

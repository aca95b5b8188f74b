/* measure.h: what a cell used, as far as the process itself can tell. */
#ifndef CNB_MEASURE_H
#define CNB_MEASURE_H

#include <stdbool.h>
#include "host/wire.h"

/* Once, before any cell. */
void measure_init(void);
/* Before the cell and after it. measure_end() fills cpu_ns, max_rss_kb,
 * duration_ns and threads_left. Main thread. */
void measure_begin(void);
/* The function has returned. */
void measure_stop(void);
void measure_end(struct wire_done *done);
/* Has the cell begun other processes, as far as can be seen here: they live, or
 * it has waited for them? */
bool measure_children(void);
/* This process is a copy: what the one that it came from has used is not its
 * own. */
void measure_copied(void);
/* Threads that are alive, the main one included, without those of a
 * sanitizer. */
uint32_t measure_threads(void);

#endif

/* order.h: what is to be known of the order in which a cell's output was
 * written, by the options of the run and of the cells. */
#ifndef CNB_ORDER_H
#define CNB_ORDER_H

#include "base/err.h"
#include "exec/cellinfo.h"
#include "watch/capture.h"

/* `wish` is the run's. */
enum capture_order order_of_cell(enum capture_order wish,
				 const struct cell_info *c);
/* Cells that share a process share what it is started with: the most that one
 * of them asks for, but CAPTURE_PLAIN if one says so. */
enum capture_order order_of_host(enum capture_order wish,
				 const struct cell_list *cells);
/* Does one of these cells have a line for the shell, so that the process must
 * be watched as one? See witness_calls(). */
bool order_host_is_shell(const struct cell_list *cells);
/* -1: two of the options contradict each other. */
int order_check(enum capture_order wish, const struct cell_list *cells,
		struct err *e);

#endif

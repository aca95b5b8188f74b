/* foreign.h: cells that begin with a form of another kernel. */
#ifndef CNB_FOREIGN_H
#define CNB_FOREIGN_H

#include "exec/cellinfo.h"

/* Does the cell begin with `%%cpp x.c` or `%run ...`, which no C begins with
 * and cnb does not read? Then *messages says so, as a compiler would. */
bool foreign_magic(const struct cell_info *c, const struct notebook *nb,
		   struct buf *messages);

/* The same of a `!` line in a program, which is compiled as it stands. */
bool foreign_shell_line(const struct cell_info *c, const struct notebook *nb,
			struct buf *messages);

#endif

/* A plugin whose cell does next to nothing: what is left is the cost of a cell.
 */
#include <stdio.h>
#include "cell.h"

static int
line(struct cell *c)
{
	(void)c;
	puts("hello from a cell");
	return 0;
}

static const struct cell_def cells[] = {
	{ "line", line, .doc = "print a line" },
};
CELL_TABLE(cells);

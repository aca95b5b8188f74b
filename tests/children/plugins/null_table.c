/* Has the function, which gives nothing. */
#include "table.h"

const struct cell_table *
cell_table(void)
{
	return NULL;
}

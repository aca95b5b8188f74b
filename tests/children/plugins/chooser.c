/* Which function its name means is found out when it is loaded. */
#include "table.h"

static int (*choose(void))(struct cell *)
{
	return nothing;
}

int chosen(struct cell *c) __attribute__((ifunc("choose")));

ROWS = { { "a", chosen } };
TABLE()

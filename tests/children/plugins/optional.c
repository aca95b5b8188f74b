/* Calls a function that it can do without, without asking if it is there. */
#include "table.h"

void somebody_may_have_this(void) __attribute__((weak));

static int
call(struct cell *c)
{
	(void)c;
	somebody_may_have_this();
	return 0;
}

ROWS = { { "a", call } };
TABLE()

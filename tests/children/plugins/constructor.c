/* Runs as soon as it is loaded. (For tcc, libc's headers take attributes away:
 * so it stands in front of them.) */
static int loaded;

__attribute__((constructor)) static void
load(void)
{
	loaded = 1;
}

#include "table.h"

ROWS = { { "a", nothing } };
TABLE()

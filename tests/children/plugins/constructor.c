/* Runs as soon as it is loaded. */
#include "table.h"

static int loaded;

__attribute__((constructor)) static void
load(void)
{
	loaded = 1;
}

ROWS = { { "a", nothing } };
TABLE()

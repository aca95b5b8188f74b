/* The second cell has no name. */
#include "table.h"

ROWS = { { "a", nothing }, { NULL, nothing } };
TABLE()

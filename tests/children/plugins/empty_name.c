/* The second cell's name is empty. */
#include "table.h"

ROWS = { { "a", nothing }, { "", nothing } };
TABLE()

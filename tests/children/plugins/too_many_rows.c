/* Claims more rows than fit in memory. */
#include "table.h"

ROWS = { { "a", nothing } };
TABLE(.ndefs = UINT32_MAX)

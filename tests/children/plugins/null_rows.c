/* Claims rows and points to none. */
#include "table.h"

ROWS = { { "a", nothing } };
TABLE(.defs = NULL)

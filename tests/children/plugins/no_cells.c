/* A table that is well, and empty. */
#include "table.h"

ROWS = { { "a", nothing } };
TABLE(.ndefs = 0)

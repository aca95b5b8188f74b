/* Its table lacks members that its ABI has. */
#include "table.h"

ROWS = { { "a", nothing } };
TABLE(.size = 16)

/* Built with a cell.h that is no longer supported. */
#include "table.h"

ROWS = { { "a", nothing } };
TABLE(.abi = CELL_ABI_MIN - 1)

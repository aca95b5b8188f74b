/* Built with a cell.h that is newer than cnb. */
#include "table.h"

ROWS = { { "a", nothing } };
TABLE(.abi = CELL_ABI + 1)

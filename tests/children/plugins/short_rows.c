/* Its rows lack members that its ABI has. */
#include "table.h"

ROWS = { { "a", nothing } };
TABLE(.def_size = sizeof(void *))

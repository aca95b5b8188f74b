/* Two cells have one name. */
#include "table.h"

ROWS = { { "b", nothing }, { "a", nothing }, { "b", nothing } };
TABLE()

/* A cell without a function. */
#include "table.h"

ROWS = { { "a", nothing }, { "b", NULL } };
TABLE()

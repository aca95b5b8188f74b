/* A name that could not be selected. */
#include "table.h"

ROWS = { { "a..b", nothing } };
TABLE()

/* Calls a function that nobody has. */
#include "table.h"

int nobody_has_this(struct cell *c);

ROWS = { { "a", nobody_has_this } };
TABLE()

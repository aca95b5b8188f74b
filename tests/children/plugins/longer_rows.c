/* Built with a later cell.h of the same ABI: rows and table have grown. */
#include "table.h"

struct long_def {
	struct cell_def def;
	const char *later[3];
};

static const struct long_def long_rows[] = {
	{ { "first", nothing, "the first" }, { "x", "y", "z" } },
	{ { "second", nothing, "the second" }, { "x", "y", "z" } },
};
ROWS = { { "a", nothing } };
TABLE(.size = sizeof(struct cell_table) + 8,
      .def_size = sizeof(struct long_def), .ndefs = 2,
      .defs = &long_rows[0].def)

/* table.h: a table that is right but for the members given. */
#include "cell.h"

static inline int
nothing(struct cell *c)
{
	(void)c;
	return 0;
}

#define ROWS static const struct cell_def rows[]

#define TABLE(...)                                                \
	const struct cell_table *cell_table(void)                 \
	{                                                         \
		static const struct cell_table table = {          \
			.abi = CELL_ABI,                          \
			.size = sizeof(struct cell_table),        \
			.def_size = sizeof(struct cell_def),      \
			.ndefs = sizeof rows / sizeof rows[0],    \
			.defs = rows,                             \
			.built_with = "a test",                   \
			__VA_ARGS__                               \
		};                                                \
		return &table;                                    \
	}

/* plugin.h: a loaded plugin: a shared object with a table of cells (cell.h). */
#ifndef CNB_PLUGIN_H
#define CNB_PLUGIN_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "cell.h"

/* More rows than this are garbage, not a table. */
#define PLUGIN_CELLS 100000

struct plugin {
	bool shared;	 /* loaded by plugin_load_shared() */
	bool lacks_name; /* it was not loaded, for a symbol that nobody has */
	void *handle;
	const struct cell_table *table; /* the plugin's own memory */
	uintptr_t begin, end;		/* where the object is mapped */
	uintptr_t data_begin, data_end; /* pages of it that have been, and may
					 * be, written to; or 0, 0: others */
};

/* Load the file at `path` (never looked for in the library path), check its
 * table, and keep it loaded. -1: the sentence says what is wrong with it. Runs
 * the plugin's constructors and its cell_table(). */
int plugin_load(struct plugin *p, const char *path, struct err *e);
/* The same for one of several that share their names: what it does not define,
 * or what another defined before it, is the other's. A function that is nowhere
 * yet is looked for when it is called. */
int plugin_load_shared(struct plugin *p, const char *path, struct err *e);
/* Row `row`, or NULL where there is none. */
const struct cell_def *plugin_cell(const struct plugin *p, uint32_t row);
/* Is `code` an address in it? */
bool plugin_holds(const struct plugin *p, uintptr_t code);

/* The same for the object that holds `code`; false: none does. */
bool object_around(uintptr_t code, uintptr_t *begin, uintptr_t *end);

#endif

/* forward.h: shared cells that use what is defined only in a cell below: a
 * function that was declared, a variable that is `extern` or has no value yet.
 *
 * C finds it where all cells are one unit; plugins that are loaded one after
 * the other do not. A call in a function is bound when it is made, and by then
 * the cell below has been loaded, mostly. What must be there when the plugin is
 * loaded, or is called while a cell runs, is told of here: these cells belong
 * together. */
#ifndef CNB_FORWARD_H
#define CNB_FORWARD_H

#include "build/unit.h"

struct forward;

/* By the cells' texts, which may go afterwards; some cells are left out.
 * `at_once`: calls are bound when a plugin is loaded, as tcc has it. */
struct forward *forward_new(const struct unit_cell *cells, size_t count,
			    bool at_once);
void forward_free(struct forward *f);

/* The last cell that must be there when cell `i` runs, and those up to it: `i`
 * itself, mostly. */
size_t forward_reach(const struct forward *f, size_t i);

/* The first cell that has the variable or function itself; SIZE_MAX: none. */
size_t forward_home(const struct forward *f, struct slice name);
/* From now on cell `first` reaches to `last`, at least. False: it did. */
bool forward_join(struct forward *f, size_t first, size_t last);

#endif

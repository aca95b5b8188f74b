/* standalone.h: a shared cell as a file of its own, for tools that read C:
 * line N of the file is line N of the cell. What the cell does not say, a file
 * that is included in front of it does. */
#ifndef CNB_STANDALONE_H
#define CNB_STANDALONE_H

#include "build/unit.h"

/* Append the cell as a file, and to *before the headers that it was given,
 * which stand in front of it, behind the cells above. Its decisions must have
 * been made. */
void standalone_write(struct buf *out, struct buf *before,
		      const struct unit_cell *c);

#endif

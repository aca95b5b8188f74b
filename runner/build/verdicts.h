/* verdicts.h: what a compiler's errors say of the decisions in a unit, and how
 * decisions are written down. */
#ifndef CNB_VERDICTS_H
#define CNB_VERDICTS_H

#include "build/diag.h"
#include "build/unit.h"

/* Change decisions by the errors in `d`; sources[i] is cell i's text, and
 * sources[count] what runs behind one of them. False: none of them says
 * anything that was not decided already. */
bool verdicts_take(struct unit_cell *cells, size_t count, const struct diags *d,
		   const struct diag_source *sources);

/* The same for a unit of some cells, one mostly, below the others as
 * declarations: only their decisions change. Names that they hide are hidden in
 * the headers above. */
bool verdicts_take_some(struct unit_cell *cells, size_t count, size_t first,
			size_t last, const struct diags *d,
			const struct diag_source *sources);

/* Include a header in front of cell `i`, unless it or one above has it. */
bool verdicts_add_header(struct unit_cell *cells, size_t i, const char *header);
/* What becomes of a declarator that cannot be what it was. */
enum lift verdicts_next_lift(enum lift now, unsigned spec,
			     const struct declarator *d);

/* Append to the messages of cell `i` where its undeclared names are declared:
 * in a later cell, local to an earlier one, in a header. */
void verdicts_hints(const struct unit_cell *cells, size_t count, size_t i,
		    const struct diags *d, struct buf *messages);

/* One line for each decision about cell `i`; and one line back, *at moved
 * behind it. False: it is not one of these. */
void verdicts_write(struct buf *out, const struct unit_cell *c, size_t i);
bool verdicts_read(char **at, struct unit_cell *cells, size_t count);

#endif

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

/* The same for a unit of cell `i` alone, below the others as declarations: only
 * its decisions change. Names that it hides are hidden in the headers above. */
bool verdicts_take_one(struct unit_cell *cells, size_t count, size_t i,
		       const struct diags *d,
		       const struct diag_source *sources);

/* Include headers where a name of theirs is used and nothing above declares
 * it: what the compiler would ask for anyway. */
void verdicts_guess_headers(struct unit_cell *cells, size_t count);
/* The same for one cell, which is among the first ones that
 * verdicts_count_plain() counts: none of these has a directive that could bring
 * a name. */
size_t verdicts_count_plain(const struct unit_cell *cells, size_t count);
void verdicts_guess_header(struct unit_cell *cells, size_t i);

/* Append to the messages of cell `i` where its undeclared names are declared:
 * in a later cell, or local to an earlier one. */
void verdicts_hints(const struct unit_cell *cells, size_t count, size_t i,
		    const struct diags *d, struct buf *messages);

/* One line for each decision about cell `i`; and one line back, *at moved
 * behind it. False: it is not one of these. */
void verdicts_write(struct buf *out, const struct unit_cell *c, size_t i);
bool verdicts_read(char **at, struct unit_cell *cells, size_t count);

#endif

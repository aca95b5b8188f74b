/* guess.h: what a compiler would say of a unit, known before it is asked. */
#ifndef CNB_GUESS_H
#define CNB_GUESS_H

#include "build/unit.h"

/* A name that a cell declares. */
struct own_name {
	struct slice name;
	size_t cell;
	bool is_function;
};

/* What is known of the texts; they must not change meanwhile. */
struct guesses {
	struct own_name *at; /* [count], by name, then by cell */
	size_t count;
	size_t plain; /* the first cells, which bring no names from elsewhere */
};

void guess_init(struct guesses *g, const struct unit_cell *cells, size_t count);
void guess_release(struct guesses *g);
/* Include headers in front of cell `i` where a name of theirs is called and
 * nothing above declares it; lift its variables whose initialisers call a
 * function. */
void guess_cell(const struct guesses *g, struct unit_cell *cells, size_t i);

#endif

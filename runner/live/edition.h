/* edition.h: a notebook as it was at one call, and what its cells were made of.
 * For held*.c alone. */
#ifndef CNB_EDITION_H
#define CNB_EDITION_H

#include <stdbool.h>
#include "base/print.h"
#include "exec/cellinfo.h"
#include "exec/params.h"
#include "model/notebook.h"

struct run;

/* A notebook as it was at one call. */
struct edition {
	struct notebook nb;
	struct print print, sense; /* of its text, by notebook_sense() */
	struct cell_list cells;
	struct params params;
	char **keys;   /* [cells.count]: what each cell is made of; or NULL */
	bool *skipped; /* [cells.count]: not to be run unless it is named */
	bool known;    /* they change only with the text, or with what a plugin
			* was built from */
};

/* Builds what has to be built for it. -1: something failed that is no fault of
 * the cells. */
int edition_find_keys(struct edition *ed, struct run *r, struct err *e);
/* Once its cells are there. */
void edition_find_skipped(struct edition *ed);
/* The number of the cell with that id, from 1; 0: there is none. */
int edition_number_of(const struct edition *ed, const char *id);
/* Or NULL. */
void edition_free(struct edition *ed);

#endif

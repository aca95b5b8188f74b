/* params.h: values for the variables and macros of the cell that is tagged
 * `parameters`, as papermill has it: assigned right after that cell. */
#ifndef CNB_PARAMS_H
#define CNB_PARAMS_H

#include "base/buf.h"
#include "exec/cellinfo.h"

struct params {
	const struct cell_info *cell; /* the parameters cell, a shared one;
				       * NULL: there is none */
	struct strs names;	      /* that get a value, in order */
	struct strs values;	      /* theirs, as they were given */
	/* The cell's variables that are assigned to, here or in a cell tagged
	 * `injected-parameters`: they cannot be const. Beside each the literal
	 * that an array of char must have room for, or "". */
	struct strs assigned, literals;
	struct buf shown; /* the text of the injected cell: a line for each */
	struct buf code;  /* the same for the compiler, with checks; empty:
			   * nothing is assigned */
	int *lines;	  /* [names.count]: in `shown`, from 1 */
	char *label;	  /* x.ipynb:injected-parameters */
	/* what an earlier injection left in the notebook, now replaced; NULL */
	const struct nb_cell *instead;
	bool hidden; /* `shown` stands in no copy: an earlier injection, which
		      * comes after it, still holds */
};

/* Sort `given` (K=V each, or NULL) and the notebook's own metadata.cnb.params.
 * An earlier injected cell is emptied where something is given. -1: a name that
 * nobody knows, a value that is no piece of C; the sentence names it. */
int params_settle(struct params *p, struct notebook *nb,
		  struct cell_list *cells, const struct strs *given,
		  struct err *e);
/* Is each of them K=V? */
int params_check_given(const struct strs *given, struct err *e);
void params_release(struct params *p);

/* Could the cell read a parameter, by its name or as what is assigned below it?
 */
bool params_may_reach(const struct cell_info *c);

/* The parameter that a compiler's message is about, by its line. */
size_t params_at_line(const struct params *p, int line);

#endif

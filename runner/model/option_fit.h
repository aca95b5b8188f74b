/* option_fit.h: which options have an effect on which cells. */
#ifndef CNB_OPTION_FIT_H
#define CNB_OPTION_FIT_H

#include "model/notebook.h"
#include "model/option.h"

/* `has_run`: a program or a file with run: lines of its own. Keep of `texts`
 * those that have an effect on the cell; *count shrinks. One that has none is
 * refused (-1) if the cell itself says it, with the cells that it is for; in a
 * cell that holds no code yet, or as an older kernel writes it, it is passed
 * over with a warning. The notebook's are defaults for the cells that can have
 * them. */
int option_fit(struct option_text *texts, size_t *count, enum cell_kind kind,
	       bool has_run, struct strs *warnings, struct err *e);

#endif

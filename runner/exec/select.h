/* select.h: which cells a command means, and which must run before them. */
#ifndef CNB_SELECT_H
#define CNB_SELECT_H

#include "base/err.h"
#include "base/text.h"
#include "exec/cellinfo.h"

/* What a run does with a cell. */
enum cell_part {
	PART_SKIP,  /* leave it alone */
	PART_QUIET, /* run it only to bring a state about */
	PART_RUN,
};

struct selection {
	enum cell_part *part; /* [count], by number - 1 */
	size_t count;
};

struct select_options {
	const struct strs *cells; /* selectors of --cell; none: all cells */
	const struct strs *skip;  /* selectors of --skip */
	const char *from;	  /* selector of --from, or NULL */
	bool failed;		  /* --failed: of these, the bad ones when last
				   * saved */
	bool alone;		  /* do not bring about the state above */
};

/* A selector: a name, an id, a number (-1 is the last code cell), a range
 * `3..5`, `load..plot`, `..join`, `fork..`, or `#tag`. "unknown cell 'jion';
 * did you mean 'join'?". Cells tagged skip-execution are never selected by all
 * cells, ranges and tags, only by being named. */
int select_cells(struct selection *s, const struct cell_list *cells,
		 const struct select_options *how, struct err *e);
void selection_release(struct selection *s);

#endif

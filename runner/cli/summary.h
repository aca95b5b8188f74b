/* summary.h: the last lines of a run: how many cells, what became of them, and
 * what to type to run again just those that failed. */
#ifndef CNB_SUMMARY_H
#define CNB_SUMMARY_H

#include "base/buf.h"
#include "model/event.h"
#include "model/record.h"

/* What is remembered of a cell until the summary. */
struct summary_cell {
	const char *name; /* NULL: it has not begun. Borrowed */
	enum cell_status status;
	bool quiet, ended, excused;
};

struct summary {
	const struct summary_cell *cells; /* [ncells + 1], by number */
	size_t ncells;
	const char *path; /* of the notebook, as it was given */
	int not_run;	  /* cells that the run did not come to */
	bool inplace;	  /* --failed will find what failed */
	bool by_itself;	  /* it runs again without being told to */
	bool rerun;	  /* a session has the states above them */
	bool color;
	bool safe; /* for a terminal: control characters of names are shown */
};

void summary_add(struct buf *out, const struct summary *s, int64_t duration_ns,
		 int signal);

#endif

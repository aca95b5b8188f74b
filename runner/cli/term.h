/* term.h: a sink that shows a run's In and Out as they happen. */
#ifndef CNB_TERM_H
#define CNB_TERM_H

#include "base/buf.h"
#include "cli/progress.h"
#include "cli/summary.h"
#include "model/event.h"
#include "model/record.h"

enum term_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
/* As --color takes them, in the order of the enum, ended by NULL. */
extern const char *const term_color_names[];
/* Is what goes to `fd` to be in colour? */
bool term_wants_color(enum term_color color, int fd);

struct term_settings {
	int fd; /* where to; not closed */
	enum term_color color;
	bool quiet;	  /* only what failed, and the summary */
	bool verbose;	  /* commands, processor times and memory too */
	const char *path; /* of the notebook, as it was given */
	/* Filled by a sink of the same run; the summary asks it which cells
	 * did not come to run. NULL: not said. */
	const struct record *record;
	/* [number - 1]: the cell is to run; NULL: not known. Borrowed until
	 * the run begins. */
	const bool *selected;
	bool inplace;	/* outputs are saved: --failed will find what failed */
	bool by_itself; /* what failed is run again without being told to */
	bool rerun;	/* `cnb rerun` does that */
	bool screen;	/* who reads `fd` writes it to a terminal */
	bool raw; /* terminals get what cells write, and names, as it is */
};

struct term {
	struct sink sink; /* first */
	struct term_settings how;
	bool is_terminal, color;
	bool safe;   /* see cli/safe.h */
	int failure; /* errno of the write that failed; nothing is written
		      * after it. 0: none */

	struct summary_cell *cells; /* [ncells + 1], by number */
	size_t ncells;
	struct arena names; /* of theirs, those that are not the notebook's */
	const struct notebook *nb;

	struct buf out; /* rendered, not yet written */
	bool middle;	/* of a line: what was rendered last was no newline */
	bool echoed;	/* the terminal may have written `^C` behind that */
	int interruptions; /* of which that is known */
	int speaker;	   /* the cell whose text that was; 0: our own */
	struct buf cut;	   /* the start of a character or an escape sequence */
	int cut_cell;	   /* whose that is, */
	enum stream cut_stream; /* and from where */

	/* the cell now running */
	int current; /* 0: none */
	enum cell_kind kind;
	bool holding;  /* its output waits for its status */
	size_t unheld; /* bytes of it that were let go meanwhile */
	bool messages_shown, sgr;
	struct buf reason;     /* from its error, */
	struct buf places;     /* with the lines of its traceback */
	struct buf left[2];    /* names of processes, of threads */
	struct buf crashes;    /* of processes below it, lines */
	struct buf background; /* names of cells whose threads may have
				* written */
	bool shown_any;

	struct progress progress;
	int64_t now_ns; /* of the event */
};

/* The settings are copied, what they point to is borrowed. */
void term_init(struct term *t, const struct term_settings *how);
void term_release(struct term *t);

#endif

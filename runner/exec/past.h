/* past.h: which cells made the state that the host holds, and how to come back
 * to it. Private to exec/.
 *
 * A cell that fails leaves nothing to those below it: they start from the state
 * before it. That comes from a copy of the host, taken before the cells that
 * may need it; where the host could not be copied, by running again, without
 * being told, the cells since the last copy. A run that ends keeps one copy,
 * the newest; a session keeps them all, so that each cell can be run again. */
#ifndef CNB_PAST_H
#define CNB_PAST_H

#include "base/hurry.h"
#include "exec/cellinfo.h"
#include "watch/frozen.h"

struct run;
struct cell_result;

/* A cell that ran in the host. */
struct step {
	const struct cell_info *cell;
	const char *plugin; /* table cells: that it ran from, the past's; and */
	uint32_t row;	    /* the row of its table */
	bool void_;	    /* it left nothing: the state is that above it */
	uint64_t digest;    /* of what it wrote */
	char *key; /* sessions: what it was made of (held.c); else NULL */
};

/* The state between two steps. */
struct bookmark {
	struct frozen frozen;
	size_t loaded; /* the plugins it has; */
	char *ahead;   /* and its twin that one, too; NULL: none, or it is not
			* known yet */
	char *why;     /* it could not be copied, or its copy was dropped */
	int64_t bytes; /* its memory when that was measured, 0: not yet; it
			* shrinks as others come to share it */
	int64_t most;  /* all that it could be, if none shared it; 0: not asked
			* yet */
};

struct past {
	struct step *steps; /* [nsteps] */
	struct bookmark
		*marks; /* [nsteps + 1]: marks[i] stands above steps[i] */
	size_t nsteps, nmarks;
	struct strs plugins; /* of all steps, each once */
	pid_t host;	     /* that holds what they made, */
	bool spoiled;	     /* and what does not count */
	size_t rolling;	     /* of the one mark that has a copy, unless */
	bool all; /* the copies of all marks are kept, within a budget: */
	size_t most;
	const char *most_why; /* one was dropped to keep within it */
	int64_t most_bytes;
	size_t measured;    /* so many copies there were then */
	int64_t restore_ns; /* what it took so far */
	int *over; /* copies that are dropped end when these are closed */
	size_t nover;
	/* Steps that were set aside, with the marks below them. */
	struct step *aside;
	struct bookmark *aside_marks;
	size_t naside, aside_from;
};

void past_release(struct past *p);
/* Before the plugin at `path` is loaded for cell `c`: bring the state above it
 * about. */
int past_restore(struct run *r, const struct cell_info *c, const char *path,
		 struct err *e);
/* The state that the host holds will be left for one above it, as soon as that
 * is asked for: the host may go now. */
void past_will_go_back(struct run *r);
/* Before cell `c` runs: keep the state above it, if that may be needed. */
void past_keep(struct run *r, const struct cell_info *c);
/* The same in two steps: is a copy wanted? And the host has answered to a RUN
 * that asked for one. */
bool past_wants(struct run *r, const struct cell_info *c);
void past_kept(struct run *r);
/* Will one be wanted above a cell that is yet to come? */
bool past_wants_next(const struct run *r, const struct cell_info *c);
/* It has run: is its work part of the state? `key` is taken over; with one, a
 * cell that left nothing is a step too. */
void past_add(struct run *r, const struct cell_info *c,
	      const struct cell_result *res, char *key);
/* The code of shared cells is another: the copies have the old one. */
void past_forget_copies(struct run *r);
/* End the host, with all that its cells have started and that still lives: what
 * is next begins with nothing. */
void past_end_host(struct run *r);
/* At the end of the run: see that there is a host whose atexit handlers may
 * run. *last: the number of the cell to which that belongs; it changes where
 * only an earlier state is left. */
bool past_last(struct run *r, int *last);

/* Go back to the first `keep` steps. The rest is set aside, until it is put
 * back (the steps since are forgotten), or forgotten itself. */
void past_set_aside(struct past *p, size_t keep);
void past_put_back(struct past *p);
void past_forget_aside(struct past *p);
/* When nobody waits for cells: end the copies that were forgotten with steps.
 * They may be hundreds of processes, which the machine takes a while to clear
 * away; they live until then, or until others take their places. */
void past_let_go(struct past *p);
/* Has no cell left anything? Then any host that begins has the state. */
bool past_is_empty(const struct past *p);
/* Is there a copy of the state as it is, whose open files have no places that
 * several copies of it would move for each other? */
bool past_has_copy(const struct past *p);
/* Copies that there are, and the memory that is theirs alone (PSS), which is
 * measured: a millisecond or so for each. */
size_t past_copies(const struct past *p);
int64_t past_bytes(struct run *r);
/* Have the state above the last step at hand, with the step's code, which is
 * the likeliest to be asked for next: its copy gets a twin, in its own time.
 * Before anything runs, wait for that. */
void past_prepare(struct run *r);
void past_await(struct run *r);
/* Drop copies until the budget is kept: those nearest to others first, the
 * oldest before the newest. False: in a hurry, before all was measured; the
 * next call goes on from there. */
bool past_trim(struct run *r, const struct hurry *h);

/* Between past.c and past_budget.c: let the copy go; `why` it is missed (NULL:
 * as was said). */
void past_drop(struct bookmark *m, const char *why);
/* Keep within their number alone: to measure their memory takes longer than a
 * cell may. */
void past_trim_count(struct past *p);

#endif

/* run.h: a run on its way, shared by the files that carry it out. Private to
 * exec/. */
#ifndef CNB_RUN_H
#define CNB_RUN_H

#include <sys/stat.h>
#include "exec/past.h"
#include "exec/session.h"
#include "exec/workshop.h"
#include "watch/capture.h"
#include "watch/emit.h"
#include "watch/findings.h"
#include "watch/supervise.h"
#include "watch/verdict.h"

struct run;

/* The output of one cell. It stays open as long as anybody may write to it:
 * what comes after the cell's end is late. */
struct live {
	struct run *run;
	int number;   /* of its cell; 0: of none, and nothing is told of it */
	bool over;    /* the cell has ended */
	bool waiting; /* we have not got to it: what it writes is kept here */
	struct buf early;
	uint32_t pair; /* the number that the host knows its pipes by; 0: none
			*/
	bool mute;     /* it ran before: nothing of it is told again */
	/* Of each stream, and of displays. */
	uint64_t digest[STREAM_COUNT + 1], written[STREAM_COUNT + 1];
	struct capture capture;
	struct findings findings; /* on its stderr */
};

/* A cell that was sent ahead: see grants.c. */
struct granted {
	const struct cell_info *c;
	struct live *live;
	const char *plugin;  /* that it runs from, borrowed, */
	const char *command; /* how that was compiled; NULL: it need not be
			      * told, */
	uint32_t row;	     /* and as which row */
	bool copies;	     /* the state above it first */
};
#define GRANTS_MOST 16
struct grants {
	const struct selection *chosen; /* these run, in order; NULL: what
					 * comes next is not known */
	struct granted
		queue[GRANTS_MOST]; /* [count], from `first` on, around */
	size_t first, count;
	size_t window;			/* so many may be sent now, */
	size_t most;			/* and at most; 0: not asked yet */
	struct live *ring[GRANTS_MOST]; /* [nring]: whose pipes go round */
	size_t nring;
	uint32_t pairs;	   /* numbers given so far */
	char *source;	   /* the file that must not have changed, */
	char *path;	   /* as it is to be found from anywhere; NULL: none */
	struct stat state; /* as it was */
};

/* A plugin that the present host has loaded. */
struct loaded {
	char *path; /* of the .so */
	uint32_t number;
	struct strs names; /* of its rows */
	/* With it, those of all shared cells down to the `below`-th are loaded,
	 * as the sharedcells of that number have them; 0: of none. */
	size_t below;
	uint64_t of;
};

struct run {
	const struct cell_list *cells;
	size_t nfiles; /* of them, those that write a file */
	const struct run_settings *how;
	struct emitter emitter;
	struct supervisor supervisor;
	struct workshop workshop;
	int64_t *began_ns;   /* of cells in the host, by number - 1 */
	struct live **lives; /* [nlives], owned */
	size_t nlives;
	/* One of them, whose cell has ended and whose pipes the host has kept:
	 * they are the next cell's. NULL: none. */
	struct live *resting;
	struct grants grants;
	struct loaded *loaded;
	size_t nloaded;
	size_t next_loaded; /* where the next one asked for stands, as a rule */
	struct strs env;    /* NAME=VALUE that cells of the host ask for, each
			     * name once */
	/* Names of cells whose threads are alive in the host, "a, b"; empty:
	 * none */
	struct buf background;
	struct sharedcells *shared; /* NULL: not built yet */
	bool fell_apart; /* they have a plugin each, though one was asked for */
	bool lacks_name; /* what was refused last, for a symbol that nobody has
			  */
	uint64_t nshared; /* so many there were */
	int current;	  /* number of the cell that runs; 0: none */
	struct past past;
	struct backcell **back; /* [nback]: cells in the background */
	size_t nback;
	bool repeating; /* the cell runs many times: see repeat.h */
	bool quiet;	/* it runs only to bring a state about */
	bool replaying; /* cells that ran before bring their state back */
};

/* One cell, from its text to its verdict. What it wrote has been told; its
 * error and its end are the caller's to tell. -1: the system failed us. */
struct cell_result {
	struct verdict verdict;
	struct outcome outcome;
	int *runs; /* exit statuses of `run:` lines, owned */
	size_t nruns;
	bool ran;     /* outcome is filled */
	bool goes_on; /* in the background: its end is told later */
	/* of a cell in the host: */
	char *plugin;	 /* that it ran from, owned; NULL: it did not, */
	uint32_t row;	 /* as which row, */
	uint64_t digest; /* and what it wrote */
};
int cellrun(struct run *r, const struct cell_info *c, struct cell_result *res,
	    struct err *e);
void cell_result_release(struct cell_result *res);
/* Tell how a cell's text compiled. */
void cellrun_emit_built(struct run *r, const struct cell_info *c,
			const struct built *b);

/* The .so of table cell `c`, built or as it is, to be free()d; NULL: there is
 * none. Nothing is told. */
int cellrun_find_plugin(const struct cell_info *c, struct err *e);
int cellrun_plugin(struct run *r, const struct cell_info *c, char **path,
		   struct err *e);

/* One cell with all that is told of it; `key` as past_add(). *stop: the run
 * ends here. */
int run_step(struct run *r, const struct cell_info *c, bool quiet, char *key,
	     bool *stop, struct err *e);
/* The same of one that is not built for a signal, or for want of time; false:
 * there was neither. */
bool run_step_unbuilt(struct run *r, const struct cell_info *c);
/* Begin and end a run of `cells`, which tells nothing by itself. */
int run_begin(struct run *r, const struct cell_list *cells,
	      const struct run_settings *how, struct sink **sinks,
	      struct err *e);
void run_end(struct run *r);
/* From here on it is about these cells. */
void run_take_cells(struct run *r, const struct cell_list *cells);
/* Texts that become files are written before anything is built. */
int run_write_files(const struct run *r, const struct selection *chosen,
		    struct err *e);
/* For what is built and what runs, from emitter.began_ns on; 0: none. */
void run_set_deadline(struct run *r, int64_t ms);
void run_tell_begin(struct run *r);
void run_tell_end(struct run *r);
/* Let the atexit handlers of the host run; `last` is the cell that they belong
 * to, 0: nobody is to hear of them. */
void run_end_host(struct run *r, int last);
/* Everything that still lives dies; what is in the pipes then is the rest. */
void run_sweep(struct run *r);

/* What the kinds of cells share. Task: its limits, nothing of it open yet;
 * prepare: all that it needs, input and outputs, too; judge: the verdict of a
 * task that is over; own_fault: a mistake in what the notebook asks for is the
 * cell's own (0), but where the system fails us the run ends (-1). */
struct task cellrun_task(const struct run *r, const struct cell_info *c);
int cellrun_prepare(struct run *r, const struct cell_info *c, struct task *t,
		    int *input, struct live **live, struct err *e);
void cellrun_judge(struct run *r, const struct cell_info *c,
		   struct cell_result *res, const struct task *t);
int cellrun_own_fault(struct cell_result *res, const char *ename,
		      struct err *e);
/* The same, where that is why it cannot be built. */
int cellrun_unbuilt(struct cell_result *res, struct err *e);

/* The host is gone or is to go: forget what it had loaded, or all but the
 * first `keep` plugins. */
void run_forget_host(struct run *r);
void run_forget_plugins(struct run *r, size_t keep);
/* "x.ipynb:", as the compiler was told it; to be free()d. */
char *run_label(const struct run *r);
/* Tell of a cell's error and its end; true: it is bad, and not excused. */
bool run_emit_end(struct run *r, const struct cell_info *c,
		  const struct cell_result *res);
/* A fresh output for cell `number`. NULL and *e: no descriptors left. */
struct live *run_live(struct run *r, int number, struct err *e);
/* The same for one in the host: what rests there, as far as it can be used
 * (then *kept), or a fresh one. */
struct live *run_live_in_host(struct run *r, int number, bool *kept,
			      struct err *e);
/* Whether it has a timeline, by its number. */
bool live_has_timeline(const struct run *r, int cell);
/* For another cell, which is yet to come; and we get to it. */
void live_wait(struct live *live, int number);
void live_begin(struct live *live);
/* Take more of what it writes into its digest: `part` is a stream, or
 * STREAM_COUNT for displays. */
void live_digest(struct live *live, int part, struct slice bytes);
uint64_t live_digest_all(const struct live *live);
/* Close what is at its end. */
void run_close_ended(struct run *r);

/* Cells sent ahead. May others follow this one at once? Then what its RUN says
 * of that is put into `p`. */
bool grants_lead(struct run *r, const struct cell_info *c);
void grants_put(const struct run *r, uint32_t pair, struct wire_put *p);
/* Send what can be sent, while `c` runs, or is about to. */
void grants_send(struct run *r, const struct cell_info *c);
/* The first of them, if it is `c`; take it from the queue. */
const struct granted *grants_next(const struct run *r,
				  const struct cell_info *c);
struct granted grants_take(struct run *r);
/* A cell of the host is over: those that it has dropped are to be run as ever.
 */
void grants_settle(struct run *r);
void grants_release(struct run *r);

/* Is there nothing on the cell's standard input? */
bool input_is_none(const struct run *r, const struct cell_info *c);
/* What the cell finds on standard input: a descriptor that the caller closes.
 * t->terminal: it is the terminal. A fifo is waited for, for as long as the
 * task may take. */
int input_open(const struct run *r, const struct cell_info *c, struct task *t,
	       struct err *e);

/* Write the text of a `file:` or `%%file` cell: before anything is built.
 * Outside of the work directory only for a run. 1: it was written; 0: the file
 * has that text, or there is nothing to write. */
int files_write(const struct run *r, const struct cell_info *c, struct err *e);
/* Those of the first so many cells; and then what is compiled from them is
 * later, so that it can be kept. */
int files_write_first(const struct run *r, size_t count, struct err *e);
/* The same of those that more than one cell writes, as they are in a run when
 * the cell at `turn` (from 0) has its turn. Where it is the count of cells: at
 * the end. */
int files_write_for(const struct run *r, size_t turn, struct err *e);

/* Start a host, where none runs. */
int hostcell_start(struct run *r, struct err *e);
/* -1: it died, and with it the state that the cell was to run in. */
int hostcell_is_lost(struct run *r, struct err *e);
/* What a host must be started with: program and environment, to be free()d. */
char *hostcell_needs(struct run *r, struct err *e);
/* Load the plugin at `path` (a .so) in the host, starting one where none runs.
 * *loaded lives until the next call. past_restore() comes first. */
int hostcell_load(struct run *r, const char *path, const struct loaded **loaded,
		  struct err *e);
/* The same for the plugin of one shared cell, below those of the cells above:
 * they are loaded in the notebook's order. */
int hostcell_load_shared(struct run *r, const char *path,
			 const struct loaded **loaded, struct err *e);
/* It has loaded the plugin at `path`, and said that. */
void hostcell_has_loaded(struct run *r, const char *path,
			 const struct buf *said);
/* The row that a table cell names. */
int hostcell_row(const struct loaded *l, const struct cell_info *c,
		 uint32_t *row, struct err *e);
/* Run one row of a loaded table as cell `c`. */
int hostcell_call(struct run *r, const struct cell_info *c,
		  const struct loaded *l, uint32_t row, struct cell_result *res,
		  struct err *e);

/* What the host is told to run: `copy` see WIRE_RUN, the end is the caller's.
 */
void hostcell_put(struct wire_put *p, const struct run *r,
		  const struct cell_info *c, const struct loaded *l,
		  uint32_t row, bool copy);
/* Follow the one that was sent ahead. */
int hostcell_follow(struct run *r, const struct cell_info *c,
		    struct cell_result *res, struct err *e);
/* Note what `loaded` says of shared cells; and how many of the first ones are
 * known to be among the first `n` plugins of the host. */
void hostcell_note_below(struct run *r, const struct loaded *loaded,
			 uint64_t of, size_t below);
size_t hostcell_below(const struct run *r, uint64_t of, size_t n);
/* The plugin of that path, if the host has it; and is it among the first `n` of
 * those? */
const struct loaded *hostcell_loaded(struct run *r, const char *path);
bool hostcell_has(struct run *r, const char *path, size_t n);

/* Cells in the background. Start `what` as the last command of one; *res, what
 * is known of it by now, is taken over and becomes goes_on. Tell of those that
 * have ended by themselves (true: one of them is bad); end all, the last one
 * first. */
int backcell_start(struct run *r, const struct cell_info *c,
		   struct cell_result *res, struct task *t, struct live *live,
		   const struct keeper_spawn *what, bool plain, struct err *e);
bool backcells_reap(struct run *r);
void backcells_end(struct run *r);

/* Shared cells: compiled together when the first of them is reached. */
struct sharedcells;
int sharedcell_run(struct run *r, const struct cell_info *c,
		   struct cell_result *res, struct err *e);
void sharedcells_free(struct sharedcells *s);
/* The plugin and the row of a shared cell that is compiled, with others; NULL:
 * it is not. And tell that it is. */
const char *sharedcell_ready(struct run *r, const struct cell_info *c,
			     uint32_t *row);
void sharedcell_tell(struct run *r, const struct cell_info *c);
/* Another call is to be told of them, and for it they are found built. */
void sharedcells_tell_again(struct sharedcells *s);
/* Has each a plugin of its own? */
bool sharedcells_are_apart(const struct run *r);
/* The plugin of shared cell `c`, where that is so, borrowed; NULL: it does not
 * compile. -1 as sharedcell_run(). */
int sharedcell_path(struct run *r, const struct cell_info *c, const char **path,
		    struct err *e);
/* The plugin that the host has still to load for it, where it has the first
 * `loaded` of those that it has; NULL: none, or others before it. Borrowed. */
const char *sharedcell_ahead(struct run *r, const struct cell_info *c,
			     size_t loaded);
/* Load what shared cell `c` is compiled to, where it is now, and what it stands
 * on, in the host; its row. As hostcell_load(). */
int sharedcell_load(struct run *r, const struct cell_info *c,
		    const struct loaded **loaded, uint32_t *row, struct err *e);
/* Compile them before the first of them is reached; a failure is no failure
 * yet. And the compiler that they ask for, NULL: the default. */
void sharedcells_build_ahead(struct run *r, struct err *e);
const char *sharedcells_cc(const struct run *r);
/* The unit as it was built, and how; NULL: there is none. */
struct shared;
struct shared_how;
const struct shared *sharedcells_unit(struct run *r, struct shared_how *how,
				      struct err *e);
/* Do the values of parameters compile? -1 and a sentence that names one. */
int sharedcells_check_params(struct run *r, struct err *e);
/* Compile them now, for `cnb build`; tells how, and what came of it in
 * *products. */
int sharedcells_build(struct run *r, struct strs *products, int *failed,
		      struct err *e);

#endif

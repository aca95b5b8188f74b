/* rounds.h: what `cnb watch` has captured in all its rounds, and saves after
 * each: into the notebook itself (-i), as a copy (-o).
 *
 * A cell that did not run in the last round is saved as it was when it did, so
 * what is saved is the state of the session, whatever an editor has left there.
 * Where nothing ran, nothing is saved. */
#ifndef CNB_ROUNDS_H
#define CNB_ROUNDS_H

#include <sys/stat.h>
#include "cli/journal.h"
#include "cli/run_args.h"
#include "cli/saver.h"
#include "exec/params.h"
#include "format/formats.h"

struct rounds {
	const struct run_args *args;
	const char *path;   /* of the notebook */
	enum format format; /* of the copy */
	/* of the last round, owned; NULL: none yet */
	struct notebook *nb;
	struct record *record;
	struct record *now;	/* of the present one */
	struct journal journal; /* of this round; of all, where they wait */
	bool journaled;		/* it is there */
	struct saver saver;
	bool saving;	   /* the saver is there, and the notebook locked */
	bool unsaved;	   /* outputs wait until the notebook can be saved */
	bool again;	   /* it was edited while cells ran */
	bool copied;	   /* there is a copy of the last round */
	bool is_as_left;   /* we know how we left the notebook: */
	struct stat left;  /* so, */
	struct look saved; /* with this in it */
};

/* -1: what is to be saved cannot be. */
int rounds_init(struct rounds *r, const struct run_args *args, const char *path,
		struct err *e);
/* Before a round of the notebook: sinks of events, NULL: none is needed. The
 * record and the journal stand before all others, the saver behind them. */
void rounds_begin(struct rounds *r, const struct notebook *nb,
		  const struct params *params);
struct sink *rounds_record(struct rounds *r);
struct sink *rounds_journal(struct rounds *r);
struct sink *rounds_saver(struct rounds *r);
/* After it: save; what cannot be is said. Takes over the notebook. */
void rounds_end(struct rounds *r, struct notebook *nb,
		const struct params *params);
/* Has nobody saved the notebook since we did? */
bool rounds_is_ours(const struct rounds *r);
/* There is no other round: what could not be saved is saved beside, or stays in
 * the journal. The exit status. */
int rounds_finish(struct rounds *r);
void rounds_release(struct rounds *r);

#endif

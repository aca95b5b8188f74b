/* journal.h: a run's events on disk as they come, so that what was captured
 * outlives cnb itself. A run that ends well takes its journal away.
 *
 * Journals stand in $XDG_STATE_HOME/cnb (else ~/.local/state/cnb), which only
 * its owner can enter, named for their notebook. Of one notebook at most one
 * is left behind; what is older than JOURNAL_DAYS goes. */
#ifndef CNB_JOURNAL_H
#define CNB_JOURNAL_H

#include "base/err.h"
#include "model/event.h"
#include "model/record.h"

#define JOURNAL_DAYS 30

struct journal {
	struct sink sink; /* first */
	char *path;	  /* NULL: there is none, */
	char *why;	  /* for this reason, owned; NULL: nobody needs one */
	const char *name; /* of the notebook, which owns it */
	int fd;		  /* locked as long as the run lasts */
	char *map;	  /* the file, mapped to `size` bytes */
	size_t len, size;
	size_t rested;	   /* so much was given back, as memory */
	struct buf packed; /* the event at hand */
	int64_t limit;	   /* bytes of output for each cell */
	int64_t room;	   /* of them for the cell that runs */
	int64_t synced_ns; /* event time; and the length that was then on its */
	size_t synced;	   /* way to the disk */
	bool begun, dirty; /* a cell began; not synced */
};

/* Where they stand, to be free()d; NULL: nowhere. */
char *journal_dir(void);

/* Begin one. `r` says which cells are left alone, and the limit. Where none can
 * be kept (no home, a disk that is full), none is: the run goes on. */
void journal_begin(struct journal *j, const struct record *r);
/* The run is over. `saved`: what it captured has reached those who asked for
 * it; the journal goes, as one of a run in which no cell began. Else it says on
 * standard error how one gets what it holds, or that there is none. */
void journal_end(struct journal *j, bool saved);

/* Was an earlier run of the notebook cut off, and has nobody been told yet?
 * Says so on standard error, once. Removes what has become old. */
void journal_announce(const char *path);

/* The run that was cut off, as far as it came: its notebook (of journal_read's
 * making, to be released after the record) and its record. -1: there is none,
 * or it cannot be read. */
int journal_read(const char *path, struct notebook *nb, struct record *r,
		 struct err *e);
/* It has been recovered. */
void journal_forget(const char *path);

#endif

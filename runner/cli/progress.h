/* progress.h: how far a run has come: a line at the end of a terminal that
 * comes and goes, or, where a log is read by nobody until it is over, a line
 * a minute. */
#ifndef CNB_PROGRESS_H
#define CNB_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "model/notebook.h"

enum progress_form {
	PROGRESS_NONE,
	PROGRESS_LINE, /* on a terminal that can erase a line */
	PROGRESS_LOG,  /* lines of a log */
};

struct progress {
	enum progress_form form;
	int fd; /* the terminal, for its width */
	const struct notebook *nb;
	size_t total;	 /* cells that are to run; 0: not known */
	size_t begun;	 /* of them */
	int64_t rest_ns; /* what those not begun took last time, */
	bool rest_known; /* if that is known of all of them */
	int cell;	 /* that runs; 0: none */
	char *name;
	int64_t since_ns; /* when it began, in event time */
	int64_t told_ns;  /* PROGRESS_LOG: of the last sign of life */
	bool drawn;	  /* it stands on the terminal now */
};

/* `selected[i]`: the code cell of number i + 1 is to run; NULL: not known. */
void progress_init(struct progress *p, enum progress_form form, int fd,
		   const struct notebook *nb, const bool *selected);
void progress_release(struct progress *p);
void progress_begin(struct progress *p, int cell, const char *name,
		    int64_t at_ns);
void progress_end(struct progress *p);
/* Something else was written: a log needs no line for a while. */
void progress_alive(struct progress *p, int64_t at_ns);

/* Append what shows the progress now, or nothing. The cursor must stand at the
 * beginning of a line. */
void progress_draw(struct progress *p, struct buf *out, int64_t at_ns,
		   bool color);
/* Append what takes a drawn line away again. */
void progress_erase(struct progress *p, struct buf *out);

#endif

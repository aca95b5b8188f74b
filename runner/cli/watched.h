/* watched.h: the files whose saves count for `cnb watch`: the notebook, and
 * what its cells are made of. It does not know what runs, nor what for. */
#ifndef CNB_WATCHED_H
#define CNB_WATCHED_H

#include "base/print.h"
#include "sys/changes.h"

struct watched_file {
	char *path;
	int from;   /* number of the first cell that it may change; INT_MAX:
		     * none is known */
	bool saved; /* since the round began; */
	struct print print; /* of what stood in it then */
};

struct watched {
	struct changes changes;
	struct strs notebook; /* its path; and where links lead */
	struct strs written; /* what cells write, as path_real() has it: no save
			      * of it is a user's */
	struct watched_file *files; /* [nfiles] */
	size_t nfiles;
};

/* What was saved. */
struct watched_news {
	bool notebook, others;
};

/* -1: the kernel does not let us watch the notebook's folder. */
int watched_open(struct watched *w, const char *notebook, struct err *e);
void watched_close(struct watched *w);

/* A round begins: what each cell is made of is to be told again. */
void watched_renew(struct watched *w);
/* Cell `from`, and all below it, are made of this file. -1: its folder cannot
 * be watched. */
int watched_add(struct watched *w, const char *path, int from, struct err *e);
/* A file that a cell writes, whatever else it may be. */
void watched_leave_out(struct watched *w, const char *path);
/* All were told. What stands in them now is what the round is made of. */
void watched_look(struct watched *w);

/* Without waiting: what was saved since the last call. */
struct watched_news watched_read(struct watched *w);
/* Is what cell `number`, or one above it, is made of another by now? The
 * notebook itself is not looked at. */
bool watched_is_other(struct watched *w, int number);

#endif

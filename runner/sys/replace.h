/* replace.h: a file that takes the place of another, whole or not at all: it
 * is written beside it, synced, and renamed. Mode, owner, access list (acl(5))
 * and the user's own attributes (xattr(7)) are kept; other names of it (hard
 * links) keep the old file. A symbolic link is followed, also to what is not
 * there yet; a new file gets 0666 less the umask. What cannot be replaced (a
 * pipe, a device) is written to; a file that is read-only is left alone.
 *
 * While it is written it has no name, where the file system knows such files
 * (O_TMPFILE): whoever is killed then leaves nothing. Otherwise, and for the
 * moment before the rename, it is `.NAME.cnb-new`, locked by who writes it; one
 * whose lock nobody holds is removed by the next to replace NAME. */
#ifndef CNB_REPLACE_H
#define CNB_REPLACE_H

#include <stdbool.h>
#include "base/buf.h"
#include "base/err.h"

struct look;

enum replace_how {
	REPLACE_SAFE,
	REPLACE_QUICK, /* without a sync, and whatever stands there */
};

struct replacement {
	struct buf_flow flow; /* first: `out` flows into the file */
	struct buf out;	      /* what is added here is written */
	const char *path;     /* as people know it, borrowed */
	char *target;	      /* with links followed */
	char *temporary;      /* its name before; NULL: target is written to */
	bool named;	      /* it has that name already */
	int fd;
	int failure; /* errno of what failed first; 0: nothing yet */
	enum replace_how how;
	size_t unsynced;
	struct replacement *next; /* of those that are open */
};

/* The struct must stay where it is until the end. On -1 nothing is to be
 * released. "cannot write 'x': No space left on device" */
int replace_begin(struct replacement *r, const char *path, enum replace_how how,
		  struct err *e);
/* The same for a path that people know by another name, borrowed too. */
int replace_begin_as(struct replacement *r, const char *path, const char *name,
		     enum replace_how how, struct err *e);
/* Before there is anything to write: can it be known that it would fail? -1, as
 * replace_begin(). */
int replace_allowed(const char *path, struct err *e);
/* All is written: the file takes its place. If `lock` is not NULL, it gets a
 * descriptor of the file, which was locked (flock) before anybody could see it;
 * -1: it was written to. Returns -1 where nothing was replaced. */
int replace_end(struct replacement *r, int *lock, struct err *e);
/* The same, only if the old file is what it `was`, as swap_in() has it: else 1,
 * and nothing is replaced. */
int replace_end_if(struct replacement *r, const struct look *was, bool at_last,
		   int *lock, struct err *e);
/* Nothing is replaced; the old file stays. */
void replace_drop(struct replacement *r);

#endif

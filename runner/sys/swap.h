/* swap.h: a file takes another's place only if that still is what it was when
 * somebody looked at it. What is saved into it in between, written in place or
 * renamed over it, is not lost: nothing is replaced then, and who asked looks
 * again. */
#ifndef CNB_SWAP_H
#define CNB_SWAP_H

#include <stdbool.h>
#include "base/print.h"

/* What a path led to. */
struct look {
	enum look_how {
		LOOK_ABSENT, /* nothing */
		LOOK_HIDDEN, /* something that cannot be read */
		LOOK_SEEN,
	} how;
	struct print print; /* of its bytes, without a byte order mark */
};
void look_at(struct look *l, const char *path);
/* The look of bytes that were read. */
struct look look_of(struct slice text);
bool look_same(const struct look *a, const struct look *b);

/* Does somebody have it open to write to it? False also where the file system
 * cannot tell. */
bool swap_is_written(const char *path);

/* An editor that writes in place is waited for, so many times so long: more
 * than any takes for that. */
#define SWAP_ROUNDS 100
#define SWAP_PAUSE_US 10000

/* The file at `temporary`, of which `fd` is a descriptor (read-only, or nothing
 * can be known of who writes), comes to `target`, a path without links, in the
 * same folder. SWAP_ANOTHER: nothing was replaced, for `target` is not what
 * `was` says, or is being written to; with `at_last`, who only has it open is
 * no reason. SWAP_FAILED: errno. Where files cannot be exchanged (NFS), what is
 * saved between the last look and the rename is lost. */
enum swapped { SWAP_DONE, SWAP_ANOTHER, SWAP_FAILED };
enum swapped swap_in(const char *temporary, int fd, const char *target,
		     const struct look *was, bool at_last);

#endif

/* frozen.h: copies of the host that stand still, and to go back to one. */
#ifndef CNB_FROZEN_H
#define CNB_FROZEN_H

#include "base/buf.h"
#include "watch/supervise.h"

/* A copy of the host as it was when it was taken. */
struct frozen {
	pid_t pid; /* 0: none */
	int fd;	   /* it ends when this is closed */
	/* A host made of it ahead of its time, which may become the one. */
	int twin_fd;	   /* -1: none, not even one on its way */
	pid_t twin;	   /* 0: it has not said its number yet */
	bool loads;	   /* it was told of a plugin; */
	struct buf loaded; /* what LOADED said, of the plugin that it has more;
			    * empty: none */
	int files; /* open ones with a place in them, which all lines share */
	bool watched;	    /* it may refuse to go on */
	struct pids others; /* what lived beside the host at that time */
};

#define FROZEN_NONE ((struct frozen){ .fd = -1, .twin_fd = -1 })

/* Copy the host as it is now. 1: *f is filled; 0: it is in no state that could
 * be copied, *why says what stands against it; -1: the host is lost. `watched`:
 * the copy is good only as long as nobody writes to the files that it has open
 * to be written to. */
int frozen_take(struct supervisor *s, struct frozen *f, bool watched,
		struct buf *why, struct err *e);
/* Make a host of a copy, which stays as it is, but may lose its twin: *loaded
 * is then what that one had loaded more (as above; the caller's), else empty.
 * The present host dies first, and whatever was started since the copy was
 * taken but for `spare`. -1: of class ERR_INPUT if the copy refuses. */
int frozen_thaw(struct supervisor *s, struct frozen *f,
		const struct pids *spare, struct buf *loaded, struct err *e);
/* Let a copy have a twin, so that the next thaw finds one that is made; returns
 * before it is. It loads the plugin at `path` (NULL: none), of a shared cell or
 * another, unless that has code that runs by itself. Before anything else runs,
 * wait for it: until then it would be taken for somebody's child. */
void frozen_prepare(struct frozen *f, const char *path, bool shared);
void frozen_await(struct supervisor *s, struct frozen *f);
void frozen_drop_twin(struct frozen *f);
/* The same of what the host says to a RUN that asked for a copy, in
 * s->host.in: 1 or 0 as above (*why lives as long as that), -1: nonsense. */
int frozen_read(struct supervisor *s, struct frozen *f, const char **why);
/* Have we a descriptor left for a copy? -1 and *e: no. */
int frozen_room(struct err *e);
/* Let it go. One that is none is fine. */
void frozen_drop(struct frozen *f);
/* The same, but it lives until the caller closes what this returns; -1: it was
 * none. */
int frozen_part(struct frozen *f);

#endif

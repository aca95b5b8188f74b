/* letter.h: what a client asks of a session, what it answers, and how both are
 * bytes on a stream. Both ends are the same build of cnb on one machine. */
#ifndef CNB_LETTER_H
#define CNB_LETTER_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/print.h"
#include "base/text.h"
#include "watch/limits.h"

/* A frame: u32 kind, u32 length, bytes. */
enum frame {
	FRAME_ASK,	 /* client: a letter */
	FRAME_INTERRUPT, /* client: the user's Ctrl-C; empty */
	FRAME_EVENT,	 /* session: event_pack() */
	FRAME_WAIT,	 /* session: cells run for another; empty */
	FRAME_TEXT,   /* session: the letter once more, with its text; empty */
	FRAME_ANSWER, /* session, at last */
};
#define FRAME_MOST (UINT32_C(1) << 30)
/* What stands in it is `bytes`, and `more` behind them. -1 with errno. */
int frame_send(int fd, enum frame kind, struct slice bytes, struct slice more);
/* The same to one that may not read: while it takes nothing `goes_on` is asked,
 * some times a second; false: -1 with errno EINTR. */
int frame_send_if(int fd, enum frame kind, struct slice bytes,
		  struct slice more, bool (*goes_on)(void *self), void *self);
/* The next frame, waiting for it. 1: it is there; 0: end of file; -1: an error,
 * or nonsense. */
int frame_read(int fd, enum frame *kind, struct buf *bytes);
/* Add what has come of a frame to `bytes` (empty at first), without waiting and
 * no byte behind it. 1: it is whole; 0: there is more to come; -1 and errno: 0
 * for its end, EPROTO for nonsense, or an error. */
int frame_gather(int fd, struct buf *bytes);
/* What stands in a whole one; borrowed from it. */
struct slice frame_open(const struct buf *bytes, enum frame *kind);

enum letter_kind {
	LETTER_RUN,
	LETTER_STATUS, /* all that can be told of it, memory too */
	LETTER_STOP,
	LETTER_GLANCE, /* what takes no time */
};

struct letter {
	int kind;
	char *version; /* of cnb */
	/* RUN */
	char *path;	    /* of the notebook, absolute */
	struct slice text;  /* what is in it; borrowed */
	bool known;	    /* it is left out: the session may have it, with */
	struct print print; /* this fingerprint; or one that means the same, */
	struct print sense; /* by notebook_sense(), */
	struct buf begins;  /* of which the cells stand here */
	struct buf parts;   /* for each code cell: is it to run? */
	bool changed;	    /* also what changed, and what is stale */
	bool quiet;	    /* what runs for their sake is not shown */
	bool keep_going;
	int64_t timeout_ms, deadline_ms, grace_ms, repeat, lanes;
	struct limits limits;
	/* counts in the first one: how the session is made */
	char *workdir, *cc, *cflags, *sanitize; /* NULL: not given */
	struct strs params;
	int64_t idle_ms, snapshots, snapshot_bytes;
};
void letter_release(struct letter *l);
/* All but the text, which comes behind it. */
void letter_pack(struct buf *out, struct letter *l);
/* Of `bytes` it borrows the text. */
int letter_unpack(struct letter *l, struct slice bytes);
/* Of a packed one; -1: it is none. */
int letter_kind(struct slice bytes);
/* Does it say what its kind has to say, in numbers that can be meant? */
bool letter_is_sound(const struct letter *l);

enum cell_age {
	AGE_FRESH,
	AGE_STALE,
	AGE_NEW,
	AGE_CHANGED,
	AGE_NONE,
	AGE_COUNT
};

struct answer {
	char *error; /* NULL: done as it was asked */
	int class;   /* of that, an err_class */
	/* RUN: what it took beside the cells' own time */
	int64_t read_ns, build_ns, restore_ns;
	/* STATUS, and RUN */
	char *path;
	int64_t pid, started_ns, used_ns, idle_ms; /* clock_real_ns() */
	int64_t copies, bytes, dropped;
	struct strs params; /* K=V, that it was given and keeps */
	struct buf ages;    /* for each code cell, an enum cell_age */
	bool busy;	    /* cells run now, for another: not all is told */
	bool ends;	    /* RUN: somebody has asked it to end */
	/* GLANCE: its code cells as they were when it last looked (ages.h) */
	struct strs ids, prints;
	struct strs gaps; /* of each, why the state above it is not kept; "" */
	bool touched; /* files that they are built from have changed since */
};
void answer_release(struct answer *a);
void answer_pack(struct buf *out, struct answer *a);
int answer_unpack(struct answer *a, struct slice bytes);

#endif

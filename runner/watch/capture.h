/* capture.h: the two pipes that take what a cell writes, behind one interface.
 *
 * Bytes come in the order of each stream. Of the order between the streams:
 *
 * CAPTURE_PLAIN     it is that in which we happened to read them.
 * CAPTURE_ORDERED   each write to stderr is announced before it is made, and
 *                   what stdout holds then is read first. So bytes in stderr's
 *                   pipe are older than what was written to stdout by the same
 *                   thread, or by one that knows of them, afterwards: stderr is
 *                   read before stdout, and the order is right. Bytes that
 *                   nobody announced are marked: their place is not known.
 * CAPTURE_TIMELINE  writes do not come through the pipes: see watch/witness.h.
 *                   What still does is marked in the same way. */
#ifndef CNB_CAPTURE_H
#define CNB_CAPTURE_H

#include <stdbool.h>
#include <sys/types.h>
#include "base/err.h"
#include "model/event.h"
#include "sys/loop.h"
#include "watch/announced.h"

enum capture_order { CAPTURE_PLAIN, CAPTURE_ORDERED, CAPTURE_TIMELINE };

struct capture_text {
	enum stream stream;
	struct slice bytes;
	bool unordered; /* its place beside the other stream's is not known */
	const struct author *author; /* NULL: there is no timeline */
};
typedef void capture_fn(void *self, const struct capture_text *text);

struct witness;

struct capture {
	struct loop *loop;
	capture_fn *deliver;
	void *self;
	int reader[STREAM_COUNT]; /* -1: at end of file, or closed */
	int writer[STREAM_COUNT]; /* for the cell; -1: given away */
	struct {
		dev_t dev;
		ino_t ino;
	} pipe[STREAM_COUNT];
	enum capture_order order;
	int64_t began_ns; /* the cell's start: its timeline counts from here */
	struct announced announced; /* on stderr */
	int failure;		    /* errno of a read; 0: none */
	bool ignored;		    /* we do not watch them */
	bool doubt;		    /* what comes next is marked */
	int64_t woken_ns;	    /* when stdout was ready last */
	int close;		    /* times in a row that it soon was again */
	int room;		 /* of stdout's pipe, once it was made larger */
	struct witness *witness; /* that knows of us, or NULL */
};

/* Open both pipes and watch them. */
int capture_open(struct capture *c, struct loop *loop, capture_fn *deliver,
		 void *self, struct err *e);
/* Watch them no more, and again: what comes meanwhile is there to be drained.
 */
void capture_ignore(struct capture *c);
void capture_listen(struct capture *c);
/* After the cell has them: else end of file never comes. */
void capture_close_writers(struct capture *c);
/* Deliver what was written before this call, and not more: without waiting. */
void capture_drain(struct capture *c);
/* A thread is about to write to stderr: at most so many bytes. */
void capture_announce(struct capture *c, pid_t tid, uint64_t len);
/* Nobody holds the writing ends any more, and all is delivered. */
bool capture_at_end(const struct capture *c);
/* What was there is drained; what comes from now on is another cell's, which
 * has the same writing ends. */
void capture_renew(struct capture *c);
void capture_close(struct capture *c);

#endif

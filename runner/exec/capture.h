/* capture.h: the two pipes that take what a cell writes, behind one interface.
 *
 * Bytes come in the order of each stream. Between the two streams the order is
 * that in which we saw them: neighbouring writes may change places, which the
 * record calls "approximate". */
#ifndef CNB_CAPTURE_H
#define CNB_CAPTURE_H

#include <stdbool.h>
#include "base/err.h"
#include "model/event.h"
#include "sys/loop.h"

typedef void capture_fn(void *self, enum stream stream, struct slice bytes);

struct capture {
	struct loop *loop;
	capture_fn *deliver;
	void *self;
	int reader[STREAM_COUNT]; /* -1: at end of file, or closed */
	int writer[STREAM_COUNT]; /* for the cell; -1: given away */
};

/* Open both pipes and watch them. */
int capture_open(struct capture *c, struct loop *loop, capture_fn *deliver,
		 void *self, struct err *e);
/* After the cell has them: else end of file never comes. */
void capture_close_writers(struct capture *c);
/* Deliver what has arrived, without waiting. */
void capture_drain(struct capture *c);
/* Nobody holds the writing ends any more, and all is delivered. */
bool capture_at_end(const struct capture *c);
void capture_close(struct capture *c);

#endif

/* jsonl.h: a run as JSON lines, one for each event, as it happens. */
#ifndef CNB_JSONL_H
#define CNB_JSONL_H

#include "base/buf.h"
#include "model/event.h"
#include "model/record.h"

/* A sink that gives each line, its newline included, to `put`. Text is cut at
 * characters, and in lines no longer than a pipe takes at once, so that a
 * reader sees whole ones whatever becomes of us. */
struct jsonl {
	struct sink sink; /* first */
	void (*put)(void *to, struct slice line);
	void *to;
	struct buf line;
	bool failed; /* a cell is bad */
	/* bytes that only the next ones explain: the start of a character */
	struct buf cut[STREAM_COUNT];
	int cut_cell;
};
void jsonl_init(struct jsonl *j, void (*put)(void *to, struct slice line),
		void *to);
void jsonl_release(struct jsonl *j);

/* Append the lines of a record: the events that would make it again. */
void jsonl_write(struct buf *out, const struct record *r);

#endif

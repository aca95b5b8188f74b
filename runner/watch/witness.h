/* witness.h: sees writes of cells before they are made.
 *
 * Processes of cells are started with a filter (sys/notify.h): their writes
 * wait until we have answered. Which capture a write goes to is told by the
 * pipe behind the descriptor, whatever its number. In a capture that is
 * CAPTURE_ORDERED a write to stderr is announced to it, and then made by the
 * kernel as ever. In one that is CAPTURE_TIMELINE we take the bytes from the
 * writer's memory, deliver them, and answer for the kernel: one write after the
 * other is the total order. Where we may not look into the writer (it is
 * another user's, or not dumpable) the kernel makes the write, and nothing is
 * known of it.
 *
 * A write that waits is a write to a full pipe, for the writer: it goes on when
 * our loop gets to it. */
#ifndef CNB_WITNESS_H
#define CNB_WITNESS_H

#include "base/buf.h"
#include "sys/notify.h"
#include "sys/peer.h"
#include "watch/capture.h"

struct witness {
	struct loop *loop;
	int *listeners;
	size_t nlisteners;
	struct capture **captures; /* borrowed */
	size_t ncaptures;
	/* May that thread make another process or thread? NULL: always. */
	bool (*may_grow)(void *self, pid_t tid);
	void *self;
	struct peers peers;
	struct buf bytes; /* of the write at hand */
};

void witness_init(struct witness *w, struct loop *loop);
/* Calls that still wait then fail: everybody who could make one must be dead.
 */
void witness_release(struct witness *w);
/* Hear what this listener says, until nobody is left who could call. It is ours
 * from here on. */
void witness_listen(struct witness *w, int listener);
/* Writes into this capture, until witness_forget() or capture_close(). */
void witness_watch(struct witness *w, struct capture *c);
void witness_forget(struct witness *w, struct capture *c);
/* The calls that a process must be made to wait at. `shell`: one that gives
 * descriptor 1 what was 2, as shells do. */
unsigned witness_calls(enum capture_order order, bool shell);

#endif

/* event_pack.h: events as bytes, for what outlives a process (a journal) or
 * stands between two of them (a session and its client). Both ends are the same
 * build of cnb on the same machine: numbers are in its own byte order. */
#ifndef CNB_EVENT_PACK_H
#define CNB_EVENT_PACK_H

#include "base/arena.h"
#include "base/buf.h"
#include "model/event.h"

/* Raised whenever the form changes: bytes of another version are not read. */
#define EVENT_PACK_VERSION 1

/* Append the event. Its run.notebook is left out. */
void event_pack(struct buf *out, const struct event *ev);
/* The event of exactly these bytes; what it points to lies in them or in the
 * arena. run.notebook is `nb`. -1: they are not one, or it is about a cell that
 * the notebook has not. */
int event_unpack(struct event *ev, struct slice bytes,
		 const struct notebook *nb, struct arena *a);

#endif

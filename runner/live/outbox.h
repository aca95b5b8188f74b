/* outbox.h: what a session has said to one client, who reads it when it likes.
 * It waits here, so that neither the cells nor other clients wait. */
#ifndef CNB_OUTBOX_H
#define CNB_OUTBOX_H

#include <stdbool.h>
#include "live/letter.h"
#include "sys/loop.h"

/* From here on who has more to say waits: see outbox_is_full(). */
#define OUTBOX_FULL ((size_t)16 << 20)

struct outbox {
	struct loop *loop; /* in which the rest goes out; borrowed */
	int fd;		   /* ours, of the client's socket */
	struct buf bytes;
	size_t sent;   /* of those */
	bool waits;    /* the loop looks for room */
	bool gone;     /* nobody reads it any more */
	uint64_t went; /* bytes that the client has taken in all */
};

/* To the client at the other end of `fd`, which stays the caller's. Where there
 * is no descriptor left, it is as if the client were gone. */
struct outbox *outbox_new(struct loop *loop, int fd);
/* What is not sent is forgotten. */
void outbox_free(struct outbox *o);
void outbox_put(struct outbox *o, enum frame kind, struct slice bytes);
/* It will read no more. */
void outbox_drop(struct outbox *o);
/* Bytes that are not sent. */
size_t outbox_left(const struct outbox *o);
bool outbox_is_full(const struct outbox *o);
/* Send as much as there is room for, waiting until `until_ns` for some. */
void outbox_push(struct outbox *o, int64_t until_ns);

#endif

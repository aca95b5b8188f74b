/* callers.h: who has knocked at a session's door and has yet to say what it
 * wants. They are heard side by side: one that falls silent, or says a byte now
 * and then, keeps nobody waiting, and is let go. */
#ifndef CNB_CALLERS_H
#define CNB_CALLERS_H

#include <stdbool.h>
#include "live/letter.h"
#include "sys/loop.h"

#define CALLERS_MOST 128
/* So long may a whole letter take; and so long where others stand at the door
 * and find no room. */
#define CALLER_NS (INT64_C(10) * 1000 * 1000 * 1000)
#define CALLER_SILENT_NS (INT64_C(500) * 1000 * 1000)

struct caller {
	int fd;		  /* -1: none */
	struct buf bytes; /* a frame, as far as it has come */
	bool done;	  /* all of it */
	bool put_off;	  /* it was told to wait */
	int64_t since_ns; /* clock_mono_ns() */
	uint64_t turn;	  /* in the order in which they came */
};

struct callers {
	struct loop *loop;
	void (*heard)(void *self); /* one has said all; NULL: never mind */
	void *self;
	struct caller all[CALLERS_MOST];
	uint64_t turns; /* that were given */
};

void callers_init(struct callers *c, struct loop *loop);
void callers_release(struct callers *c);
/* Has nobody to make room for another? */
bool callers_are_full(const struct callers *c);
/* Accept one from the listening socket; a stranger is turned away. Where there
 * is no room, or no descriptor, who has yet to say all for longest makes some,
 * if that is long enough: else the loop looks at the socket again then. */
void callers_accept(struct callers *c, int listener);
/* Tell those who want cells to run that others do. */
void callers_put_off(struct callers *c);
/* One who has been heard says something else: before who has said nothing yet.
 * False: there is no room. */
bool callers_hear_again(struct callers *c, int fd);
/* The frame of the first who has said all, whose letter is of such a kind (-1:
 * of any), in place of what `frame` holds; its socket, the caller's to close,
 * or -1: there is none. */
int callers_take(struct callers *c, int of_kind, struct buf *frame);
/* Has one that waits said all, in a letter of such a kind? */
bool callers_ask(const struct callers *c, int of_kind);
/* Is anybody there at all? */
bool callers_wait(const struct callers *c);
/* We were deaf for a while: the time of all that wait begins anew. */
void callers_renew(struct callers *c);
/* Let those go whose time is over. -> when it is for the next; LOOP_NEVER. */
int64_t callers_expire(struct callers *c);

#endif

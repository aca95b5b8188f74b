/* held.h: a session: a notebook whose host stays, with the states between its
 * cells, so that any cell can be run again from the state above it.
 *
 * What the session holds and what the notebook says are compared at each call.
 * A cell whose text is another, or that is new, makes stale what stands below
 * it; when a cell is asked for, what is stale above it runs first. So the state
 * is always one that the cells leave when they run from the top. */
#ifndef CNB_HELD_H
#define CNB_HELD_H

#include "base/hurry.h"
#include "exec/home.h"
#include "live/letter.h"
#include "model/event.h"
#include "sys/loop.h"

struct held;

/* A session made as the letter says; nothing runs yet. `home` is borrowed. */
struct held *held_new(const struct letter *l, const struct home *home,
		      struct err *e);
/* Handlers of exit run; everything that lives ends. */
void held_free(struct held *h);

/* The text that a letter leaves out, if it is the one that ran last, borrowed
 * until held_run() is over; or none, where that one may do, for it differs in
 * nothing but what runs leave. False: it is another. */
bool held_recall(const struct held *h, struct letter *l);
/* Do what a letter of kind RUN says, and tell the sinks. 0, also where cells
 * failed; -1: it cannot be done, and the session is as it was; 1: nothing is
 * done, for something has to be built, and the letter lacks its text. */
int held_run(struct held *h, const struct letter *l, struct sink **sinks,
	     struct answer *a, struct err *e);
/* Fill in what an answer tells; and the memory, which takes a while. */
void held_status(struct held *h, struct answer *a);
void held_measure(struct held *h, struct answer *a);
/* What a glance gets beside that; it takes no time. */
void held_glance(struct held *h, struct answer *a);
/* Every file that its cells were built from, as far as that is known. */
void held_each_file(struct held *h, void (*each)(void *self, const char *path),
		    void *self);
/* Keep within the budget of memory; it takes a while: as past_trim(). */
bool held_trim(struct held *h, const struct hurry *hurry);
/* Get ready for what is asked next, if it is what was asked last. */
void held_prepare(struct held *h);
/* Whatever came meanwhile: a look at it now saves one at the next letter. */
void held_tidy(struct held *h);
/* To wait in, between letters. */
struct loop *held_loop(struct held *h);

#endif

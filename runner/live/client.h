/* client.h: asking a session. */
#ifndef CNB_CLIENT_H
#define CNB_CLIENT_H

#include "live/letter.h"
#include "model/event.h"
#include "sys/clock.h"

/* Connected to the session of a notebook; -1: it has none, or, by errno, it
 * cannot be reached. */
int client_connect(const char *notebook);
/* -> -1: that, as a sentence. */
int client_missing(const char *notebook, struct err *e);

/* Who has to wait is told so after that: most calls of a session are over
 * before anybody wonders. */
#define CLIENT_SILENCE_NS (200 * NS_PER_MS)
/* Send the letter, hand the events that come to the sinks, and wait for the
 * answer. Takes over `fd`. Ctrl-C goes to the cell that runs. -1: e says what
 * the session could not do, or that it is gone, or silent: its process is
 * stopped, or nothing comes for twenty seconds after Ctrl-C. `put_off` (NULL:
 * never mind) is called where cells of another client run first, and not only
 * for a moment. */
int client_ask(int fd, struct letter *l, const struct notebook *nb,
	       struct sink **sinks, void (*put_off)(const struct letter *l),
	       struct answer *a, struct err *e);

/* Let the session at `fd`, which is taken over, end. One of another version of
 * cnb does not know what is asked, and one that is stopped, or silent for
 * twenty seconds, does not hear it: it is ended by a signal. */
int client_stop(int fd, struct err *e);

/* Ask the session of that name (see door.h) what it is and has, without waiting
 * for what it does: `kind` is STATUS or GLANCE. 1: it answered; 0: there is
 * none; -1: it does not answer in time (a->pid: its process, 0: not known). */
int client_look(const char *name, enum letter_kind kind, struct answer *a);

#endif

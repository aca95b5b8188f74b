/* client.h: asking a session. */
#ifndef CNB_CLIENT_H
#define CNB_CLIENT_H

#include "live/letter.h"
#include "model/event.h"

/* Connected to the session of a notebook; -1: it has none. */
int client_connect(const char *notebook);
/* Send the letter, hand the events that come to the sinks, and wait for the
 * answer. Takes over `fd`. Ctrl-C goes to the cell that runs. -1: e says what
 * the session could not do, or that it is gone. */
int client_ask(int fd, struct letter *l, const struct notebook *nb,
	       struct sink **sinks, struct answer *a, struct err *e);

#endif

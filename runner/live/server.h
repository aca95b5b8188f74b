/* server.h: a session as a process in the background, which answers letters one
 * after the other until it is stopped or nobody has asked for a while. */
#ifndef CNB_SERVER_H
#define CNB_SERVER_H

#include "exec/home.h"
#include "live/letter.h"

/* Start one for the notebook of the letter (its settings; nothing is run), and
 * come back when it listens. -1: e.g. there is one already. */
int server_start(const struct letter *l, const struct home *home,
		 struct err *e);

#endif

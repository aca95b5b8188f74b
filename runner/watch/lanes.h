/* lanes.h: several supervisors at once over one keeper, each in a process
 * forked from the one whose keeper it is. What a lane asks of the keeper that
 * process hands on, and tells all of them of the deaths that are not its own.
 *
 * A lane's processes are the families of what it started or thawed: it ends and
 * counts nobody else. Who has left such a family lives until the lanes are
 * closed. Writes of copies of the host wait for that process, which knows
 * nothing of them, and are not put in order. */
#ifndef CNB_LANES_H
#define CNB_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"

struct supervisor;
struct keeper_death;

struct lanes {
	bool open;
	int door[2]; /* where a lane comes in, with a socket of its own */
	int *fds;    /* [count] */
	size_t count;
};

/* Before the first lane is forked. From here on supervise_idle() serves them:
 * there is something to serve when s->loop.epoll is readable. */
int lanes_open(struct supervisor *s, struct err *e);
/* All of them have ended: so does who outlived them. */
void lanes_close(struct supervisor *s);
/* In a process forked since: this supervisor, without the host, the captures
 * and what else its parent has. */
int lanes_enter(struct supervisor *s, struct err *e);
/* In a lane, between two tasks: nobody of the last one lives on. */
void lanes_tidy(struct supervisor *s);

/* For the supervisor: a death that is not its own; the keeper is gone. */
void lanes_tell(struct supervisor *s, const struct keeper_death *d);
void lanes_end(struct supervisor *s);

#endif

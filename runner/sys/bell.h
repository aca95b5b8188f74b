/* bell.h: hears the terminal's Ctrl-C where it goes to somebody else.
 *
 * What is typed becomes a signal of the terminal's foreground group. While a
 * cell is that group we would not hear of it, if the cell catches or ignores
 * the signal. So a process of ours joins the group: it blocks all signals,
 * tells of those that come from the terminal itself, and of no others. */
#ifndef CNB_BELL_H
#define CNB_BELL_H

#include <stdbool.h>
#include <sys/types.h>

struct bell {
	pid_t pid; /* 0: not started */
	int fd;	   /* readable when it rings */
	int rang;  /* told while it was asked something else */
};

/* Start it, where it is not there or was killed. False: it cannot be. */
bool bell_ready(struct bell *b);
/* Join a process group of our session. False: it cannot, and hears nothing. */
bool bell_join(struct bell *b, pid_t group);
/* The same through a descriptor of it that the caller was given: by the group's
 * first process, before it becomes another. Async-signal-safe. */
bool bell_join_by(int fd, pid_t group);
/* What rang since the last call: SIGINT or SIGQUIT; 0: nothing did. */
int bell_heard(struct bell *b);
/* Leave the group. What rang until then bell_heard() still tells. */
void bell_leave(struct bell *b);
void bell_stop(struct bell *b);

#endif

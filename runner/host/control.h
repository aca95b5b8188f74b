/* control.h: the host's end of the socket to cnb, in a process whose
 * descriptors belong to the cells: one may close all of them, use them up, or
 * get the number of ours for a file of its own. */
#ifndef CNB_CONTROL_H
#define CNB_CONTROL_H

#include <stdbool.h>
#include <sys/stat.h>

/* Take over `fd`: it moves to a high number, CLOEXEC. 0, or -1 with errno. */
int control_init(int fd);
/* The descriptor, checked to be the socket still; one of the spare ones if a
 * cell closed it; -1 if none is left. Any thread. */
int control_fd(void);
/* Is it a descriptor of ours? */
bool control_is(const struct stat *st);
/* After a cell: forget the spare ones that it closed. -> how many there are,
 * the one in use too. Main thread. */
unsigned control_check(void);
/* Close them all: in a copy, which gets a socket of its own. */
void control_drop(void);
/* Keep some descriptors in reserve, so that those of a message find room in a
 * table that a cell has filled; and let them go again for it. Main thread,
 * between cells. */
void control_reserve(void);
void control_make_room(void);
/* A cell may have left a limit of open files (RLIMIT_NOFILE) too low for the
 * next message: it is raised as far as it may be, and put back before cells'
 * code runs. */
void control_raise_limit(void);
/* Was it high enough, when it was last looked at? */
bool control_is_roomy(void);
void control_lower_limit(void);

#endif

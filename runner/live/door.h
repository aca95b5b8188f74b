/* door.h: where sessions are found: a Unix socket for each notebook, in a
 * folder that only its owner can enter. */
#ifndef CNB_DOOR_H
#define CNB_DOOR_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/text.h"

/* The name of the session of a notebook, by its real path. To be free()d. */
char *door_name(const char *notebook);
/* A listening socket under that name. What a session that crashed left there
 * is removed; -1 also where one is alive. */
int door_listen(const char *name, struct err *e);
/* Connected to the session of that name; -1: there is none, or, by errno, it
 * cannot be reached. */
int door_connect(const char *name);
/* Does that errno mean that there is none? */
bool door_is_shut(int why);
/* The same for who does not want to wait: nothing that is said or heard through
 * it takes longer. -1 with errno EAGAIN: it has no time for us. */
int door_connect_briefly(const char *name, int64_t patience_ms);
/* All names that there are, dead ones too. */
int door_list(struct strs *names, struct err *e);
void door_remove(const char *name);
/* Is there a folder, but one that is not for us: others can enter it, or we
 * cannot? Then *e says so. */
bool door_is_refused(struct err *e);
/* Has somebody removed it, or the folder? Then nobody can come in any more. */
bool door_is_gone(const char *name);
/* Is the other end one of our user's processes? */
bool door_is_ours(int fd);
/* The process there; 0: it cannot be told. */
int64_t door_pid(int fd);

#endif

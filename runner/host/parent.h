/* parent.h: what becomes of this process when its parent ends, which a cell may
 * bring about: kill(getppid(), SIGKILL). Main thread. */
#ifndef CNB_PARENT_H
#define CNB_PARENT_H

#include <stdbool.h>

/* Have the signal `sig` (0: none) when our parent dies; one that died before
 * that could be said ends the process at once. */
void parent_tie(int sig);
/* Is the parent about to die, or dead? True from the moment in which it was
 * killed, where its death, and our signal, may come much later. False where the
 * kernel does not tell (before Linux 5.15). */
bool parent_is_ending(void);

#endif

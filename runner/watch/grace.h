/* grace.h: how long a process that was asked to end has for it.
 *
 * As long as was said. But what has had no processor in that time (other
 * programs had them all, or the machine itself stood still) could not do what
 * it was asked, or does not even know of it: that has ten times as long. */
#ifndef CNB_GRACE_H
#define CNB_GRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct grace {
	int64_t given_ns, more_ns;
	struct grace_of {
		pid_t pid;
		int64_t ran_ns; /* when it was asked */
	} of[2];		/* the process, and who is to ask it */
};

/* -> the end of it, on clock_mono_ns(). */
int64_t grace_begin(struct grace *g, pid_t pid, pid_t messenger, int64_t ms);
/* That end has come: is there to be another, *until_ns? */
bool grace_goes_on(struct grace *g, int64_t *until_ns);

#endif

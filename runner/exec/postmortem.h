/* postmortem.h: what a crash reporter sent, put into words. */
#ifndef CNB_POSTMORTEM_H
#define CNB_POSTMORTEM_H

#include <stdbool.h>
#include "base/buf.h"
#include "base/text.h"
#include "host/wire.h"

/* Collected from WIRE_CRASH and WIRE_MAPS messages. */
struct crash {
	bool known; /* a report came */
	struct wire_crash report;
	struct buf maps; /* text of /proc/PID/maps at that moment */
};
void crash_release(struct crash *c);
/* Take one message of those types; reports of other processes than `pid` (a
 * forked child's) are passed over. */
void crash_take(struct crash *c, const struct wire_in *in, int pid);

/* "SIGSEGV" and what is known of the cause: "read of address 0x0". */
void crash_words(const struct crash *c, int signal, struct buf *evalue);
/* One line for each frame in code that was compiled with lines, innermost
 * first: "join:12 in worker()". `label` ("x.ipynb:") is cut from file names.
 * Runs addr2line; without it, or without a report, nothing is added. */
void crash_traceback(const struct crash *c, const char *label,
		     struct strs *lines);

#endif

/* postmortem.h: what a crash reporter sent, put into words. */
#ifndef CNB_POSTMORTEM_H
#define CNB_POSTMORTEM_H

#include <stdbool.h>
#include "base/buf.h"
#include "base/text.h"
#include "host/wire.h"

#define CRASH_CHILDREN 8 /* more of them are only counted */

/* Collected from WIRE_CRASH, WIRE_MAPS, WIRE_REPORT messages. */
struct crash {
	bool known; /* a report came */
	struct wire_crash report;
	uint32_t files;	    /* so many are open, and no more may be; else 0 */
	struct buf reports; /* what sanitizers printed */
	struct buf maps;    /* text of /proc/PID/maps at that moment */
	struct buf stack;   /* bytes from report.sp up; empty: no need */
	struct crash *children; /* of processes below it, owned */
	size_t nchildren;
};
void crash_release(struct crash *c);
/* Take one message of those types: a report of the process `pid`, or of one
 * that it forked. */
void crash_take(struct crash *c, const struct wire_in *in, int pid);
/* Has all come that belongs to the report of the process itself? */
bool crash_is_whole(const struct crash *c);

/* "SIGSEGV" and what is known of the cause: "read of address 0x0". */
void crash_words(const struct crash *c, int signal, struct buf *evalue);
/* One line for each frame in code that was compiled with lines, innermost
 * first: "join:12 in worker()". `label` ("x.ipynb:") is cut from file names.
 * Runs addr2line, once for each module; without it, or without a report,
 * nothing is added. */
void crash_traceback(const struct crash *c, const char *label,
		     struct strs *lines);

#endif

/* verdict.h: what became of a cell, from what the supervisor saw: its status
 * and the error output that tells of it (SPEC 4). */
#ifndef CNB_VERDICT_H
#define CNB_VERDICT_H

#include "base/buf.h"
#include "base/text.h"
#include "model/event.h"
#include "model/option.h"
#include "watch/findings.h"
#include "watch/supervise.h"

struct verdict {
	enum cell_status status;
	bool expected;	   /* an `expect` option was met */
	int exit_status;   /* -1: none */
	int signal;	   /* 0: none */
	bool found;	   /* a sanitizer found something */
	int told_signal;   /* of which it tells, having caught it; 0: none */
	bool stopped;	   /* with the session, from the background */
	const char *ename; /* NULL: no error output */
	struct buf evalue;
	struct strs traceback;
};
void verdict_init(struct verdict *v);
void verdict_release(struct verdict *v);

/* `label` ("x.ipynb:") is cut from file names in a traceback. */
void verdict_of_outcome(struct verdict *v, const struct outcome *o,
			int64_t timeout_ms, const char *label);
/* Then: what sanitizers found. The cell fails, or fails for a better reason;
 * one that a signal killed stays `crashed`. */
void verdict_of_findings(struct verdict *v, const struct findings *f,
			 const char *label);
/* A text that does not compile; `messages` are the compiler's. */
void verdict_of_build(struct verdict *v, const char *messages);
/* A cell that could not be run at all, with the reason as a sentence. */
void verdict_failed(struct verdict *v, const char *ename, const char *why);
/* Then: is it what the cell's `expect` says? */
void verdict_expect(struct verdict *v, struct expectation expected);

#endif

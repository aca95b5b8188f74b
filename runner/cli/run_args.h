/* run_args.h: what the command line of `cnb run` and `cnb rerun` says. */
#ifndef CNB_RUN_ARGS_H
#define CNB_RUN_ARGS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/text.h"
#include "watch/supervise.h"

#define RUN_TIMEOUT_MS (5 * 60 * 1000)
#define RUN_OUTPUT_LIMIT (INT64_C(64) << 20)
#define RUN_IDLE_MS (30 * 60 * 1000)
#define RUN_SNAPSHOTS 400

struct run_args {
	struct strs cells, skip, params;
	const char *jobs, *shard;
	const char *from, *output, *input, *workdir, *cc, *cflags, *sanitize;
	bool timeline;
	int capture; /* index in capture_names */
	bool failed, alone, inplace, timing, show_code, keep_going;
	int format; /* -1: the output's suffix decides */
	int64_t timeout_ms, deadline_ms, grace_ms, output_limit;
	struct limits limits;
	bool quiet, verbose, raw;
	bool screen; /* what we write comes to a terminal in the end */
	int color;
	/* sessions */
	bool keep, rerun, below;
	int64_t repeat;
	int64_t lanes; /* what follows from `jobs` for its runs */
	int64_t idle_ms, snapshots, snapshot_bytes;
};

#define RUN_ARGS_DEFAULT                                                       \
	{                                                                      \
		.format = -1, .timeout_ms = RUN_TIMEOUT_MS,                    \
		.grace_ms = GRACE_MS, .output_limit = RUN_OUTPUT_LIMIT,        \
		.idle_ms = RUN_IDLE_MS, .snapshots = RUN_SNAPSHOTS             \
	}

/* Run the notebooks; the exit status. */
int run_all(struct run_args *args, struct strs *paths);

#endif

/* cmd_rerun.c: `cnb rerun` runs cells again in a live session, from the states
 * above them, and saves their outputs. Floor 6. The work is that of cmd_run.c.
 */
#include <stddef.h>
#include "cli/commands.h"
#include "cli/run_args.h"
#include "cli/term.h"

const struct opt cmd_rerun_opts[] = {
	{ 0, "below", NULL, "and all cells below the first of them", ARG_FLAG,
	  offsetof(struct run_args, below) },
	{ 0, "repeat", "N",
	  "run each cell N times from the same state, and show what came of it",
	  ARG_COUNT, offsetof(struct run_args, repeat) },
	{ 'j', "jobs", "N",
	  "so many of them at once; default, as 0, is as many as there are "
	  "processors",
	  ARG_STRING, offsetof(struct run_args, jobs) },
	{ 'k', "keep-going", NULL, "go on after a cell that failed", ARG_FLAG,
	  offsetof(struct run_args, keep_going) },
	{ 0, "timeout", "D",
	  "limit for each cell, as 500ms, 10s, 2m; default 5m, 0 is none",
	  ARG_DURATION, offsetof(struct run_args, timeout_ms) },
	{ 0, "deadline", "D", "limit for all of it; default none", ARG_DURATION,
	  offsetof(struct run_args, deadline_ms) },
	{ 0, "memory", "SIZE",
	  "end a cell whose processes hold more memory, as 500M, 2G; default "
	  "no limit",
	  ARG_SIZE, offsetof(struct run_args, limits.memory) },
	{ 0, "processes", "N",
	  "end a cell that has more processes and threads at once; default no "
	  "limit",
	  ARG_COUNT, offsetof(struct run_args, limits.tasks) },
	{ 0, "grace", "D",
	  "time for a cell to tidy up, from SIGTERM to SIGKILL; default 500ms",
	  ARG_DURATION, offsetof(struct run_args, grace_ms) },
	{ 0, "timing", NULL, "save times too", ARG_FLAG,
	  offsetof(struct run_args, timing) },
	{ 'q', "quiet", NULL, "show only what failed", ARG_FLAG,
	  offsetof(struct run_args, quiet) },
	{ 'v', "verbose", NULL, "show commands and times too", ARG_FLAG,
	  offsetof(struct run_args, verbose) },
	{ 0, "raw", NULL, "to a terminal, write control characters as they are",
	  ARG_FLAG, offsetof(struct run_args, raw) },
	{ 0, "color", "WHEN", "auto, always or never", ARG_CHOICE,
	  offsetof(struct run_args, color), term_color_names },
	{ 0 }
};

int
cmd_rerun(const struct command *cmd, int argc, char **argv)
{
	struct run_args args = RUN_ARGS_DEFAULT;
	struct strs names = { 0 }, path = { 0 };
	int status = command_args(cmd, &args, argc, argv, &names);

	if (status < 0) {
		args.rerun = args.inplace = true;
		strs_add(&path, names.at[0]);
		for (size_t i = 1; i < names.count; i++)
			strs_add(&args.cells, names.at[i]);
		status = run_all(&args, &path);
	}
	strs_release(&args.cells);
	strs_release(&names);
	strs_release(&path);
	return status;
}

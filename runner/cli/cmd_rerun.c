/* cmd_rerun.c: `cnb rerun` runs cells again in a live session, from the states
 * above them, and saves their outputs. Floor 6. The work is that of cmd_run.c.
 */
#include <stddef.h>
#include "cli/commands.h"
#include "cli/run_opts.h"

#define SETTLED(what)                                                          \
	what " settled when a session begins; begin another with "             \
	     "cnb run --keep"

const struct opt cmd_rerun_opts[] = {
	{ 'c', "cell", "SEL", "as a name after the notebook", ARG_STRINGS,
	  offsetof(struct run_args, cells) },
	{ 0, "below", NULL, "and all cells below the first of them", ARG_FLAG,
	  offsetof(struct run_args, below) },
	{ 0, "failed", NULL, "those that failed when last saved", ARG_FLAG,
	  offsetof(struct run_args, failed) },
	ROW_PARAM,
	ROW_REPEAT,
	ROW_LANES,
	ROW_KEEP_GOING,
	ROW_TIMEOUT,
	ROW_DEADLINE("limit for all of it; default none"),
	ROW_MEMORY,
	ROW_PROCESSES,
	ROW_GRACE,
	ROW_OUTPUT_LIMIT,
	ROW_TIMING,
	ROW_SHOW_CODE,
	ROW_OUTPUT,
	ROW_TO,
	ROWS_SHOW,
	ROW_REFUSED('i', "inplace", NULL, "outputs are saved without it"),
	ROW_REFUSED(0, "skip", "SEL",
		    "name the cells that are to run; what they stand on runs "
		    "only if it changed"),
	ROW_REFUSED(0, "from", "SEL", "say it as cnb rerun --below NB CELL"),
	ROW_REFUSED(0, "alone", NULL,
		    "a cell runs in the state above it, which the session has"),
	ROW_REFUSED(0, "workdir", "DIR", SETTLED("the folder is")),
	ROW_REFUSED(0, "cc", "CC", SETTLED("the compiler is")),
	ROW_REFUSED(0, "cflags", "WORDS", SETTLED("they are")),
	ROW_REFUSED(0, "sanitize", "LIST", SETTLED("sanitizers are")),
	ROW_REFUSED(0, "files", "N", SETTLED("what processes may open is")),
	ROW_REFUSED(0, "keep", NULL, "the session is there, and stays"),
	ROW_REFUSED(0, "idle", "D", SETTLED("it is")),
	ROW_REFUSED(0, "snapshots", "N", SETTLED("their number is")),
	ROW_REFUSED(0, "snapshot-memory", "SIZE", SETTLED("it is")),
	ROW_REFUSED(0, "shard", "I/N", "there is one notebook"),
	ROWS_REFUSED_CAPTURE,
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
	strs_release(&args.params);
	strs_release(&names);
	strs_release(&path);
	return status;
}

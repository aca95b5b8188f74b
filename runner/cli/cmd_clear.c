/* cmd_clear.c: `cnb clear NOTEBOOK...` removes what runs have left in the
 * notebooks. Floor 6. A notebook that has nothing to remove is not touched. */
#include "cli/commands.h"
#include "cli/load.h"
#include "format/nbformat.h"
#include "sys/lock.h"

const struct opt cmd_clear_opts[] = { { 0 } };

static int
clear_one(const char *path)
{
	struct lock lock = { .fd = -1 };
	struct buf cleared = { 0 };
	struct notebook nb;
	struct err e;
	int status = EXIT_OK;

	notebook_init(&nb);
	if ((strcmp(path, "-") != 0 && lock_take_file(&lock, path, &e) < 0) ||
	    load_notebook(&nb, path, &e) < 0) {
		status = command_fail(&e);
		goto out;
	}
	nbformat_clear(&cleared, &nb);
	if (!strcmp(path, "-") || !slice_equal(nb.text, buf_slice(&cleared)))
		status = command_output(path, buf_slice(&cleared));
out:
	notebook_release(&nb);
	lock_release(&lock);
	buf_release(&cleared);
	return status;
}

int
cmd_clear(const struct command *cmd, int argc, char **argv)
{
	struct strs paths = { 0 };
	int status = command_args(cmd, NULL, argc, argv, &paths);

	if (status < 0) {
		status = EXIT_OK;
		/* One bad file keeps no other from being cleared. */
		for (size_t i = 0; i < paths.count; i++) {
			int one = clear_one(paths.at[i]);

			if (one > status)
				status = one;
		}
	}
	strs_release(&paths);
	return status;
}

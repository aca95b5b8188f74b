/* cmd_clear.c: `cnb clear NOTEBOOK...` removes what runs have left in the
 * notebooks. Floor 6. A notebook that has nothing to remove is not touched. */
#include <string.h>
#include <unistd.h>
#include "cli/commands.h"
#include "cli/load.h"
#include "format/nbformat.h"
#include "sys/lock.h"

const struct opt cmd_clear_opts[] = { { 0 } };

/* -> 1: it is being edited right now */
static int
clear_once(const char *path, struct lock *lock, bool at_last, struct err *e)
{
	struct buf cleared = { 0 };
	struct notebook nb;
	struct look was;
	int rc;

	notebook_init(&nb);
	rc = load_notebook(&nb, path, e);
	if (rc < 0 && !at_last && swap_is_written(path))
		rc = 1;
	if (rc == 0) {
		was = look_of(nb.text);
		nbformat_clear(&cleared, &nb);
		if (!slice_equal(nb.text, buf_slice(&cleared)))
			rc = lock_replace(lock, buf_slice(&cleared), &was,
					  at_last, e);
	}
	notebook_release(&nb);
	buf_release(&cleared);
	return rc;
}

static int
clear_file(const char *path)
{
	struct lock lock = { .fd = -1 };
	int rounds = SWAP_ROUNDS, rc;
	struct err e;

	if (lock_take_file(&lock, path, &e) < 0)
		return command_fail(&e);
	while ((rc = clear_once(path, &lock, !rounds, &e)) > 0 && rounds--)
		usleep(SWAP_PAUSE_US);
	if (rc > 0)
		rc = err_input(&e,
			       "cannot clear '%s': it is edited all the "
			       "time",
			       path);
	lock_release(&lock);
	return rc < 0 ? command_fail(&e) : EXIT_OK;
}

static int
clear_standard_input(void)
{
	struct buf cleared = { 0 };
	struct notebook nb;
	struct err e;
	int status;

	notebook_init(&nb);
	if (load_notebook(&nb, "-", &e) < 0) {
		status = command_fail(&e);
	} else {
		nbformat_clear(&cleared, &nb);
		status = command_output("-", buf_slice(&cleared));
	}
	notebook_release(&nb);
	buf_release(&cleared);
	return status;
}

static int
clear_one(const char *path)
{
	return strcmp(path, "-") ? clear_file(path) : clear_standard_input();
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

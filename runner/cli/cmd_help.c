/* cmd_help.c: `cnb help [COMMAND]`, `cnb help options`. Floor 6. The text is
 * made of the tables of commands and options; there is none to keep in step. */
#include <string.h>
#include "cli/commands.h"
#include "model/option.h"

const struct opt cmd_help_opts[] = { { 0 } };

/* The word that asks for the options of cells. */
#define OF_CELLS "options"

static void
cell_options_help(struct buf *out)
{
	buf_add_str(out, "usage: //| KEY: VALUE\n\n"
			 "lines at the top of a cell, or metadata.cnb of the "
			 "cell or of the notebook\n\n");
	for (enum option_key k = 0; k < OPT_COUNT; k++) {
		buf_addf(out, "  %-12s", option_key_name(k));
		opt_wrap(out, option_key_help(k), 14, 14);
	}
}

int
cmd_help(const struct command *cmd, int argc, char **argv)
{
	struct strs names = { 0 };
	struct buf out = { 0 };
	const struct command *about;
	int status = command_args(cmd, NULL, argc, argv, &names);

	if (status >= 0)
		goto out;
	about = names.count ? command_find(names.at[0]) : NULL;
	if (names.count && !strcmp(names.at[0], OF_CELLS)) {
		cell_options_help(&out);
	} else if (names.count && !about) {
		status = command_unknown(names.at[0]);
		goto out;
	} else if (about) {
		command_help(&out, about);
	} else {
		buf_add_str(&out, "usage: cnb COMMAND [OPTION]... NAME...\n\n"
				  "cnb runs notebooks written in C.\n\n");
		command_list(&out);
		buf_add_str(&out,
			    "\n'cnb help COMMAND' shows a command's options, "
			    "'cnb help options' those\nof cells; "
			    "'cnb --version' the version.\n");
	}
	status = command_output("-", buf_slice(&out));
out:
	buf_release(&out);
	strs_release(&names);
	return status;
}

/* cmd_help.c: `cnb help [COMMAND]`. Floor 6. The text is made of the tables
 * of commands and options; there is none to keep in step. */
#include "cli/commands.h"

const struct opt cmd_help_opts[] = { { 0 } };

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
	if (names.count && !about) {
		status = command_unknown(names.at[0]);
		goto out;
	}
	if (about) {
		command_help(&out, about);
	} else {
		buf_add_str(&out, "usage: cnb COMMAND [OPTION]... NAME...\n\n"
				  "cnb runs notebooks written in C.\n\n");
		command_list(&out);
		buf_add_str(&out, "\n'cnb help COMMAND' shows a command's "
				  "options; 'cnb --version' the version.\n");
	}
	status = command_output("-", buf_slice(&out));
out:
	buf_release(&out);
	strs_release(&names);
	return status;
}

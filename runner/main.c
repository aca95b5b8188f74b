/* main.c: the command line goes to the table of commands, its exit status to
 * whoever called. Floor 4. */
#include <stdio.h>
#include <string.h>
#include "cli/commands.h"
#include "sys/filelimit.h"
#include "sys/proc.h"

static int
usage(void)
{
	struct buf out = { 0 };

	buf_add_str(&out, "usage: cnb COMMAND [OPTION]... NAME...\n\n");
	command_list(&out);
	fputs(buf_str(&out), stderr);
	buf_release(&out);
	return EXIT_INPUT;
}

/* An option in front of any command: --help, --version. What stands behind
 * it is not looked at. */
static int
option_alone(char **argv)
{
	struct main_args {
		bool version;
	} args = { false };
	static const struct opt opts[] = {
		{ 'V', "version", NULL, "the version of cnb", ARG_FLAG,
		  offsetof(struct main_args, version) },
		{ 0 }
	};
	struct strs rest = { 0 };
	struct err e;
	int status = EXIT_INPUT;

	switch (opt_parse(opts, &args, 2, argv, &rest, &e)) {
	case 1:
		status = cmd_help(command_find("help"), 1, argv);
		break;
	case 0:
		status = args.version
				 ? command_output("-",
						  slice_of("cnb " CNB_VERSION
							   "\n"))
				 : usage();
		break;
	default:
		status = command_fail(&e);
	}
	strs_release(&rest);
	return status;
}

int
main(int argc, char **argv)
{
	const struct command *cmd;

	proc_fill_standard();
	proc_ignore_failed_writes();
	filelimit_raise();
	if (argc < 2)
		return usage();
	if (argv[1][0] == '-')
		return option_alone(argv);
	cmd = command_find(argv[1]);
	if (!cmd)
		return command_unknown(argv[1]);
	return cmd->run(cmd, argc - 1, argv + 1);
}

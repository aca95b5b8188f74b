/* commands.c: the table of commands, and what all of them share: reading
 * their words, showing their help, saying what failed. Floor 6. It does not
 * know what any of them does. */
#include "cli/commands.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "cli/product.h"
#include "sys/fs.h"

const struct command commands[] = {
	{ "run", cmd_run, "NOTEBOOK...",
	  "run whole notebooks, or with --cell some of their cells",
	  cmd_run_opts, 1 },
	{ "rerun", cmd_rerun, "NOTEBOOK [CELL]...",
	  "run cells again in a live session; without names, what changed",
	  cmd_rerun_opts, 1 },
	{ "watch", cmd_watch, "NOTEBOOK",
	  "run, then on each save run again what changed and what is below it",
	  cmd_watch_opts, 1, 1 },
	{ "export", cmd_export, "NOTEBOOK|RECORD...",
	  "write what is captured in the notebook in another format",
	  cmd_export_opts, 1 },
	{ "convert", cmd_convert, "FROM TO",
	  "a notebook as a C file, or a C file as a notebook", cmd_convert_opts,
	  2, 2 },
	{ "list", cmd_list, "NOTEBOOK|PLUGIN",
	  "the cells: number, name, kind, status, lines", cmd_list_opts, 1, 1 },
	{ "check", cmd_check, "NOTEBOOK|FOLDER...",
	  "run, and compare with the recorded outputs", cmd_check_opts, 1 },
	{ "build", cmd_build, "NOTEBOOK", "compile only", cmd_build_opts, 0,
	  1 },
	{ "clear", cmd_clear, "NOTEBOOK...",
	  "remove the outputs ('-': from standard input to standard output)",
	  cmd_clear_opts, 1 },
	{ "sessions", cmd_sessions, "", "list the live sessions",
	  cmd_sessions_opts, 0, NO_OPERANDS },
	{ "stop", cmd_stop, "[NOTEBOOK]...",
	  "end the session of a notebook, or with --all every one",
	  cmd_stop_opts, 0 },
	{ "doctor", cmd_doctor, "",
	  "which mechanisms this machine grants, and what is lost without "
	  "them",
	  cmd_doctor_opts, 0, NO_OPERANDS },
	{ "new", cmd_new, "NOTEBOOK", "write a first notebook to start from",
	  cmd_new_opts, 1, 1 },
	{ "help", cmd_help, "[COMMAND|options]",
	  "what cnb, one command, or a cell's options can do", cmd_help_opts, 0,
	  1 },
	{ 0 }
};

const struct command *
command_find(const char *name)
{
	const struct command *cmd;

	for (cmd = commands; cmd->name; cmd++)
		if (!strcmp(cmd->name, name))
			return cmd;
	return NULL;
}

int
command_unknown(const char *name)
{
	const char *names[countof(commands)] = { NULL }, *nearest;
	const char *suffix = strrchr(name, '.');
	struct err e;

	for (size_t i = 0; commands[i].name; i++)
		names[i] = commands[i].name;
	nearest = text_nearest(name, names, countof(names));
	if (suffix && !strcmp(suffix, ".ipynb")) {
		struct buf quoted = { 0 };

		text_quote(&quoted, name);
		err_input(&e, "unknown command '%s'; did you mean: cnb run %s",
			  name, quoted.data);
		buf_release(&quoted);
	} else if (nearest) {
		err_input(&e, "unknown command '%s'; did you mean '%s'?", name,
			  nearest);
	} else {
		err_input(&e, "unknown command '%s'; 'cnb help' lists them",
			  name);
	}
	return command_fail(&e);
}

static int
check_operands(const struct command *cmd, size_t count, struct err *e)
{
	if (count < cmd->min_operands)
		return err_input(e, "%s needs a name: cnb %s [OPTION]... %s",
				 cmd->name, cmd->name, cmd->synopsis);
	if (cmd->max_operands == NO_OPERANDS && count)
		return err_input(e, "%s takes no names: cnb %s [OPTION]...",
				 cmd->name, cmd->name);
	if (cmd->max_operands && count > cmd->max_operands)
		return err_input(e, "too many names: cnb %s [OPTION]... %s",
				 cmd->name, cmd->synopsis);
	return 0;
}

int
command_args(const struct command *cmd, void *target, int argc, char **argv,
	     struct strs *operands)
{
	struct buf help = { 0 };
	struct err e;
	int status;

	switch (opt_parse(cmd->opts, target, argc, argv, operands, &e)) {
	case 1:
		command_help(&help, cmd);
		status = command_output("-", buf_slice(&help));
		buf_release(&help);
		return status;
	case 0:
		if (check_operands(cmd, operands->count, &e) == 0)
			return -1;
		break;
	}
	return command_fail(&e);
}

int
command_fail(const struct err *e)
{
	fprintf(stderr, "cnb: %s\n", e->text);
	return (int)e->class;
}

int
command_stdout_failed(int why)
{
	struct err e;

	/* Who reads us has seen enough, and who ended us need not be told. */
	if (why == EPIPE || why == EINTR)
		return EXIT_SYSTEM;
	err_system(&e, "cannot write to standard output: %s", strerror(why));
	return command_fail(&e);
}

int
command_output_as(const char *path, struct slice bytes, bool raw)
{
	struct product p;
	int status = product_begin(&p, path, raw);

	if (status != EXIT_OK)
		return status;
	buf_add_slice(p.out, bytes);
	return product_end(&p);
}

int
command_output(const char *path, struct slice bytes)
{
	return command_output_as(path, bytes, false);
}

void
command_say(const char *format, ...)
{
	struct buf line = { 0 }, seen = { 0 };
	va_list args;

	va_start(args, format);
	buf_addvf(&line, format, args);
	va_end(args);
	/* It stays one line, whatever names it quotes. */
	text_visible_line(&seen, buf_slice(&line));
	fprintf(stderr, "%s\n", buf_str(&seen));
	buf_release(&line);
	buf_release(&seen);
}

void
command_help(struct buf *out, const struct command *cmd)
{
	buf_addf(out, "usage: cnb %s [OPTION]... %s\n\n", cmd->name,
		 cmd->synopsis);
	opt_wrap(out, cmd->summary, 0, 0);
	buf_add_byte(out, '\n');
	opt_help(out, cmd->opts);
}

void
command_list(struct buf *out)
{
	const struct command *cmd;

	for (cmd = commands; cmd->name; cmd++) {
		int n = 30 - (int)strlen(cmd->name);

		buf_addf(out, "  cnb %s %-*s", cmd->name, n, cmd->synopsis);
		opt_wrap(out, cmd->summary, 37, 37);
	}
}

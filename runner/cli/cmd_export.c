/* cmd_export.c: `cnb export NOTEBOOK` writes what a notebook holds of earlier
 * runs in another format. Floor 4. It runs nothing. */
#include "cli/commands.h"
#include "cli/journal.h"
#include "cli/load.h"
#include "format/formats.h"

struct export_args {
	int format; /* -1: the output's suffix decides */
	const char *output;
	bool recover;
};

const struct opt cmd_export_opts[] = {
	{ 't', "to", "FORMAT",
	  "ipynb, json (the record) or html; without it the suffix of FILE "
	  "decides, "
	  "and json is written where there is none",
	  ARG_CHOICE, offsetof(struct export_args, format), format_names },
	{ 'o', "output", "FILE",
	  "write to FILE; '-', the default, is standard output", ARG_STRING,
	  offsetof(struct export_args, output) },
	{ 0, "recover", NULL,
	  "write what a run had captured that was cut off (kill -9, loss of "
	  "power) instead of what the notebook holds",
	  ARG_FLAG, offsetof(struct export_args, recover) },
	{ 0 }
};

static int
export_format(const struct export_args *args, enum format *format,
	      struct err *e)
{
	*format = args->format < 0 ? FORMAT_JSON : (enum format)args->format;
	if (args->format < 0 && strcmp(args->output, "-") != 0)
		return format_of_path(args->output, format, e);
	return 0;
}

/* What the notebook holds, or what a run of it left in its journal. */
static int
read_record(const char *path, bool recover, struct notebook *nb,
	    struct record *r, struct err *e)
{
	if (recover) {
		notebook_init(nb);
		return journal_read(path, nb, r, e);
	}
	if (load_notebook(nb, path, e) < 0)
		return -1;
	record_init(r, nb);
	nbformat_recorded(r, nb);
	return 0;
}

static int
export_notebook(const char *path, enum format format,
		const struct export_args *args)
{
	struct buf out = { 0 };
	struct notebook nb;
	struct record r;
	struct err e;
	int status;

	if (read_record(path, args->recover, &nb, &r, &e) < 0) {
		status = command_fail(&e);
		goto out;
	}
	format_write(&out, format, &r, (struct nbformat_save){ 0 });
	record_release(&r);
	status = command_output(args->output, buf_slice(&out));
	/* On the screen it is not yet in safety. */
	if (args->recover && status == EXIT_OK && strcmp(args->output, "-"))
		journal_forget(path);
out:
	notebook_release(&nb);
	buf_release(&out);
	return status;
}

int
cmd_export(const struct command *cmd, int argc, char **argv)
{
	struct export_args args = { .format = -1, .output = "-" };
	struct strs paths = { 0 };
	enum format format;
	struct err e;
	int status = command_args(cmd, &args, argc, argv, &paths);

	if (status < 0 && export_format(&args, &format, &e) < 0)
		status = command_fail(&e);
	if (status < 0)
		status = export_notebook(paths.at[0], format, &args);
	strs_release(&paths);
	return status;
}

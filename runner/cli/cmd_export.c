/* cmd_export.c: `cnb export NOTEBOOK` writes what a notebook holds of earlier
 * runs in another format. Floor 4. It runs nothing. */
#include "cli/commands.h"
#include "cli/load.h"
#include "format/formats.h"

struct export_args {
	int format; /* -1: the output's suffix decides */
	const char *output;
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

static int
export_notebook(const char *path, enum format format, const char *output)
{
	struct buf out = { 0 };
	struct notebook nb;
	struct record r;
	struct err e;
	int status;

	if (load_notebook(&nb, path, &e) < 0) {
		status = command_fail(&e);
		goto out;
	}
	record_init(&r, &nb);
	nbformat_recorded(&r, &nb);
	format_write(&out, format, &r, (struct nbformat_save){ 0 });
	record_release(&r);
	status = command_output(output, buf_slice(&out));
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
		status = export_notebook(paths.at[0], format, args.output);
	strs_release(&paths);
	return status;
}

/* cmd_export.c: `cnb export` writes what notebooks and records hold of earlier
 * runs in another format. Floor 6. It runs nothing. */
#include <stdio.h>
#include <stdlib.h>
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/folder.h"
#include "cli/journal.h"
#include "cli/load.h"
#include "cli/product.h"
#include "format/formats.h"
#include "format/record_read.h"
#include "sys/fs.h"

struct export_args {
	int format; /* -1: the output's suffix decides */
	const char *output;
	bool recover, raw;
};

const struct opt cmd_export_opts[] = {
	{ 't', "to", "FORMAT",
	  "ipynb, json (the record), jsonl (its events), html, md, junit, "
	  "trace (for Perfetto), c; without it the suffix of FILE decides, and "
	  "json is written where there is none",
	  ARG_CHOICE, offsetof(struct export_args, format), format_names },
	{ 'o', "output", "FILE",
	  "write to FILE; '-', the default, is standard output; a folder gets "
	  "a file for each notebook",
	  ARG_STRING, offsetof(struct export_args, output) },
	{ 0, "recover", NULL,
	  "write what a run had captured that was cut off (kill -9, loss of "
	  "power) instead of what the notebook holds",
	  ARG_FLAG, offsetof(struct export_args, recover) },
	{ 0, "raw", NULL, "to a terminal, write control characters as they are",
	  ARG_FLAG, offsetof(struct export_args, raw) },
	{ 0 }
};

/* What was named: a notebook, or a record that an earlier run wrote. */
struct input {
	struct notebook nb;
	struct record r;
};

static void
input_release(struct input *in)
{
	record_release(&in->r);
	notebook_release(&in->nb);
}

/* With `recover`: what a run of the notebook left in its journal. */
static int
input_read(struct input *in, const char *path, bool recover, struct err *e)
{
	struct buf text = { 0 };
	int rc;

	*in = (struct input){ 0 };
	notebook_init(&in->nb);
	if (recover)
		return journal_read(path, &in->nb, &in->r, e);
	if (fs_read(path, &text, e) < 0)
		return -1;
	if (record_read_is(buf_slice(&text))) {
		rc = record_read(&in->r, &in->nb, path, buf_slice(&text), e);
	} else {
		rc = load_text(&in->nb, path, &text, e);
		if (rc == 0) {
			record_init(&in->r, &in->nb);
			nbformat_recorded(&in->r, &in->nb);
		}
	}
	buf_release(&text);
	return rc;
}

static int
write_inputs(const struct input *inputs, size_t count, enum format format,
	     const char *output, bool raw)
{
	const struct record **records = mem_alloc(count, sizeof *records);
	struct product p;
	struct err e;
	int status;

	for (size_t i = 0; i < count; i++)
		records[i] = &inputs[i].r;
	status = product_begin(&p, output, raw);
	if (status == EXIT_OK) {
		if (document_write(p.out, format, records, count,
				   (struct nbformat_save){ 0 }, &e) < 0) {
			product_drop(&p);
			status = command_fail(&e);
		} else {
			status = product_end(&p);
		}
	}
	free(records);
	return status;
}

/* Of records that bear one name, where they were read tells which is which. */
static void
tell_apart(struct input *inputs, const struct strs *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		for (size_t k = 0; k < paths->count; k++)
			if (i != k &&
			    !strcmp(inputs[i].nb.name, inputs[k].nb.name))
				inputs[i].nb.path = paths->at[i];
}

/* All into one document. */
static int
export_one(const struct strs *paths, enum format format, const char *output,
	   bool recover, bool raw)
{
	struct input *inputs = mem_alloc(paths->count, sizeof *inputs);
	int status = EXIT_OK;
	struct err e;
	size_t n = 0;

	for (; n < paths->count && status == EXIT_OK; n++)
		if (input_read(&inputs[n], paths->at[n], recover, &e) < 0)
			status = command_fail(&e);
	if (status == EXIT_OK && format == FORMAT_JUNIT)
		tell_apart(inputs, paths);
	if (status == EXIT_OK)
		status = write_inputs(inputs, n, format, output, raw);
	/* On the screen it is not yet in safety. */
	if (recover && status == EXIT_OK && strcmp(output, "-") != 0)
		for (size_t i = 0; i < n; i++)
			journal_forget(paths->at[i]);
	while (n)
		input_release(&inputs[--n]);
	free(inputs);
	return status;
}

/* Each into a file of its own. */
static int
export_each(const struct strs *paths, enum format format, const char *dir,
	    bool recover)
{
	struct folder folder;
	struct err e;
	int status = EXIT_OK;

	if (folder_init(&folder, dir, format, paths, &e) < 0) {
		folder_release(&folder);
		return command_fail(&e);
	}
	for (size_t i = 0; i < paths->count; i++) {
		char *path = folder_path(&folder, paths->at[i]);
		struct strs one = { &paths->at[i], 1 };
		int rc = export_one(&one, format, path, recover, false);

		status = rc > status ? rc : status;
		free(path);
	}
	folder_release(&folder);
	return status;
}

static int
export_format(const struct export_args *args, const struct strs *paths,
	      enum format *format, struct err *e)
{
	*format = args->format < 0 ? FORMAT_JSON : (enum format)args->format;
	if (args->format < 0 && strcmp(args->output, "-") != 0 &&
	    !folder_is(args->output) &&
	    format_of_path(args->output, format, e) < 0)
		return -1;
	if (args->format < 0 && folder_is(args->output))
		return err_input(e,
				 "say with --to in which format '%s' gets "
				 "its files",
				 args->output);
	if (paths->count > 1 && !format_merges(*format) &&
	    !folder_is(args->output))
		return err_input(e,
				 "%s takes one notebook, not %zu; with -o DIR "
				 "each gets its own file, and junit merges "
				 "them",
				 format_names[*format], paths->count);
	return 0;
}

int
cmd_export(const struct command *cmd, int argc, char **argv)
{
	struct export_args args = { .format = -1, .output = "-" };
	struct strs paths = { 0 };
	enum format format;
	struct err e;
	int status = command_args(cmd, &args, argc, argv, &paths);

	if (status < 0 && export_format(&args, &paths, &format, &e) < 0)
		status = command_fail(&e);
	if (status < 0)
		status = folder_is(args.output)
				 ? export_each(&paths, format, args.output,
					       args.recover)
				 : export_one(&paths, format, args.output,
					      args.recover, args.raw);
	strs_release(&paths);
	return status;
}

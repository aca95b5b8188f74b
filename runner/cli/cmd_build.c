/* cmd_build.c: `cnb build` compiles a notebook's cells and runs nothing.
 * Floor 6. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "build/cache.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "exec/params.h"
#include "exec/session.h"
#include "sys/proc.h"

struct build_args {
	struct strs cells;
	const char *cc, *cflags, *sanitize, *workdir;
	const char *into;
	bool clean, verbose, each, compile_commands;
};

const struct opt cmd_build_opts[] = {
	{ 'c', "cell", "SEL", "only these; see: cnb run --help", ARG_STRINGS,
	  offsetof(struct build_args, cells) },
	{ 0, "cc", "CC", "the compiler; default $CC, else cc", ARG_STRING,
	  offsetof(struct build_args, cc) },
	{ 0, "cflags", "WORDS", "more words for the compiler", ARG_STRING,
	  offsetof(struct build_args, cflags) },
	{ 0, "sanitize", "LIST",
	  "address, undefined, thread, leak: for the cells that name none",
	  ARG_STRING, offsetof(struct build_args, sanitize) },
	{ 0, "workdir", "DIR",
	  "where the compiler runs; default is the notebook's folder",
	  ARG_STRING, offsetof(struct build_args, workdir) },
	{ 0, "each", NULL,
	  "a plugin for each shared cell, as in a session; not one for all",
	  ARG_FLAG, offsetof(struct build_args, each) },
	{ 0, "compile-commands", NULL,
	  "write the cells' C as files, with a compile_commands.json for "
	  "clangd, into a folder of the build cache, and print its path",
	  ARG_FLAG, offsetof(struct build_args, compile_commands) },
	{ 0, "into", "DIR", "the same, into this folder", ARG_STRING,
	  offsetof(struct build_args, into) },
	{ 0, "clean", NULL, "empty the build cache instead", ARG_FLAG,
	  offsetof(struct build_args, clean) },
	{ 'v', "verbose", NULL, "show the commands", ARG_FLAG,
	  offsetof(struct build_args, verbose) },
	{ 0 }
};

/* Shows what compilers say, on standard error. */
struct build_sink {
	struct sink sink; /* first */
	bool verbose;
};

static void
on_event(struct sink *sink, const struct event *ev)
{
	const struct build_sink *s = (const struct build_sink *)sink;

	if (ev->kind != EV_BUILT)
		return;
	if (s->verbose && ev->built.command)
		command_say("%s%s", ev->built.command,
			    ev->built.cached ? " # from the cache" : "");
	fwrite(ev->built.messages.at, 1, ev->built.messages.len, stderr);
}

static int
clean(void)
{
	struct cache cache;
	int64_t freed = 0, kept = 0;
	struct err e;
	int rc = cache_open(&cache, &e);

	if (rc == 0) {
		rc = cache_clean(&cache, &freed, &kept, &e);
		cache_close(&cache);
	}
	if (rc < 0)
		return command_fail(&e);
	printf("%" PRId64 " bytes freed", freed);
	if (kept)
		printf(", %" PRId64 " stay: a run or a session uses the cache",
		       kept);
	putchar('\n');
	return EXIT_OK;
}

/* The exit status. */
static int
build(const struct build_args *args, const struct cell_list *cells,
      const struct run_settings *how)
{
	struct build_sink shown = { { on_event }, args->verbose };
	struct sink *sinks[] = { &shown.sink, NULL };
	struct select_options select = { .cells = &args->cells, .alone = true };
	struct selection chosen = { 0 };
	struct strs products = { 0 };
	struct buf out = { 0 };
	struct err e;
	int failed = 0, status;

	if (select_cells(&chosen, cells, &select, &e) < 0 ||
	    session_build(cells, &chosen, how, sinks, &products, &failed, &e) <
		    0) {
		status = command_fail(&e);
	} else {
		for (size_t i = 0; i < products.count; i++)
			buf_addf(&out, "%s\n", products.at[i]);
		status = command_output("-", buf_slice(&out));
		if (status == EXIT_OK && failed)
			status = EXIT_CELL;
	}
	buf_release(&out);
	strs_release(&products);
	selection_release(&chosen);
	return status;
}

static int
build_notebook(const struct build_args *args, const char *path)
{
	char *workdir = NULL, *cc = load_cc(args->cc);
	struct run_settings how = { .input_fd = -1, .cc = cc };
	struct cell_list cells = { 0 };
	struct params params = { 0 };
	struct strs cflags = { 0 };
	struct home home = { 0 };
	struct notebook nb;
	struct err e;
	int status;

	proc_take_signals();
	notebook_init(&nb);
	if (load_notebook(&nb, path, &e) < 0 ||
	    load_check_language(&nb, "build", &e) < 0 ||
	    load_cells(&cells, &nb, &e) < 0 ||
	    params_settle(&params, &nb, &cells, NULL, &e) < 0 ||
	    (args->cflags && text_words(&cflags, args->cflags, &e) < 0) ||
	    load_sanitizers(&cells, args->sanitize, &cflags, &e) < 0 ||
	    home_find(&home, &e) < 0 ||
	    !(workdir = load_workdir(args->workdir, path, &e))) {
		status = proc_interrupted() ? 128 + proc_interrupted()
					    : command_fail(&e);
	} else {
		how.home = &home;
		how.workdir = workdir;
		how.apart = args->each;
		how.cflags = &cflags;
		how.injected = &params;
		how.compile_commands = args->compile_commands || args->into;
		how.cells_dir = args->into;
		status = build(args, &cells, &how);
	}
	free(workdir);
	free(cc);
	home_release(&home);
	strs_release(&cflags);
	params_release(&params);
	cell_list_release(&cells);
	notebook_release(&nb);
	return status;
}

int
cmd_build(const struct command *cmd, int argc, char **argv)
{
	struct build_args args = { 0 };
	struct strs paths = { 0 };
	int status = command_args(cmd, &args, argc, argv, &paths);

	struct err e;

	if (status < 0 && args.clean)
		status = clean();
	else if (status < 0 && !paths.count) {
		err_input(&e, "build needs a name: cnb build [OPTION]... "
			      "NOTEBOOK");
		status = command_fail(&e);
	} else if (status < 0)
		status = build_notebook(&args, paths.at[0]);
	strs_release(&args.cells);
	strs_release(&paths);
	return status;
}

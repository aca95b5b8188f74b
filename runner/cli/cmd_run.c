/* cmd_run.c: `cnb run` runs notebooks, shows them, saves them. Floor 6. What
 * is shown, recorded and saved are three sinks of one stream of events. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/spool.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/folder.h"
#include "cli/journal.h"
#include "cli/lines.h"
#include "cli/load.h"
#include "cli/many.h"
#include "cli/merge.h"
#include "cli/product.h"
#include "cli/resident.h"
#include "cli/run_opts.h"
#include "cli/saver.h"
#include "cli/turn.h"
#include "cli/term.h"
#include "exec/params.h"
#include "exec/session.h"
#include "format/formats.h"
#include "sys/fs.h"
#include "sys/keeper.h"
#include "sys/proc.h"
#include "watch/supervise.h"

#define SINKS_MAX 8

static const char *const capture_names[] = { "ordered", "plain", NULL };

const struct opt cmd_run_opts[] = {
	{ 'c', "cell", "SEL",
	  "run only these: a name, an id, a number (-1 is the last), a range "
	  "3..5, load..plot, ..join, or #tag; may be repeated",
	  ARG_STRINGS, offsetof(struct run_args, cells) },
	{ 0, "skip", "SEL", "leave these out", ARG_STRINGS,
	  offsetof(struct run_args, skip) },
	{ 0, "from", "SEL", "from this cell on", ARG_STRING,
	  offsetof(struct run_args, from) },
	{ 0, "failed", NULL, "those that failed when last saved", ARG_FLAG,
	  offsetof(struct run_args, failed) },
	{ 0, "alone", NULL, "with --cell: do not run what a cell needs first",
	  ARG_FLAG, offsetof(struct run_args, alone) },
	ROW_INPLACE,
	ROW_TIMING,
	ROW_SHOW_CODE,
	{ 0, "input", "FILE", "standard input for the cells; - is ours",
	  ARG_STRING, offsetof(struct run_args, input) },
	ROW_OUTPUT,
	ROW_TO,
	ROW_PARAM,
	ROW_KEEP_GOING,
	ROW_TIMEOUT,
	ROW_DEADLINE("limit for the whole run; default none"),
	ROW_MEMORY,
	ROW_PROCESSES,
	ROW_FILES,
	ROW_GRACE,
	ROW_OUTPUT_LIMIT,
	{ 0, "timeline", NULL,
	  "record when, and by which process and thread, each write was made",
	  ARG_FLAG, offsetof(struct run_args, timeline) },
	{ 0, "capture", "HOW",
	  "ordered: what a thread writes to stdout and stderr keeps its order; "
	  "plain: no filter on the cells' system calls",
	  ARG_CHOICE, offsetof(struct run_args, capture), capture_names },
	ROW_WORKDIR,
	ROW_CC,
	ROW_CFLAGS,
	ROW_SANITIZE,
	{ 'j', "jobs", "N",
	  "run so many notebooks at once, their outputs apart and in order; 0 "
	  "is as many as there are processors; of one notebook, so many runs "
	  "of a cell that is repeated",
	  ARG_STRING, offsetof(struct run_args, jobs) },
	{ 0, "shard", "I/N",
	  "of the notebooks named, run part I of N, whatever their order",
	  ARG_STRING, offsetof(struct run_args, shard) },
	ROW_REPEAT,
	{ 0, "keep", NULL,
	  "leave a session: `cnb rerun` then runs cells again at once",
	  ARG_FLAG, offsetof(struct run_args, keep) },
	{ 0, "idle", "D",
	  "with --keep: it ends when it was not used for so long; default 30m, "
	  "0 is never",
	  ARG_DURATION, offsetof(struct run_args, idle_ms) },
	ROW_SNAPSHOTS("with --keep: "),
	ROW_SNAPSHOT_MEMORY("with --keep: "),
	ROWS_SHOW,
	{ 0 }
};

/* Everything of one notebook's run, so that it is released in one place. */
struct job {
	const struct run_args *args;
	const char *path;
	struct run_settings how;
	struct strs cflags;
	char *workdir, *cc;
	struct notebook nb;
	struct cell_list cells;
	struct params params;
	struct selection chosen;
	bool *selected; /* [chosen.count] */
	enum format format;
	struct buf *report; /* the record goes there: it is merged with others,
			     * NULL: it is not */
	bool saved;	    /* what was captured is where it was asked for */
	bool has_record, has_term, has_saver, has_journal, has_lines;
	struct record record;
	struct term term;
	struct saver saver;
	struct journal journal;
	struct lines lines;
	struct resident session;
	struct lock lock; /* until the saver has it */
};

/* "-o -", or --to without -o: the document alone. */
static bool
to_stdout(const struct run_args *args)
{
	return args->output ? !strcmp(args->output, "-") : args->format >= 0;
}

static int
open_input(const char *path, int *fd, struct err *e)
{
	*fd = -1;
	if (!path)
		return 0;
	*fd = !strcmp(path, "-") ? fcntl(0, F_DUPFD_CLOEXEC, 3)
				 : fs_open_input(path, INT64_MAX);
	if (*fd >= 0)
		return 0;
	return fs_err(e, errno, "read", path);
}

/* Better to know of a wrong one before anything runs. To open a fifo and leave
 * it would end who writes to it. */
static int
check_input(const char *path, struct err *e)
{
	struct stat st;
	int fd;

	if (path && stat(path, &st) == 0 && S_ISFIFO(st.st_mode))
		return 0;
	if (open_input(path, &fd, e) < 0)
		return -1;
	if (fd >= 0)
		close(fd);
	return 0;
}

static int
choose_capture(struct job *j, struct err *e)
{
	const struct run_args *a = j->args;
	bool plain = a->capture > 0;

	if (plain && a->timeline)
		return err_input(e, "--timeline and --capture plain contradict "
				    "each other");
	j->how.capture = a->timeline ? CAPTURE_TIMELINE
			 : plain     ? CAPTURE_PLAIN
				     : CAPTURE_ORDERED;
	if (order_check(j->how.capture, &j->cells, e) < 0)
		return err_prefix(e, "cannot run '%s': ", j->path);
	return 0;
}

/* Nothing to do is well, and yet seldom what was meant. */
static void
tell_if_none(const struct job *j)
{
	const char *why = "no cell is selected";

	for (size_t i = 0; i < j->chosen.count; i++)
		if (j->chosen.part[i] == PART_RUN)
			return;
	if (j->args->failed)
		why = "no cell of those selected failed when it was last saved";
	if (j->chosen.count && (j->args->failed || j->args->from ||
				j->args->skip.count || j->args->cells.count))
		command_say("cnb: warning: '%s': %s", j->path, why);
}

static int
prepare(struct job *j, struct err *e)
{
	const struct run_args *a = j->args;
	struct select_options select = { .cells = &a->cells,
					 .skip = &a->skip,
					 .from = a->from,
					 .failed = a->failed,
					 .alone = a->alone };

	if (load_notebook(&j->nb, j->path, e) < 0 ||
	    load_check_language(&j->nb, "run", e) < 0 ||
	    load_cells(&j->cells, &j->nb, e) < 0 ||
	    params_settle(&j->params, &j->nb, &j->cells, &a->params, e) < 0 ||
	    sharedcells_check(&j->cells, e) < 0 || choose_capture(j, e) < 0 ||
	    (a->cflags && text_words(&j->cflags, a->cflags, e) < 0) ||
	    load_sanitizers(&j->cells, a->sanitize, &j->cflags, e) < 0 ||
	    select_cells(&j->chosen, &j->cells, &select, e) < 0)
		return -1;
	tell_if_none(j);
	j->format = a->format < 0 ? FORMAT_IPYNB : (enum format)a->format;
	if (a->output &&
	    document_check(a->output, a->format, &j->format, e) < 0)
		return -1;
	j->workdir = load_workdir(a->workdir, j->path, e);
	if (!j->workdir)
		return -1;
	j->how.workdir = j->workdir;
	j->how.cflags = &j->cflags;
	j->how.cc = j->cc = load_cc(a->cc);
	j->how.params = &a->params;
	j->how.injected = &j->params;
	j->how.keep_going = a->keep_going;
	j->how.repeat = a->repeat;
	j->how.lanes = a->lanes;
	j->how.apart = getenv("CNB_APART") != NULL;
	j->how.timeout_ms = a->timeout_ms;
	j->how.deadline_ms = a->deadline_ms;
	j->how.grace_ms = a->grace_ms;
	j->how.limits = a->limits;
	return resident_find(&j->session, a, j->path, &j->cells, &j->chosen, e);
}

/* They are written while it runs, all other copies at its end. */
static bool
wants_lines(const struct job *j)
{
	return (j->args->output || j->args->format >= 0) &&
	       j->format == FORMAT_JSONL;
}

static int
open_sinks(struct job *j, struct sink *sinks[SINKS_MAX], struct err *e)
{
	const struct run_args *a = j->args;
	size_t n = 0;

	record_init(&j->record, &j->nb);
	j->record.output_limit = a->output_limit;
	j->record.limits = (struct record_limits){
		.timeout_ms = a->timeout_ms,
		.deadline_ms = a->deadline_ms,
		.memory = a->limits.memory,
		.processes = a->limits.tasks,
		.files = a->limits.files,
	};
	j->selected = mem_alloc(j->chosen.count, sizeof *j->selected);
	for (size_t i = 0; i < j->chosen.count; i++) {
		j->selected[i] = j->chosen.part[i] != PART_SKIP;
		if (!j->selected[i])
			record_skip(&j->record, (int)i + 1);
	}
	j->has_record = true;
	sinks[n++] = &j->record.sink;
	/* Before anybody has seen it. */
	sinks[n++] = &j->journal.sink;
	if (!to_stdout(a)) {
		struct term_settings how = {
			.selected = j->selected,
			.inplace = a->inplace,
			.rerun = a->rerun || a->keep,
			.fd = STDOUT_FILENO,
			.color = (enum term_color)a->color,
			.quiet = a->quiet,
			.verbose = a->verbose,
			.screen = a->screen,
			.raw = a->raw,
			.path = j->path,
			.record = &j->record,
		};

		term_init(&j->term, &how);
		j->has_term = true;
		sinks[n++] = &j->term.sink;
	}
	if (a->inplace) {
		struct nbformat_save how = { a->timing, a->show_code };

		if (!strcmp(j->path, "-"))
			return err_input(e, "-i saves into a notebook that is "
					    "a file, not standard input; -o - "
					    "writes it to standard output");
		/* Better to know it before an hour of cells than after. Who
		 * runs cells again has not asked for it to be saved. */
		if (!a->rerun && replace_allowed(j->path, e) < 0)
			return -1;
		/* A cell that was injected before shows what holds now. */
		if (j->params.instead)
			how.injected = load_injected(&j->params);
		if (saver_init(&j->saver, &j->record, how,
			       a->rerun ? &j->lock : NULL, e) < 0)
			return -1;
		j->has_saver = true;
		sinks[n++] = &j->saver.sink;
	}
	if (wants_lines(j)) {
		j->has_lines = true;
		if (lines_open(&j->lines, a->output ? a->output : "-", e) < 0)
			return -1;
		sinks[n++] = &j->lines.json.sink;
	}
	sinks[n] = NULL;
	journal_announce(j->path);
	journal_begin(&j->journal, &j->record);
	j->has_journal = true;
	return 0;
}

static int
worse(int a, int b)
{
	return a > b ? a : b;
}

static int
save_lines(struct job *j)
{
	struct err e;

	j->has_lines = false;
	if (lines_close(&j->lines, &e) == 0)
		return EXIT_OK;
	return e.text[0] ? command_fail(&e) : EXIT_SYSTEM;
}

static int
save_copy(struct job *j)
{
	const struct run_args *a = j->args;
	const struct record *r = &j->record;
	struct nbformat_save how = { .timing = a->timing,
				     .show_code = a->show_code,
				     .injected = load_injected(&j->params) };
	struct product p;
	struct err e;
	int status;

	if (j->report) {
		status = format_write(j->report, FORMAT_JSON, &r, 1,
				      (struct nbformat_save){ 0 }, &e) < 0
				 ? command_fail(&e)
				 : EXIT_OK;
		return status;
	}
	status = product_begin(&p, a->output ? a->output : "-", a->raw);
	if (status != EXIT_OK)
		return status;
	if (document_write(p.out, j->format, &r, 1, how, &e) == 0)
		return product_end(&p);
	product_drop(&p);
	return command_fail(&e);
}

/* What was captured is saved, however the run ended. */
static int
save(struct job *j)
{
	const struct run_args *a = j->args;
	struct err e;
	int status = EXIT_OK, written = EXIT_OK;

	bool begun = j->record.started_ns != 0;

	/* Of a run that never began nothing is to take the place of what is
	 * there. */
	if (j->has_saver && begun && saver_finish(&j->saver, &e) < 0)
		status = command_fail(&e);
	if (j->has_lines)
		written = save_lines(j);
	else if (a->output || a->format >= 0)
		written = save_copy(j);
	/* What went to standard output is its reader's. */
	j->saved = (!j->has_saver || !begun || j->saver.safe) &&
		   (written == EXIT_OK || to_stdout(a));
	return worse(status, written);
}

static void
job_release(struct job *j)
{
	struct err e;

	if (j->has_lines)
		lines_close(&j->lines, &e);
	if (j->has_journal)
		journal_end(&j->journal, j->saved);
	if (j->has_saver)
		saver_release(&j->saver);
	lock_release(&j->lock);
	if (j->has_term)
		term_release(&j->term);
	if (j->has_record)
		record_release(&j->record);
	resident_release(&j->session);
	selection_release(&j->chosen);
	params_release(&j->params);
	free(j->selected);
	cell_list_release(&j->cells);
	notebook_release(&j->nb);
	strs_release(&j->cflags);
	free(j->workdir);
	free(j->cc);
}

/* In a session, where there is one and it is wanted; else in a run of its own.
 */
static int
execute(struct job *j, struct sink **sinks, struct err *e)
{
	struct resident *s = &j->session;

	if (!s->wanted)
		return session_run(&j->cells, &j->chosen, &j->how, sinks, e);
	return resident_run(s, j->args, j->workdir, j->how.home, &j->nb,
			    &j->chosen, sinks, e);
}

/* A timeline that was asked for and is not there must not be missed. */
static void
warn_of_no_timeline(const struct job *j)
{
	const char *name = NULL;
	int n = 0;

	for (size_t i = 0; i < j->cells.count; i++) {
		const struct record_cell *c = &j->record.cells[i];

		/* Of a cell that did not run nothing is missing; what a
		 * session records was settled when it began. */
		if (j->session.wanted || !c->ended || c->end.duration_ns <= 0 ||
		    c->timeline ||
		    order_of_cell(j->how.capture, &j->cells.at[i]) !=
			    CAPTURE_TIMELINE)
			continue;
		if (!n++)
			name = c->name;
	}
	if (n)
		command_say("cnb: warning: cell '%s'%s of '%s' has no "
			    "timeline: this system does not let writes be seen "
			    "(seccomp)",
			    name, n > 1 ? " and others" : "", j->path);
}

static int
run_notebook(const struct run_args *args, const char *path,
	     const struct run_settings *base, struct buf *report)
{
	struct job j = {
		.args = args,
		.path = path,
		.how = *base,
		.report = report,
		.lock = { .fd = -1 },
	};
	struct sink *sinks[SINKS_MAX];
	struct err e;
	int status, signal;

	keeper_prepare();
	notebook_init(&j.nb);
	if ((args->rerun && turn_await(&j.lock, path, args->quiet, &e) < 0) ||
	    prepare(&j, &e) < 0 ||
	    session_check_params(&j.cells, &j.chosen, &j.how, &e) < 0 ||
	    open_sinks(&j, sinks, &e) < 0) {
		signal = proc_interrupted();
		status = signal ? 128 + signal : command_fail(&e);
		job_release(&j);
		keeper_put_away();
		return status;
	}
	status = EXIT_OK;
	if (execute(&j, sinks, &e) < 0)
		status = command_fail(&e);
	else if (!record_is_ok(&j.record))
		status = EXIT_CELL;
	status = worse(status, save(&j));
	if (spool_failure(&e))
		fprintf(stderr, "cnb: warning: %s; it was kept in memory\n",
			e.text);
	resident_tell(&j.session, args, &j.cells, &j.record);
	warn_of_no_timeline(&j);
	if (j.has_term && j.term.failure)
		status = worse(status, command_stdout_failed(j.term.failure));
	signal = proc_interrupted();
	job_release(&j);
	keeper_put_away();
	return signal ? 128 + signal : status;
}

struct all {
	const struct run_args *args;
	struct run_settings base;
	bool each; /* -o is a folder, which gets a file for each notebook: */
	struct folder folder;
	bool merge; /* one document for all */
};

/* A file is read by each notebook from its start. */
static int
run_one(void *self, const char *path, struct buf *report)
{
	const struct all *all = self;
	struct run_settings how = all->base;
	struct run_args args = *all->args;
	char *own = NULL;
	struct err e;
	int status;

	if (open_input(args.input, &how.input_fd, &e) < 0)
		return proc_interrupted() ? 128 + proc_interrupted()
					  : command_fail(&e);
	if (all->each)
		args.output = own = folder_path(&all->folder, path);
	status = run_notebook(&args, path, &how, all->merge ? report : NULL);
	free(own);
	if (how.input_fd >= 0)
		close(how.input_fd);
	return status;
}

static int
check_all(struct all *all, struct run_args *args, struct strs *paths,
	  struct many *m, struct err *e)
{
	struct strs named = { 0 };
	int rc = many_jobs(args->jobs, &m->jobs, e);

	/* Notebooks that run at once have the processors already. */
	if (args->jobs)
		args->lanes = paths->count > 1 ? 1 : (int64_t)m->jobs;
	if (rc == 0)
		rc = params_check_given(&args->params, e);
	strs_add_all(&named, paths);
	if (rc == 0)
		rc = many_shard(paths, args->shard, e);
	if (rc == 0)
		rc = merge_check(paths->count, args->output, &args->format,
				 all->each, e);
	if (rc == 0 && all->each)
		rc = folder_init(&all->folder, args->output,
				 (enum format)args->format, &named, e);
	strs_release(&named);
	if (rc < 0)
		return -1;
	if (paths->count > 1 && m->jobs > 1 && args->input &&
	    !strcmp(args->input, "-"))
		return err_input(e, "notebooks that run at once cannot share "
				    "--input -");
	return 0;
}

int
run_all(struct run_args *args, struct strs *paths)
{
	struct all all = { .args = args, .each = folder_is(args->output) };
	struct many m = { .paths = paths,
			  .run = run_one,
			  .self = &all,
			  .summary = !to_stdout(args),
			  .quiet = args->quiet };
	struct home home = { 0 };
	struct err e;
	int status;

	if (check_all(&all, args, paths, &m, &e) < 0 ||
	    check_input(args->input, &e) < 0) {
		folder_release(&all.folder);
		return command_fail(&e);
	}
	all.merge = paths->count > 1 && !all.each &&
		    (args->output || args->format >= 0);
	if (all.merge)
		m.reports = mem_alloc(paths->count, sizeof *m.reports);
	proc_take_signals();
	/* What a job writes is seen later, by whoever sees us. */
	args->screen = isatty(STDOUT_FILENO);
	if (m.jobs > 1 &&
	    term_wants_color((enum term_color)args->color, STDOUT_FILENO))
		args->color = COLOR_ALWAYS;
	all.base.home = &home;
	status = home_find(&home, &e) < 0 ? command_fail(&e) : many_run(&m);
	if (all.merge)
		status = worse(status,
			       merge_write(paths, m.reports, args->output,
					   (enum format)args->format));
	for (size_t i = 0; m.reports && i < paths->count; i++)
		buf_release(&m.reports[i]);
	free(m.reports);
	folder_release(&all.folder);
	home_release(&home);
	return status;
}

/* What the options of a session are before the command line was read. */
#define NOT_GIVEN (-1)

/* Those that say nothing without --keep are not passed over in silence. */
static int
settle_session(struct run_args *a, struct err *e)
{
	const struct run_args usual = RUN_ARGS_DEFAULT;
	const struct {
		const char *name;
		int64_t *value, usual;
	} options[] = {
		{ "idle", &a->idle_ms, usual.idle_ms },
		{ "snapshots", &a->snapshots, usual.snapshots },
		{ "snapshot-memory", &a->snapshot_bytes, usual.snapshot_bytes },
	};

	for (size_t i = 0; i < countof(options); i++) {
		if (*options[i].value == NOT_GIVEN)
			*options[i].value = options[i].usual;
		else if (!a->keep)
			return err_input(
				e,
				"--%s is about the session that --keep "
				"leaves",
				options[i].name);
	}
	return 0;
}

int
cmd_run(const struct command *cmd, int argc, char **argv)
{
	struct run_args args = RUN_ARGS_DEFAULT;
	struct strs paths = { 0 };
	struct err e;
	int status;

	args.idle_ms = args.snapshots = args.snapshot_bytes = NOT_GIVEN;
	status = command_args(cmd, &args, argc, argv, &paths);
	if (status < 0 && settle_session(&args, &e) < 0)
		status = command_fail(&e);
	if (status < 0)
		status = run_all(&args, &paths);
	strs_release(&args.cells);
	strs_release(&args.skip);
	strs_release(&args.params);
	strs_release(&paths);
	return status;
}

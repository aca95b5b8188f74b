/* cmd_watch.c: `cnb watch` runs a notebook, and at each save runs again what
 * changed and what stands below it. Floor 6. Which cells those are, and the
 * states between them, are a session's matter, held by this process alone. */
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/journal.h"
#include "cli/load.h"
#include "cli/many.h"
#include "cli/resident.h"
#include "cli/rounds.h"
#include "cli/run_opts.h"
#include "cli/view.h"
#include "cli/watched.h"
#include "exec/session.h"
#include "format/nbformat.h"
#include "live/held.h"
#include "sys/clock.h"
#include "sys/fs.h"
#include "sys/proc.h"

/* Saves come in bursts: wait until nothing more comes for so long, */
#define QUIET_NS (50 * NS_PER_MS)
/* but not longer than this. */
#define PATIENCE_NS (1000 * NS_PER_MS)

const struct opt cmd_watch_opts[] = {
	ROW_INPLACE,
	ROW_TIMING,
	ROW_SHOW_CODE,
	ROW('o', "output", "FILE", "save a copy after each round", ARG_STRING,
	    output),
	ROW_CHOICE('t', "to", "FORMAT",
		   "of the copy, as for `cnb run`; without it the suffix of "
		   "FILE decides",
		   format, format_names),
	ROW_KEEP_GOING,
	ROW_PARAM,
	ROW_REPEAT,
	ROW_LANES,
	ROW_TIMEOUT,
	ROW_DEADLINE("limit for each round; default none"),
	ROW_MEMORY,
	ROW_PROCESSES,
	ROW_FILES,
	ROW_GRACE,
	ROW_OUTPUT_LIMIT,
	ROW_WORKDIR,
	ROW_CC,
	ROW_CFLAGS,
	ROW_SANITIZE,
	ROW_SNAPSHOTS(""),
	ROW_SNAPSHOT_MEMORY(""),
	ROWS_SHOW,
	ROW_REFUSED('c', "cell", "SEL", "what changed decides what runs"),
	ROW_REFUSED(0, "skip", "SEL",
		    "what changed decides what runs; tag a cell "
		    "skip-execution to leave it out"),
	ROW_REFUSED(0, "from", "SEL", "what changed decides what runs"),
	ROW_REFUSED(0, "failed", NULL,
		    "what failed is tried again at each save"),
	ROW_REFUSED(0, "alone", NULL,
		    "a cell runs in the state above it, which is there"),
	ROW_REFUSED(0, "keep", NULL,
		    "the session of a watch ends with it; cnb run --keep "
		    "leaves one"),
	ROW_REFUSED(0, "idle", "D", "the session of a watch ends with it"),
	ROW_REFUSED(0, "shard", "I/N", "there is one notebook"),
	ROWS_REFUSED_CAPTURE,
	{ 0 }
};

/* A folder that is gone is looked for so often. */
#define LOST_NS (200 * NS_PER_MS)

/* An editor that puts the notebook aside and writes another needs no longer. */
#define GONE_NS (1000 * NS_PER_MS)

struct watching {
	struct run_args *args;
	const char *path;
	char *workdir;
	struct home home;
	struct held *held; /* NULL: the notebook was never whole */
	struct watched watched;
	bool saved; /* one of those that count */
	bool notebook_saved;
	bool unread;	 /* since that nobody has looked what it says */
	bool outdated;	 /* the round was stopped for it */
	int64_t look_ns; /* the notebook is gone: when that is to be said */
	struct sink pace;
	struct view view;
	struct rounds rounds;
};

/* what is watched */

/* Sources of table cells, and what programs and cells are fed from. */
static int
watch_sources(struct watching *w, const struct cell_list *cells, struct err *e)
{
	for (size_t i = 0; i < cells->count; i++) {
		const struct cell_info *c = &cells->at[i];
		char *input =
			c->options->stdin_file
				? path_join(w->workdir, c->options->stdin_file)
				: NULL;
		int n = c->cell->number, rc = 0;

		if (c->plugin_path)
			rc = watched_add(&w->watched, c->plugin_path, n, e);
		if (rc == 0 && input)
			watched_add(&w->watched, input, n, NULL);
		free(input);
		if (rc < 0)
			return -1;
	}
	return 0;
}

/* Of which packages take care; nobody saves them. */
static bool
is_of_the_system(const char *path)
{
	static const char *const places[] = { "/usr/include/", "/usr/lib",
					      "/usr/bin/", "/lib", "/bin/" };

	for (size_t i = 0; i < countof(places); i++)
		if (!strncmp(path, places[i], strlen(places[i])))
			return true;
	return false;
}

/* Which cells it may change is not known, and where it cannot be watched the
 * next save of the notebook will do. */
static void
watch_read(void *self, const char *path)
{
	struct watching *w = self;

	if (!is_of_the_system(path))
		watched_add(&w->watched, path, 1, NULL);
}

static void
watch_all_read(struct watching *w)
{
	if (w->held)
		held_each_file(w->held, watch_read, w);
}

static void
watch_not(void *self, const char *path)
{
	struct watching *w = self;

	watched_leave_out(&w->watched, path);
}

/* Do both have the same C up to their n-th code cell? */
static bool
is_same_upto(const struct notebook *a, const struct notebook *b, int n)
{
	for (int i = 1; i <= n; i++) {
		const struct nb_cell *x = notebook_code_cell(a, i);
		const struct nb_cell *y = notebook_code_cell(b, i);

		if (!x || !y || !slice_equal(x->source, y->source))
			return false;
	}
	return true;
}

/* A notebook that is not whole says nothing, and we ourselves save outputs
 * alone. */
static bool
is_other_by_now(struct watching *w)
{
	struct buf text = { 0 };
	struct notebook now;
	struct err e;
	bool other;

	if (!w->unread)
		return false;
	w->unread = false;
	notebook_init(&now);
	other = fs_read(w->path, &text, &e) == 0 &&
		nbformat_read_file(&now, w->path, &text, &e) == 0 &&
		!is_same_upto(&now, w->view.nb, w->view.current);
	notebook_release(&now);
	buf_release(&text);
	return other;
}

/* The cell that runs, or one above it, is another by now: what it does is of no
 * use, and it may go on for ever. */
static void
stop_if_outdated(struct watching *w)
{
	if (!w->view.current || proc_interrupted())
		return;
	if (is_other_by_now(w) ||
	    watched_is_other(&w->watched, w->view.current)) {
		w->outdated = true;
		proc_request_stop();
	}
}

static void
on_changes(void *self, int fd)
{
	struct watching *w = self;
	struct watched_news news = watched_read(&w->watched);

	(void)fd;
	if (news.notebook)
		w->notebook_saved = w->unread = true;
	w->saved |= news.others;
	w->look_ns =
		fs_exists(w->path) ? LOOP_NEVER : clock_mono_ns() + GONE_NS;
	stop_if_outdated(w);
}

/* The user's own Ctrl-C beside it ends us. */
static void
forget_stop(struct watching *w)
{
	proc_forget_requests();
	w->unread |= w->outdated; /* if it was over before it was stopped */
	w->outdated = false;
}

/* It may have been saved before the cell began. */
static void
on_pace(struct sink *sink, const struct event *ev)
{
	struct watching *w =
		(void *)((char *)sink - offsetof(struct watching, pace));

	if (ev->kind == EV_TICK)
		stop_if_outdated(w);
	else if (ev->kind == EV_CELL_END)
		forget_stop(w);
}

/* What we have saved into the notebook ourselves is no news. */
static bool
is_saved(struct watching *w)
{
	if (w->notebook_saved && !rounds_is_ours(&w->rounds))
		w->saved = true;
	w->notebook_saved = false;
	return w->saved;
}

static void
tell_gone(struct watching *w)
{
	if (clock_mono_ns() < w->look_ns)
		return;
	w->look_ns = LOOP_NEVER;
	if (!fs_exists(w->path))
		command_say("cnb: '%s' is gone: waiting for it to come back",
			    w->path);
}

/* Ctrl-Z stops us as it would stop any program. */
static void
wait_until(struct loop *loop, int64_t until_ns)
{
	if (proc_stop_asked())
		proc_stop_ourselves(SIGTSTP);
	loop_wait(loop, until_ns);
}

/* A folder that was put in another's place: what is in it was saved. */
static void
wait_for_news(struct watching *w, struct loop *loop)
{
	struct changes *changes = &w->watched.changes;
	bool lost = changes_lost(changes);
	int64_t retry_ns = lost ? clock_mono_ns() + LOST_NS : LOOP_NEVER;

	wait_until(loop, retry_ns < w->look_ns ? retry_ns : w->look_ns);
	if (lost && changes_retry(changes) && fs_exists(w->path))
		w->saved = true;
	tell_gone(w);
}

/* False: a signal asks us to end. */
static bool
wait_for_save(struct watching *w)
{
	struct loop *loop = held_loop(w->held);
	int64_t first;

	while (!is_saved(w) && !proc_interrupted())
		wait_for_news(w, loop);
	first = clock_mono_ns();
	do {
		int64_t until = clock_mono_ns() + QUIET_NS;

		w->saved = false;
		while (!is_saved(w) && !proc_interrupted() &&
		       clock_mono_ns() < until)
			wait_until(loop, until);
	} while (w->saved && !proc_interrupted() &&
		 clock_mono_ns() - first < PATIENCE_NS);
	w->saved = false;
	return !proc_interrupted();
}

/* one round */

static struct letter
letter_of(const struct watching *w, const struct notebook *nb,
	  const struct cell_list *cells)
{
	struct letter l = resident_letter(w->args, w->path, w->workdir, nb);

	l.changed = true;
	l.idle_ms = 0; /* it ends with us */
	/* What failed is tried again at each save, before what is below it. */
	for (size_t i = 0; i < cells->count; i++)
		buf_add_byte(&l.parts,
			     w->view.failed && !strcmp(w->view.failed,
						       cells->at[i].cell->id));
	return l;
}

static int
run_changed(struct watching *w, struct letter *l, const struct notebook *nb,
	    struct err *e)
{
	struct term_settings how = { .color = (enum term_color)w->args->color,
				     .quiet = w->args->quiet,
				     .verbose = w->args->verbose,
				     .raw = w->args->raw,
				     .by_itself = true,
				     .path = w->path };
	struct sink *sinks[6], *record = rounds_record(&w->rounds),
			       *journal = rounds_journal(&w->rounds),
			       *saver = rounds_saver(&w->rounds);
	struct answer a = { 0 };
	size_t n = 0;
	int rc = 0;

	if (!w->held) {
		w->held = held_new(l, &w->home, e);
		if (!w->held)
			return -1;
		loop_add(held_loop(w->held), w->watched.changes.fd, on_changes,
			 w);
	}
	if (record)
		sinks[n++] = record;
	if (journal)
		sinks[n++] = journal;
	sinks[n++] = &w->view.sink;
	sinks[n++] = &w->pace;
	if (saver)
		sinks[n++] = saver;
	sinks[n] = NULL;
	view_begin(&w->view, &how, nb);
	rc = held_run(w->held, l, sinks, &a, e);
	view_end(&w->view);
	forget_stop(w);
	held_trim(w->held, NULL);
	answer_release(&a);
	return rc;
}

/* A notebook that is not valid is told of; then the next save counts. */
static void
play_round(struct watching *w)
{
	struct notebook *nb = mem_alloc(1, sizeof *nb);
	struct cell_list cells = { 0 };
	struct params params = { 0 };
	struct letter l = { 0 };
	struct err e;

	notebook_init(nb);
	watched_renew(&w->watched);
	if (load_notebook(nb, w->path, &e) < 0 ||
	    load_check_language(nb, "run", &e) < 0 ||
	    load_cells(&cells, nb, &e) < 0 ||
	    params_settle(&params, nb, &cells, &w->args->params, &e) < 0 ||
	    watch_sources(w, &cells, &e) < 0) {
		if (!proc_interrupted())
			command_fail(&e);
		notebook_release(nb);
		free(nb);
	} else {
		files_each(&cells, w->workdir, watch_not, w);
		l = letter_of(w, nb, &cells);
		watch_all_read(w);
		watched_look(&w->watched);
		rounds_begin(&w->rounds, nb, &params);
		if (run_changed(w, &l, nb, &e) < 0)
			command_fail(&e);
		watch_all_read(w);
		rounds_end(&w->rounds, nb, &params);
		w->saved |= w->rounds.again;
	}
	params_release(&params);
	letter_release(&l);
	cell_list_release(&cells);
}

static void
tell_waiting(const struct watching *w)
{
	char when[32];
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(when, sizeof when, "%H:%M:%S", &tm);
	command_say("%s: watching '%s'; Ctrl-C ends", when, w->path);
}

static int
set_jobs(struct run_args *args, struct err *e)
{
	size_t jobs;

	if (many_jobs(args->jobs, &jobs, e) < 0)
		return -1;
	if (args->jobs)
		args->lanes = (int64_t)jobs;
	return 0;
}

static int
watch(struct watching *w, struct err *e)
{
	struct home *home = &w->home;

	if (!strcmp(w->path, "-"))
		return err_input(e, "cannot watch standard input");
	if (!fs_exists(w->path))
		return err_input(e,
				 "cannot read '%s': No such file or "
				 "directory",
				 w->path);
	if (set_jobs(w->args, e) < 0 ||
	    params_check_given(&w->args->params, e) < 0 ||
	    rounds_init(&w->rounds, w->args, w->path, e) < 0)
		return -1;
	w->workdir = load_workdir(w->args->workdir, w->path, e);
	if (!w->workdir || home_find(home, e) < 0 ||
	    watched_open(&w->watched, w->path, e) < 0 ||
	    view_init(&w->view, e) < 0)
		return -1;
	journal_announce(w->path);
	do {
		play_round(w);
		/* Without a session there is nothing to go on from. */
		if (!w->held)
			return 1;
		if (proc_interrupted() || w->view.failure)
			break;
		tell_waiting(w);
	} while (wait_for_save(w));
	return 0;
}

static void
watching_release(struct watching *w)
{
	if (w->held)
		held_free(w->held);
	watched_close(&w->watched);
	view_release(&w->view);
	rounds_release(&w->rounds);
	home_release(&w->home);
	free(w->workdir);
}

int
cmd_watch(const struct command *cmd, int argc, char **argv)
{
	struct run_args args = RUN_ARGS_DEFAULT;
	struct watching w = { .args = &args,
			      .watched = { .changes = { .fd = -1 } },
			      .look_ns = LOOP_NEVER,
			      .pace = { on_pace } };
	struct strs paths = { 0 };
	struct err e;
	int status = command_args(cmd, &args, argc, argv, &paths), rc;

	if (status < 0) {
		w.path = paths.at[0];
		w.view.file = -1;
		proc_take_signals();
		rc = watch(&w, &e);
		status = rc < 0 ? command_fail(&e) : rc > 0 ? EXIT_INPUT : 0;
		rc = rounds_finish(&w.rounds);
		status = status ? status : rc;
		if (w.view.failure)
			status = command_stdout_failed(w.view.failure);
		if (proc_interrupted())
			status = 128 + proc_interrupted();
		watching_release(&w);
	}
	strs_release(&args.params);
	strs_release(&paths);
	return status;
}

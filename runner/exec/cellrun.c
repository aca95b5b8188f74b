/* cellrun.c: one cell from its text to its verdict, a function for each kind.
 * Floor 4. The order of cells and what follows from a verdict is session.c's.
 */
#include "exec/foreign.h"
#include "exec/run.h"
#include "exec/sanitize.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/fs.h"

void
cell_result_release(struct cell_result *res)
{
	verdict_release(&res->verdict);
	outcome_release(&res->outcome);
	free(res->runs);
	free(res->plugin);
}

char *
run_label(const struct run *r)
{
	struct buf b = { 0 };

	buf_addf(&b, "%s:", r->cells->nb->name);
	return buf_take(&b);
}

static int64_t
timeout_of(const struct run *r, const struct cell_info *c)
{
	return c->options->timeout_ms >= 0 ? c->options->timeout_ms
					   : r->how->timeout_ms;
}

void
cellrun_emit_built(struct run *r, const struct cell_info *c,
		   const struct built *b)
{
	struct event ev = { .kind = EV_BUILT };

	ev.built.cc = workshop_cc(&r->workshop);
	ev.built.failed = !b->path;
	ev.built.cached = b->cached;
	ev.built.duration_ns = b->duration_ns;
	ev.built.command = b->command;
	ev.built.messages = slice_of(b->messages ? b->messages : "");
	emit(&r->emitter, c->cell->number, ev);
}

/* A mistake in what the notebook asks for is the cell's own; only where the
 * system fails us does the run end. */
int
cellrun_own_fault(struct cell_result *res, const char *ename, struct err *e)
{
	if (e->class != ERR_INPUT)
		return -1;
	verdict_failed(&res->verdict, ename, e->text);
	return 0;
}

int
cellrun_unbuilt(struct cell_result *res, struct err *e)
{
	if (e->class != ERR_INPUT)
		return -1;
	verdict_of_build(&res->verdict, e->text);
	return 0;
}

struct task
cellrun_task(const struct run *r, const struct cell_info *c)
{
	return (struct task){ .timeout_ms = timeout_of(r, c),
			      .order = order_of_cell(r->how->capture, c) };
}

/* Everything a task needs: input and outputs. */
int
cellrun_prepare(struct run *r, const struct cell_info *c, struct task *t,
		int *input, struct live **live, struct err *e)
{
	*t = cellrun_task(r, c);
	*input = input_open(r, c, t, e);
	if (*input < 0)
		return -1;
	*live = run_live(r, c->cell->number, e);
	if (!*live) {
		close(*input);
		return -1;
	}
	t->capture = &(*live)->capture;
	return 0;
}

/* The shell's exit status stands for the command's; 128 + N for signal N is
 * what a user of a shell knows. */
static int
status_of(const struct outcome *o)
{
	if (!o->died)
		return -1;
	return o->wait_status & 0x7f ? 128 + (o->wait_status & 0x7f)
				     : o->wait_status >> 8 & 0xff;
}

/* Several commands are one cell: times add up, and the limit is for all. */
static void
add_up(const struct cell_info *c, struct cell_result *res,
       const struct outcome *more)
{
	struct outcome *o = &res->outcome, sum = *more, *next = &sum;

	if (c->options->run.count)
		*mem_push(res->runs, res->nruns) = status_of(more);
	if (res->ran) {
		next->duration_ns += o->duration_ns;
		next->cpu_ns += o->cpu_ns;
		if (next->max_rss_kb < o->max_rss_kb)
			next->max_rss_kb = o->max_rss_kb;
		next->children_left += o->children_left;
		leavings_join(&next->left, &o->left);
		outcome_release(o);
	}
	*o = *next;
	res->ran = true;
}

static void
judge(const struct run *r, const struct cell_info *c, struct cell_result *res,
      struct live *live)
{
	char *label = run_label(r);

	/* What was not told on stderr was told all the same. */
	if (!live->findings.count && !live->mute)
		findings_take(&live->findings,
			      buf_slice(&res->outcome.crash.reports));

	verdict_of_outcome(&res->verdict, &res->outcome, timeout_of(r, c),
			   label);
	verdict_of_findings(&res->verdict, &live->findings, label);
	free(label);
}

void
cellrun_judge(struct run *r, const struct cell_info *c, struct cell_result *res,
	      const struct task *t)
{
	add_up(c, res, &t->outcome);
	judge(r, c, res, t->capture->self);
}

/* A cell's programs on their way: one, or several commands in turn. */
struct course {
	struct run *r;
	const struct cell_info *c;
	struct cell_result *res;
	struct task task;
	struct live *live;
	int input;
};

static int
course_begin(struct course *w, struct run *r, const struct cell_info *c,
	     struct cell_result *res, struct err *e)
{
	*w = (struct course){ .r = r, .c = c, .res = res };
	return cellrun_prepare(r, c, &w->task, &w->input, &w->live, e);
}

static void
course_end(struct course *w)
{
	capture_close_writers(&w->live->capture);
	w->live->over = !w->res->goes_on;
	close(w->input);
}

/* Run one program to its end, or, as the last one of a cell in the background,
 * let it go on. */
static int
course_run(struct course *w, const char *path, char *const *argv, bool last,
	   bool plain, struct err *e)
{
	const int *writer = w->task.capture->writer;
	struct keeper_spawn what = {
		.path = path,
		.argv = argv,
		.env = &w->c->options->env,
		.cwd = w->r->how->workdir,
		.fds = { w->input, writer[STREAM_STDOUT],
			 writer[STREAM_STDERR] },
		.fixed_addresses =
			sanitize_fixes_addresses(&w->c->options->sanitize),
	};

	w->task.goes_on = !last;
	if (last && w->c->options->background)
		return backcell_start(w->r, w->c, w->res, &w->task, w->live,
				      &what, plain, e);
	return supervise_program(&w->r->supervisor, &w->task, &what, plain, e);
}

static int
execute(struct run *r, const struct cell_info *c, const char *path,
	struct cell_result *res, struct err *e)
{
	struct strs argv = { 0 };
	struct course w;
	int rc;

	if (course_begin(&w, r, c, res, e) < 0)
		return cellrun_own_fault(res, "Input", e);
	strs_add(&argv, c->name);
	strs_add_all(&argv, &c->options->args);
	rc = course_run(&w, path, argv.at, true, c->options->plain, e);
	course_end(&w);
	strs_release(&argv);
	if (rc == 0 && !res->goes_on)
		cellrun_judge(r, c, res, &w.task);
	return rc;
}

static int
run_command(struct course *w, const char *shell, const char *text, bool last,
	    struct err *e)
{
	char *words[] = { NULL, (char[]){ "-c" }, NULL, NULL };
	char *path = path_find_program(shell);
	int rc;

	if (!path)
		return err_system(e, "cannot run cell '%s': no %s here",
				  w->c->name, shell);
	words[0] = mem_strdup(path_base(shell));
	words[2] = mem_strdup(text);
	rc = course_run(w, path, words, last, true, e);
	free(words[0]);
	free(words[2]);
	free(path);
	return rc;
}

/* One command is over. False: no more of them are to run. */
static bool
course_next(struct course *w)
{
	struct task *t = &w->task;
	bool ended = t->outcome.timed_out || t->outcome.interrupted;

	if (t->timeout_ms) {
		t->timeout_ms -= t->outcome.duration_ns / NS_PER_MS;
		if (t->timeout_ms < 1)
			t->timeout_ms = 1;
	}
	add_up(w->c, w->res, &t->outcome);
	return !ended;
}

/* All of them run; the last one's exit status decides. */
static int
run_commands(struct run *r, const struct cell_info *c, const char *shell,
	     const struct strs *commands, struct cell_result *res,
	     struct err *e)
{
	struct course w;
	int rc = 0;

	if (course_begin(&w, r, c, res, e) < 0)
		return cellrun_own_fault(res, "Input", e);
	w.task.shell = true;
	for (size_t i = 0; i < commands->count; i++) {
		bool last = i + 1 == commands->count;

		rc = run_command(&w, shell, commands->at[i], last, e);
		if (rc < 0 || res->goes_on || !course_next(&w))
			break;
	}
	course_end(&w);
	if (rc == 0 && !res->goes_on)
		judge(r, c, res, w.live);
	return rc;
}

static int
run_program(struct run *r, const struct cell_info *c, struct cell_result *res,
	    struct err *e)
{
	struct built b = { 0 };
	int rc;

	if (files_write(r, c, e) < 0)
		return -1;
	if (c->options->run.count)
		return run_commands(r, c, "/bin/sh", &c->options->run, res, e);
	if (workshop_program(&r->workshop, r->cells->nb, c, &b, e) < 0)
		return cellrun_unbuilt(res, e);
	if (!b.path) {
		struct buf more = { 0 };

		/* Where it stands in the file is for editors, not to be
		 * saved: saving moves it. */
		verdict_of_build(&res->verdict, b.messages);
		buf_add_str(&more, b.messages);
		cell_info_place(c, r->cells->nb, &more);
		free(b.messages);
		b.messages = buf_take(&more);
	}
	cellrun_emit_built(r, c, &b);
	rc = b.path ? execute(r, c, b.path, res, e) : 0;
	built_release(&b);
	return rc;
}

static int
run_file(struct run *r, const struct cell_info *c, struct cell_result *res,
	 struct err *e)
{
	if (files_write(r, c, e) < 0)
		return cellrun_own_fault(res, "FileError", e);
	if (c->options->run.count)
		return run_commands(r, c, "/bin/sh", &c->options->run, res, e);
	return 0;
}

/* `%%bash` or `%%sh`: the rest of the cell is the script. */
static int
run_shell(struct run *r, const struct cell_info *c, struct cell_result *res,
	  struct err *e)
{
	char *text = option_blanked(c->cell->source);
	struct slice source = slice_trim(slice_of(text));
	const char *shell = slice_starts(source, "%%bash") ? "bash" : "/bin/sh";
	const char *script = strchr(source.at, '\n');
	struct strs one = { 0 };
	int rc;

	strs_add(&one, script ? script + 1 : "");
	rc = run_commands(r, c, shell, &one, res, e);
	strs_release(&one);
	free(text);
	return rc;
}

static int
run_empty(struct run *r, const struct cell_info *c, struct cell_result *res,
	  struct err *e)
{
	(void)r;
	(void)c;
	(void)res;
	(void)e;
	return 0;
}

/* table cells */

int
cellrun_find_plugin(const struct cell_info *c, struct err *e)
{
	const char *name = c->options->use_plugin;

	if (!path_stays(name))
		return err_input(e,
				 "'%s' leads out of the notebook's plugin "
				 "folders; name its folder in "
				 "metadata.cnb.plugins",
				 name);
	if (!c->plugin_path)
		return err_input(e,
				 "no plugin '%s' (%s.c or %s.so) where the "
				 "notebook's plugins are%s%s",
				 name, name, name, c->plugin_fault ? ": " : "",
				 c->plugin_fault ? c->plugin_fault : "");
	return 0;
}

/* The .so of a table cell's plugin: built, or as it is. NULL: *res or *e says
 * why. */
static char *
plugin_of(struct run *r, const struct cell_info *c, struct cell_result *res,
	  struct err *e)
{
	struct built b = { 0 };
	char *path;

	if (cellrun_find_plugin(c, e) < 0)
		return NULL;
	if (!c->plugin_is_source)
		return path_absolute(c->plugin_path);
	if (workshop_plugin(&r->workshop, c->plugin_path, c->options,
			    c->cell->number, &b, e) < 0)
		return NULL;
	cellrun_emit_built(r, c, &b);
	path = b.path;
	b.path = NULL;
	if (!path) {
		verdict_of_build(&res->verdict, b.messages);
		err_input(e, "%s", "");
	}
	built_release(&b);
	return path;
}

int
cellrun_plugin(struct run *r, const struct cell_info *c, char **path,
	       struct err *e)
{
	struct built b = { 0 };
	int rc;

	*path = NULL;
	if (!c->plugin_path)
		return 0;
	if (!c->plugin_is_source) {
		*path = path_absolute(c->plugin_path);
		return 0;
	}
	rc = workshop_plugin(&r->workshop, c->plugin_path, c->options, 0, &b,
			     e);
	*path = b.path;
	b.path = NULL;
	built_release(&b);
	return rc;
}

static int
run_table(struct run *r, const struct cell_info *c, struct cell_result *res,
	  struct err *e)
{
	const struct loaded *l;
	char *path = plugin_of(r, c, res, e);
	uint32_t row = 0;
	int rc;

	if (!path && res->verdict.ename)
		return 0; /* it did not compile */
	if (!path || past_restore(r, c, path, e) < 0 ||
	    hostcell_load(r, path, &l, e) < 0 ||
	    hostcell_row(l, c, &row, e) < 0) {
		free(path);
		return cellrun_unbuilt(res, e);
	}
	rc = hostcell_call(r, c, l, row, res, e);
	free(path);
	return rc;
}

static int (*const runners[KIND_COUNT])(struct run *, const struct cell_info *,
					struct cell_result *, struct err *) = {
	[KIND_EMPTY] = run_empty,     [KIND_TABLE] = run_table,
	[KIND_PROGRAM] = run_program, [KIND_SHARED] = sharedcell_run,
	[KIND_SHELL] = run_shell,     [KIND_FILE] = run_file,
};

/* It was sent ahead: all that comes before a run was done for it then. */
static int
follow(struct run *r, const struct cell_info *c, struct cell_result *res,
       struct err *e)
{
	struct event ev = { .kind = EV_BUILT };

	if (c->kind == KIND_SHARED) {
		sharedcell_tell(r, c);
	} else {
		ev.built.cc = workshop_cc(&r->workshop);
		ev.built.cached = true;
		ev.built.command = grants_next(r, c)->command;
		ev.built.messages = slice_of("");
		emit(&r->emitter, c->cell->number, ev);
	}
	return hostcell_follow(r, c, res, e);
}

static bool
is_foreign(struct run *r, const struct cell_info *c, struct cell_result *res)
{
	struct event ev = { .kind = EV_BUILT };
	struct buf messages = { 0 };
	bool foreign = foreign_magic(c, r->cells->nb, &messages) ||
		       foreign_shell_line(c, r->cells->nb, &messages);

	if (foreign) {
		ev.built.failed = true;
		ev.built.messages = buf_slice(&messages);
		emit(&r->emitter, c->cell->number, ev);
		verdict_of_build(&res->verdict, buf_str(&messages));
	}
	buf_release(&messages);
	return foreign;
}

int
cellrun(struct run *r, const struct cell_info *c, struct cell_result *res,
	struct err *e)
{
	*res = (struct cell_result){ 0 };
	verdict_init(&res->verdict);
	if (grants_next(r, c))
		return follow(r, c, res, e);
	if ((c->kind == KIND_SHARED || c->kind == KIND_PROGRAM) &&
	    is_foreign(r, c, res))
		goto judged;
	r->supervisor.lost = NULL;
	/* What notebooks ask for goes into e before it becomes a verdict. */
	if (runners[c->kind](r, c, res, e) < 0) {
		if (!r->supervisor.lost ||
		    supervise_renew(&r->supervisor, e) < 0)
			return -1;
		verdict_failed(&res->verdict, "HostLost", r->supervisor.lost);
	}
judged:
	if (!res->goes_on)
		verdict_expect(&res->verdict, c->options->expect);
	return 0;
}

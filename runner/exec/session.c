/* session.c: the order in which cells run, and what follows from what became
 * of each. Floor 4. How one cell runs is cellrun.c's. */
#include "exec/session.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "exec/ahead.h"
#include "exec/compdb.h"
#include "exec/params.h"
#include "exec/repeat.h"
#include "exec/run.h"
#include "exec/sanitize.h"
#include "sys/clock.h"
#include "sys/fs.h"
#include "sys/proc.h"
#include "sys/terminal.h"

#define TICK_NS NS_PER_S

static void
emit_begin(struct run *r, const struct cell_info *c, bool quiet)
{
	struct event ev = { .kind = EV_CELL_BEGIN };
	size_t len;
	char *source = cell_info_source(c, &len);

	ev.begin.kind = c->kind;
	ev.begin.name = c->name;
	ev.begin.source = (struct slice){ source, len };
	ev.begin.quiet = quiet;
	ev.begin.started_ns = clock_real_ns();
	emit(&r->emitter, c->cell->number, ev);
	free(source);
}

/* What lives on, and what crashed below the cell without ending it. */
static void
emit_family(struct run *r, const struct cell_info *c, const struct outcome *o)
{
	char *label = run_label(r);

	leavings_emit_crashes(&o->crash, label, &r->emitter, c->cell->number);
	leavings_emit(&o->left, &r->emitter, c->cell->number);
	free(label);
}

bool
run_emit_end(struct run *r, const struct cell_info *c,
	     const struct cell_result *res)
{
	const struct verdict *v = &res->verdict;
	const struct outcome *o = &res->outcome;
	struct event ev = { .kind = EV_CELL_END };

	emit_family(r, c, o);
	if (v->ename)
		emit_error(&r->emitter, c->cell->number, v->ename,
			   buf_str(&v->evalue), &v->traceback);
	ev.end = (struct cell_end){
		.status = v->status,
		.exit_status = v->exit_status,
		.signal = v->signal,
		.duration_ns = res->ran ? o->duration_ns : 0,
		.cpu_ns = res->ran ? o->cpu_ns : -1,
		.max_rss_kb = res->ran ? o->max_rss_kb : -1,
		.threads_left = o->threads_left,
		.children_left = o->children_left,
		.expected = v->expected,
		.excused = cell_info_is_excused(c) &&
			   cell_status_is_bad(v->status),
		.timeline =
			o->timeline && live_has_timeline(r, c->cell->number),
		.runs = res->runs,
		.nruns = res->nruns,
		.background = c->options->background && res->ran,
		.stopped = o->stopped,
	};
	emit(&r->emitter, c->cell->number, ev);
	return cell_status_is_bad(v->status) && !ev.end.excused;
}

static void
emit_background(struct run *r, const struct cell_info *c)
{
	struct event ev = { .kind = EV_CELL_BACKGROUND };

	emit(&r->emitter, c->cell->number, ev);
}

static void
stop_build(struct cell_result *res, enum cell_status status, const char *ename,
	   const char *evalue)
{
	res->verdict.status = status;
	res->verdict.ename = ename;
	buf_clear(&res->verdict.evalue);
	buf_add_str(&res->verdict.evalue, evalue);
}

/* A signal during the build is the user's, not the system's; nor is the end of
 * the time that there was. */
static bool
was_stopped(struct run *r, struct cell_result *res)
{
	if (proc_interrupted()) {
		stop_build(res, STATUS_INTERRUPTED, "Interrupted",
			   "stopped by the user");
		return true;
	}
	if (!proc_ran_over())
		return false;
	r->supervisor.run_is_over = true;
	stop_build(res, STATUS_TIMEOUT, "Timeout",
		   "the run's deadline has passed");
	return true;
}

bool
run_step_unbuilt(struct run *r, const struct cell_info *c)
{
	struct cell_result res = { 0 };
	bool stopped;

	verdict_init(&res.verdict);
	stopped = was_stopped(r, &res);
	if (stopped) {
		emit_begin(r, c, false);
		run_emit_end(r, c, &res);
	}
	cell_result_release(&res);
	return stopped;
}

int
run_step(struct run *r, const struct cell_info *c, bool quiet, char *key,
	 bool *stop, struct err *e)
{
	struct cell_result res;
	int rc, count;

	emit_begin(r, c, quiet);
	r->current = c->cell->number;
	r->quiet = quiet;
	count = repeat_count(r, c);
	rc = count > 1 ? repeat_run(r, c, count, &res, e)
		       : cellrun(r, c, &res, e);
	r->current = 0;
	if (rc < 0 && was_stopped(r, &res))
		rc = 0;
	if (rc == 0) {
		bool bad = false;

		if (res.goes_on)
			emit_background(r, c);
		else
			bad = run_emit_end(r, c, &res);
		past_add(r, c, &res, key);
		bad |= backcells_reap(r);
		*stop = res.verdict.status == STATUS_INTERRUPTED ||
			r->supervisor.run_is_over ||
			(bad && !r->how->keep_going);
	}
	if (rc < 0)
		free(key);
	cell_result_release(&res);
	run_close_ended(r);
	return rc;
}

int
run_write_files(const struct run *r, const struct selection *chosen,
		struct err *e)
{
	size_t last = 0;

	for (size_t i = 0; i < chosen->count; i++)
		if (chosen->part[i] != PART_SKIP)
			last = i + 1;
	return files_write_first(r, last, e);
}

void
run_end_host(struct run *r, int last)
{
	struct live *live;
	int fds[3] = { -1, -1, -1 };

	if (!past_last(r, &last) || !(live = run_live(r, last, NULL)))
		return;
	live->over = true;
	fds[1] = live->capture.writer[STREAM_STDOUT];
	fds[2] = live->capture.writer[STREAM_STDERR];
	supervise_host_quit(&r->supervisor, fds);
	capture_close_writers(&live->capture);
}

/* Time passes: who shows the run may say for how long. */
static void
on_tick(void *self, int fd)
{
	struct run *r = self;
	const struct task *t = r->supervisor.task;
	struct event ev = { .kind = EV_TICK };

	(void)fd;
	if (!t || t->over || !r->current)
		return;
	ev.tick.asks = t->terminal && terminal_is_read(t->pid);
	emit(&r->emitter, r->current, ev);
}

void
run_take_cells(struct run *r, const struct cell_list *cells)
{
	r->cells = cells;
	r->nfiles = 0;
	for (size_t i = 0; cells && i < cells->count; i++)
		r->nfiles += cells->at[i].kind == KIND_FILE ||
			     cells->at[i].options->file;
	free(r->began_ns);
	r->began_ns = NULL;
	if (cells)
		r->began_ns = mem_alloc(cells->count + 1, sizeof *r->began_ns);
}

int
run_begin(struct run *r, const struct cell_list *cells,
	  const struct run_settings *how, struct sink **sinks, struct err *e)
{
	*r = (struct run){ .how = how };
	r->emitter = (struct emitter){ sinks, clock_mono_ns() };
	run_take_cells(r, cells);
	workshop_init(&r->workshop, how);
	if (supervisor_start(&r->supervisor, e) < 0)
		return -1;
	loop_every(&r->supervisor.loop, TICK_NS, on_tick, r);
	return 0;
}

void
run_end(struct run *r)
{
	run_sweep(r);
	supervisor_stop(&r->supervisor);
	run_forget_host(r);
	grants_release(r);
	past_release(&r->past);
	sharedcells_free(r->shared);
	workshop_release(&r->workshop);
	buf_release(&r->background);
	strs_release(&r->env);
	free(r->began_ns);
}

void
run_tell_begin(struct run *r)
{
	struct event ev = { .kind = EV_RUN_BEGIN };

	ev.run.started_ns = clock_real_ns();
	ev.run.notebook = r->cells->nb;
	emit(&r->emitter, 0, ev);
}

void
run_tell_end(struct run *r)
{
	struct event ev = { .kind = EV_RUN_END };

	ev.run_end.duration_ns = clock_mono_ns() - r->emitter.began_ns;
	ev.run_end.signal = proc_interrupted();
	emit(&r->emitter, 0, ev);
}

static int
run_cells(struct run *r, const struct selection *chosen, int *last,
	  struct err *e)
{
	bool stop = false;

	r->supervisor.grace_ms = r->how->grace_ms;
	r->supervisor.limits = r->how->limits;
	r->grants.chosen = chosen;
	/* What was sent ahead has run, or does: it is followed to its end. */
	for (size_t i = 0; i < chosen->count && (!stop || r->grants.count);
	     i++) {
		const struct cell_info *c = &r->cells->at[i];

		if (chosen->part[i] == PART_SKIP)
			continue;
		if (proc_interrupted() && !r->grants.count)
			break;
		if (run_step(r, c, chosen->part[i] == PART_QUIET, NULL, &stop,
			     e) < 0)
			return -1;
		if (c->kind == KIND_TABLE || c->kind == KIND_SHARED)
			*last = c->cell->number;
	}
	return 0;
}

void
run_set_deadline(struct run *r, int64_t ms)
{
	r->supervisor.run_is_over = false;
	r->supervisor.deadline_ns =
		ms ? r->emitter.began_ns + ms * NS_PER_MS : LOOP_NEVER;
	proc_run_until(r->supervisor.deadline_ns);
}

int
session_run(const struct cell_list *cells, const struct selection *chosen,
	    const struct run_settings *how, struct sink **sinks, struct err *e)
{
	struct run r;
	int last = 0, rc;

	rc = run_begin(&r, cells, how, sinks, e);
	if (rc == 0) {
		run_set_deadline(&r, how->deadline_ms);
		run_tell_begin(&r);
		rc = run_write_files(&r, chosen, e);
	}
	if (rc == 0)
		ahead_build(&r, chosen);
	if (rc == 0)
		rc = run_cells(&r, chosen, &last, e);
	if (r.supervisor.keeper.pid && last)
		run_end_host(&r, last);
	backcells_end(&r);
	run_sweep(&r);
	run_tell_end(&r);
	proc_run_until(LOOP_NEVER);
	run_end(&r);
	return rc;
}

/* A plugin that is loaded alone, to the process that loads it. */
static int
tell_what_it_did(const struct run *r, const char *path, struct err *e)
{
	const char *whose = "its own code (a constructor, or cell_table())";

	if (!strcmp(r->supervisor.lost, HOST_NONSENSE))
		return err_input(e,
				 "cannot load '%s': %s answers nonsense in the "
				 "place of the process that loads it",
				 path, whose);
	return err_input(e,
			 "cannot load '%s': %s ended the process that loads "
			 "it, or held it up for %d seconds",
			 path, whose, HOST_ANSWER_MS / 1000);
}

/* Without cells: a host for one plugin. */
static int
load_plugin(struct run *r, const char *path, struct err *e)
{
	struct cell_options o;
	struct built b = { 0 };
	const struct loaded *l;
	size_t n = strlen(path);
	int rc;

	if (n > 2 && !strcmp(path + n - 2, ".c")) {
		cell_options_init(&o);
		rc = workshop_plugin(&r->workshop, path, &o, 0, &b, e);
		cell_options_release(&o);
		if (rc == 0 && !b.path)
			rc = err_input(e,
				       "cannot list '%s': it does not "
				       "compile:\n%s",
				       path, b.messages);
	} else {
		b.path = path_absolute(path);
		rc = 0;
	}
	if (rc == 0)
		rc = hostcell_load(r, b.path, &l, e);
	/* Nothing but the plugin has run there. */
	if (rc < 0 && r->supervisor.lost && !proc_interrupted())
		rc = tell_what_it_did(r, b.path, e);
	built_release(&b);
	return rc;
}

/* LOADED once more, now for its docs. */
static void
read_rows(const struct wire_in *in, struct strs *rows, char **built_with)
{
	struct wire_get g = wire_get(in);
	uint32_t n;

	wire_get_u32(&g);
	n = wire_get_u32(&g);
	for (uint32_t i = 0; i < n && !g.bad; i++) {
		strs_add(rows, wire_get_str(&g));
		strs_add(rows, wire_get_str(&g));
	}
	*built_with = mem_strdup(wire_get_str(&g));
}

int
session_list_plugin(const struct run_settings *how, const char *path,
		    struct strs *rows, char **built_with, struct err *e)
{
	struct sink *none = NULL;
	struct run r;
	int rc = run_begin(&r, NULL, how, &none, e);

	if (rc == 0)
		rc = load_plugin(&r, path, e);
	if (rc == 0)
		read_rows(&r.supervisor.host.in, rows, built_with);
	run_end(&r);
	return rc;
}

static void
tell_missing(struct run *r, const struct cell_info *c, struct err *why)
{
	struct event ev = { .kind = EV_BUILT, .built.failed = true };
	struct buf text = { 0 };

	err_prefix(why, "cannot build cell '%s': ", c->name);
	buf_addf(&text, "cnb: %s\n", why->text);
	ev.built.messages = buf_slice(&text);
	emit(&r->emitter, c->cell->number, ev);
	buf_release(&text);
}

/* One cell, compiled; table cells of one plugin are compiled once. */
static int
build_one(struct run *r, const struct cell_info *c, struct strs *products,
	  int *failed, struct err *e)
{
	struct built b = { 0 };
	struct err missing;
	int rc = 0;

	if (c->kind == KIND_TABLE && cellrun_find_plugin(c, &missing) < 0) {
		tell_missing(r, c, &missing);
		++*failed;
		return 0;
	}
	if (cell_info_is_compiled(c))
		rc = workshop_program(&r->workshop, r->cells->nb, c, &b, e);
	else if (c->kind == KIND_TABLE && c->plugin_is_source)
		rc = workshop_plugin(&r->workshop, c->plugin_path, c->options,
				     c->cell->number, &b, e);
	else if (c->kind == KIND_TABLE)
		b.path = path_absolute(c->plugin_path);
	else
		return 0;
	if (rc == 0) {
		cellrun_emit_built(r, c, &b);
		if (b.path)
			strs_addf(products, "%s\t%s", c->name, b.path);
		else
			++*failed;
	}
	built_release(&b);
	return rc;
}

int
session_check_params(const struct cell_list *cells,
		     const struct selection *chosen,
		     const struct run_settings *how, struct err *e)
{
	struct run r = { .cells = cells, .how = how };
	const struct params *p = how->injected;
	int rc;

	if (!p || !p->code.len ||
	    chosen->part[p->cell->cell->number - 1] == PART_SKIP)
		return 0;
	workshop_init(&r.workshop, how);
	rc = run_write_files(&r, chosen, e);
	if (rc == 0)
		rc = sharedcells_check_params(&r, e);
	sharedcells_free(r.shared);
	workshop_release(&r.workshop);
	return rc;
}

int
session_build(const struct cell_list *cells, const struct selection *chosen,
	      const struct run_settings *how, struct sink **sinks,
	      struct strs *products, int *failed, struct err *e)
{
	struct run r = { .cells = cells, .how = how };
	char *database = NULL;
	int rc;

	r.emitter = (struct emitter){ sinks, clock_mono_ns() };
	workshop_init(&r.workshop, how);
	r.workshop.nothing_runs = true;
	*failed = 0;
	rc = run_write_files(&r, chosen, e);
	if (rc == 0)
		ahead_build(&r, chosen);
	for (size_t i = 0; i < chosen->count && rc == 0; i++)
		if (chosen->part[i] == PART_RUN)
			rc = build_one(&r, &cells->at[i], products, failed, e);
	if (rc == 0)
		rc = sharedcells_check_params(&r, e);
	if (rc == 0)
		rc = sharedcells_build(&r, products, failed, e);
	if (rc == 0 && how->compile_commands)
		rc = compdb_write(&r, how->cells_dir, &database, e);
	if (database)
		strs_addf(products, "compile_commands\t%s", database);
	free(database);
	sharedcells_free(r.shared);
	workshop_release(&r.workshop);
	return rc;
}

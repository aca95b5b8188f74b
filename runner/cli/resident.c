/* resident.c: asks a notebook's session to run cells, and starts it. Floor 6.
 */
#include "cli/resident.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "live/client.h"
#include "live/door.h"
#include "live/server.h"
#include "sys/clock.h"
#include "sys/fs.h"

#define NAMES_MAX 5 /* cells that are named, of those that are stale */

/* A quarter of the machine's memory. */
int64_t
resident_default_bytes(void)
{
	return (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) / 4;
}

/* Options that a session cannot take, and why. */
static const char *
foreign_option(const struct run_args *a, const char **why)
{
	static const char capture[] =
		"how a session's output is captured is settled when its host "
		"starts; a cell's own option timeline counts there";
	static const char whole[] =
		"a cell of a session runs in the state that all those above it "
		"leave";
	const struct {
		bool given;
		const char *name, *why;
	} options[] = {
		{ a->input != NULL, "--input",
		  "a cell that runs again would find the input at its end; a "
		  "cell's own option stdin is read each time" },
		{ a->timeline, "--timeline", capture },
		{ a->capture > 0, "--capture", capture },
		{ a->skip.count > 0, "--skip", whole },
		{ a->alone, "--alone", whole },
	};

	for (size_t i = 0; i < countof(options); i++) {
		if (!options[i].given)
			continue;
		*why = options[i].why;
		return options[i].name;
	}
	return NULL;
}

static bool
is_made_otherwise(const struct run_args *a)
{
	const char *why;

	return foreign_option(a, &why) || a->cc || a->cflags || a->sanitize ||
	       a->workdir || a->params.count;
}

static void
leave_out_quiet(struct selection *chosen)
{
	for (size_t i = 0; i < chosen->count; i++)
		if (chosen->part[i] == PART_QUIET)
			chosen->part[i] = PART_SKIP;
}

/* From the first selected cell on. */
static void
add_below(struct selection *chosen, const struct cell_list *cells)
{
	bool below = false;

	for (size_t i = 0; i < chosen->count; i++) {
		below |= chosen->part[i] == PART_RUN;
		if (below && !cell_info_is_skipped(&cells->at[i]))
			chosen->part[i] = PART_RUN;
	}
}

/* No cell is named, in whatever way: what changed is meant. */
static bool
means_what_changed(const struct run_args *a)
{
	return a->rerun && !a->cells.count && !a->failed;
}

/* -1: that cells are to run again which no session holds. */
static int
no_session(const char *path, struct err *e)
{
	struct buf quoted = { 0 };

	if (client_missing(path, e) < 0 &&
	    (e->class == ERR_SYSTEM || door_is_refused(e)))
		return -1;
	text_quote_path(&quoted, path);
	err_input(e,
		  "cannot run cells of '%s' again: it has no session; start "
		  "one with cnb run %s --keep",
		  path, quoted.data);
	buf_release(&quoted);
	return -1;
}

int
resident_find(struct resident *s, const struct run_args *a, const char *path,
	      const struct cell_list *cells, struct selection *chosen,
	      struct err *e)
{
	const char *why;

	*s = (struct resident){ .fd = -1, .path = path };
	s->began_ns = clock_mono_ns();
	if (a->keep && !strcmp(path, "-"))
		return err_input(e, "--keep takes a notebook that is a file, "
				    "not standard input");
	if (a->keep && foreign_option(a, &why))
		return err_input(e, "--keep and %s do not go together: %s",
				 foreign_option(a, &why), why);
	if (a->rerun || (a->cells.count && !a->keep && !is_made_otherwise(a)))
		s->fd = client_connect(path);
	if (a->rerun && s->fd < 0 && no_session(path, e) < 0)
		return -1;
	s->begin = a->keep;
	s->wanted = s->fd >= 0 || s->begin;
	if (s->wanted)
		leave_out_quiet(chosen);
	if (means_what_changed(a))
		for (size_t i = 0; i < chosen->count; i++)
			chosen->part[i] = PART_SKIP;
	if (a->below)
		add_below(chosen, cells);
	return 0;
}

/* One that is there from before holds states of another beginning. */
static int
stop_old(const char *path, struct err *e)
{
	int fd = client_connect(path), rc = 0;

	if (fd >= 0)
		rc = client_stop(fd, e);
	else if (client_missing(path, e) < 0 && e->class == ERR_SYSTEM)
		rc = -1;
	return rc;
}

static char *
copy(const char *text)
{
	return text ? mem_strdup(text) : NULL;
}

struct letter
resident_letter(const struct run_args *a, const char *path, const char *workdir,
		const struct notebook *nb)
{
	struct letter l = { .kind = LETTER_RUN,
			    .path = path_absolute(path),
			    .text = nb->text,
			    .keep_going = a->keep_going,
			    .timeout_ms = a->timeout_ms,
			    .deadline_ms = a->deadline_ms,
			    .grace_ms = a->grace_ms,
			    .limits = a->limits,
			    .repeat = a->repeat,
			    .lanes = a->lanes,
			    .workdir = copy(workdir),
			    .cc = load_cc(a->cc),
			    .cflags = copy(a->cflags),
			    .sanitize = copy(a->sanitize),
			    .idle_ms = a->idle_ms,
			    .snapshots = a->snapshots,
			    .snapshot_bytes =
				    a->snapshot_bytes
					    ? a->snapshot_bytes
					    : resident_default_bytes() };

	strs_add_all(&l.params, &a->params);
	notebook_sense(nb, &l.sense);
	notebook_begins(nb, &l.begins);
	return l;
}

static struct letter
letter_of(const struct resident *s, const struct run_args *a,
	  const char *workdir, const struct notebook *nb,
	  const struct selection *chosen)
{
	struct letter l = resident_letter(a, s->path, workdir, nb);

	l.changed = means_what_changed(a);
	l.quiet = !a->rerun;
	for (size_t i = 0; i < chosen->count; i++)
		buf_add_byte(&l.parts, chosen->part[i] == PART_RUN);
	return l;
}

static void
say_put_off(const struct letter *l)
{
	command_say("cnb: the session of '%s' runs cells for another cnb: "
		    "waiting for it to end",
		    l->path);
}

int
resident_run(struct resident *s, const struct run_args *a, const char *workdir,
	     const struct home *home, const struct notebook *nb,
	     const struct selection *chosen, struct sink **sinks, struct err *e)
{
	struct letter l = letter_of(s, a, workdir, nb, chosen);
	int rc = 0;

	if (s->begin) {
		/* A folder that cannot be told leaves it as it is, or it has
		 * another path. */
		if (*l.path != '/')
			rc = err_system(e, "the folder of '%s' cannot be told",
					l.path);
		else if (!fs_exists(l.path))
			rc = err_system(e, "'%s' is not there", l.path);
		if (rc == 0)
			rc = stop_old(s->path, e);
		if (rc == 0)
			rc = server_start(&l, home, e);
		if (rc == 0 && (s->fd = client_connect(s->path)) < 0)
			rc = err_system(e, "the session does not answer");
	}
	if (rc == 0) {
		s->asked_ns = clock_mono_ns();
		rc = client_ask(s->fd, &l, nb, sinks,
				a->quiet ? NULL : say_put_off, &s->answer, e);
		s->told_ns = clock_mono_ns();
		s->answered = rc == 0;
		s->fd = -1;
	}
	letter_release(&l);
	return rc < 0 ? err_prefix(e,
				   "cannot run '%s' in its session: ", s->path)
		      : 0;
}

/* Some cells, and how to run them again. */
static void
add_cells(struct buf *out, const struct resident *s,
	  const struct cell_list *cells, const char *what, const bool *some)
{
	size_t n = 0, first = 0;

	for (size_t i = 0; i < cells->count; i++) {
		if (!some[i])
			continue;
		if (!n++)
			first = i;
		if (n <= NAMES_MAX)
			buf_addf(out, "%s%s", n == 1 ? what : ", ",
				 cells->at[i].name);
	}
	if (!n)
		return;
	if (n > NAMES_MAX)
		buf_addf(out, " and %zu more", n - NAMES_MAX);
	buf_addf(out, "\nto run %s again: cnb rerun ", n == 1 ? "it" : "them");
	text_quote_path(out, s->path);
	buf_add_str(out, " --below ");
	text_quote(out, cells->at[first].name);
	buf_add_byte(out, '\n');
}

/* The session has run it, and the notebook shows nothing of that: whoever asks
 * for what changed is not told by silence that all is there. */
static bool
is_unsaved(const struct cell_info *c, const struct record_cell *ran)
{
	return c->kind != KIND_EMPTY && !cell_info_is_skipped(c) &&
	       c->cell->execution_count < 0 && !ran->reached;
}

static void
add_ages(struct buf *out, const struct resident *s, const struct run_args *a,
	 const struct cell_list *cells, const struct record *r)
{
	const struct buf *ages = &s->answer.ages;
	bool *stale, *unsaved;

	if (ages->len != cells->count)
		return;
	stale = mem_alloc(cells->count, sizeof *stale);
	unsaved = mem_alloc(cells->count, sizeof *unsaved);
	for (size_t i = 0; i < cells->count; i++) {
		stale[i] = ages->data[i] == AGE_STALE;
		unsaved[i] = means_what_changed(a) &&
			     ages->data[i] == AGE_FRESH &&
			     is_unsaved(&cells->at[i], &r->cells[i]);
	}
	add_cells(out, s, cells, "stale: ", stale);
	add_cells(out, s, cells, "not saved in the notebook: ", unsaved);
	free(stale);
	free(unsaved);
}

/* No In shows those that the session keeps from an earlier call. */
static void
add_params(struct buf *out, const struct strs *params)
{
	for (size_t i = 0; i < params->count; i++)
		buf_addf(out, "%s%s", i ? ", " : "with the parameters ",
			 params->at[i]);
	if (params->count)
		buf_add_byte(out, '\n');
}

/* Most take less than a millisecond. */
static void
add_time(struct buf *out, const char *what, int64_t ns)
{
	buf_addf(out, "%s%s ", out->len ? ", " : "", what);
	if (ns < 10 * NS_PER_MS)
		buf_addf(out, "%.3f ms", (double)ns / NS_PER_MS);
	else
		text_add_duration(out, ns);
}

void
resident_tell(const struct resident *s, const struct run_args *a,
	      const struct cell_list *cells, const struct record *r)
{
	struct buf out = { 0 }, seen = { 0 };
	struct buf times = { 0 }, quoted = { 0 };

	if (!s->answered || a->quiet)
		return;
	if (s->answer.ends)
		buf_add_str(&out, "its session ends: cnb stop asks for it; "
				  "cnb run --keep begins another\n");
	else
		add_ages(&out, s, a, cells, r);
	if (!s->begin && s->answer.params.count > a->params.count)
		add_params(&out, &s->answer.params);
	if (a->verbose) {
		int64_t now = clock_mono_ns();

		add_time(&times, "start", s->asked_ns - s->began_ns);
		add_time(&times, "reading", s->answer.read_ns);
		add_time(&times, "comparing and building", s->answer.build_ns);
		add_time(&times, "states", s->answer.restore_ns);
		add_time(&times, "session in all", s->told_ns - s->asked_ns);
		add_time(&times, "saving", now - s->told_ns);
		buf_addf(&out, "session: %s\n", times.data);
	}
	if (s->begin && a->verbose && !s->answer.ends) {
		text_quote_path(&quoted, s->path);
		buf_addf(&out,
			 "its session stays: %" PRId64
			 " snapshots; cnb rerun %s CELL..., cnb stop %s\n",
			 s->answer.copies, quoted.data, quoted.data);
	}
	text_visible(&seen, buf_str(&out), out.len);
	fs_write_fd(STDERR_FILENO, seen.data, seen.len);
	buf_release(&out);
	buf_release(&seen);
	buf_release(&times);
	buf_release(&quoted);
}

void
resident_release(struct resident *s)
{
	if (s->fd >= 0 && s->wanted)
		close(s->fd);
	answer_release(&s->answer);
}

/* term.c: a run on the terminal: each cell's heading, its source, its output
 * as it comes, what became of it; a summary at the end. Floor 6. It knows
 * events only, neither how cells are run nor where else they are shown. */
#include "cli/term.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/mem.h"
#include "cli/paint.h"
#include "cli/safe.h"
#include "cli/term_text.h"
#include "sys/clock.h"
#include "sys/fs.h"
#include "sys/proc.h"
#include "sys/terminal.h"

#define WHO_WIDTH 30 /* of "    1.234 ms  4242/4243" and blanks */

const char *const term_color_names[] = {
	[COLOR_AUTO] = "auto",
	[COLOR_ALWAYS] = "always",
	[COLOR_NEVER] = "never",
	NULL,
};

/* --- a cell -------------------------------------------------------------- */

static struct summary_cell *
cell_of(const struct term *t, int number)
{
	assert(number > 0 && (size_t)number <= t->ncells);
	return &t->cells[number];
}

/* The `use` option of a table cell, as its author wrote it. */
static const char *
use_of(const struct nb_cell *cell, struct arena *a)
{
	struct option_text *texts = NULL;
	const char *use = NULL;
	size_t n = 0;

	for (size_t i = 0; i < cell->noptions; i++)
		if (!strcmp(cell->options[i].key, "use"))
			use = cell->options[i].value;
	option_scan(a, cell->source, &texts, &n);
	for (size_t i = 0; i < n; i++)
		if (!strcmp(texts[i].key, "use"))
			use = texts[i].value;
	free(texts);
	return use;
}

static void
add_heading(struct term *t, int number)
{
	const struct nb_cell *cell = notebook_code_cell(t->nb, number);
	struct arena a;
	const char *use;

	arena_init(&a);
	use = t->kind == KIND_TABLE && cell ? use_of(cell, &a) : NULL;
	if (t->shown_any)
		buf_add_byte(&t->out, '\n');
	t->shown_any = true;
	term_paint(t, BOLD CYAN);
	buf_addf(&t->out, "In [%d]: ", number);
	term_add_seen(t, slice_of(cell_of(t, number)->name));
	term_paint(t, PLAIN);
	term_paint(t, DIM);
	buf_addf(&t->out, "  (%s%s", cell_kind_name(t->kind), use ? " " : "");
	term_add_seen(t, slice_of(use ? use : ""));
	buf_add_byte(&t->out, ')');
	term_paint(t, PLAIN);
	buf_add_byte(&t->out, '\n');
	t->middle = false;
	arena_release(&a);
}

static enum progress_form
form_of_progress(const struct term *t)
{
	const char *kind = getenv("TERM"), *ci = getenv("CI");

	if (!t->is_terminal)
		return ci && *ci ? PROGRESS_LOG : PROGRESS_NONE;
	return kind && strcmp(kind, "dumb") != 0 ? PROGRESS_LINE
						 : PROGRESS_NONE;
}

static void
on_run_begin(struct term *t, const struct event *ev)
{
	t->nb = ev->run.notebook;
	t->ncells = t->nb->ncode;
	t->cells = mem_alloc(t->ncells + 1, sizeof *t->cells);
	progress_init(&t->progress, form_of_progress(t), t->how.fd, t->nb,
		      t->how.selected);
	if (t->how.quiet)
		return;
	term_paint(t, BOLD);
	term_add_seen(t, slice_of(t->how.path ? t->how.path : t->nb->path));
	term_paint(t, PLAIN);
	buf_add_byte(&t->out, '\n');
	t->middle = false;
	t->shown_any = true;
}

static void
note_name(struct term *t, int number, const char *name)
{
	const struct nb_cell *cell = notebook_code_cell(t->nb, number);
	struct summary_cell *c = cell_of(t, number);

	if (cell && !strcmp(name, notebook_name_of(cell)))
		c->name = notebook_name_of(cell);
	else if (!c->name || strcmp(name, c->name) != 0)
		c->name = arena_str(&t->names, name);
}

static void
on_cell_begin(struct term *t, const struct event *ev)
{
	struct summary_cell *c = cell_of(t, ev->cell);

	term_fresh_line(t, 0);
	term_flush(t);
	note_name(t, ev->cell, ev->begin.name);
	c->quiet = ev->begin.quiet;
	t->current = ev->cell;
	t->kind = ev->begin.kind;
	progress_begin(&t->progress, ev->cell, ev->begin.name, ev->at_ns);
	t->holding = t->how.quiet || c->quiet || t->kind == KIND_EMPTY;
	t->unheld = 0;
	t->messages_shown = false;
	buf_clear(&t->reason);
	buf_clear(&t->places);
	buf_clear(&t->left[0]);
	buf_clear(&t->left[1]);
	buf_clear(&t->crashes);
	buf_clear(&t->background);
	if (t->holding)
		return;
	add_heading(t, ev->cell);
	term_paint(t, DIM);
	term_add_lines(t, ev->begin.source, 4);
	term_paint(t, PLAIN);
}

static void
on_built(struct term *t, const struct event *ev)
{
	if (t->how.verbose && ev->built.command) {
		term_fresh_line(t, 0);
		term_paint(t, DIM);
		buf_add_str(&t->out, "$ ");
		term_add_seen(t, slice_of(ev->built.command));
		t->middle = true;
		term_fresh_line(t, 0);
		if (ev->built.cached)
			buf_add_str(&t->out, "from the cache");
		else
			text_add_duration(&t->out, ev->built.duration_ns);
		if (ev->built.cc) {
			buf_add_str(&t->out, ", ");
			term_add_seen(t, slice_of(ev->built.cc));
		}
		term_paint(t, PLAIN);
		buf_add_byte(&t->out, '\n');
	}
	if (!ev->built.messages.len)
		return;
	term_fresh_line(t, 0);
	term_paint(t, ev->built.failed ? RED : YELLOW);
	term_add_lines(t, ev->built.messages, 0);
	term_paint(t, PLAIN);
	t->messages_shown = true;
}

/* What comes while another cell runs is shown line by line behind a name: its
 * cell's, or those of the cells whose threads may be the writers. */
static void
add_late(struct term *t, const struct event *ev, struct slice s)
{
	const char *background = ev->text.background;
	const char *name = background ? background : cell_of(t, ev->cell)->name;
	const char *what = background	   ? ", background"
			   : ev->text.late ? ", late"
					   : "";

	while (s.len) {
		const char *nl = memchr(s.at, '\n', s.len);
		size_t n = nl ? (size_t)(nl - s.at) + 1 : s.len;

		if (!t->middle) {
			term_paint(t, DIM);
			buf_add_byte(&t->out, '[');
			term_add_seen(t, slice_of(name ? name : ""));
			buf_addf(&t->out, "%s] ", what);
			term_paint(t, PLAIN);
		}
		term_add(t, (struct slice){ s.at, n });
		s.at += n;
		s.len -= n;
	}
}

static void
note_background(struct term *t, const char *names)
{
	if (!names || !strcmp(buf_str(&t->background), names))
		return;
	buf_clear(&t->background);
	buf_add_str(&t->background, names);
}

/* A write of a timeline: when and by whom in front of its first line. */
static void
add_write(struct term *t, const struct event *ev)
{
	const struct author *who = ev->text.author;
	struct slice s = ev->text.bytes;
	size_t n, from;

	term_fresh_line(t, ev->cell);
	term_paint(t, DIM);
	from = t->out.len;
	if (who->pid)
		buf_addf(&t->out, "%9.3f ms  %d",
			 (double)who->at_ns / NS_PER_MS, who->pid);
	else
		buf_add_str(&t->out, "        ? ms  ?");
	if (who->tid != who->pid)
		buf_addf(&t->out, "/%d", who->tid);
	buf_addf(&t->out, "%*s", WHO_WIDTH - (int)(t->out.len - from), " ");
	term_paint(t, ev->text.stream == STREAM_STDERR ? RED : PLAIN);
	for (; s.len; s.at += n, s.len -= n) {
		const char *nl = memchr(s.at, '\n', s.len);

		if (s.at != ev->text.bytes.at)
			buf_addf(&t->out, "%*s", WHO_WIDTH, "");
		n = nl ? (size_t)(nl - s.at) + 1 : s.len;
		term_add(t, (struct slice){ s.at, n });
	}
	term_paint(t, PLAIN);
}

static void
on_text(struct term *t, const struct event *ev)
{
	bool late = ev->text.late || ev->cell != t->current;
	int speaker = late ? -ev->cell : ev->cell;
	struct buf joined = { 0 };
	struct slice s = ev->text.bytes;
	size_t tail;

	if (late && (t->how.quiet || cell_of(t, ev->cell)->quiet))
		return;
	if (!late)
		note_background(t, ev->text.background);
	if (ev->text.author && !late) {
		add_write(t, ev);
		return;
	}
	if (t->cut.len &&
	    (t->cut_cell != ev->cell || t->cut_stream != ev->text.stream))
		term_drop_cut(t);
	if (t->speaker != speaker)
		term_fresh_line(t, speaker);
	buf_add_slice(&joined, buf_slice(&t->cut));
	buf_add_slice(&joined, s);
	buf_clear(&t->cut);
	s = buf_slice(&joined);
	tail = t->safe ? safe_cut(s) : 0;
	buf_add(&t->cut, s.at + s.len - tail, tail);
	t->cut_cell = ev->cell;
	t->cut_stream = ev->text.stream;
	s.len -= tail;
	if (ev->text.stream == STREAM_STDERR && s.len)
		term_paint(t, RED);
	if (late)
		add_late(t, ev, s);
	else
		term_add(t, s);
	if (ev->text.stream == STREAM_STDERR && s.len)
		term_paint(t, PLAIN);
	buf_release(&joined);
}

static bool
is_readable(const char *mime)
{
	return !strncmp(mime, "text/", 5) ? strcmp(mime, "text/html") != 0
					  : !strcmp(mime, "application/json");
}

static void
on_display(struct term *t, const struct event *ev)
{
	/* It says again, for programs, what was said for people. */
	if (!strcmp(ev->display.mime, EVENT_REPEAT_MIME))
		return;
	term_fresh_line(t, 0);
	if (ev->kind == EV_RESULT) {
		term_paint(t, BOLD RED);
		buf_addf(&t->out, "Out[%d]: ", ev->cell);
		term_paint(t, PLAIN);
	}
	if (is_readable(ev->display.mime)) {
		term_add(t, ev->display.bytes);
		t->middle = true;
		if (ev->display.bytes.len &&
		    ev->display.bytes.at[ev->display.bytes.len - 1] == '\n')
			t->middle = false;
	} else {
		term_paint(t, DIM);
		buf_add_byte(&t->out, '[');
		term_add_seen(t, slice_of(ev->display.mime));
		buf_addf(&t->out, ", %zu bytes]", ev->display.bytes.len);
		term_paint(t, PLAIN);
		t->middle = true;
	}
	term_fresh_line(t, 0);
}

static void
on_restored(struct term *t, const struct event *ev)
{
	struct buf *out = &t->out;
	int n = ev->restored.cells;

	if (!n && !t->how.verbose)
		return;
	term_fresh_line(t, 0);
	term_paint(t, DIM);
	if (n)
		buf_addf(out, "the state above: %d %s ran again", n,
			 n == 1 ? "cell" : "cells");
	else
		buf_add_str(out, "the state above: from its snapshot");
	if (ev->restored.why && *ev->restored.why) {
		buf_add_str(out, ", for there was no snapshot: ");
		term_add_seen(t, slice_of(ev->restored.why));
	}
	if (ev->restored.differs) {
		buf_add_str(out, "; not with the same outputs: ");
		term_add_seen(t, slice_of(ev->restored.differs));
	}
	buf_add_byte(out, '\n');
	term_paint(t, PLAIN);
}

/* For the status line, and for what stands below it. */
static void
on_error(struct term *t, const struct event *ev)
{
	const char *evalue = ev->error.evalue ? ev->error.evalue : "";
	bool crash = !strncmp(ev->error.ename, "SIG", 3);

	buf_clear(&t->reason);
	buf_clear(&t->places);
	if (crash || !*evalue)
		buf_add_str(&t->reason, ev->error.ename);
	if (crash && *evalue)
		buf_add_str(&t->reason, ": ");
	buf_add_str(&t->reason, evalue);
	if (t->messages_shown && !strcmp(ev->error.ename, "BuildError"))
		return;
	if (ev->error.ntraceback == 1 &&
	    !strcmp(ev->error.traceback[0], evalue))
		return; /* the reason says it all */
	for (size_t i = 0; i < ev->error.ntraceback; i++)
		buf_addf(&t->places, "%s\n", ev->error.traceback[i]);
}

/* Names that differ, "a, b". */
static void
on_left(struct term *t, const struct event *ev)
{
	struct buf *names = &t->left[ev->left.thread];
	struct buf with = { 0 }, name = { 0 };

	buf_addf(&with, ", %s, ", buf_str(names));
	text_visible(&name, ev->left.name, strlen(ev->left.name));
	buf_addf(&name, ", ");
	if (!strstr(buf_str(&with), buf_str(&name))) {
		if (names->len)
			buf_add_str(names, ", ");
		buf_add(names, name.data, name.len - 2);
	}
	buf_release(&with);
	buf_release(&name);
}

static void
on_child_crash(struct term *t, const struct event *ev)
{
	struct buf *out = &t->crashes;

	buf_addf(out, "its child crashed: %s: ", ev->error.ename);
	text_visible(out, ev->error.evalue, strlen(ev->error.evalue));
	buf_add_byte(out, '\n');
	for (size_t i = 0; i < ev->error.ntraceback; i++)
		buf_addf(out, "    %s\n", ev->error.traceback[i]);
}

static void
add_left(struct term *t, int n, bool threads)
{
	static const char *const what[2][2] = { { "process", "processes" },
						{ "thread", "threads" } };

	if (n <= 0)
		return;
	buf_addf(&t->out, ", %d %s left behind", n, what[threads][n != 1]);
	if (t->left[threads].len) {
		buf_add_str(&t->out, " (");
		term_add(t, buf_slice(&t->left[threads]));
		buf_add_byte(&t->out, ')');
	}
}

static void
add_runs(struct buf *out, const struct cell_end *end)
{
	bool tell = end->nruns > 1;

	for (size_t i = 0; i < end->nruns && tell; i++)
		buf_addf(out, "%s%d", i ? " " : ", run: ", end->runs[i]);
}

static void
add_remarks(struct term *t, const struct cell_end *end)
{
	struct buf *out = &t->out;

	if (t->how.verbose && end->cpu_ns >= 0) {
		buf_add_str(out, ", cpu ");
		text_add_duration(out, end->cpu_ns);
	}
	if (t->how.verbose && end->max_rss_kb >= 0)
		buf_addf(out, ", %" PRId64 " KiB", end->max_rss_kb);
	if (end->stopped)
		buf_add_str(out, ", stopped with the session");
	add_runs(out, end);
	add_left(t, end->threads_left, true);
	add_left(t, end->children_left, false);
	if (end->output_dropped)
		buf_addf(out, ", %" PRId64 " bytes of output left out",
			 end->output_dropped);
	if (t->background.len) {
		buf_add_str(out, ", background: ");
		term_add_seen(t, buf_slice(&t->background));
	}
}

static void
add_status(struct term *t, const struct cell_end *end)
{
	term_fresh_line(t, 0);
	term_paint(t, end->excused ? YELLOW : paint_status[end->status]);
	buf_addf(&t->out, "%s ", cell_status_name(end->status));
	text_add_duration(&t->out, end->duration_ns);
	term_paint(t, PLAIN);
	add_remarks(t, end);
	if (end->excused)
		buf_add_str(&t->out, ", may fail");
	if (end->expected)
		buf_add_str(&t->out, ", as expected");
	if (t->reason.len) {
		buf_add_str(&t->out, ": ");
		text_visible(&t->out, t->reason.data, t->reason.len);
	}
	buf_add_byte(&t->out, '\n');
	t->middle = false;
	term_paint(t, DIM);
	term_add_lines(t, buf_slice(&t->places), 4);
	term_add_lines(t, buf_slice(&t->crashes), 4);
	term_paint(t, PLAIN);
	buf_clear(&t->reason);
	buf_clear(&t->places);
}

/* What was held is let out behind its heading, or forgotten. */
static void
end_hold(struct term *t, int number, bool show)
{
	struct buf held = t->out;

	t->holding = false;
	buf_init(&t->out);
	if (show) {
		t->middle = false;
		term_fresh_line(t, 0);
		add_heading(t, number);
		if (t->unheld)
			buf_addf(&t->out, "[%zu bytes above left out]\n",
				 t->unheld);
		buf_add_slice(&t->out, buf_slice(&held));
	}
	buf_release(&held);
}

/* The cell goes on; what it writes from now on stands behind its name. */
static void
on_background(struct term *t, const struct event *ev)
{
	(void)ev;
	term_fresh_line(t, 0);
	term_paint(t, DIM);
	buf_add_str(&t->out, "goes on in the background");
	term_paint(t, PLAIN);
	buf_add_byte(&t->out, '\n');
	if (t->holding)
		end_hold(t, t->current, false);
	t->current = 0;
	progress_end(&t->progress);
}

/* What a quiet run has not shown of a cell in the background, which failed. */
static void
add_unshown(struct term *t, int number)
{
	const struct record *r = t->how.record;
	const struct record_cell *c = r ? &r->cells[number - 1] : NULL;

	if (!c)
		return;
	t->kind = c->kind;
	add_heading(t, number);
	for (size_t i = 0; i < c->noutputs; i++)
		if (c->outputs[i].kind == OUT_TEXT)
			term_add(t, buf_slice(&c->outputs[i].bytes));
}

static void
end_in_background(struct term *t, const struct event *ev, bool bad)
{
	const struct summary_cell *c = cell_of(t, ev->cell);
	bool unshown = t->how.quiet || c->quiet;

	if (unshown && !bad)
		return;
	if (unshown)
		add_unshown(t, ev->cell);
	term_fresh_line(t, 0);
	if (!unshown) {
		term_paint(t, DIM);
		buf_add_byte(&t->out, '[');
		term_add_seen(t, slice_of(c->name));
		buf_add_str(&t->out, "] ");
		term_paint(t, PLAIN);
		t->middle = false;
	}
	add_status(t, &ev->end);
}

static void
on_cell_end(struct term *t, const struct event *ev)
{
	struct summary_cell *c = cell_of(t, ev->cell);
	bool bad = cell_status_is_bad(ev->end.status) && !ev->end.excused;

	c->ended = true;
	c->status = ev->end.status;
	c->excused = ev->end.excused;
	if (!c->name) /* skipped or not run: it has not begun */
		return;
	if (ev->cell != t->current) {
		end_in_background(t, ev, bad);
		return;
	}
	if (bad || !t->holding)
		add_status(t, &ev->end);
	if (t->holding)
		end_hold(t, ev->cell, bad);
	t->current = 0;
	progress_end(&t->progress);
}

/* --- the run ------------------------------------------------------------ */

static void
on_run_end(struct term *t, const struct event *ev)
{
	const char *path = t->how.path ? t->how.path : t->nb->path;
	struct summary s = { .cells = t->cells,
			     .ncells = t->ncells,
			     .path = path,
			     .color = t->color,
			     .inplace = t->how.inplace,
			     .by_itself = t->how.by_itself,
			     .rerun = t->how.rerun,
			     .safe = t->safe };

	term_fresh_line(t, 0);
	/* The run broke off in the middle of a cell. */
	if (t->holding)
		end_hold(t, t->current, true);
	if (t->shown_any)
		buf_add_byte(&t->out, '\n');
	if (t->how.quiet) {
		term_add_seen(t, slice_of(path));
		buf_add_str(&t->out, ": ");
	}
	if (t->how.record)
		s.not_run = record_count(t->how.record, STATUS_NOT_RUN);
	summary_add(&t->out, &s, ev->run_end.duration_ns, ev->run_end.signal);
	t->middle = false;
}

/* Only where nothing stands in the line, and nobody is asked to type there. */
static void
on_tick(struct term *t, const struct event *ev)
{
	struct buf line = { 0 };

	if (ev->tick.asks)
		progress_erase(&t->progress, &line);
	else if (t->holding || !t->middle)
		progress_draw(&t->progress, &line, ev->at_ns, t->color);
	if (line.len && !t->failure &&
	    fs_write_reader(t->how.fd, line.data, line.len) < 0)
		t->failure = errno;
	buf_release(&line);
}

static void (*const handlers[])(struct term *, const struct event *) = {
	[EV_RUN_BEGIN] = on_run_begin, [EV_CELL_BEGIN] = on_cell_begin,
	[EV_RESTORED] = on_restored,   [EV_BUILT] = on_built,
	[EV_TEXT] = on_text,	       [EV_DISPLAY] = on_display,
	[EV_RESULT] = on_display,      [EV_ERROR] = on_error,
	[EV_CELL_END] = on_cell_end,   [EV_CELL_BACKGROUND] = on_background,
	[EV_RUN_END] = on_run_end,     [EV_TICK] = on_tick,
	[EV_LEFT] = on_left,	       [EV_CHILD_CRASH] = on_child_crash,
	[EV_CELL_NOT_RUN] = NULL, /* the record counts it */
};

static void
on_event(struct sink *sink, const struct event *ev)
{
	struct term *t = (struct term *)sink;

	t->now_ns = ev->at_ns;
	term_note_echo(t);
	if (ev->kind != EV_TICK && !t->holding)
		progress_alive(&t->progress, ev->at_ns);
	if (handlers[ev->kind])
		handlers[ev->kind](t, ev);
	term_flush(t);
}

bool
term_wants_color(enum term_color color, int fd)
{
	const char *no = getenv("NO_COLOR"), *kind = getenv("TERM");

	if (color != COLOR_AUTO)
		return color == COLOR_ALWAYS;
	/* https://no-color.org: set and not empty. */
	return isatty(fd) && !(no && *no) && !(kind && !strcmp(kind, "dumb"));
}

void
term_init(struct term *t, const struct term_settings *how)
{
	*t = (struct term){ .sink = { on_event }, .how = *how };
	t->is_terminal = isatty(how->fd);
	t->safe = (t->is_terminal || how->screen) && !how->raw;
	t->color = term_wants_color(how->color, how->fd);
}

void
term_release(struct term *t)
{
	free(t->cells);
	arena_release(&t->names);
	progress_release(&t->progress);
	buf_release(&t->out);
	buf_release(&t->cut);
	buf_release(&t->reason);
	buf_release(&t->places);
	buf_release(&t->left[0]);
	buf_release(&t->left[1]);
	buf_release(&t->crashes);
	buf_release(&t->background);
}

/* summary.c: the last lines of a run. Floor 6. It knows what became of each
 * cell, not how the cells were shown. */
#include "cli/summary.h"

#include "base/text.h"
#include "cli/paint.h"
#include "model/signal_names.h"

#define NAMES_MAX 5 /* cells that are named for each status */

static void
paint(struct buf *out, const struct summary *s, const char *color)
{
	if (s->color)
		buf_add_str(out, color);
}

static void
add_bytes(struct buf *out, const struct summary *s, struct slice bytes)
{
	if (s->safe)
		text_visible(out, bytes.at, bytes.len);
	else
		buf_add_slice(out, bytes);
}

static bool
counts(const struct summary *s, size_t number)
{
	const struct summary_cell *c = &s->cells[number];

	/* What ran only for another cell's sake counts if it went wrong. */
	return c->name && c->ended &&
	       (!c->quiet || cell_status_is_bad(c->status));
}

static void
add_names(struct buf *out, const struct summary *s, enum cell_status status)
{
	size_t named = 0;

	for (size_t i = 1; i <= s->ncells; i++) {
		if (!counts(s, i) || s->cells[i].status != status)
			continue;
		if (named == NAMES_MAX) {
			buf_add_str(out, ", ...");
			break;
		}
		buf_add_str(out, named++ ? ", " : " (");
		add_bytes(out, s, slice_of(s->cells[i].name));
	}
	if (named)
		buf_add_byte(out, ')');
}

static void
add_counts(struct buf *out, const struct summary *s)
{
	size_t n[STATUS_COUNT] = { 0 }, all = 0;
	bool first = true;

	for (size_t i = 1; i <= s->ncells; i++) {
		if (counts(s, i)) {
			n[s->cells[i].status]++;
			all++;
		}
	}
	n[STATUS_NOT_RUN] = (size_t)s->not_run;
	all += n[STATUS_NOT_RUN];
	paint(out, s, BOLD);
	buf_addf(out, "%zu %s", all, all == 1 ? "cell" : "cells");
	paint(out, s, PLAIN);
	for (int k = 0; k < STATUS_COUNT; k++) {
		enum cell_status status = (enum cell_status)k;

		if (!n[k])
			continue;
		buf_add_str(out, first ? ": " : ", ");
		first = false;
		paint(out, s, paint_status[k]);
		buf_addf(out, "%zu %s", n[k], cell_status_name(status));
		paint(out, s, PLAIN);
		if (cell_status_is_bad(status))
			add_names(out, s, status);
	}
}

/* How to run again just what failed. */
static void
add_hint(struct buf *out, const struct summary *s)
{
	struct buf again = { 0 };
	size_t n = 0;

	for (size_t i = 1; i <= s->ncells; i++) {
		const struct summary_cell *c = &s->cells[i];

		if (!counts(s, i) || !cell_status_is_bad(c->status) ||
		    c->excused)
			continue;
		buf_add_str(&again, s->rerun ? " -c " : " --cell ");
		text_quote(&again, c->name);
		n++;
	}
	if (n > NAMES_MAX) {
		buf_clear(&again);
		if (s->inplace)
			buf_add_str(&again,
				    s->rerun ? " --failed" : " -i --failed");
	}
	if (again.len && !s->by_itself && strcmp(s->path, "-") != 0) {
		struct buf quoted = { 0 };

		text_quote_path(&quoted, s->path);
		buf_addf(out, "to run %s again: cnb %s ",
			 n == 1 ? "it" : "them", s->rerun ? "rerun" : "run");
		add_bytes(out, s, buf_slice(&quoted));
		add_bytes(out, s, buf_slice(&again));
		buf_add_byte(out, '\n');
		buf_release(&quoted);
	}
	buf_release(&again);
}

void
summary_add(struct buf *out, const struct summary *s, int64_t duration_ns,
	    int signal)
{
	add_counts(out, s);
	buf_add_str(out, " in ");
	text_add_duration(out, duration_ns);
	if (signal)
		buf_addf(out, ", stopped by %s", signal_name(signal));
	buf_add_byte(out, '\n');
	add_hint(out, s);
}

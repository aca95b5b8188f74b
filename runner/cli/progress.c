/* progress.c: how far a run has come. Floor 6. It knows no events: who shows
 * the run says what begins and when time has passed. */
#include "cli/progress.h"

#include <stdlib.h>
#include "base/mem.h"
#include "base/text.h"
#include "cli/paint.h"
#include "sys/clock.h"
#include "sys/terminal.h"

/* A cell that is done sooner is over before a reader has found the line. */
#define LINE_AFTER_NS NS_PER_S
#define LOG_EVERY_NS (60 * NS_PER_S)
#define WIDTH_UNKNOWN 80
#define WIDTH_MIN 20 /* less is no width but a mistake */
#define WIDTH_LOG 200
#define NAME_MIN 8

/* Has the cell anything to run? */
static bool
is_empty(const struct nb_cell *c)
{
	for (size_t i = 0; i < c->source.len; i++)
		if (!strchr(" \t\r\n", c->source.at[i]))
			return false;
	return true;
}

void
progress_init(struct progress *p, enum progress_form form, int fd,
	      const struct notebook *nb, const bool *selected)
{
	*p = (struct progress){ .form = form, .fd = fd, .nb = nb };
	p->rest_known = selected != NULL;
	for (size_t i = 0; selected && i < nb->ncode; i++) {
		const struct nb_cell *c = nb->code[i];

		if (!selected[i])
			continue;
		p->total++;
		if (c->run->duration_ns >= 0)
			p->rest_ns += c->run->duration_ns;
		else if (!is_empty(c))
			p->rest_known = false;
	}
}

void
progress_release(struct progress *p)
{
	free(p->name);
	*p = (struct progress){ 0 };
}

static int64_t
last_time(const struct progress *p)
{
	return p->cell ? notebook_code_cell(p->nb, p->cell)->run->duration_ns
		       : -1;
}

void
progress_begin(struct progress *p, int cell, const char *name, int64_t at_ns)
{
	struct buf visible = { 0 };

	p->cell = cell;
	p->begun++;
	p->since_ns = p->told_ns = at_ns;
	text_visible(&visible, name, strlen(name));
	free(p->name);
	p->name = buf_take(&visible);
	if (last_time(p) > 0)
		p->rest_ns -= last_time(p);
}

void
progress_end(struct progress *p)
{
	p->cell = 0;
}

void
progress_alive(struct progress *p, int64_t at_ns)
{
	p->told_ns = at_ns;
}

/* In seconds: who waits does not count smaller. */
static void
add_seconds(struct buf *out, int64_t ns)
{
	int64_t s = ns / NS_PER_S;

	if (s >= 60)
		buf_addf(out, "%d min %02d s", (int)(s / 60), (int)(s % 60));
	else
		buf_addf(out, "%d s", (int)s);
}

/* What stands behind the cell's name. */
static void
add_times(const struct progress *p, struct buf *out, int64_t at_ns)
{
	int64_t elapsed = at_ns - p->since_ns, last = last_time(p);
	int64_t left = last > elapsed ? last - elapsed : 0;

	buf_add_str(out, ", ");
	add_seconds(out, elapsed);
	if (last >= NS_PER_S) {
		buf_add_str(out, " (last time ");
		add_seconds(out, last);
		buf_add_byte(out, ')');
	}
	if (p->rest_known && last >= 0 && left + p->rest_ns >= NS_PER_S) {
		buf_add_str(out, ", about ");
		add_seconds(out, left + p->rest_ns);
		buf_add_str(out, " to go");
	}
}

static size_t
width_of(int fd)
{
	size_t width = terminal_width(fd);

	return width < WIDTH_MIN ? WIDTH_UNKNOWN : width;
}

/* The name gives way to the figures. The last column stays free: some terminals
 * go to the next line there. */
static void
add_words(const struct progress *p, struct buf *out, int64_t at_ns,
	  size_t width)
{
	struct buf times = { 0 }, words = { 0 };
	size_t used;

	add_times(p, &times, at_ns);
	if (p->total)
		buf_addf(&words, "cell %zu of %zu, ", p->begun, p->total);
	used = words.len + times.len + 1;
	paint_cut(&words, p->name,
		  used + NAME_MIN < width ? width - used : NAME_MIN);
	buf_add_slice(&words, buf_slice(&times));
	paint_cut(out, buf_str(&words), width - 1);
	buf_release(&words);
	buf_release(&times);
}

void
progress_draw(struct progress *p, struct buf *out, int64_t at_ns, bool color)
{
	bool log = p->form == PROGRESS_LOG;

	if (!p->cell || p->form == PROGRESS_NONE ||
	    (log ? at_ns - p->told_ns < LOG_EVERY_NS
		 : at_ns - p->since_ns < LINE_AFTER_NS))
		return;
	if (log) {
		buf_add_str(out, "[still running: ");
		add_words(p, out, at_ns, WIDTH_LOG);
		buf_add_str(out, "]\n");
		p->told_ns = at_ns;
		return;
	}
	/* The cursor goes back, so that what a user types, or the cell writes
	 * by other ways, does not begin behind the line. */
	buf_add_str(out, color ? "\r" DIM : "\r");
	add_words(p, out, at_ns, width_of(p->fd));
	buf_add_str(out, color ? PLAIN "\033[K\r" : "\033[K\r");
	p->drawn = true;
}

void
progress_erase(struct progress *p, struct buf *out)
{
	if (p->drawn)
		buf_add_str(out, "\r\033[K");
	p->drawn = false;
}

/* html_lanes.c: the timeline of a cell with several writers: a strip that shows
 * when each thread wrote, and below it each write in its thread's column.
 * Floor 2. */
#include <inttypes.h>
#include "base/text.h"
#include "format/html_parts.h"
#include "format/html_text.h"
#include "format/lanes.h"

#define STRIP_WIDTH 1000 /* units of the strip's picture */
#define ROWS_SHOWN 1000
#define LINES_SHOWN 16	/* lanes, between which there is a line */
#define TEXT_SHOWN 2000 /* bytes of one write */

static void
put_name(struct html_page *p, const struct lane *lane)
{
	buf_add_str(p->out, "<b>");
	if (lane->comm[0])
		html_str(p->out, lane->comm);
	else
		buf_add_str(p->out, lane->tid ? "thread" : "not known");
	buf_add_str(p->out, "</b>");
	if (lane->tid)
		buf_addf(p->out, " %d", lane->tid);
	if (lane->tid && lane->pid != lane->tid)
		buf_addf(p->out, " <span>of %d</span>", lane->pid);
}

/* --- the strip ------------------------------------------------------------ */

static int64_t
span_of(const struct lanes *l)
{
	int64_t last = 1;

	for (size_t i = 0; i < l->nwrites; i++)
		if (l->writes[i].at_ns > last)
			last = l->writes[i].at_ns;
	return last;
}

/* A stroke for each write, as one path; strokes that meet are one. */
static void
put_strokes(struct html_page *p, const struct lanes *l, size_t lane,
	    enum stream stream, int64_t span)
{
	int64_t before = -1;
	bool any = false;

	for (size_t i = 0; i < l->nwrites; i++) {
		const struct lane_write *w = &l->writes[i];
		int64_t x = w->at_ns < 0 ? -1
					 : (int64_t)((double)w->at_ns /
						     (double)span *
						     (STRIP_WIDTH - 4)) +
						   2;

		if (w->lane != lane || w->stream != stream || x < 0 ||
		    x == before)
			continue;
		if (!any)
			buf_addf(p->out,
				 "<path%s vector-effect=\"non-scaling-stroke\" "
				 "d=\"",
				 stream == STREAM_STDERR ? " class=\"e\"" : "");
		any = true;
		buf_addf(p->out, "M%" PRId64 " 0v16", x);
		before = x;
	}
	if (any)
		buf_add_str(p->out, "\"></path>");
}

static void
put_strip(struct html_page *p, const struct lanes *l)
{
	int64_t span = span_of(l);

	buf_add_str(p->out, "<div class=\"strip\">\n");
	for (size_t i = 0; i < l->count; i++) {
		buf_add_str(p->out, "<div><p>");
		put_name(p, &l->at[i]);
		buf_addf(p->out,
			 "</p><svg viewBox=\"0 0 %d 16\" "
			 "preserveAspectRatio=\"none\" aria-hidden=\"true\">",
			 STRIP_WIDTH);
		put_strokes(p, l, i, STREAM_STDOUT, span);
		put_strokes(p, l, i, STREAM_STDERR, span);
		buf_add_str(p->out, "</svg></div>\n");
	}
	buf_add_str(p->out, "</div>\n");
}

/* --- the writes ----------------------------------------------------------- */

static void
put_empty(struct html_page *p, size_t columns)
{
	if (columns > LINES_SHOWN)
		buf_addf(p->out, "<td colspan=\"%zu\"></td>", columns);
	else
		while (columns--)
			buf_add_str(p->out, "<td></td>");
}

static void
put_write(struct html_page *p, const struct lanes *l,
	  const struct lane_write *w)
{
	struct slice text = w->text;
	struct ansi look = { 0 };
	bool cut = text.len > TEXT_SHOWN;

	if (cut)
		text.len = TEXT_SHOWN;
	else if (text.len && text.at[text.len - 1] == '\n')
		text.len--;
	buf_add_str(p->out, "<tr><th>");
	if (w->at_ns >= 0)
		buf_addf(p->out, "%.3f", (double)w->at_ns / 1e6);
	buf_add_str(p->out, "</th>");
	put_empty(p, w->lane);
	buf_addf(p->out, "<td%s>",
		 w->stream == STREAM_STDERR ? " class=\"e\"" : "");
	html_terminal(p->out, text, &look);
	buf_addf(p->out, "%s</td>", cut ? "\u2026" : "");
	put_empty(p, l->count - w->lane - 1);
	buf_add_str(p->out, "</tr>\n");
}

static void
put_table(struct html_page *p, const struct lanes *l)
{
	buf_add_str(p->out, "<div class=\"wide\"><table class=\"writes\">\n"
			    "<thead><tr><th>ms</th>");
	for (size_t i = 0; i < l->count; i++) {
		buf_add_str(p->out, "<th>");
		put_name(p, &l->at[i]);
		buf_add_str(p->out, "</th>");
	}
	buf_add_str(p->out, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < l->nwrites && i < ROWS_SHOWN; i++)
		put_write(p, l, &l->writes[i]);
	buf_add_str(p->out, "</tbody></table></div>\n");
	if (l->nwrites > ROWS_SHOWN)
		buf_addf(p->out,
			 "<p class=\"note\">%zu more writes: the record (--to "
			 "json) has them all</p>\n",
			 l->nwrites - ROWS_SHOWN);
}

void
html_lanes(struct html_page *p, const struct record_cell *c)
{
	struct lanes l;

	lanes_init(&l, c);
	if (l.count > 1) {
		buf_addf(p->out,
			 "<details class=\"lanes\" open><summary>Timeline: %zu "
			 "writes by %zu threads in %zu process%s</summary>\n",
			 l.nwrites, l.count, l.nprocesses,
			 l.nprocesses == 1 ? "" : "es");
		put_strip(p, &l);
		put_table(p, &l);
		buf_add_str(p->out, "</details>\n");
	}
	lanes_release(&l);
}

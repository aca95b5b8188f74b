/* html_header.c: what a page says of the whole run: what was run, when, with
 * which compiler, what failed, and where each cell stands. Floor 2. */
#include <time.h>
#include "base/text.h"
#include "format/html_parts.h"
#include "format/html_text.h"

/* More cells than this: their list is folded. */
#define LIST_SHOWN 40

void
html_cell_id(struct buf *out, const struct nb_cell *cell)
{
	buf_add_str(out, "cell-");
	html_str(out, cell->id);
}

void
html_time(struct buf *out, int64_t ns)
{
	time_t seconds = (time_t)(ns / 1000000000);
	char machine[32], people[32];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(machine, sizeof machine, "%Y-%m-%dT%H:%M:%SZ", &tm);
	strftime(people, sizeof people, "%Y-%m-%d %H:%M:%S UTC", &tm);
	buf_addf(out, "<time datetime=\"%s\">%s</time>", machine, people);
}

static bool
is_bad(const struct record_cell *c)
{
	return c->status_known && cell_status_is_bad(c->end.status) &&
	       !c->end.excused;
}

static void
put_link(struct html_page *p, const struct record_cell *c)
{
	buf_add_str(p->out, "<a href=\"#");
	html_cell_id(p->out, c->cell);
	buf_add_str(p->out, "\">");
	html_str(p->out, c->name);
	buf_add_str(p->out, "</a>");
}

/* --- the verdict ---------------------------------------------------------- */

static void
put_counts(struct html_page *p)
{
	const struct record *r = p->r;
	const char *between = ": ";

	buf_addf(p->out, "%zu cell%s", r->ncells, r->ncells == 1 ? "" : "s");
	for (int i = 0; i < STATUS_COUNT; i++) {
		int n = record_count(r, (enum cell_status)i);

		if (!n)
			continue;
		buf_addf(p->out, "%s%d %s", between, n,
			 cell_status_name((enum cell_status)i));
		between = ", ";
	}
}

static void
put_verdict(struct html_page *p)
{
	const struct record *r = p->r;
	bool known = !r->exported;

	for (size_t i = 0; i < r->ncells; i++)
		known |= r->cells[i].status_known;
	buf_addf(p->out, "<p class=\"verdict%s\">",
		 !known		   ? ""
		 : record_is_ok(r) ? " ok"
				   : " bad");
	put_counts(p);
	buf_add_str(p->out, "</p>\n");
}

static void
put_failures(struct html_page *p)
{
	const struct record *r = p->r;
	bool any = false;

	for (size_t i = 0; i < r->ncells; i++) {
		const struct record_cell *c = &r->cells[i];
		struct record_cell look;

		if (!is_bad(c))
			continue;
		c = record_look(r, i, &look);
		buf_add_str(p->out, any ? "" : "<ul class=\"failures\">\n");
		any = true;
		buf_add_str(p->out, "<li>");
		put_link(p, c);
		buf_addf(p->out, " <span>%s", cell_status_name(c->end.status));
		for (size_t k = 0; k < c->noutputs; k++) {
			const struct output *o = &c->outputs[k];

			if (o->kind != OUT_ERROR || !o->ename)
				continue;
			buf_add_str(p->out, " \u00b7 ");
			html_str(p->out, o->ename);
			break;
		}
		buf_add_str(p->out, "</span></li>\n");
		record_look_end(&look);
	}
	buf_add_str(p->out, any ? "</ul>\n" : "");
}

/* --- facts ---------------------------------------------------------------- */

static void
open_fact(struct html_page *p, const char *what)
{
	buf_addf(p->out, "<div><dt>%s</dt><dd>", what);
}

static void
close_fact(struct html_page *p)
{
	buf_add_str(p->out, "</dd></div>\n");
}

/* Of a notebook with times: when its first cell began. */
static int64_t
when_started(const struct record *r)
{
	int64_t first = r->started_ns;

	for (size_t i = 0; first <= 0 && i < r->ncells; i++)
		first = r->cells[i].started_ns;
	return first;
}

static void
put_facts(struct html_page *p)
{
	const struct record *r = p->r;
	int64_t started = when_started(r);

	buf_add_str(p->out, "<dl class=\"facts\">\n");
	if (started > 0) {
		open_fact(p, "Run");
		html_time(p->out, started);
		close_fact(p);
	}
	if (r->duration_ns >= 0) {
		open_fact(p, "Took");
		text_add_duration(p->out, r->duration_ns);
		close_fact(p);
	}
	if (r->cc) {
		open_fact(p, "Compiler");
		html_str(p->out, r->cc);
		for (size_t i = 0; i < r->cflags.count; i++) {
			buf_add_byte(p->out, ' ');
			html_str(p->out, r->cflags.at[i]);
		}
		close_fact(p);
	}
	if (strcmp(r->nb->language, "c") != 0) {
		open_fact(p, "Language");
		html_str(p->out, r->nb->language);
		close_fact(p);
	}
	buf_add_str(p->out, "</dl>\n");
}

/* --- the cells ------------------------------------------------------------ */

static void
put_list(struct html_page *p)
{
	const struct record *r = p->r;

	if (r->ncells < 2)
		return;
	buf_addf(p->out,
		 "<details class=\"list\"%s><summary>Cells</summary>\n<ol>\n",
		 r->ncells <= LIST_SHOWN ? " open" : "");
	for (size_t i = 0; i < r->ncells; i++) {
		const struct record_cell *c = &r->cells[i];

		buf_addf(p->out, "<li%s>", is_bad(c) ? " class=\"bad\"" : "");
		put_link(p, c);
		buf_add_str(p->out, "</li>\n");
	}
	buf_add_str(p->out, "</ol></details>\n");
}

void
html_header(struct html_page *p)
{
	buf_add_str(p->out, "<header>\n<p class=\"file\">");
	html_str(p->out, p->r->nb->name);
	buf_add_str(p->out, "</p>\n");
	put_verdict(p);
	put_failures(p);
	put_facts(p);
	put_list(p);
	buf_add_str(p->out, "</header>\n");
}

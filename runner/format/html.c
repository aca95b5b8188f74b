/* html.c: the page: its head, and the cells in their order. Floor 2. It knows
 * what stands where; the parts are in the other html_*.c files. */
#include "format/html.h"

#include <stdarg.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/spool.h"
#include "base/text.h"
#include "format/attachments.h"
#include "format/highlight.h"
#include "format/html_parts.h"
#include "format/html_text.h"
#include "format/md.h"
#include "model/signal_names.h"

/* --- pictures that a Markdown cell brings along --------------------------- */

struct pictures {
	struct tags_pictures finder; /* first */
	struct attachments all;
};

static bool
find_attachment(const struct tags_pictures *self, struct slice name,
		struct buf *url)
{
	const struct pictures *p = (const struct pictures *)self;

	return attachments_url(&p->all, url, name);
}

/* --- cells ---------------------------------------------------------------- */

static void
put_markdown(struct html_page *p, const struct nb_cell *cell)
{
	struct pictures pictures = { .finder.find = find_attachment };

	attachments_init(&pictures.all, p->r->nb, cell, &p->room);
	buf_add_str(p->out, "<div class=\"md\">\n");
	md_html(p->out, cell->source, &p->outline, &pictures.finder);
	buf_add_str(p->out, "</div>\n");
	attachments_release(&pictures.all);
}

static void
put_raw(struct html_page *p, const struct nb_cell *cell)
{
	buf_add_str(p->out, "<pre class=\"raw\">\n");
	html_text(p->out, cell->source);
	buf_add_str(p->out, "</pre>\n");
}

/* In which language is the cell's text? */
static const char *
language_of(const struct html_page *p, const struct record_cell *c)
{
	struct slice source = { c->source, c->source_len };
	struct slice line = source;
	const char *end = memchr(source.at, '\n', source.len);

	if (end)
		line.len = (size_t)(end - source.at);
	if (slice_starts(line, "%%bash") || slice_starts(line, "%%sh"))
		return "sh";
	if (slice_starts(line, "%%file") || slice_starts(line, "%%writefile")) {
		line = slice_trim(line);
		return line.len > 2 && (!memcmp(line.at + line.len - 2, ".c",
						2) ||
					!memcmp(line.at + line.len - 2, ".h",
						2))
			       ? "c"
			       : "";
	}
	return p->r->nb->language;
}

static void
put_prompt(struct html_page *p, const struct record_cell *c, const char *word)
{
	int count = record_execution_count(p->r, c);

	buf_addf(p->out, "<div class=\"prompt\"><b>%s</b>\u00a0[", word);
	if (count >= 0)
		buf_addf(p->out, "%d", count);
	else
		buf_add_str(p->out, "\u00a0");
	buf_add_str(p->out, "]</div>\n");
}

/* The cell's name, which is its link; its kind, its tags, what became of it. */
static void
put_caption(struct html_page *p, const struct record_cell *c)
{
	const struct nb_cell *cell = c->cell;

	buf_add_str(p->out, "<p class=\"caption\"><a href=\"#");
	html_cell_id(p->out, cell);
	buf_add_str(p->out, "\">");
	html_str(p->out, c->name);
	buf_add_str(p->out, "</a>");
	if (c->kind_known)
		buf_addf(p->out, " <span>%s</span>", cell_kind_name(c->kind));
	for (size_t i = 0; i < cell->ntags; i++) {
		buf_add_str(p->out, " <span class=\"tag\">#");
		html_str(p->out, cell->tags[i]);
		buf_add_str(p->out, "</span>");
	}
	if (c->status_known &&
	    (c->reached || p->r->exported || c->end.status != STATUS_OK)) {
		buf_addf(p->out, " <span class=\"status %s\">%s</span>",
			 cell_status_is_bad(c->end.status)
				 ? c->end.excused ? "excused" : "bad"
			 : c->end.status == STATUS_OK ? "ok"
						      : "idle",
			 cell_status_name(c->end.status));
	}
	if (c->end.duration_ns >= 0 && (c->reached || p->r->exported)) {
		buf_add_str(p->out, " <span>");
		text_add_duration(p->out, c->end.duration_ns);
		buf_add_str(p->out, "</span>");
	}
	buf_add_str(p->out, "</p>\n");
}

static void __attribute__((format(printf, 2, 3)))
add_fact(struct buf *facts, const char *format, ...)
{
	va_list args;

	if (facts->len)
		buf_add_str(facts, " \u00b7 ");
	va_start(args, format);
	buf_addvf(facts, format, args);
	va_end(args);
}

static void
add_left(struct buf *facts, const struct record_cell *c)
{
	for (size_t i = 0; i < c->nleft; i++)
		add_fact(facts, "%s %s (%d) left running",
			 c->left[i].thread ? "thread" : "process",
			 c->left[i].name, c->left[i].id);
	if (c->nleft)
		return;
	if (c->end.threads_left > 0)
		add_fact(facts, "%d thread%s left", c->end.threads_left,
			 c->end.threads_left == 1 ? "" : "s");
	if (c->end.children_left > 0)
		add_fact(facts, "%d process%s left", c->end.children_left,
			 c->end.children_left == 1 ? "" : "es");
}

/* Does an error say so already? */
static bool
is_told(const struct record_cell *c, const char *ename)
{
	for (size_t i = 0; i < c->noutputs; i++)
		if (c->outputs[i].kind == OUT_ERROR && c->outputs[i].ename &&
		    ename && !strcmp(c->outputs[i].ename, ename))
			return true;
	return false;
}

/* What a reader wants to know of how it ended. */
static void
put_foot(struct html_page *p, const struct record_cell *c)
{
	const struct cell_end *end = &c->end;
	struct buf facts = { 0 };

	if (end->signal && !is_told(c, signal_name(end->signal)))
		add_fact(&facts, "%s", signal_name(end->signal));
	else if (!end->signal && end->exit_status > 0)
		add_fact(&facts, "exit status %d", end->exit_status);
	if (end->expected)
		add_fact(&facts, "as expected");
	if (end->nruns > 1) {
		add_fact(&facts, "runs ended with");
		for (size_t i = 0; i < end->nruns; i++)
			buf_addf(&facts, " %d", end->runs[i]);
	}
	add_left(&facts, c);
	for (size_t i = 0; i < c->ncrashes; i++)
		add_fact(&facts, "a process below it crashed: %s: %s",
			 c->crashes[i].ename, c->crashes[i].evalue);
	if (end->output_dropped)
		add_fact(&facts, "%lld bytes of output left out",
			 (long long)end->output_dropped);
	if (c->background)
		add_fact(&facts, "threads of %s may have written here",
			 c->background);
	if (facts.len) {
		buf_add_str(p->out, "<p class=\"foot\">");
		html_text(p->out, buf_slice(&facts));
		buf_add_str(p->out, "</p>\n");
	}
	buf_release(&facts);
}

static void
put_diagnostics(struct html_page *p, const struct record_cell *c)
{
	struct ansi look = { 0 };

	/* of a cell that was not built they are its error */
	if (!c->diagnostics || c->end.status == STATUS_BUILD_ERROR)
		return;
	buf_add_str(p->out, "<pre class=\"text warn\">\n");
	html_terminal(p->out, slice_of(c->diagnostics), &look);
	buf_add_str(p->out, "</pre>\n");
}

static void
put_code(struct html_page *p, const struct record_cell *c)
{
	struct buf id = { 0 };

	html_cell_id(&id, c->cell);
	buf_addf(p->out, "<div class=\"cell%s\" id=\"%s\">\n",
		 c->quiet ? " quiet" : "", buf_str(&id));
	buf_release(&id);
	put_prompt(p, c, "In");
	buf_add_str(p->out, "<div class=\"in\">\n");
	put_caption(p, c);
	if (c->source_len) {
		buf_add_str(p->out, "<pre class=\"code\">\n");
		highlight(p->out, language_of(p, c),
			  (struct slice){ c->source, c->source_len });
		buf_add_str(p->out, "</pre>\n");
	}
	put_diagnostics(p, c);
	buf_add_str(p->out, "</div>\n");
	if (html_has_outputs(c)) {
		put_prompt(p, c, "Out");
		buf_add_str(p->out, "<div class=\"out\">\n");
		html_outputs(p, c);
		html_lanes(p, c);
		put_foot(p, c);
		buf_add_str(p->out, "</div>\n");
	} else {
		put_foot(p, c);
	}
	buf_add_str(p->out, "</div>\n");
}

/* Markdown cells come first, aside, for their headings say what the page is
 * called: code cells then go into the page as they are made. `ends` gets where
 * each cell's part ends. */
static void
put_markdown_cells(struct html_page *p, size_t *ends)
{
	const struct notebook *nb = p->r->nb;

	for (size_t i = 0; i < nb->ncells; i++) {
		if (nb->cells[i].type == NB_MARKDOWN)
			put_markdown(p, &nb->cells[i]);
		ends[i] = p->out->len;
	}
}

static void
put_cells(struct html_page *p, const struct buf *markdown, const size_t *ends)
{
	const struct notebook *nb = p->r->nb;

	for (size_t i = 0; i < nb->ncells; i++) {
		const struct nb_cell *cell = &nb->cells[i];
		size_t from = i ? ends[i - 1] : 0;
		struct record_cell look;

		switch (cell->type) {
		case NB_CODE:
			put_code(p, record_look(p->r, (size_t)cell->number - 1,
						&look));
			record_look_end(&look);
			break;
		case NB_MARKDOWN:
			buf_add(p->out, buf_str(markdown) + from,
				ends[i] - from);
			break;
		case NB_RAW:
		case NB_OTHER:
			put_raw(p, cell);
			break;
		}
	}
}

/* --- the page ------------------------------------------------------------- */

static void
put_head(struct buf *out, const char *title)
{
	buf_add_str(out,
		    "<!DOCTYPE html>\n<html lang=\"\">\n<head>\n"
		    "<meta charset=\"utf-8\">\n"
		    "<meta http-equiv=\"Content-Security-Policy\" content=\""
		    "default-src 'none'; style-src 'unsafe-inline'; "
		    "img-src data: http: https: file:; base-uri 'none'; "
		    "form-action 'none'\">\n"
		    "<meta name=\"viewport\" content=\"width=device-width, "
		    "initial-scale=1\">\n"
		    "<meta name=\"color-scheme\" content=\"light dark\">\n"
		    "<meta name=\"generator\" content=\"cnb\">\n<title>");
	html_str(out, title);
	buf_add_str(out, "</title>\n<style>\n");
	for (size_t i = 0; html_style[i]; i++)
		buf_add_str(out, html_style[i]);
	buf_add_str(out, "</style>\n</head>\n<body>\n");
}

/* Links to cells must find them, whatever a heading says. */
static void
reserve_ids(struct html_page *p)
{
	for (size_t i = 0; i < p->r->ncells; i++) {
		struct buf id = { 0 };

		html_cell_id(&id, p->r->cells[i].cell);
		set_add(&p->outline.ids, buf_str(&id));
		buf_release(&id);
	}
}

void
html_write(struct buf *out, const struct record *r)
{
	struct buf markdown = { 0 };
	struct html_page p = { .r = r,
			       .out = &markdown,
			       .room = picture_room(r->nb) };
	size_t *ends = mem_alloc(r->nb->ncells + 1, sizeof *ends);

	buf_spool(&markdown);
	reserve_ids(&p);
	put_markdown_cells(&p, ends);
	put_head(out,
		 p.outline.title.len ? buf_str(&p.outline.title) : r->nb->name);
	p.out = out;
	html_header(&p);
	buf_add_str(out, "<main>\n");
	put_cells(&p, &markdown, ends);
	if (p.room.refused) {
		buf_add_str(out, "<p class=\"missing\">");
		picture_room_tell(&p.room, out);
		buf_add_str(out, "</p>\n");
	}
	buf_add_str(out, "</main>\n</body>\n</html>\n");
	set_release(&p.outline.ids);
	buf_release(&p.outline.title);
	buf_release(&markdown);
	free(ends);
}

/* html_output.c: the outputs of a cell in a page. Floor 2. Of a display that
 * has several forms the richest is shown that is safe to show. */
#include "base/spool.h"
#include "base/text.h"
#include "format/highlight.h"
#include "format/html_parts.h"
#include "format/html_text.h"
#include "format/json.h"
#include "format/md.h"
#include "format/mime.h"

/* More lines than FOLD_FROM: the first FOLD_SHOWN of them, the rest folded. */
#define FOLD_FROM 60
#define FOLD_SHOWN 30

/* --- text ----------------------------------------------------------------- */

/* Neighbouring text of both streams is one block. */
struct text_block {
	struct buf *out;
	struct ansi look[STREAM_COUNT];
	size_t lines; /* in all */
	size_t line;  /* where we are, from 0 */
	bool folded;
};

static size_t
count_lines(struct slice s)
{
	const char *end = s.at + s.len, *p;
	size_t n = 0;

	for (; (p = spool_find(s, '\n')) != NULL; n++)
		s = (struct slice){ p + 1, (size_t)(end - p) - 1 };
	return n;
}

/* Behind the n-th newline, or the end. */
static size_t
lines_length(struct slice s, size_t n)
{
	const char *p = s.at, *end = s.at + s.len;

	while (n-- && p < end) {
		const char *q = memchr(p, '\n', (size_t)(end - p));

		if (!q)
			return s.len;
		p = q + 1;
	}
	return (size_t)(p - s.at);
}

static void
put_piece(struct text_block *b, enum stream stream, struct slice text)
{
	if (!text.len)
		return;
	if (stream == STREAM_STDERR)
		buf_add_str(b->out, "<span class=\"e\">");
	html_terminal(b->out, text, &b->look[stream]);
	if (stream == STREAM_STDERR)
		buf_add_str(b->out, "</span>");
	b->line += count_lines(text);
}

static void
fold(struct text_block *b)
{
	buf_addf(b->out,
		 "</pre>\n<details class=\"more\"><summary>%zu more "
		 "lines</summary><pre class=\"text\">",
		 b->lines - b->line);
	b->folded = true;
}

static void
put_stream(struct text_block *b, enum stream stream, struct slice text)
{
	if (b->lines > FOLD_FROM && b->line < FOLD_SHOWN) {
		size_t n = lines_length(text, FOLD_SHOWN - b->line);

		put_piece(b, stream, (struct slice){ text.at, n });
		text.at += n;
		text.len -= n;
	}
	if (b->lines > FOLD_FROM && b->line >= FOLD_SHOWN && !b->folded)
		fold(b);
	put_piece(b, stream, text);
}

/* Outputs from `i` on that are text; returns the index behind them. */
static size_t
put_texts(struct html_page *p, const struct record_cell *c, size_t i)
{
	struct text_block b = { .out = p->out };
	size_t end = i, bytes = 0;

	for (; end < c->noutputs && c->outputs[end].kind == OUT_TEXT; end++) {
		b.lines += count_lines(buf_slice(&c->outputs[end].bytes));
		bytes += c->outputs[end].bytes.len;
	}
	if (!bytes)
		return end;
	buf_add_str(p->out, "<pre class=\"text\">");
	/* the parser passes over one newline here */
	buf_add_byte(p->out, '\n');
	for (; i < end; i++)
		put_stream(&b, c->outputs[i].stream,
			   buf_slice(&c->outputs[i].bytes));
	buf_add_str(p->out, "</pre>\n");
	if (b.folded)
		buf_add_str(p->out, "</details>\n");
	return end;
}

static void
put_plain(struct html_page *p, struct slice text)
{
	struct text_block b = { .out = p->out, .lines = count_lines(text) };

	buf_add_str(p->out, "<pre class=\"text\">\n");
	put_stream(&b, STREAM_STDOUT, text);
	buf_add_str(p->out, "</pre>\n");
	if (b.folded)
		buf_add_str(p->out, "</details>\n");
}

/* --- errors --------------------------------------------------------------- */

static void
put_error(struct html_page *p, const struct output *o)
{
	struct ansi look = { 0 };

	buf_add_str(p->out, "<div class=\"error\"><p><b>");
	html_str(p->out, o->ename && *o->ename ? o->ename : "Error");
	buf_add_str(p->out, "</b>");
	if (o->evalue && *o->evalue) {
		buf_add_str(p->out, ": ");
		html_str(p->out, o->evalue);
	}
	buf_add_str(p->out, "</p>\n");
	if (o->traceback.count) {
		buf_add_str(p->out, "<pre class=\"text\">\n");
		for (size_t i = 0; i < o->traceback.count; i++) {
			html_terminal(p->out, slice_of(o->traceback.at[i]),
				      &look);
			buf_add_byte(p->out, '\n');
		}
		buf_add_str(p->out, "</pre>\n");
	}
	buf_add_str(p->out, "</div>\n");
}

/* --- displays ------------------------------------------------------------- */

/* Do the bytes begin as pictures of that type do? */
static bool
is_picture(const char *mime, struct slice s)
{
	static const struct {
		const char *mime;
		size_t at, len;
		const char *magic;
	} known[] = {
		{ "image/png", 0, 8, "\x89PNG\r\n\x1a\n" },
		{ "image/jpeg", 0, 3, "\xff\xd8\xff" },
		{ "image/gif", 0, 4, "GIF8" },
		{ "image/webp", 8, 4, "WEBP" },
	};

	for (size_t i = 0; i < countof(known); i++)
		if (!strcmp(known[i].mime, mime))
			return s.len > known[i].at + known[i].len &&
			       !memcmp(s.at + known[i].at, known[i].magic,
				       known[i].len);
	return !strcmp(mime, "image/svg+xml") &&
	       memmem(s.at, s.len, "<svg", 4) != NULL;
}

/* What stands for the picture where it is not seen. */
static void
put_alt(struct html_page *p, const struct record_cell *c,
	const struct output *o)
{
	const struct buf *plain = output_data(o, "text/plain");

	if (plain && plain->len && plain->len < 200) {
		html_text(p->out, slice_trim(buf_slice(plain)));
	} else {
		buf_add_str(p->out, "picture from cell ");
		html_str(p->out, c->name);
	}
}

static void
put_picture(struct html_page *p, const struct record_cell *c,
	    const struct output *o, const char *mime)
{
	const struct buf *data = output_data(o, mime);

	buf_addf(p->out, "<div class=\"picture\"><img src=\"data:%s;base64,",
		 mime);
	text_base64(p->out, data->data, data->len);
	buf_add_str(p->out, "\" alt=\"");
	put_alt(p, c, o);
	buf_add_str(p->out, "\"></div>\n");
}

static size_t
count_of(struct slice s, const char *word)
{
	size_t n = 0, len = strlen(word);
	const char *p = s.at, *end = s.at + s.len;

	while (p < end && (p = memmem(p, (size_t)(end - p), word, len))) {
		n++;
		p += len;
	}
	return n;
}

/* A frame without a script cannot tell its height: guess, and let it be
 * scrolled and pulled. */
static unsigned
frame_height(struct slice html)
{
	size_t rows = count_of(html, "<tr") + count_of(html, "<li") +
		      count_of(html, "<p") + count_of(html, "<br") +
		      2 * count_of(html, "<h") + html.len / 1000;
	size_t height = 48 + 28 * rows;

	if (memmem(html.at, html.len, "<img", 4) ||
	    memmem(html.at, html.len, "<svg", 4))
		height += 320;
	return (unsigned)(height > 640 ? 640 : height);
}

/* An empty sandbox: no script, no forms, no way to the page around it. */
static void
put_frame(struct html_page *p, const struct record_cell *c, struct slice html)
{
	static const char head[] =
		"<meta name=\"color-scheme\" content=\"light dark\">"
		"<style>body{font:15px/1.5 system-ui,sans-serif;margin:8px}"
		"table{border-collapse:collapse}td,th{padding:2px 10px;"
		"border:1px solid #8885;text-align:right}"
		"img{max-width:100%}</style>";

	buf_addf(p->out,
		 "<iframe class=\"rich\" sandbox=\"\" height=\"%u\" "
		 "title=\"HTML "
		 "from cell ",
		 frame_height(html));
	html_str(p->out, c->name);
	buf_add_str(p->out, "\" srcdoc=\"");
	html_str(p->out, head);
	html_text(p->out, html);
	buf_add_str(p->out, "\"></iframe>\n");
}

static void
put_html(struct html_page *p, const struct record_cell *c,
	 const struct output *o)
{
	struct slice html = buf_slice(output_data(o, "text/html"));
	const struct buf *plain = output_data(o, "text/plain");

	put_frame(p, c, html);
	if (plain && plain->len && memmem(html.at, html.len, "<script", 7))
		put_plain(p, buf_slice(plain));
}

static void
put_json(struct html_page *p, struct slice text)
{
	struct buf pretty = { 0 };
	struct json_out j;
	struct json value;

	if (json_check(text, &value, NULL, NULL) == 0) {
		json_begin(&j, &pretty, 2, 0);
		json_value(&j, value);
		text = buf_slice(&pretty);
	}
	put_plain(p, text);
	buf_release(&pretty);
}

static bool
put_form(struct html_page *p, const struct record_cell *c,
	 const struct output *o, const char *mime)
{
	struct slice data = buf_slice(output_data(o, mime));

	if (!strncmp(mime, "image/", 6)) {
		if (!is_picture(mime, data))
			return false;
		put_picture(p, c, o, mime);
	} else if (!strcmp(mime, "text/html")) {
		put_html(p, c, o);
	} else if (!strcmp(mime, "text/markdown")) {
		buf_add_str(p->out, "<div class=\"md\">");
		md_html(p->out, data, &p->outline, NULL);
		buf_add_str(p->out, "</div>\n");
	} else if (!strcmp(mime, "text/latex")) {
		buf_add_str(p->out, "<pre class=\"math\">\n");
		html_text(p->out, data);
		buf_add_str(p->out, "</pre>\n");
	} else if (mime_is_json(mime)) {
		put_json(p, data);
	} else {
		put_plain(p, data);
	}
	return true;
}

/* Say at least what there was. */
static void
put_unknown(struct html_page *p, const struct output *o)
{
	buf_add_str(p->out, "<p class=\"note\">");
	html_str(p->out, o->mime);
	buf_addf(p->out, ", %zu bytes: not shown here</p>\n", o->bytes.len);
}

static void
put_data(struct html_page *p, const struct record_cell *c,
	 const struct output *o)
{
	/* the first that is there and is what it says */
	static const char *const forms[] = {
		"text/html",  "text/markdown",	  "image/svg+xml", "image/png",
		"image/jpeg", "image/gif",	  "image/webp",	   "text/latex",
		"text/plain", "application/json",
	};

	for (size_t i = 0; i < countof(forms); i++)
		if (output_data(o, forms[i]) && put_form(p, c, o, forms[i]))
			return;
	if (o->mime && slice_starts(slice_of(o->mime), "application/vnd.") &&
	    mime_is_json(o->mime)) {
		/* data for a program; what people read stands beside it */
		buf_add_str(p->out, "<details class=\"more\"><summary>");
		html_str(p->out, o->mime);
		buf_add_str(p->out, "</summary>\n");
		put_json(p, buf_slice(&o->bytes));
		buf_add_str(p->out, "</details>\n");
	} else if (o->mime && mime_is_json(o->mime)) {
		put_json(p, buf_slice(&o->bytes));
	} else if (o->mime && mime_is_text(o->mime)) {
		put_plain(p, buf_slice(&o->bytes));
	} else if (o->mime) {
		put_unknown(p, o);
	}
}

bool
html_has_outputs(const struct record_cell *c)
{
	for (size_t i = 0; i < c->noutputs; i++)
		if (c->outputs[i].kind != OUT_TEXT || c->outputs[i].bytes.len)
			return true;
	return false;
}

void
html_outputs(struct html_page *p, const struct record_cell *c)
{
	for (size_t i = 0; i < c->noutputs;) {
		const struct output *o = &c->outputs[i];

		switch (o->kind) {
		case OUT_TEXT:
			i = put_texts(p, c, i);
			continue;
		case OUT_ERROR:
			put_error(p, o);
			break;
		case OUT_DISPLAY:
		case OUT_RESULT:
			put_data(p, c, o);
			break;
		}
		i++;
	}
}

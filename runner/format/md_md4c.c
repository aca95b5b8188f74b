/* md_md4c.c: Markdown by md4c. Floor 2. md4c finds the structure; the elements
 * go through the tree of tags.h, so that raw HTML in the text cannot break
 * out of it. */
#include "format/md.h"

#include <limits.h>
#include <md4c.h>
#include <stdio.h>
#include "format/highlight.h"
#include "format/html_text.h"

#define PADDING 16 /* zeros behind the text */

const bool md_is_rendered = true;

struct writer {
	struct tags tags;
	struct slice source; /* what md4c reads */
	bool in_heading;
	size_t heading_at; /* the end of its tag in the page */
	struct buf words;  /* of the heading, without markup */
	struct buf code;   /* of a block of code, or of raw HTML */
	bool in_code, in_html;
	struct buf language;
	struct buf spans; /* an MD_SPANTYPE each: those that are open */
	int pictures;	  /* how many we are in: their alt text is collected */
	struct buf alt;
};

static const char *const block_names[] = {
	[MD_BLOCK_QUOTE] = "blockquote",
	[MD_BLOCK_UL] = "ul",
	[MD_BLOCK_LI] = "li",
	[MD_BLOCK_P] = "p",
	[MD_BLOCK_TABLE] = "table",
	[MD_BLOCK_THEAD] = "thead",
	[MD_BLOCK_TBODY] = "tbody",
	[MD_BLOCK_TR] = "tr",
};

static const char *const span_names[] = {
	[MD_SPAN_EM] = "em",
	[MD_SPAN_STRONG] = "strong",
	[MD_SPAN_CODE] = "code",
	[MD_SPAN_DEL] = "del",
	[MD_SPAN_U] = "u",
	[MD_SPAN_LATEXMATH] = "span",
	[MD_SPAN_LATEXMATH_DISPLAY] = "span",
};

/* An attribute's text with its entities undone. */
static void
attribute_text(struct buf *out, const MD_ATTRIBUTE *a)
{
	for (size_t i = 0; a->text && a->substr_offsets[i] < a->size; i++) {
		MD_OFFSET from = a->substr_offsets[i];
		struct slice part = { a->text + from,
				      a->substr_offsets[i + 1] - from };

		if (a->substr_types[i] == MD_TEXT_ENTITY)
			tags_entity(out, part);
		else
			buf_add_slice(out, part);
	}
}

/* --- spans ---------------------------------------------------------------- */

static void
enter_link(struct writer *w, const MD_SPAN_A_DETAIL *d)
{
	struct buf url = { 0 }, title = { 0 }, attributes = { 0 };
	bool ok;

	attribute_text(&url, &d->href);
	attribute_text(&title, &d->title);
	ok = !tags_in_link(&w->tags) && tags_href(&attributes, buf_slice(&url));
	if (title.len) {
		buf_add_str(&attributes, " title=\"");
		html_text(&attributes, buf_slice(&title));
		buf_add_byte(&attributes, '"');
	}
	tags_enter(&w->tags, ok ? "a" : "span", buf_str(&attributes));
	buf_release(&url);
	buf_release(&title);
	buf_release(&attributes);
}

/* `d` NULL: of what nobody knows, so that only its words are there. */
static void
leave_picture(struct writer *w, const MD_SPAN_IMG_DETAIL *d)
{
	struct buf url = { 0 }, title = { 0 };

	if (--w->pictures)
		return;
	if (!d) {
		tags_text(&w->tags, buf_slice(&w->alt));
		return;
	}
	attribute_text(&url, &d->src);
	attribute_text(&title, &d->title);
	tags_picture(&w->tags, buf_slice(&url), buf_slice(&w->alt),
		     buf_slice(&title));
	buf_release(&url);
	buf_release(&title);
}

static const char *
span_attributes(MD_SPANTYPE type)
{
	return type == MD_SPAN_LATEXMATH	   ? " class=\"math\""
	       : type == MD_SPAN_LATEXMATH_DISPLAY ? " class=\"math display\""
						   : "";
}

static struct slice
math_mark(MD_SPANTYPE type)
{
	return slice_of(type == MD_SPAN_LATEXMATH	    ? "$"
			: type == MD_SPAN_LATEXMATH_DISPLAY ? "$$"
							    : "");
}

static int
enter_span(MD_SPANTYPE type, void *detail, void *self)
{
	struct writer *w = self;

	buf_add_byte(&w->spans, (char)type);
	if (type == MD_SPAN_IMG && !w->pictures++)
		buf_clear(&w->alt);
	if (w->pictures)
		return 0;
	if (type == MD_SPAN_A) {
		enter_link(w, detail);
	} else if (type != MD_SPAN_WIKILINK) {
		tags_enter(&w->tags, span_names[type], span_attributes(type));
		tags_text(&w->tags, math_mark(type));
	}
	return 0;
}

/* The innermost one. */
static void
end_span(struct writer *w, const void *detail)
{
	MD_SPANTYPE type = (MD_SPANTYPE)w->spans.data[--w->spans.len];

	if (type == MD_SPAN_IMG) {
		leave_picture(w, detail);
	} else if (!w->pictures && type != MD_SPAN_WIKILINK) {
		tags_text(&w->tags, math_mark(type));
		tags_leave(&w->tags);
	}
}

/* md4c leaves spans that it never entered, and enters some that it never
 * leaves: "[](![)]()", or a bare URL across the mark of another. */
static int
leave_span(MD_SPANTYPE type, void *detail, void *self)
{
	struct writer *w = self;
	size_t outer = w->spans.len;

	while (outer && (MD_SPANTYPE)w->spans.data[outer - 1] != type)
		outer--;
	while (outer && w->spans.len > outer)
		end_span(w, NULL);
	if (outer)
		end_span(w, detail);
	return 0;
}

/* None goes on behind its block. */
static void
end_spans(struct writer *w)
{
	while (w->spans.len)
		end_span(w, NULL);
}

/* --- blocks --------------------------------------------------------------- */

static void
enter_list(struct writer *w, const MD_BLOCK_OL_DETAIL *d)
{
	char start[32] = "";

	if (d->start != 1)
		snprintf(start, sizeof start, " start=\"%u\"", d->start);
	tags_enter(&w->tags, "ol", start);
}

static void
enter_item(struct writer *w, const MD_BLOCK_LI_DETAIL *d)
{
	tags_enter(&w->tags, "li", d->is_task ? " class=\"task\"" : "");
	if (d->is_task)
		buf_add_str(w->tags.out,
			    d->task_mark == ' ' ? "\u2610 " : "\u2611 ");
}

static void
enter_table_cell(struct writer *w, const char *name,
		 const MD_BLOCK_TD_DETAIL *d)
{
	static const char *const class[] = {
		[MD_ALIGN_DEFAULT] = "",
		[MD_ALIGN_LEFT] = " class=\"left\"",
		[MD_ALIGN_CENTER] = " class=\"center\"",
		[MD_ALIGN_RIGHT] = " class=\"right\"",
	};

	tags_enter(&w->tags, name, class[d->align]);
}

static void
enter_heading(struct writer *w, unsigned level)
{
	char name[] = { 'h', (char)('0' + level), '\0' };

	buf_hold(w->tags.out, 1);
	tags_enter(&w->tags, name, "");
	w->heading_at = w->tags.out->len - 1;
	buf_clear(&w->words);
	w->in_heading = true;
}

/* Its id is made of its words, so it comes last, and is put in. */
static void
leave_heading(struct writer *w)
{
	struct buf *out = w->tags.out, inside = { 0 };

	tags_leave(&w->tags);
	w->in_heading = false;
	if (!w->tags.outline->title.len)
		buf_add_slice(&w->tags.outline->title,
			      slice_trim(buf_slice(&w->words)));
	buf_add(&inside, out->data + w->heading_at, out->len - w->heading_at);
	out->len = w->heading_at;
	tags_id(&w->tags, out, slice_trim(buf_slice(&w->words)));
	buf_add_slice(out, buf_slice(&inside));
	buf_hold(out, -1);
	buf_release(&inside);
}

/* Words of two blocks must not run into one for who takes the text alone. */
static void
start_line(struct buf *out)
{
	if (out->len && out->data[out->len - 1] != '\n' &&
	    out->data[out->len - 1] != '>')
		buf_add_byte(out, '\n');
}

static int
enter_block(MD_BLOCKTYPE type, void *detail, void *self)
{
	struct writer *w = self;
	const MD_BLOCK_CODE_DETAIL *code = detail;

	end_spans(w);
	start_line(w->tags.out);
	switch (type) {
	case MD_BLOCK_DOC:
		break;
	case MD_BLOCK_OL:
		enter_list(w, detail);
		break;
	case MD_BLOCK_LI:
		enter_item(w, detail);
		break;
	case MD_BLOCK_HR:
		tags_enter(&w->tags, "hr", "");
		break;
	case MD_BLOCK_H:
		enter_heading(w, ((MD_BLOCK_H_DETAIL *)detail)->level);
		break;
	case MD_BLOCK_CODE:
		tags_enter(&w->tags, "pre", "");
		buf_clear(&w->code);
		buf_clear(&w->language);
		attribute_text(&w->language, &code->lang);
		w->in_code = true;
		break;
	case MD_BLOCK_HTML:
		buf_clear(&w->code);
		w->in_html = true;
		break;
	case MD_BLOCK_TH:
	case MD_BLOCK_TD:
		enter_table_cell(w, type == MD_BLOCK_TH ? "th" : "td", detail);
		break;
	case MD_BLOCK_TABLE:
		tags_enter(&w->tags, "div", " class=\"wide\"");
		tags_enter(&w->tags, "table", "");
		break;
	case MD_BLOCK_QUOTE:
	case MD_BLOCK_UL:
	case MD_BLOCK_P:
	case MD_BLOCK_THEAD:
	case MD_BLOCK_TBODY:
	case MD_BLOCK_TR:
		tags_enter(&w->tags, block_names[type], "");
		break;
	}
	return 0;
}

static int
leave_block(MD_BLOCKTYPE type, void *detail, void *self)
{
	struct writer *w = self;

	(void)detail;
	end_spans(w);
	switch (type) {
	case MD_BLOCK_DOC:
		return 0;
	case MD_BLOCK_HR:
		break;
	case MD_BLOCK_H:
		leave_heading(w);
		break;
	case MD_BLOCK_CODE:
		w->in_code = false;
		highlight(w->tags.out, buf_str(&w->language),
			  buf_slice(&w->code));
		tags_leave(&w->tags);
		break;
	case MD_BLOCK_HTML:
		w->in_html = false;
		tags_html(&w->tags, buf_slice(&w->code), false);
		return 0;
	case MD_BLOCK_TABLE:
		tags_leave(&w->tags);
		tags_leave(&w->tags);
		break;
	case MD_BLOCK_QUOTE:
	case MD_BLOCK_UL:
	case MD_BLOCK_OL:
	case MD_BLOCK_LI:
	case MD_BLOCK_P:
	case MD_BLOCK_THEAD:
	case MD_BLOCK_TBODY:
	case MD_BLOCK_TR:
	case MD_BLOCK_TH:
	case MD_BLOCK_TD:
		tags_leave(&w->tags);
		break;
	}
	buf_add_byte(w->tags.out, '\n');
	return 0;
}

/* --- text ----------------------------------------------------------------- */

static void
put_words(struct writer *w, struct slice text)
{
	if (w->in_heading)
		buf_add_slice(&w->words, text);
	if (w->pictures)
		buf_add_slice(&w->alt, text);
	else
		tags_text(&w->tags, text);
}

/* Behind a backslash at its end md4c 0.4.8 reads on: what lies behind the text
 * is none. */
static struct slice
within(struct slice source, struct slice text)
{
	const char *end = source.at + source.len;

	if (text.at < source.at || text.at > end + PADDING)
		return text;
	if (text.at >= end)
		text.len = 0;
	else if (text.len > (size_t)(end - text.at))
		text.len = (size_t)(end - text.at);
	return text;
}

static int
put_text(MD_TEXTTYPE type, const MD_CHAR *at, MD_SIZE size, void *self)
{
	struct writer *w = self;
	struct slice text = within(w->source, (struct slice){ at, size });
	struct buf entity = { 0 };

	if (w->in_code || w->in_html) {
		buf_add_slice(&w->code, text);
		return 0;
	}
	switch (type) {
	case MD_TEXT_NULLCHAR:
		put_words(w, slice_of("\uFFFD"));
		break;
	case MD_TEXT_BR:
		if (!w->pictures)
			tags_enter(&w->tags, "br", "");
		break;
	case MD_TEXT_SOFTBR:
		put_words(w, slice_of("\n"));
		break;
	case MD_TEXT_ENTITY:
		tags_entity(&entity, text);
		put_words(w, buf_slice(&entity));
		buf_release(&entity);
		break;
	case MD_TEXT_HTML:
		if (!w->pictures)
			tags_html(&w->tags, text, true);
		break;
	case MD_TEXT_NORMAL:
	case MD_TEXT_CODE:
	case MD_TEXT_LATEXMATH:
		put_words(w, text);
		break;
	}
	return 0;
}

/* md4c looks for an address that stands in the text by itself in a time that
 * grows with the square of their number: in longer texts they are text. */
#define AUTOLINKS_MAX ((size_t)128 << 10)

void
md_html(struct buf *out, struct slice markdown, struct tags_outline *outline,
	const struct tags_pictures *pictures)
{
	MD_PARSER parser = {
		.flags = MD_DIALECT_GITHUB | MD_FLAG_LATEXMATHSPANS,
		.enter_block = enter_block,
		.leave_block = leave_block,
		.enter_span = enter_span,
		.leave_span = leave_span,
		.text = put_text,
	};
	struct writer w = { .pictures = 0 };
	struct buf copy = { 0 };
	size_t len = markdown.len < UINT_MAX ? markdown.len : UINT_MAX;

	if (len > AUTOLINKS_MAX)
		parser.flags &= ~(unsigned)MD_FLAG_PERMISSIVEAUTOLINKS;
	buf_add(&copy, markdown.at, len);
	buf_add(&copy, (const char[PADDING]){ 0 }, PADDING);
	w.source = (struct slice){ copy.data, len };
	tags_init(&w.tags, out, outline, pictures);
	md_parse(copy.data, (MD_SIZE)len, &parser, &w);
	tags_release(&w.tags);
	buf_release(&copy);
	buf_release(&w.words);
	buf_release(&w.code);
	buf_release(&w.language);
	buf_release(&w.alt);
	buf_release(&w.spans);
}

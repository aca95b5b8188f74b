/* html_text.c: escaping for HTML, and a terminal's colours as spans. Floor 2.
 * The colours' names are classes: what they look like is for the style sheet.
 */
#include "format/html_text.h"

#include <stdint.h>
#include <stdio.h>
#include "base/spool.h"
#include "base/utf8.h"
#include "format/fold.h"

#define STEP (ptrdiff_t)65536 /* of text at a time */

/* --- characters ----------------------------------------------------------- */

static const char *
entity_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* What goes through as it is. Above ASCII: not the bytes that begin a
 * character which put_point() may change. */
static bool
is_plain(char c)
{
	unsigned char b = (unsigned char)c;

	return (b >= 0x20 && b < 0x7f && b != '<' && b != '&' && b != '>' &&
		b != '"' && b != '\'') ||
	       b == '\n' || b == '\t' ||
	       (b >= 0x80 && b < 0xf0 && b != 0xc2 && b != 0xe2 && b != 0xef);
}

/* Embeddings, overrides and isolates: they can make text read as what it is
 * not. Plain marks of direction pass. */
static bool
turns_text(uint32_t point)
{
	return (point >= 0x202a && point <= 0x202e) ||
	       (point >= 0x2066 && point <= 0x2069);
}

/* C1 controls and noncharacters: HTML does not allow them. */
static bool
is_forbidden(uint32_t point)
{
	return (point >= 0x80 && point <= 0x9f) ||
	       (point >= 0xfdd0 && point <= 0xfdef) ||
	       (point & 0xfffe) == 0xfffe;
}

static void
put_point(struct buf *out, uint32_t point)
{
	if (point < 0x20)
		utf8_encode(out, 0x2400 + point);
	else if (point == 0x7f)
		utf8_encode(out, 0x2421);
	else if (turns_text(point))
		buf_addf(out, "\u27e8U+%04X\u27e9", (unsigned)point);
	else if (is_forbidden(point))
		utf8_encode(out, 0xfffd);
	else
		utf8_encode(out, point);
}

static void
put_valid(struct buf *out, const char *p, const char *end)
{
	while (p < end) {
		const char *stop = end - p > STEP ? p + STEP : end;
		const char *start = p;
		uint32_t point;

		while (p < stop && is_plain(*p))
			p++;
		buf_add(out, start, (size_t)(p - start));
		if (p == stop)
			continue;
		if (entity_of(*p)) {
			buf_add_str(out, entity_of(*p++));
			continue;
		}
		/* the end of a line as MS-DOS has it */
		if (*p == '\r' && end - p > 1 && p[1] == '\n') {
			p++;
			continue;
		}
		p += utf8_decode(p, (size_t)(end - p), &point);
		put_point(out, point);
	}
}

void
html_text(struct buf *out, struct slice text)
{
	struct buf valid = { 0 };

	text = utf8_valid(text, &valid);
	put_valid(out, text.at, text.at + text.len);
	buf_release(&valid);
}

void
html_str(struct buf *out, const char *text)
{
	if (text)
		html_text(out, slice_of(text));
}

/* --- a terminal's text ---------------------------------------------------- */

static void
add_class(struct buf *classes, const char *name)
{
	if (classes->len)
		buf_add_byte(classes, ' ');
	buf_add_str(classes, name);
}

static void
add_color(struct buf *classes, struct buf *style, struct ansi_color c,
	  char class, const char *property)
{
	unsigned number = c.value & 15;
	char name[] = { class, (char)('0' + number % 10), '\0', '\0' };

	if (c.kind == ANSI_NAMED) {
		if (number > 9) {
			name[2] = name[1];
			name[1] = '1';
		}
		add_class(classes, name);
	} else if (c.kind == ANSI_RGB) {
		buf_addf(style, "%s%s:#%06x", style->len ? ";" : "", property,
			 (unsigned)c.value);
	}
}

/* On a background of its own, text has no use for the colours that go with the
 * page: it gets the terminal's (class g), or black or white. */
static void
add_colors(struct buf *classes, struct buf *style, const struct ansi *look)
{
	uint32_t back = look->back.value;
	unsigned light =
		(back >> 16 & 255) * 3 + (back >> 8 & 255) * 6 + (back & 255);

	add_color(classes, style, look->back, 'b', "background");
	if (look->fore.kind == ANSI_DEFAULT && look->back.kind == ANSI_RGB)
		buf_addf(style, ";color:%s", light > 1275 ? "#000" : "#fff");
	else
		add_color(classes, style, look->fore,
			  look->back.kind == ANSI_DEFAULT ? 'f' : 'g', "color");
}

/* Without colours of its own, inverse is what the page's are, exchanged. */
static void
invert(struct ansi *look, struct buf *classes)
{
	struct ansi_color fore = look->fore;

	look->fore = look->back;
	look->back = fore;
	if (look->fore.kind == ANSI_DEFAULT)
		add_class(classes, "if");
	if (look->back.kind == ANSI_DEFAULT)
		add_class(classes, "ib");
}

static void
open_span(struct buf *out, struct ansi look)
{
	struct buf classes = { 0 }, style = { 0 };
	const struct {
		bool set;
		const char *class;
	} flags[] = {
		{ look.bold, "ab" },   { look.dim, "ad" },
		{ look.italic, "ai" }, { look.underline, "au" },
		{ look.strike, "as" }, { look.hidden, "ah" },
	};

	if (look.inverse)
		invert(&look, &classes);
	add_colors(&classes, &style, &look);
	for (size_t i = 0; i < countof(flags); i++)
		if (flags[i].set)
			add_class(&classes, flags[i].class);
	buf_add_str(out, "<span");
	if (classes.len) {
		buf_add_str(out, " class=\"");
		buf_add_slice(out, buf_slice(&classes));
		buf_add_byte(out, '"');
	}
	if (style.len) {
		buf_add_str(out, " style=\"");
		buf_add_slice(out, buf_slice(&style));
		buf_add_byte(out, '"');
	}
	buf_add_byte(out, '>');
	buf_release(&classes);
	buf_release(&style);
}

void
html_terminal(struct buf *out, struct slice text, struct ansi *look)
{
	static const struct ansi plain = { 0 };
	struct buf valid = { 0 }, folded = { 0 };
	struct slice piece;

	if (fold_needed(text.at, text.len)) {
		text = utf8_valid(text, &valid);
		buf_spool(&folded);
		fold_terminal(&folded, text.at, text.len);
		text = buf_slice(&folded);
	}
	while ((piece = ansi_text(&text, look)).len) {
		if (ansi_same(look, &plain)) {
			html_text(out, piece);
			continue;
		}
		open_span(out, *look);
		html_text(out, piece);
		buf_add_str(out, "</span>");
	}
	buf_release(&valid);
	buf_release(&folded);
}

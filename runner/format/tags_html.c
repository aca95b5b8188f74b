/* tags_html.c: strangers' HTML, read as browsers read it and put into the tree
 * as far as it is harmless. Floor 2. It refuses nothing, and what it does not
 * know it leaves out. */
#include <stdio.h>
#include <strings.h>
#include "base/utf8.h"
#include "format/html_text.h"
#include "format/tags_tree.h"

/* --- entities ------------------------------------------------------------- */

static uint32_t
number_of(struct slice digits)
{
	uint32_t base = 10, value = 0;

	if (digits.len && (digits.at[0] | 32) == 'x') {
		base = 16;
		digits.at++;
		digits.len--;
	}
	for (size_t i = 0; i < digits.len; i++) {
		char c = (char)(digits.at[i] | 32);
		uint32_t digit = (uint32_t)(c >= 'a' ? c - 'a' + 10
						     : digits.at[i] - '0');

		if (digit >= base || value > 0x110000)
			return 0xfffd;
		value = value * base + digit;
	}
	return value ? value : 0xfffd;
}

void
tags_entity(struct buf *out, struct slice entity)
{
	static const struct {
		const char *name;
		uint32_t point;
	} known[] = {
		{ "amp", '&' },	      { "lt", '<' },
		{ "gt", '>' },	      { "quot", '"' },
		{ "apos", '\'' },     { "nbsp", 0xa0 },
		{ "copy", 0xa9 },     { "reg", 0xae },
		{ "deg", 0xb0 },      { "plusmn", 0xb1 },
		{ "sup2", 0xb2 },     { "sup3", 0xb3 },
		{ "micro", 0xb5 },    { "middot", 0xb7 },
		{ "frac12", 0xbd },   { "times", 0xd7 },
		{ "divide", 0xf7 },   { "szlig", 0xdf },
		{ "auml", 0xe4 },     { "ouml", 0xf6 },
		{ "uuml", 0xfc },     { "Auml", 0xc4 },
		{ "Ouml", 0xd6 },     { "Uuml", 0xdc },
		{ "eacute", 0xe9 },   { "egrave", 0xe8 },
		{ "agrave", 0xe0 },   { "ccedil", 0xe7 },
		{ "ntilde", 0xf1 },   { "alpha", 0x3b1 },
		{ "beta", 0x3b2 },    { "gamma", 0x3b3 },
		{ "delta", 0x3b4 },   { "epsilon", 0x3b5 },
		{ "lambda", 0x3bb },  { "mu", 0x3bc },
		{ "pi", 0x3c0 },      { "sigma", 0x3c3 },
		{ "theta", 0x3b8 },   { "omega", 0x3c9 },
		{ "Omega", 0x3a9 },   { "Delta", 0x394 },
		{ "Sigma", 0x3a3 },   { "ndash", 0x2013 },
		{ "mdash", 0x2014 },  { "lsquo", 0x2018 },
		{ "rsquo", 0x2019 },  { "ldquo", 0x201c },
		{ "rdquo", 0x201d },  { "bull", 0x2022 },
		{ "hellip", 0x2026 }, { "euro", 0x20ac },
		{ "larr", 0x2190 },   { "uarr", 0x2191 },
		{ "rarr", 0x2192 },   { "darr", 0x2193 },
		{ "harr", 0x2194 },   { "rArr", 0x21d2 },
		{ "hArr", 0x21d4 },   { "minus", 0x2212 },
		{ "radic", 0x221a },  { "infin", 0x221e },
		{ "asymp", 0x2248 },  { "ne", 0x2260 },
		{ "le", 0x2264 },     { "ge", 0x2265 },
		{ "sum", 0x2211 },    { "trade", 0x2122 },
		{ "emsp", 0x2003 },   { "ensp", 0x2002 },
		{ "thinsp", 0x2009 }, { "check", 0x2713 },
	};
	struct slice name = { entity.at + 1, entity.len - 2 };

	if (name.len && name.at[0] == '#') {
		utf8_encode(out, number_of((struct slice){ name.at + 1,
							   name.len - 1 }));
		return;
	}
	for (size_t i = 0; i < countof(known); i++) {
		if (slice_is(name, known[i].name)) {
			utf8_encode(out, known[i].point);
			return;
		}
	}
	buf_add_slice(out, entity);
}

/* The length of the entity at the front, &...; - 0: it is none. */
static size_t
entity_length(struct slice s)
{
	size_t n = 1;

	while (n < s.len && n < 40 &&
	       ((s.at[n] | 32) >= 'a'
			? (s.at[n] | 32) <= 'z'
			: (s.at[n] >= '0' && s.at[n] <= '9') || s.at[n] == '#'))
		n++;
	return n > 1 && n < s.len && s.at[n] == ';' ? n + 1 : 0;
}

static void
decode(struct buf *out, struct slice text)
{
	while (text.len) {
		size_t n = *text.at == '&' ? entity_length(text) : 0;

		if (n)
			tags_entity(out, (struct slice){ text.at, n });
		else
			buf_add_byte(out, text.at[0]);
		n = n ? n : 1;
		text.at += n;
		text.len -= n;
	}
}

/* --- attributes ----------------------------------------------------------- */

struct attribute {
	char name[TAG_NAME_MAX + 1];
	struct buf value;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void
skip(struct slice *s, size_t n)
{
	s->at += n;
	s->len -= n;
}

/* A name in small letters; one that is too long is none that we know. */
static void
read_name(struct slice *s, const char *stops, char name[TAG_NAME_MAX + 1])
{
	size_t n = 0;

	memset(name, 0, TAG_NAME_MAX + 1);
	while (n < s->len && !is_space(s->at[n]) &&
	       !(s->at[n] && strchr(stops, s->at[n])))
		n++;
	if (n <= TAG_NAME_MAX)
		for (size_t i = 0; i < n; i++)
			name[i] = (char)(s->at[i] >= 'A' && s->at[i] <= 'Z'
						 ? s->at[i] + 32
						 : s->at[i]);
	skip(s, n);
}

static void
read_value(struct slice *s, struct buf *value)
{
	struct slice raw = *s;
	const char *end;

	if (s->len && (*s->at == '"' || *s->at == '\'')) {
		end = memchr(s->at + 1, *s->at, s->len - 1);
		raw = (struct slice){ s->at + 1,
				      (size_t)((end ? end : s->at + s->len) -
					       s->at - 1) };
		skip(s, raw.len + 1 + (end != NULL));
	} else {
		raw.len = 0;
		while (raw.len < s->len && !is_space(raw.at[raw.len]))
			raw.len++;
		skip(s, raw.len);
	}
	decode(value, raw);
}

/* `rest` is the inside of a tag, behind its name. */
static bool
next_attribute(struct slice *rest, struct attribute *a)
{
	buf_clear(&a->value);
	while (rest->len && (is_space(*rest->at) || *rest->at == '/'))
		skip(rest, 1);
	if (!rest->len)
		return false;
	if (*rest->at == '=') /* a broken one */
		skip(rest, 1);
	read_name(rest, "=/", a->name);
	while (rest->len && is_space(*rest->at))
		skip(rest, 1);
	if (!rest->len || *rest->at != '=')
		return true;
	skip(rest, 1);
	while (rest->len && is_space(*rest->at))
		skip(rest, 1);
	read_value(rest, &a->value);
	return true;
}

static bool
is_number(struct slice s)
{
	if (!s.len || s.len > 4)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
	return s.at[0] != '0';
}

enum attribute_kind { WORDS, COLUMNS, ROWS, START, LINK, ID, ALIGN, SWITCH };

static void
pass_value(struct tags *t, struct buf *out, const struct attribute *a,
	   enum attribute_kind what)
{
	static const char *const sides[] = { "left", "center", "right" };
	struct slice value = buf_slice(&a->value);

	switch (what) {
	case WORDS:
		tags_attribute(out, a->name, value);
		break;
	case COLUMNS:
	case ROWS:
	case START:
		if (is_number(value))
			tags_attribute(out, a->name, value);
		break;
	case LINK:
		tags_href(out, value);
		break;
	case ID:
		tags_id(t, out, value);
		break;
	case ALIGN:
		for (size_t k = 0; k < countof(sides); k++)
			if (slice_is(value, sides[k]))
				buf_addf(out, " class=\"%s\"", sides[k]);
		break;
	case SWITCH:
		buf_addf(out, " %s", a->name);
		break;
	}
}

/* Which attributes of which elements pass; `tags`: NULL is all. */
static void
pass_attribute(struct tags *t, struct buf *out, const struct tag *tag,
	       const struct attribute *a, unsigned *seen)
{
	static const struct {
		const char *tags, *name;
		enum attribute_kind what;
	} known[] = {
		{ NULL, "title", WORDS },
		{ " a ", "href", LINK },
		{ " a ", "name", ID },
		{ NULL, "id", ID },
		{ " td th ", "colspan", COLUMNS },
		{ " td th ", "rowspan", ROWS },
		{ " ol ", "start", START },
		{ " details ", "open", SWITCH },
		{ " p div td th h1 h2 h3 h4 h5 h6 caption ", "align", ALIGN },
	};
	char name[TAG_NAME_MAX + 3];

	snprintf(name, sizeof name, " %s ", tag->name);
	for (size_t i = 0; i < countof(known); i++) {
		if (strcmp(known[i].name, a->name) != 0 ||
		    (known[i].tags && !strstr(known[i].tags, name)))
			continue;
		if (!(*seen & 1U << known[i].what))
			pass_value(t, out, a, known[i].what);
		*seen |= 1U << known[i].what;
		return;
	}
}

/* --- pictures ------------------------------------------------------------- */

static void
raw_picture(struct tags *t, struct slice inside)
{
	struct buf src = { 0 }, alt = { 0 }, rest = { 0 };
	struct attribute a = { .value = { 0 } };

	while (next_attribute(&inside, &a)) {
		struct slice value = buf_slice(&a.value);

		if (!strcmp(a.name, "src") && !src.len)
			buf_add_slice(&src, value);
		else if (!strcmp(a.name, "alt") && !alt.len)
			buf_add_slice(&alt, value);
		else if ((!strcmp(a.name, "width") ||
			  !strcmp(a.name, "height")) &&
			 is_number(value) && !strstr(buf_str(&rest), a.name))
			tags_attribute(&rest, a.name, value);
	}
	tags_put_picture(t, buf_slice(&src), buf_slice(&alt), buf_str(&rest));
	buf_release(&src);
	buf_release(&alt);
	buf_release(&rest);
	buf_release(&a.value);
}

/* --- a stranger's HTML ---------------------------------------------------- */

/* What cannot be shown, but points somewhere: the address remains. */
static void
raw_embedded(struct tags *t, struct slice inside)
{
	struct attribute a = { .value = { 0 } };
	struct buf href = { 0 };

	while (next_attribute(&inside, &a)) {
		if (strcmp(a.name, "src") != 0 && strcmp(a.name, "data") != 0)
			continue;
		if (!tags_in_link(t) && tags_href(&href, buf_slice(&a.value))) {
			tags_make_room(t, true);
			buf_addf(t->out, "<a%s>", buf_str(&href));
			html_text(t->out, buf_slice(&a.value));
			buf_add_str(t->out, "</a> ");
		}
		break;
	}
	buf_release(&href);
	buf_release(&a.value);
}

static bool
is_embedded(const char *name)
{
	static const char *const names[] = { "iframe", "video",	 "audio",
					     "embed",  "object", "source" };

	for (size_t i = 0; i < countof(names); i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static void
open_tag(struct tags *t, const struct tag *tag, struct slice inside,
	 bool in_line)
{
	struct buf attributes = { 0 };
	struct attribute a = { .value = { 0 } };
	unsigned seen = 0;

	if (!tags_may_open(t, tag, in_line))
		return;
	while (next_attribute(&inside, &a))
		pass_attribute(t, &attributes, tag, &a, &seen);
	tags_open(t, tag, buf_str(&attributes), false);
	buf_release(&attributes);
	buf_release(&a.value);
}

/* Behind the `>` that ends the tag at the front; quoted ones do not. 0: there
 * is none. */
static size_t
tag_length(struct slice s)
{
	char quote = 0, before = 0;

	for (size_t n = 1; n < s.len; n++) {
		char c = s.at[n];

		if (quote) {
			if (c == quote)
				quote = 0;
		} else if (c == '>') {
			return n + 1;
		} else if ((c == '"' || c == '\'') && before == '=') {
			quote = c;
		}
		if (!is_space(c))
			before = c;
	}
	return 0;
}

/* Behind the end of an element that goes whole; all, if nothing ends it. */
static size_t
dropped_length(struct slice s, const char *name)
{
	size_t len = strlen(name);

	for (size_t n = 0; n + 2 + len <= s.len; n++)
		if (s.at[n] == '<' && s.at[n + 1] == '/' &&
		    !strncasecmp(s.at + n + 2, name, len))
			return n;
	return s.len;
}

static size_t
comment_length(struct slice s)
{
	const char *end = memmem(s.at + 4, s.len - 4, "-->", 3);

	return end ? (size_t)(end + 3 - s.at) : s.len;
}

/* `*html` begins with a tag of `n` bytes. */
static void
raw_tag(struct tags *t, struct slice *html, size_t n, bool in_line)
{
	bool closing = html->at[1] == '/';
	struct slice inside = { html->at + 1 + closing, n - 2 - closing };
	char name[TAG_NAME_MAX + 1];
	const struct tag *tag;

	read_name(&inside, "/", name);
	tag = tag_find(name);
	skip(html, n);
	if (tag && tag->content == DROPPED) {
		if (!closing)
			skip(html, dropped_length(*html, name));
	} else if (tag && closing) {
		tags_close(t, tag);
	} else if (tag && !strcmp(name, "img")) {
		raw_picture(t, inside);
	} else if (tag) {
		open_tag(t, tag, inside, in_line);
	} else if (!closing && is_embedded(name)) {
		raw_embedded(t, inside);
	}
}

static bool
is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

void
tags_html(struct tags *t, struct slice html, bool in_line)
{
	struct buf text = { 0 };

	while (html.len) {
		size_t n = 0;

		if (*html.at == '<' && html.len > 2 &&
		    (is_letter(html.at[1]) ||
		     (html.at[1] == '/' && is_letter(html.at[2]))))
			n = tag_length(html);
		if (n) {
			raw_tag(t, &html, n, in_line);
			continue;
		}
		if (slice_starts(html, "<!--")) {
			skip(&html, comment_length(html));
			continue;
		}
		if (*html.at == '<' && html.len > 1 &&
		    (html.at[1] == '!' || html.at[1] == '?') &&
		    (n = tag_length(html))) {
			skip(&html, n);
			continue;
		}
		for (n = 1; n < html.len && html.at[n] != '<';)
			n++;
		buf_clear(&text);
		decode(&text, (struct slice){ html.at, n });
		tags_text(t, buf_slice(&text));
		skip(&html, n);
	}
	buf_release(&text);
}

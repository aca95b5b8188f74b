/* tags.c: the tree of elements that a page is, and strangers' HTML in it. Floor
 * 2. The table says which elements and attributes pass. It knows no Markdown
 * and no notebook. */
#include "format/tags.h"

#include <stdio.h>
#include <stdlib.h>
#include "base/mem.h"
#include "format/html_text.h"
#include "format/tags_tree.h"
#include "format/url.h"

#define DEPTH_MAX 200 /* deeper ones are not opened */

#define OF_ROWS " table thead tbody tfoot "

static const struct tag tags[] = {
	{ "a", PHRASING, true },
	{ "abbr", PHRASING, true },
	{ "article", FLOW, .written = "div" },
	{ "aside", FLOW, .written = "div" },
	{ "b", PHRASING, true },
	{ "blockquote", FLOW },
	{ "br", EMPTY, true },
	{ "caption", PHRASING, false, " table " },
	{ "center", FLOW, .written = "div", .class = "center" },
	{ "cite", PHRASING, true },
	{ "code", PHRASING, true },
	{ "dd", FLOW, false, " dl " },
	{ "del", PHRASING, true },
	{ "details", FLOW },
	{ "dfn", PHRASING, true },
	{ "div", FLOW },
	{ "dl", PARTS },
	{ "dt", PHRASING, false, " dl " },
	{ "em", PHRASING, true },
	{ "figcaption", FLOW, false, " figure " },
	{ "figure", FLOW },
	{ "footer", FLOW, .written = "div" },
	{ "h1", PHRASING },
	{ "h2", PHRASING },
	{ "h3", PHRASING },
	{ "h4", PHRASING },
	{ "h5", PHRASING },
	{ "h6", PHRASING },
	{ "header", FLOW, .written = "div" },
	{ "hr", EMPTY },
	{ "i", PHRASING, true },
	{ "img", EMPTY, true },
	{ "ins", PHRASING, true },
	{ "kbd", PHRASING, true },
	{ "li", FLOW, false, " ul ol " },
	{ "mark", PHRASING, true },
	{ "ol", PARTS },
	{ "p", PHRASING },
	{ "pre", PHRASING },
	{ "q", PHRASING, true },
	{ "s", PHRASING, true },
	{ "samp", PHRASING, true },
	{ "script", DROPPED, true },
	{ "section", FLOW, .written = "div" },
	{ "small", PHRASING, true },
	{ "span", PHRASING, true },
	{ "strike", PHRASING, true, .written = "s" },
	{ "strong", PHRASING, true },
	{ "style", DROPPED, true },
	{ "sub", PHRASING, true },
	{ "summary", PHRASING, false, " details " },
	{ "sup", PHRASING, true },
	{ "table", PARTS },
	{ "tbody", PARTS, false, " table " },
	{ "td", FLOW, false, " tr " },
	{ "template", DROPPED, true },
	{ "tfoot", PARTS, false, " table " },
	{ "th", FLOW, false, " tr " },
	{ "thead", PARTS, false, " table " },
	{ "title", DROPPED, true },
	{ "tr", PARTS, false, OF_ROWS },
	{ "tt", PHRASING, true, .written = "code" },
	{ "u", PHRASING, true },
	{ "ul", PARTS },
	{ "var", PHRASING, true },
	{ "wbr", EMPTY, true },
};

static int
compare_tag(const void *key, const void *tag)
{
	return strcmp(key, ((const struct tag *)tag)->name);
}

const struct tag *
tag_find(const char *name)
{
	return bsearch(name, tags, countof(tags), sizeof *tags, compare_tag);
}

/* --- the tree ------------------------------------------------------------- */

void
tags_init(struct tags *t, struct buf *out, struct tags_outline *outline,
	  const struct tags_pictures *pictures)
{
	*t = (struct tags){ .out = out,
			    .outline = outline,
			    .pictures = pictures };
}

static const struct tags_open nothing_open = { NULL, "", true };

/* The innermost element. */
static struct tags_open
top(const struct tags *t)
{
	return t->nopen ? t->open[t->nopen - 1] : nothing_open;
}

/* The innermost element, if a stranger opened it. */
static const struct tag *
top_stranger(const struct tags *t)
{
	return top(t).own ? NULL : top(t).tag;
}

static void
pop(struct tags *t)
{
	if (t->nopen)
		buf_addf(t->out, "</%s>", t->open[--t->nopen].name);
}

/* A heading's element: no level is left out below the one above. */
static const char *
heading_name(struct tags *t, const struct tag *tag, const char **class)
{
	static const char *const names[] = {
		"h1", "h2", "h3", "h4", "h5", "h6"
	};
	int level = tag->name[1] - '0';

	if (level > t->outline->level + 1) {
		level = t->outline->level + 1;
		*class = tag->name;
	}
	t->outline->level = level;
	return names[level - 1];
}

static bool
is_heading(const struct tag *tag)
{
	return tag->name[0] == 'h' && tag->name[1] >= '1' &&
	       tag->name[1] <= '6';
}

void
tags_open(struct tags *t, const struct tag *tag, const char *attributes,
	  bool own)
{
	const char *name = tag->written ? tag->written : tag->name;
	const char *class = tag->class;

	if (is_heading(tag))
		name = heading_name(t, tag, &class);
	buf_addf(t->out, "<%s", name);
	if (class && !strstr(attributes, " class="))
		buf_addf(t->out, " class=\"%s\"", class);
	buf_add_str(t->out, attributes);
	buf_add_byte(t->out, '>');
	if (tag->content != EMPTY)
		*mem_push(t->open, t->nopen) =
			(struct tags_open){ tag, name, own };
}

void
tags_release(struct tags *t)
{
	while (t->nopen)
		pop(t);
	free(t->open);
	*t = (struct tags){ 0 };
}

bool
tags_in_link(const struct tags *t)
{
	for (size_t i = 0; i < t->nopen; i++)
		if (!strcmp(t->open[i].name, "a"))
			return true;
	return false;
}

/* Only a stranger's element is closed for what comes. */
void
tags_make_room(struct tags *t, bool in_line)
{
	const struct tag *tag;

	while ((tag = top_stranger(t)) &&
	       (tag->content == PARTS ||
		(!in_line && tag->content == PHRASING)))
		pop(t);
}

static bool
is_parent(const struct tag *parent, const struct tag *child)
{
	char name[TAG_NAME_MAX + 3];

	snprintf(name, sizeof name, " %s ", parent->name);
	return strstr(child->parents, name) != NULL;
}

/* Close what is open until `tag` may stand here; false: it may not. */
static bool
find_parent(struct tags *t, const struct tag *tag)
{
	for (size_t n = t->nopen; n > 0 && !t->open[n - 1].own; n--) {
		if (!is_parent(t->open[n - 1].tag, tag))
			continue;
		while (t->nopen > n)
			pop(t);
		return true;
	}
	return false;
}

bool
tags_may_open(struct tags *t, const struct tag *tag, bool in_line)
{
	if (in_line && !tag->in_line)
		return false;
	if (t->nopen >= DEPTH_MAX)
		return false;
	if (tag->parents)
		return find_parent(t, tag);
	tags_make_room(t, tag->in_line);
	/* what is our own and has a line in it stays open */
	if (!tag->in_line && t->nopen && top(t).tag->content == PHRASING)
		return false;
	return strcmp(tag->name, "a") != 0 || !tags_in_link(t);
}

void
tags_enter(struct tags *t, const char *name, const char *attributes)
{
	const struct tag *tag = tag_find(name);

	if (!tag) /* no name that is in no table is ever given */
		abort();
	tags_make_room(t, tag->in_line);
	tags_open(t, tag, attributes, true);
}

void
tags_leave(struct tags *t)
{
	while (!top(t).own)
		pop(t);
	pop(t);
}

static bool
is_blank(struct slice text)
{
	return slice_trim(text).len == 0;
}

void
tags_text(struct tags *t, struct slice text)
{
	if (!is_blank(text))
		tags_make_room(t, true);
	html_text(t->out, text);
}

void
tags_close(struct tags *t, const struct tag *tag)
{
	for (size_t n = t->nopen; n > 0 && !t->open[n - 1].own; n--) {
		if (t->open[n - 1].tag != tag)
			continue;
		while (t->nopen >= n)
			pop(t);
		return;
	}
}

/* --- attributes and pictures ---------------------------------------------- */

void
tags_attribute(struct buf *out, const char *name, struct slice value)
{
	buf_addf(out, " %s=\"", name);
	html_text(out, value);
	buf_add_byte(out, '"');
}

bool
tags_href(struct buf *out, struct slice url)
{
	struct buf clean = { 0 };
	bool ok = url_clean(&clean, url, URL_LINK);

	if (ok) {
		tags_attribute(out, "href", buf_slice(&clean));
		if (clean.data[0] != '#')
			buf_add_str(out, " rel=\"noopener noreferrer\"");
	}
	buf_release(&clean);
	return ok;
}

static bool
is_free(struct set *ids, struct buf *id, size_t stem, int number)
{
	id->len = stem;
	buf_addf(id, "-%d", number);
	return !set_has(ids, buf_str(id));
}

/* Append the number that makes an id of this page's own of it: the first that
 * is free, as a rule. Each step is twice as long, then half: a hundred thousand
 * headings may say the same. */
static void
add_number(struct set *ids, struct buf *id)
{
	size_t stem = id->len;
	int taken = 1, number = 2;

	while (!is_free(ids, id, stem, number)) {
		taken = number;
		number *= 2;
	}
	while (number - taken > 1) {
		int middle = taken + (number - taken) / 2;

		if (is_free(ids, id, stem, middle))
			number = middle;
		else
			taken = middle;
	}
	id->len = stem;
	buf_addf(id, "-%d", number);
}

void
tags_id(struct tags *t, struct buf *out, struct slice words)
{
	struct set *ids = &t->outline->ids;
	struct buf id = { 0 };

	for (size_t i = 0; i < words.len; i++)
		buf_add_byte(&id, (unsigned char)words.at[i] <= ' '
					  ? '-'
					  : words.at[i]);
	if (id.len) {
		if (set_has(ids, buf_str(&id)))
			add_number(ids, &id);
		set_add(ids, buf_str(&id));
		tags_attribute(out, "id", buf_slice(&id));
	}
	buf_release(&id);
}

static bool
picture_url(const struct tags *t, struct slice url, struct buf *clean)
{
	static const char scheme[] = "attachment:";
	struct slice name = url;

	if (slice_starts(url, scheme)) {
		name.at += strlen(scheme);
		name.len -= strlen(scheme);
		return t->pictures &&
		       t->pictures->find(t->pictures, name, clean);
	}
	return url_clean(clean, url, URL_IMAGE);
}

void
tags_put_picture(struct tags *t, struct slice url, struct slice alt,
		 const char *attributes)
{
	struct buf clean = { 0 };

	tags_make_room(t, true);
	if (picture_url(t, url, &clean)) {
		buf_add_str(t->out, "<img");
		tags_attribute(t->out, "src", buf_slice(&clean));
		tags_attribute(t->out, "alt", alt);
		buf_add_str(t->out, attributes);
		if (!slice_starts(buf_slice(&clean), "data:"))
			buf_add_str(t->out, " loading=\"lazy\""
					    " referrerpolicy=\"no-referrer\"");
		buf_add_byte(t->out, '>');
	} else {
		buf_add_str(t->out, "<span class=\"missing\">");
		html_text(t->out, alt.len ? alt : slice_of("picture"));
		buf_add_str(t->out, "</span>");
	}
	buf_release(&clean);
}

void
tags_picture(struct tags *t, struct slice url, struct slice alt,
	     struct slice title)
{
	struct buf attributes = { 0 };

	if (title.len)
		tags_attribute(&attributes, "title", title);
	tags_put_picture(t, url, alt, buf_str(&attributes));
	buf_release(&attributes);
}

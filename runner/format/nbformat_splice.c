/* nbformat_splice.c: changes to JSON text, a few bytes at a time. Floor 2. It
 * knows the text's layout and nothing of what the values mean. Values are
 * written straight into the result: none is held in memory before. */
#include "format/nbformat_splice.h"

#include <stdlib.h>
#include "base/mem.h"
#include "format/json_scan.h"

struct splice {
	size_t start, end; /* of the text, replaced by: */
	struct slice before;
	splice_value *value; /* may be NULL */
	const void *item;
	struct slice after;
	bool pretty;	     /* the value's layout */
	struct slice margin;
	size_t order;	     /* among those with the same start */
};

struct splices {
	const struct notebook *nb;
	const void *self;
	struct arena arena;
	struct json_style style; /* the file's */
	struct splice *at;
	size_t count;
};

/* A member of an object, with the blanks in front of its key. */
struct member {
	struct slice gap, key;
	struct span value;
};

struct members {
	struct member *at;
	size_t count;
};

/* --- layout -------------------------------------------------------------- */

static bool
has_newline(struct slice blanks)
{
	return blanks.len && memchr(blanks.at, '\n', blanks.len) != NULL;
}

/* What stands behind the last newline. */
static struct slice
margin_of(struct slice gap)
{
	const char *newline = memrchr(gap.at, '\n', gap.len);

	if (newline) {
		gap.len -= (size_t)(newline + 1 - gap.at);
		gap.at = newline + 1;
	}
	return gap;
}

static struct slice
blanks_before(struct slice text, const char *at)
{
	const char *p = at;

	while (p > text.at && strchr(" \t\r\n", p[-1]))
		p--;
	return (struct slice){ p, (size_t)(at - p) };
}

static void
members_load(struct members *m, const struct notebook *nb, struct span object,
	     struct span known)
{
	const char *text = nb->text.at;
	struct json_walk w = { text + object.start + 1, text + object.end,
			       true };
	struct slice key;
	struct json v;

	*m = (struct members){ 0 };
	while (json_step(&w, &key, &v)) {
		size_t start = (size_t)(v.text.at - text);

		if (known.end && start == known.start)
			json_jump(&w, text + known.end);
		else
			json_take(&w, &v);
		*mem_push(m->at, m->count) = (struct member){
			blanks_before(nb->text, key.at), key,
			{ start, (size_t)(w.at - text) }
		};
	}
}

/* How the file is laid out, seen at its first members. */
static void
find_style(struct splices *s)
{
	struct json_style *style = &s->style;
	struct slice text = s->nb->text, key, gap;
	struct json_walk w = { text.at + s->nb->whole.start + 1,
			       text.at + s->nb->whole.end, true };
	const char *colon;
	struct json v;

	*style = (struct json_style){
		.newline = { "\n", 1 }, .unit = { " ", 1 },
		.comma = { ", ", 2 },	.colon = { ": ", 2 },
	};
	if (!json_step(&w, &key, &v))
		return;
	gap = blanks_before(text, key.at);
	style->pretty = has_newline(gap);
	if (style->pretty)
		style->unit = margin_of(gap);
	if (gap.len >= 2 && !memcmp(gap.at, "\r\n", 2))
		style->newline = (struct slice){ "\r\n", 2 };
	colon = key.at + key.len;
	style->colon = (struct slice){ colon, (size_t)(v.text.at - colon) };
	if (has_newline(style->colon))
		style->colon = slice_of(": ");
	if (style->pretty)
		return;
	/* The second member is not looked for: it may be far away. */
	style->comma = style->colon.len > 1 ? slice_of(", ") : slice_of(",");
}

/* --- making splices ------------------------------------------------------ */

struct splices *
splices_new(const struct notebook *nb, const void *self)
{
	struct splices *s = mem_alloc(1, sizeof *s);

	s->nb = nb;
	s->self = self;
	arena_init(&s->arena);
	find_style(s);
	return s;
}

void
splices_free(struct splices *s)
{
	arena_release(&s->arena);
	free(s->at);
	free(s);
}

static struct splice *
add(struct splices *s, size_t start, size_t end)
{
	struct splice *p = mem_push(s->at, s->count);

	*p = (struct splice){ .start = start, .end = end };
	p->order = s->count;
	return p;
}

static struct slice
joined(struct splices *s, struct slice a, struct slice b, struct slice c)
{
	struct buf all = { 0 };
	struct slice text;

	buf_add_slice(&all, a);
	buf_add_slice(&all, b);
	buf_add_slice(&all, c);
	text = (struct slice){ arena_dup(&s->arena, buf_str(&all), all.len),
			       all.len };
	buf_release(&all);
	return text;
}

static struct slice
quoted(struct splices *s, const char *key)
{
	return slice_of(arena_printf(&s->arena, "\"%s\"", key));
}

/* Where sorted keys put a new one: in front of member i. The end, if they are
 * not sorted. */
static size_t
place_for(const struct members *m, struct slice key)
{
	size_t place = m->count;

	for (size_t i = m->count; i-- > 0;) {
		struct slice a = m->at[i].key;
		size_t n = a.len < key.len ? a.len : key.len;
		/* both end with a quote, which sorts before letters */
		int order = memcmp(a.at, key.at, n);

		if (order > 0)
			place = i;
		if (i + 1 < m->count) {
			struct slice b = m->at[i + 1].key;

			n = a.len < b.len ? a.len : b.len;
			if (memcmp(a.at, b.at, n) > 0)
				return m->count;
		}
	}
	return place;
}

static struct slice
comma_like(struct splices *s, struct slice gap)
{
	if (!has_newline(gap))
		return s->style.comma;
	return joined(s, slice_of(","), gap, slice_of(""));
}

static void
insert(struct splices *s, const struct members *m, const char *name,
       splice_value *value, const void *item)
{
	struct slice key = quoted(s, name), none = slice_of("");
	size_t place = place_for(m, key);
	const struct member *near;
	struct splice *p;
	struct slice comma;
	size_t at;

	near = &m->at[place < m->count ? place : m->count - 1];
	comma = comma_like(s, near->gap);
	at = place < m->count ? (size_t)(near->key.at - s->nb->text.at)
			      : near->value.end;
	p = add(s, at, at);
	p->value = value;
	p->item = item;
	p->pretty = has_newline(near->gap);
	p->margin = margin_of(near->gap);
	if (place < m->count) {
		p->before = joined(s, none, key, s->style.colon);
		p->after = comma;
	} else {
		p->before = joined(s, comma, key, s->style.colon);
	}
}

void
splice_set(struct splices *s, struct span object, struct span known,
	   const char *key, struct span old, splice_value *value,
	   const void *item)
{
	struct members m;

	members_load(&m, s->nb, object, known);
	if (!old.end && m.count)
		insert(s, &m, key, value, item);
	for (size_t i = 0; old.end && i < m.count; i++) {
		struct splice *p;

		if (m.at[i].value.start != old.start)
			continue;
		p = add(s, old.start, old.end);
		p->value = value;
		p->item = item;
		p->pretty = has_newline(m.at[i].gap);
		p->margin = margin_of(m.at[i].gap);
	}
	free(m.at);
}

void
splice_remove(struct splices *s, struct span object, struct span old)
{
	struct members m;
	size_t i = 0;

	members_load(&m, s->nb, object, (struct span){ 0, 0 });
	while (i < m.count && m.at[i].value.start != old.start)
		i++;
	if (m.count == 1)
		add(s, object.start, object.end)->before = slice_of("{}");
	else if (i + 1 < m.count)
		add(s, (size_t)(m.at[i].key.at - s->nb->text.at),
		    (size_t)(m.at[i + 1].key.at - s->nb->text.at));
	else if (i < m.count)
		add(s, m.at[i - 1].value.end, old.end);
	free(m.at);
}

size_t
splice_count(const struct splices *s, struct span object)
{
	struct members m;

	members_load(&m, s->nb, object, (struct span){ 0, 0 });
	free(m.at);
	return m.count;
}

/* --- applying them ------------------------------------------------------- */

static int
by_start(const void *a, const void *b)
{
	const struct splice *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void
apply(const struct splices *s, const struct splice *p, struct buf *out)
{
	struct json_style style = s->style;
	struct json_out j;

	buf_add_slice(out, p->before);
	if (p->value) {
		style.pretty = p->pretty;
		style.margin = p->margin;
		json_begin_style(&j, out, &style);
		p->value(&j, s->self, p->item);
	}
	buf_add_slice(out, p->after);
}

void
splices_apply(struct splices *s, struct buf *out)
{
	const char *text = s->nb->text.at;
	size_t at = 0;

	if (s->count)
		qsort(s->at, s->count, sizeof *s->at, by_start);
	buf_reserve(out, s->nb->text.len);
	for (size_t i = 0; i < s->count; i++) {
		buf_add(out, text + at, s->at[i].start - at);
		apply(s, &s->at[i], out);
		at = s->at[i].end;
	}
	buf_add(out, text + at, s->nb->text.len - at);
}

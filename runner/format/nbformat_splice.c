/* nbformat_splice.c: changes to JSON text, a few bytes at a time. Floor 2. It
 * knows the text's layout and nothing of what the values mean. Values are
 * written straight into the result: none is held in memory before. */
#include "format/nbformat_splice.h"

#include <stdlib.h>
#include "base/mem.h"
#include "format/json_scan.h"

enum how {
	REPLACE, /* by a value, or by nothing */
	EMPTY,	 /* by {} */
	BEFORE,	 /* a new member in front of another */
	AFTER,	 /* a new member, or element, behind another */
};

struct splice {
	enum how how;
	bool pretty;	     /* the value's layout */
	size_t start, end;   /* of the text */
	size_t order;	     /* among those with the same start */
	const char *key;     /* of a new member */
	struct slice gap;    /* in front of the key */
	splice_value *value; /* may be NULL */
	const void *item;
};

/* A member of an object, with the blanks in front of its key. */
struct member {
	struct slice gap, key;
	struct span value;
};

struct members {
	struct span object;
	struct member *at;
	size_t count, cap;
};

struct splices {
	const struct notebook *nb;
	const void *self;
	struct json_style style; /* the file's */
	struct splice *at;
	size_t count;
	size_t written; /* how far the text is */
	/* the objects asked for last: a cell, its metadata */
	struct members recent[2];
	int oldest;
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

/* Valid until two other objects have been asked for. */
static const struct members *
members_of(struct splices *s, struct span object, struct span known)
{
	const char *text = s->nb->text.at;
	struct json_walk w = { text + object.start + 1, text + object.end,
			       true };
	struct members *m;
	struct slice key;
	struct json v;

	for (size_t i = 0; i < countof(s->recent); i++)
		if (s->recent[i].object.end == object.end &&
		    s->recent[i].object.start == object.start)
			return &s->recent[i];
	m = &s->recent[s->oldest];
	s->oldest = !s->oldest;
	m->object = object;
	m->count = 0;
	while (json_step(&w, &key, &v)) {
		size_t start = (size_t)(v.text.at - text);

		if (known.end && start == known.start)
			json_jump(&w, text + known.end);
		else
			json_take(&w, &v);
		if (m->count == m->cap) {
			m->cap = m->cap ? m->cap * 2 : 16;
			m->at = mem_grow(m->at, m->cap, sizeof *m->at);
		}
		m->at[m->count++] = (struct member){
			blanks_before(s->nb->text, key.at), key,
			nb_span(start, (size_t)(w.at - text))
		};
	}
	return m;
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
		.newline = { "\n", 1 },
		.unit = { " ", 1 },
		.comma = { ", ", 2 },
		.colon = { ": ", 2 },
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
	find_style(s);
	return s;
}

void
splices_free(struct splices *s)
{
	for (size_t i = 0; i < countof(s->recent); i++)
		free(s->recent[i].at);
	free(s->at);
	free(s);
}

static struct splice *
add(struct splices *s, enum how how, size_t start, size_t end)
{
	struct splice *p = mem_push(s->at, s->count);

	*p = (struct splice){ .how = how, .start = start, .end = end };
	p->order = s->count;
	return p;
}

static void
set_value(struct splice *p, struct slice gap, splice_value *value,
	  const void *item)
{
	p->gap = gap;
	p->pretty = has_newline(gap);
	p->value = value;
	p->item = item;
}

static int
compare(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.at, b.at, n) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static struct slice
bare(struct slice quoted)
{
	return (struct slice){ quoted.at + 1, quoted.len - 2 };
}

/* Where sorted keys put a new one: in front of member i. The end, if they are
 * not sorted. */
static size_t
place_for(const struct members *m, struct slice key)
{
	size_t place = m->count;

	for (size_t i = m->count; i-- > 0;) {
		if (compare(bare(m->at[i].key), key) > 0)
			place = i;
		if (i && compare(m->at[i - 1].key, m->at[i].key) > 0)
			return m->count;
	}
	return place;
}

static void
insert(struct splices *s, const struct members *m, const char *key,
       splice_value *value, const void *item)
{
	size_t place = place_for(m, slice_of(key));
	const struct member *near;
	struct splice *p;

	if (place < m->count) {
		size_t at;

		near = &m->at[place];
		at = (size_t)(near->key.at - s->nb->text.at);
		p = add(s, BEFORE, at, at);
	} else {
		near = &m->at[m->count - 1];
		p = add(s, AFTER, near->value.end, near->value.end);
	}
	p->key = key;
	set_value(p, near->gap, value, item);
}

void
splice_set(struct splices *s, struct span object, struct span known,
	   const char *key, struct span old, splice_value *value,
	   const void *item)
{
	const struct members *m = members_of(s, object, known);

	if (!old.end && m->count)
		insert(s, m, key, value, item);
	for (size_t i = 0; old.end && i < m->count; i++)
		if (m->at[i].value.start == old.start)
			set_value(add(s, REPLACE, old.start, old.end),
				  m->at[i].gap, value, item);
}

void
splice_append(struct splices *s, struct span element, splice_value *value,
	      const void *item)
{
	const char *start = s->nb->text.at + element.start;

	set_value(add(s, AFTER, element.end, element.end),
		  blanks_before(s->nb->text, start), value, item);
}

/* How many members have another key. */
static size_t
count_others(const struct members *m, const char *key)
{
	size_t n = 0;

	for (size_t i = 0; i < m->count; i++)
		n += !json_key_is(m->at[i].key, key);
	return n;
}

/* Of a key that stands twice the last member counts: what would count after it
 * has gone was nobody's, so they go together. */
void
splice_remove(struct splices *s, struct span object, const char *key)
{
	const struct span nowhere = { 0, 0 };
	const struct members *m = members_of(s, object, nowhere);
	size_t others = count_others(m, key), i;

	if (!others) {
		add(s, EMPTY, object.start, object.end);
		return;
	}
	/* In front of one that stays: up to the next key. */
	for (i = 0; others; i++) {
		if (!json_key_is(m->at[i].key, key))
			others--;
		else
			add(s, REPLACE,
			    (size_t)(m->at[i].key.at - s->nb->text.at),
			    (size_t)(m->at[i + 1].key.at - s->nb->text.at));
	}
	if (i < m->count)
		add(s, REPLACE, m->at[i - 1].value.end,
		    m->at[m->count - 1].value.end);
}

size_t
splice_count_others(struct splices *s, struct span object, const char *key)
{
	const struct span nowhere = { 0, 0 };

	return count_others(members_of(s, object, nowhere), key);
}

size_t
splice_count(struct splices *s, struct span object)
{
	const struct span nowhere = { 0, 0 };

	return members_of(s, object, nowhere)->count;
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
put_value(const struct splices *s, const struct splice *p, struct buf *out)
{
	struct json_style style = s->style;
	struct json_out j;

	style.pretty = p->pretty;
	style.margin = margin_of(p->gap);
	json_begin_style(&j, out, &style);
	p->value(&j, s->self, p->item);
}

static void
put_comma(const struct splices *s, const struct splice *p, struct buf *out)
{
	if (p->pretty) {
		buf_add_byte(out, ',');
		buf_add_slice(out, p->gap);
	} else {
		buf_add_slice(out, s->style.comma);
	}
}

static void
apply(const struct splices *s, const struct splice *p, struct buf *out)
{
	if (p->how == EMPTY)
		buf_add_str(out, "{}");
	if (p->how == AFTER)
		put_comma(s, p, out);
	if (p->key) {
		json_quote(out, p->key, strlen(p->key));
		buf_add_slice(out, s->style.colon);
	}
	if (p->value)
		put_value(s, p, out);
	if (p->how == BEFORE)
		put_comma(s, p, out);
}

void
splices_apply(struct splices *s, size_t upto, struct buf *out)
{
	const char *text = s->nb->text.at;
	size_t i = 0;

	if (s->count)
		qsort(s->at, s->count, sizeof *s->at, by_start);
	for (; i < s->count && s->at[i].start < upto; i++) {
		buf_add(out, text + s->written, s->at[i].start - s->written);
		apply(s, &s->at[i], out);
		s->written = s->at[i].end;
	}
	if (s->written < upto) {
		buf_add(out, text + s->written, upto - s->written);
		s->written = upto;
	}
	s->count -= i;
	if (s->count)
		memmove(s->at, s->at + i, s->count * sizeof *s->at);
}

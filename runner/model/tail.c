/* tail.c: the newest output of a cell that wrote more than its limit. Floor 1.
 * Memory is bounded whatever the pattern of writes: the text is in a ring of
 * the limit's size, which lies in a file if it is large. */
#include "model/tail.h"

#include <stdlib.h>
#include "base/mem.h"
#include "base/spool.h"

#define PIECE_BYTES 65536

/* A display has its bytes in `out`; the text of others is in the ring. */
struct piece {
	struct output out;
	uint64_t at; /* of text: its first byte, of all that ever came */
	size_t len;
	size_t gone; /* bytes forgotten at its front */
};

struct tail {
	struct piece *ring;
	size_t first, count, cap; /* cap is a power of two, or 0 */
	struct buf text; /* byte i of all text stands at i % max_bytes */
	uint64_t end;	 /* of all text */
	int64_t held, dropped;
	int64_t max_bytes;
	size_t max_pieces;
};

struct tail *
tail_new(int64_t max_bytes, size_t max_pieces)
{
	struct tail *t = mem_alloc(1, sizeof *t);

	t->max_bytes = max_bytes;
	t->max_pieces = max_pieces;
	buf_spool(&t->text);
	return t;
}

static struct piece *
piece_at(const struct tail *t, size_t i)
{
	return &t->ring[(t->first + i) & (t->cap - 1)];
}

static size_t
piece_left(const struct piece *p)
{
	return (p->out.kind == OUT_TEXT ? p->len : p->out.bytes.len) - p->gone;
}

void
tail_free(struct tail *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->count; i++)
		output_release(&piece_at(t, i)->out);
	buf_release(&t->text);
	free(t->ring);
	free(t);
}

static struct piece *
push(struct tail *t)
{
	struct piece *p;

	if (t->count == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : 8;
		struct piece *ring = mem_alloc(cap, sizeof *ring);

		for (size_t i = 0; i < t->count; i++)
			ring[i] = *piece_at(t, i);
		free(t->ring);
		t->ring = ring;
		t->first = 0;
		t->cap = cap;
	}
	p = piece_at(t, t->count++);
	*p = (struct piece){ 0 };
	return p;
}

static void
forget_first(struct tail *t)
{
	struct piece *p = piece_at(t, 0);

	t->held -= (int64_t)piece_left(p);
	t->dropped += (int64_t)piece_left(p);
	output_release(&p->out);
	t->first = (t->first + 1) & (t->cap - 1);
	t->count--;
}

/* A picture is whole or not there; of text the newest bytes stay. */
static void
trim(struct tail *t)
{
	while (t->count > t->max_pieces)
		forget_first(t);
	while (t->held > t->max_bytes) {
		struct piece *p = piece_at(t, 0);
		int64_t excess = t->held - t->max_bytes;

		if (p->out.kind != OUT_TEXT ||
		    (int64_t)piece_left(p) <= excess) {
			forget_first(t);
			continue;
		}
		p->gone += (size_t)excess;
		t->held -= excess;
		t->dropped += excess;
	}
}

/* At the ring's end; what stood there has been forgotten. */
static void
put_in_ring(struct tail *t, struct slice bytes)
{
	size_t max = (size_t)t->max_bytes;

	while (bytes.len) {
		size_t at = (size_t)(t->end % max), n = max - at;

		n = bytes.len < n ? bytes.len : n;
		if (at == t->text.len)
			buf_add(&t->text, bytes.at, n);
		else
			memcpy(t->text.data + at, bytes.at, n);
		t->end += n;
		bytes.at += n;
		bytes.len -= n;
		spool_seen(n);
	}
}

/* [from, to) of all text, which must not have been forgotten. */
static void
add_from_ring(const struct tail *t, uint64_t from, uint64_t to, struct buf *out)
{
	size_t max = (size_t)t->max_bytes;

	while (from < to) {
		size_t at = (size_t)(from % max), n = (size_t)(to - from);

		n = n < max - at ? n : max - at;
		buf_add(out, t->text.data + at, n);
		from += n;
	}
}

void
tail_add_text(struct tail *t, enum stream stream, struct slice bytes,
	      const struct author *who, bool omit)
{
	while (bytes.len) {
		struct piece *p = t->count ? piece_at(t, t->count - 1) : NULL;
		size_t n = bytes.len < PIECE_BYTES ? bytes.len : PIECE_BYTES;

		/* What the ring does not hold need not come into it. */
		if ((int64_t)n > t->max_bytes)
			n = (size_t)t->max_bytes;
		if (!p || p->out.kind != OUT_TEXT || p->out.stream != stream ||
		    p->len + n > PIECE_BYTES) {
			p = push(t);
			p->out.kind = OUT_TEXT;
			p->out.stream = stream;
			p->at = t->end;
		}
		marks_write(&p->out.marks, p->len, who, omit);
		p->len += n;
		t->held += (int64_t)n;
		trim(t);
		put_in_ring(t, (struct slice){ bytes.at, n });
		bytes.at += n;
		bytes.len -= n;
	}
}

void
tail_add_display(struct tail *t, const char *mime, struct slice bytes)
{
	struct piece *p = push(t);

	p->out.kind = OUT_DISPLAY;
	p->out.mime = mem_strdup(mime);
	buf_add_slice(&p->out.bytes, bytes);
	t->held += (int64_t)bytes.len;
	trim(t);
}

int64_t
tail_dropped(const struct tail *t)
{
	return t->dropped;
}

/* Only what was cut can begin inside a character. */
static void
drop_half_character(struct tail *t, struct piece *p)
{
	for (int i = 0; i < 3 && piece_left(p); i++) {
		struct buf byte = { 0 };
		uint64_t at = p->at + p->gone;
		bool inside;

		add_from_ring(t, at, at + 1, &byte);
		inside = (byte.data[0] & 0xc0) == 0x80;
		buf_release(&byte);
		if (!inside)
			break;
		p->gone++;
		t->held--;
		t->dropped++;
	}
}

bool
tail_take(struct tail *t, struct output *o)
{
	struct piece *p;

	if (!t->count)
		return false;
	p = piece_at(t, 0);
	if (p->gone)
		drop_half_character(t, p);
	t->held -= (int64_t)piece_left(p);
	*o = p->out;
	if (o->kind == OUT_TEXT) {
		add_from_ring(t, p->at + p->gone, p->at + p->len, &o->bytes);
		marks_cut(&o->marks, p->gone);
	}
	t->first = (t->first + 1) & (t->cap - 1);
	t->count--;
	return true;
}

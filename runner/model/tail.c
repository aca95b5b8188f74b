/* tail.c: the newest output of a cell that wrote more than its limit. Floor 1.
 * Memory is bounded by the limit whatever the pattern of writes: text comes in
 * pieces of bounded size, so that forgetting a part of one is cheap. */
#include "model/tail.h"

#include <stdlib.h>
#include "base/mem.h"

#define PIECE_BYTES 65536

struct piece {
	struct output out;
	size_t gone; /* bytes forgotten at its front */
};

struct tail {
	struct piece *ring;
	size_t first, count, cap; /* cap is a power of two, or 0 */
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
	return p->out.bytes.len - p->gone;
}

void
tail_free(struct tail *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->count; i++)
		output_release(&piece_at(t, i)->out);
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

void
tail_add_text(struct tail *t, enum stream stream, struct slice bytes,
	      const struct author *who, bool omit)
{
	while (bytes.len) {
		struct piece *p = t->count ? piece_at(t, t->count - 1) : NULL;
		size_t n = bytes.len < PIECE_BYTES ? bytes.len : PIECE_BYTES;

		if (!p || p->out.kind != OUT_TEXT || p->out.stream != stream ||
		    p->out.bytes.len + n > PIECE_BYTES) {
			p = push(t);
			p->out.kind = OUT_TEXT;
			p->out.stream = stream;
		}
		output_mark(&p->out, who, omit);
		buf_add(&p->out.bytes, bytes.at, n);
		t->held += (int64_t)n;
		bytes.at += n;
		bytes.len -= n;
		trim(t);
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
		if ((p->out.bytes.data[p->gone] & 0xc0) != 0x80)
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
	if (p->gone) {
		struct buf rest = { 0 };

		drop_half_character(t, p);
		buf_add(&rest, p->out.bytes.data + p->gone, piece_left(p));
		buf_release(&p->out.bytes);
		p->out.bytes = rest;
		marks_cut(&p->out.marks, p->gone);
		p->gone = 0;
	}
	t->held -= (int64_t)p->out.bytes.len;
	*o = p->out;
	t->first = (t->first + 1) & (t->cap - 1);
	t->count--;
	return true;
}

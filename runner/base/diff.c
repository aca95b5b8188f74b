/* diff.c: Myers' algorithm (An O(ND) Difference Algorithm, 1986) in its greedy
 * form. Floor 0. Where the lists have so little in common that its memory
 * would be large, all that is between their common ends counts as changed; what
 * is behind so many lines that their list would be is one more line. */
#include "base/diff.h"

#include <stdlib.h>
#include "base/mem.h"
#include "base/spool.h"

#define CONTEXT 3
#define EDITS_MAX 1500 /* its memory grows with the square */
#define LINES_MAX (size_t)(4 << 20)
#define SHOWN_MAX (size_t)(4 << 20) /* bytes, of lines that go together */

struct edit {
	size_t old_from, old_to, new_from, new_to; /* changed: [from, to) */
};

struct differ {
	const struct diff_lines *old, *new;
	bool (*same)(const void *self, size_t i, size_t k);
	const void *self;
	struct edit *edits;
	size_t nedits;
};

void
diff_split(struct diff_lines *l, struct slice text)
{
	*l = (struct diff_lines){ 0 };
	while (text.len) {
		bool last = l->count + 1 == LINES_MAX;
		const char *end = last ? NULL : spool_find(text, '\n');
		size_t n = end ? (size_t)(end - text.at) : text.len;

		*mem_push(l->at, l->count) = (struct slice){ text.at, n };
		n += end != NULL;
		text.at += n;
		text.len -= n;
	}
}

void
diff_release(struct diff_lines *l)
{
	free(l->at);
	*l = (struct diff_lines){ 0 };
}

/* Changes come from the front to the back; those that touch are one. */
static void
add_edit(struct differ *d, struct edit e)
{
	struct edit *last = d->nedits ? &d->edits[d->nedits - 1] : NULL;

	if (last && last->old_to == e.old_from && last->new_to == e.new_from) {
		last->old_to = e.old_to;
		last->new_to = e.new_to;
		return;
	}
	*mem_push(d->edits, d->nedits) = e;
}

/* --- Myers ---------------------------------------------------------------- */

struct box {
	size_t old_from, old_to, new_from, new_to;
};

/* v[k + max] is how far diagonal k reaches with so many edits; a copy of each
 * round is kept, for the way back. Returns the number of edits; -1: too many.
 */
static long
reach_end(struct differ *d, const struct box *b, long **rounds, long max)
{
	long n = (long)(b->old_to - b->old_from);
	long m = (long)(b->new_to - b->new_from);
	long *v = mem_alloc(2 * (size_t)max + 3, sizeof *v);
	long result = -1, edits, k;

	v += max + 1;
	for (edits = 0; edits <= max && result < 0; edits++) {
		for (k = -edits; k <= edits; k += 2) {
			bool down = k == -edits ||
				    (k != edits && v[k - 1] < v[k + 1]);
			long x = down ? v[k + 1] : v[k - 1] + 1, y = x - k;

			while (x < n && y >= 0 && y < m &&
			       d->same(d->self, b->old_from + (size_t)x,
				       b->new_from + (size_t)y)) {
				x++;
				y++;
			}
			v[k] = x;
			if (x >= n && y >= m) {
				result = edits;
				break;
			}
		}
		rounds[edits] = mem_alloc(2 * (size_t)edits + 3, sizeof *v);
		memcpy(rounds[edits], v - edits - 1,
		       (2 * (size_t)edits + 3) * sizeof *v);
	}
	free(v - max - 1);
	return result;
}

/* The steps of the way back, from the end to the beginning. */
static void
walk_back(struct differ *d, const struct box *b, long **rounds, long edits)
{
	long x = (long)(b->old_to - b->old_from);
	long y = (long)(b->new_to - b->new_from);
	struct edit *steps = mem_alloc((size_t)edits + 1, sizeof *steps);
	long n = 0;

	for (long e = edits; e > 0; e--) {
		const long *v = rounds[e - 1] + e; /* v[k] of that round */
		long k = x - y;
		bool down = k == -e || (k != e && v[k - 1] < v[k + 1]);
		long from = down ? k + 1 : k - 1;
		size_t old = b->old_from + (size_t)v[from];
		size_t new = b->new_from + (size_t)(v[from] - from);

		steps[n++] = (struct edit){ old, old + !down, new, new + down };
		x = v[from];
		y = x - from;
	}
	while (n)
		add_edit(d, steps[--n]);
	free(steps);
}

/* Each edit adds a line, or takes one away. */
static size_t
least_edits(const struct box *b)
{
	size_t n = b->old_to - b->old_from, m = b->new_to - b->new_from;

	return n > m ? n - m : m - n;
}

static void
compare(struct differ *d)
{
	struct box b = { 0, d->old->count, 0, d->new->count };
	long **rounds = mem_alloc(EDITS_MAX + 1, sizeof *rounds);
	long edits = -1;

	while (b.old_from < b.old_to && b.new_from < b.new_to &&
	       d->same(d->self, b.old_from, b.new_from)) {
		b.old_from++;
		b.new_from++;
	}
	while (b.old_from < b.old_to && b.new_from < b.new_to &&
	       d->same(d->self, b.old_to - 1, b.new_to - 1)) {
		b.old_to--;
		b.new_to--;
	}
	if (least_edits(&b) <= EDITS_MAX)
		edits = reach_end(d, &b, rounds, EDITS_MAX);
	if (edits < 0)
		add_edit(d, (struct edit){ b.old_from, b.old_to, b.new_from,
					   b.new_to });
	else
		walk_back(d, &b, rounds, edits);
	for (long i = 0; i <= EDITS_MAX; i++)
		free(rounds[i]);
	free(rounds);
}

/* --- hunks ---------------------------------------------------------------- */

static void
put_line(struct buf *out, struct slice line, char mark)
{
	size_t half = SHOWN_MAX / 2;

	buf_add_byte(out, mark);
	if (line.len > SHOWN_MAX) {
		buf_add(out, line.at, half);
		buf_addf(out, "\n\\ %zu bytes of this line are not shown\n%c",
			 line.len - 2 * half, mark);
		line.at += line.len - half;
		line.len = half;
	}
	buf_add_slice(out, line);
	buf_add_byte(out, '\n');
}

/* Lines go from the front, or come from the back, while they are no more than
 * so many bytes: how many? */
static size_t
count_shown(const struct slice *lines, size_t count, bool from_back)
{
	size_t bytes = 0, n = 0;

	while (n < count) {
		bytes += lines[from_back ? count - 1 - n : n].len + 2;
		if (bytes > SHOWN_MAX / 2)
			break;
		n++;
	}
	return n;
}

/* Of many, those at the front and at the back. */
static void
put_lines(struct buf *out, const struct diff_lines *l, size_t from, size_t to,
	  char mark)
{
	size_t head = from + count_shown(l->at + from, to - from, false);
	size_t tail = to - count_shown(l->at + head, to - head, true);

	/* nothing is left out for the sake of one line */
	if (tail - head < 2)
		tail = head;
	for (size_t i = from; i < head; i++)
		put_line(out, l->at[i], mark);
	if (tail > head)
		buf_addf(out, "\\ %zu lines are not shown\n", tail - head);
	for (size_t i = tail; i < to; i++)
		put_line(out, l->at[i], mark);
}

static void
put_range(struct buf *out, char mark, size_t from, size_t to)
{
	size_t count = to - from;

	/* an empty range is named by the line in front of it */
	buf_addf(out, "%c%zu", mark, count ? from + 1 : from);
	if (count != 1)
		buf_addf(out, ",%zu", count);
}

/* Edits [first, last] stand in one hunk. */
static void
put_hunk(struct buf *out, const struct differ *d, size_t first, size_t last)
{
	const struct edit *a = &d->edits[first], *b = &d->edits[last];
	size_t before = a->old_from < CONTEXT ? a->old_from : CONTEXT;
	size_t left = d->old->count - b->old_to;
	size_t after = left < CONTEXT ? left : CONTEXT;
	size_t at = a->old_from - before;

	buf_add_str(out, "@@ ");
	put_range(out, '-', at, b->old_to + after);
	buf_add_byte(out, ' ');
	put_range(out, '+', a->new_from - before, b->new_to + after);
	buf_add_str(out, " @@\n");
	for (size_t i = first; i <= last; i++) {
		const struct edit *e = &d->edits[i];

		put_lines(out, d->old, at, e->old_from, ' ');
		put_lines(out, d->old, e->old_from, e->old_to, '-');
		put_lines(out, d->new, e->new_from, e->new_to, '+');
		at = e->old_to;
	}
	put_lines(out, d->old, at, b->old_to + after, ' ');
}

void
diff_unified(struct buf *out, const struct diff_lines *old,
	     const struct diff_lines *new,
	     bool (*same)(const void *self, size_t i, size_t k),
	     const void *self)
{
	struct differ d = { old, new, same, self, NULL, 0 };

	compare(&d);
	for (size_t first = 0, last; first < d.nedits; first = last + 1) {
		for (last = first; last + 1 < d.nedits; last++)
			if (d.edits[last + 1].old_from - d.edits[last].old_to >
			    2 * CONTEXT)
				break;
		put_hunk(out, &d, first, last);
	}
	free(d.edits);
}

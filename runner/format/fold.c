/* fold.c: text as a terminal shows it. Floor 2. One pass, one line of screen
 * at a time; it knows columns as characters, not as the width of glyphs. */
#include "format/fold.h"

#include <stdlib.h>
#include "base/mem.h"
#include "base/spool.h"
#include "base/utf8.h"

/* A character on the screen's line, with the escape sequences around it. */
struct place {
	struct slice before, text, after;
};

struct screen {
	struct place *line;
	size_t count, cap;
	size_t cursor;	      /* never beyond count */
	struct slice pending; /* sequences before the next character */
};

bool
fold_needed(const char *text, size_t len)
{
	struct slice all = { text, len };

	return spool_find(all, '\r') || spool_find(all, '\b');
}

static bool
is_empty(struct slice s)
{
	return s.len == 0;
}

/* The cursor leaves: sequences that wait stay where it was. */
static void
settle(struct screen *s)
{
	if (is_empty(s->pending))
		return;
	if (s->cursor < s->count) {
		if (is_empty(s->line[s->cursor].before))
			s->line[s->cursor].before = s->pending;
	} else if (s->count) {
		s->line[s->count - 1].after = s->pending;
	}
	s->pending.len = 0;
}

static void
put_char(struct screen *s, const char *at, size_t len)
{
	struct place *p;

	/* an accent joins the character that it follows in the text */
	if (s->cursor && is_empty(s->pending) && (unsigned char)*at >= 0x80 &&
	    utf8_columns(at, len) == 0) {
		p = &s->line[s->cursor - 1];
		if (p->text.at + p->text.len == at) {
			p->text.len += len;
			return;
		}
	}
	if (s->cursor == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 256;
		s->line = mem_grow(s->line, s->cap, sizeof *s->line);
	}
	p = &s->line[s->cursor++];
	*p = (struct place){ .before = s->pending, .text = { at, len } };
	s->pending.len = 0;
	if (s->cursor > s->count)
		s->count = s->cursor;
}

/* The length of the control sequence ESC [ ... at p; 0: it is none. */
static size_t
sequence_length(const char *p, const char *end)
{
	const char *q = p + 2;

	if (end - p < 3 || p[1] != '[')
		return 0;
	while (q < end && *q >= 0x20 && *q < 0x40)
		q++;
	return q < end && *q >= 0x40 && *q < 0x7f ? (size_t)(q + 1 - p) : 0;
}

static void
put_sequence(struct screen *s, struct slice seq)
{
	if (slice_is(seq, "\x1b[K") || slice_is(seq, "\x1b[0K")) {
		settle(s);
		s->count = s->cursor;
	} else if (slice_is(seq, "\x1b[2K")) {
		/* programs send a carriage return beside it */
		s->pending.len = 0;
		s->count = s->cursor = 0;
	} else if (!is_empty(s->pending) &&
		   s->pending.at + s->pending.len == seq.at) {
		s->pending.len += seq.len;
	} else {
		settle(s);
		s->pending = seq;
	}
}

static void
fold_line(struct screen *s, const char *p, const char *end)
{
	uint32_t point;
	size_t len;

	s->count = s->cursor = 0;
	s->pending = (struct slice){ p, 0 };
	for (; p < end; p += len) {
		len = 1;
		if (*p == '\r') {
			settle(s);
			s->cursor = 0;
		} else if (*p == '\b') {
			settle(s);
			s->cursor -= s->cursor > 0;
		} else if (*p == '\x1b' && sequence_length(p, end)) {
			len = sequence_length(p, end);
			put_sequence(s, (struct slice){ p, len });
		} else {
			len = utf8_decode(p, (size_t)(end - p), &point);
			put_char(s, p, len);
		}
	}
	settle(s);
}

void
fold_terminal(struct buf *out, const char *text, size_t len)
{
	const char *p = text, *end = text + len;
	struct screen s = { 0 };

	while (p < end) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		const char *to = stop ? stop : end;

		if (fold_needed(p, (size_t)(to - p))) {
			fold_line(&s, p, to);
			for (size_t i = 0; i < s.count; i++) {
				buf_add_slice(out, s.line[i].before);
				buf_add_slice(out, s.line[i].text);
				buf_add_slice(out, s.line[i].after);
			}
		} else {
			buf_add(out, p, (size_t)(to - p));
		}
		if (stop)
			buf_add_byte(out, '\n');
		p = stop ? stop + 1 : end;
	}
	free(s.line);
}

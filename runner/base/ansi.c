/* ansi.c: a terminal's escape sequences, cut out of text. Floor 0. It knows the
 * grammar of all sequences, the meaning of SGR only, and no way to show them.
 */
#include "base/ansi.h"

#include "base/spool.h"

#define ESC '\033'
#define BEL '\a'
#define PARAMS_MAX 64 /* more in one sequence are passed over */

static bool
same_color(struct ansi_color a, struct ansi_color b)
{
	return a.kind == b.kind && a.value == b.value;
}

bool
ansi_same(const struct ansi *a, const struct ansi *b)
{
	return same_color(a->fore, b->fore) && same_color(a->back, b->back) &&
	       a->bold == b->bold && a->dim == b->dim &&
	       a->italic == b->italic && a->underline == b->underline &&
	       a->strike == b->strike && a->inverse == b->inverse &&
	       a->hidden == b->hidden;
}

/* --- where a sequence ends ------------------------------------------------ */

static bool
in_range(char byte, unsigned char from, unsigned char to)
{
	unsigned char b = (unsigned char)byte;

	return b >= from && b <= to;
}

/* ESC [ parameters, intermediates, one final byte. */
static size_t
control_length(struct slice s)
{
	size_t n = 2;

	while (n < s.len && in_range(s.at[n], 0x30, 0x3f))
		n++;
	while (n < s.len && in_range(s.at[n], 0x20, 0x2f))
		n++;
	return n < s.len && in_range(s.at[n], 0x40, 0x7e) ? n + 1 : n;
}

/* ESC ] and its like: to BEL or ESC \. One that nothing ends is no reason to
 * lose what follows: then only its two bytes are the sequence. */
static size_t
string_length(struct slice s)
{
	for (size_t n = 2; n < s.len; n++) {
		if (s.at[n] == BEL)
			return n + 1;
		if (s.at[n] == ESC)
			return n + 1 < s.len && s.at[n + 1] == '\\' ? n + 2 : 2;
	}
	return 2;
}

/* `s` begins with ESC. */
static size_t
sequence_length(struct slice s)
{
	size_t n = 1;

	if (s.len < 2)
		return 1;
	if (s.at[1] == '[')
		return control_length(s);
	if (strchr("]PX^_", s.at[1]) && s.at[1])
		return string_length(s);
	while (n < s.len && in_range(s.at[n], 0x20, 0x2f))
		n++;
	return n < s.len && in_range(s.at[n], 0x30, 0x7e) ? n + 1 : 1;
}

/* --- what SGR says -------------------------------------------------------- */

static struct ansi_color
of_256(unsigned n)
{
	static const uint32_t level[6] = { 0, 95, 135, 175, 215, 255 };
	uint32_t gray = 8 + 10 * (n - 232);

	if (n < 16)
		return (struct ansi_color){ ANSI_NAMED, n };
	if (n < 232)
		return (struct ansi_color){ ANSI_RGB,
					    level[(n - 16) / 36] << 16 |
						    level[(n - 16) / 6 % 6]
							    << 8 |
						    level[(n - 16) % 6] };
	return (struct ansi_color){ ANSI_RGB, gray << 16 | gray << 8 | gray };
}

struct params {
	unsigned at[PARAMS_MAX];
	bool joined[PARAMS_MAX]; /* a colon stands before it */
	bool given[PARAMS_MAX];
	size_t count;
};

static void
read_params(struct params *p, struct slice digits)
{
	*p = (struct params){ .count = 1 };
	for (size_t i = 0; i < digits.len; i++) {
		char c = digits.at[i];
		size_t last = p->count - 1;

		if (c >= '0' && c <= '9') {
			if (p->at[last] < 10000)
				p->at[last] =
					p->at[last] * 10 + (unsigned)(c - '0');
			p->given[last] = true;
		} else if (p->count < PARAMS_MAX) {
			p->joined[p->count++] = c == ':';
		}
	}
}

/* 38;5;N and 38;2;R;G;B, also with colons (and then with a colour space, which
 * may be empty). Returns the index of the last parameter used. */
static size_t
read_color(const struct params *p, size_t i, struct ansi_color *color)
{
	size_t end = i + 1, first = i + 2;
	bool colons = end < p->count && p->joined[end];

	if (end >= p->count)
		return i;
	while (colons && end < p->count && p->joined[end])
		end++;
	if (!colons)
		end = first + (p->at[i + 1] == 2 ? 3 : 1);
	if (colons && p->at[i + 1] == 2 && end - first >= 4)
		first++;
	if (end > p->count)
		return p->count - 1;
	if (p->at[i + 1] == 5 && end > first && p->at[first] < 256)
		*color = of_256(p->at[first]);
	else if (p->at[i + 1] == 2 && end - first >= 3)
		*color = (struct ansi_color){
			ANSI_RGB, (p->at[first] & 255) << 16 |
					  (p->at[first + 1] & 255) << 8 |
					  (p->at[first + 2] & 255)
		};
	return end - 1;
}

static void
set_weight(struct ansi *look, unsigned n)
{
	switch (n) {
	case 1:
		look->bold = true;
		break;
	case 2:
		look->dim = true;
		break;
	case 3:
		look->italic = true;
		break;
	case 4:
	case 21:
		look->underline = true;
		break;
	case 7:
		look->inverse = true;
		break;
	case 8:
		look->hidden = true;
		break;
	case 9:
		look->strike = true;
		break;
	case 22:
		look->bold = look->dim = false;
		break;
	case 23:
		look->italic = false;
		break;
	case 24:
		look->underline = false;
		break;
	case 27:
		look->inverse = false;
		break;
	case 28:
		look->hidden = false;
		break;
	case 29:
		look->strike = false;
		break;
	default:
		break;
	}
}

static void
obey(struct ansi *look, struct slice digits)
{
	static const struct ansi_color plain = { ANSI_DEFAULT, 0 };
	struct ansi_color unused;
	struct params p;

	read_params(&p, digits);
	for (size_t i = 0; i < p.count; i++) {
		unsigned n = p.at[i];

		if (n == 0 && !p.joined[i])
			*look = (struct ansi){ 0 };
		else if (n == 4 && i + 1 < p.count && p.joined[i + 1])
			look->underline = p.at[++i] != 0;
		else if (n >= 30 && n <= 37)
			look->fore = (struct ansi_color){ ANSI_NAMED, n - 30 };
		else if (n >= 40 && n <= 47)
			look->back = (struct ansi_color){ ANSI_NAMED, n - 40 };
		else if (n >= 90 && n <= 97)
			look->fore = (struct ansi_color){ ANSI_NAMED, n - 82 };
		else if (n >= 100 && n <= 107)
			look->back = (struct ansi_color){ ANSI_NAMED, n - 92 };
		else if (n == 38 || n == 48 || n == 58)
			i = read_color(&p, i,
				       n == 38	 ? &look->fore
				       : n == 48 ? &look->back
						 : &unused);
		else if (n == 39)
			look->fore = plain;
		else if (n == 49)
			look->back = plain;
		else
			set_weight(look, n);
	}
}

/* ESC [ digits m, and nothing else between. */
static bool
is_sgr(struct slice s, size_t n)
{
	if (n < 3 || s.at[1] != '[' || s.at[n - 1] != 'm')
		return false;
	for (size_t i = 2; i < n - 1; i++)
		if (!in_range(s.at[i], '0', ';'))
			return false;
	return true;
}

struct slice
ansi_text(struct slice *rest, struct ansi *look)
{
	struct slice text = *rest;
	const char *stop;

	while (text.len && text.at[0] == ESC) {
		size_t n = sequence_length(text);

		if (is_sgr(text, n))
			obey(look, (struct slice){ text.at + 2, n - 3 });
		text.at += n;
		text.len -= n;
	}
	*rest = text;
	stop = spool_find(text, ESC);
	if (stop)
		text.len = (size_t)(stop - text.at);
	rest->at += text.len;
	rest->len -= text.len;
	return text;
}

void
ansi_strip(struct buf *out, struct slice text)
{
	struct ansi look = { 0 };
	struct slice piece;

	while ((piece = ansi_text(&text, &look)).len)
		buf_add_slice(out, piece);
}

struct slice
ansi_plain(struct slice text, struct buf *own)
{
	if (!spool_find(text, ESC))
		return text;
	buf_spool(own);
	ansi_strip(own, text);
	return buf_slice(own);
}

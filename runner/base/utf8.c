/* utf8.c: checking and repairing UTF-8. Floor 0. */
#include "base/utf8.h"

#include <wchar.h>
#include "base/spool.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Length of the sequence at `s` if it is whole and valid, else 0 with *bad set
 * to the length of the maximal invalid subpart (Unicode 3.9, U+FFFD practice),
 * or to `len` bytes if more bytes could complete it (*open). */
static size_t
sequence(const unsigned char *s, size_t len, size_t *bad, bool *open)
{
	unsigned char lo = 0x80, hi = 0xbf;
	size_t need, i;

	*open = false;
	*bad = 1;
	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	need = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (s[0] == 0xe0)
		lo = 0xa0;
	else if (s[0] == 0xed)
		hi = 0x9f;
	else if (s[0] == 0xf0)
		lo = 0x90;
	else if (s[0] == 0xf4)
		hi = 0x8f;
	for (i = 1; i < need; i++) {
		*bad = i;
		if (i == len) {
			*open = true;
			return 0;
		}
		if (s[i] < lo || s[i] > hi)
			return 0;
		lo = 0x80;
		hi = 0xbf;
	}
	return need;
}

static bool
eight_ascii(const unsigned char *s)
{
	uint64_t word;

	memcpy(&word, s, sizeof word);
	return !(word & UINT64_C(0x8080808080808080));
}

/* As many bytes at the front as are ASCII, or a few less. */
static size_t
ascii_prefix(const unsigned char *s, size_t len)
{
	size_t i = 0;

#ifdef __SSE2__
	for (; len - i >= 16; i += 16) {
		__m128i v =
			_mm_loadu_si128((const __m128i *)(const void *)(s + i));
		unsigned high = (unsigned)_mm_movemask_epi8(v);

		if (high)
			return i + (size_t)__builtin_ctz(high);
	}
#endif
	while (len - i >= 8 && eight_ascii(s + i))
		i += 8;
	return i;
}

size_t
utf8_sequence(const char *bytes, size_t len, size_t *bad)
{
	bool open;

	return sequence((const unsigned char *)bytes, len, bad, &open);
}

static bool
follows(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

size_t
utf8_valid_prefix(const char *bytes, size_t len)
{
	const unsigned char *s = (const unsigned char *)bytes;
	size_t i = 0, n, bad;
	bool open;

	while (i < len) {
		if (s[i] < 0x80) {
			i += ascii_prefix(s + i, len - i);
			while (i < len && s[i] < 0x80)
				i++;
			continue;
		}
		/* The frequent ones without much ado. */
		while (len - i >= 3) {
			if (s[i] > 0xe0 && s[i] < 0xed && follows(s[i + 1]) &&
			    follows(s[i + 2]))
				i += 3;
			else if (s[i] >= 0xc2 && s[i] < 0xe0 &&
				 follows(s[i + 1]))
				i += 2;
			else
				break;
		}
		if (i == len || s[i] < 0x80)
			continue;
		n = sequence(s + i, len - i, &bad, &open);
		if (!n)
			return i;
		i += n;
	}
	return i;
}

size_t
utf8_decode(const char *bytes, size_t len, uint32_t *point)
{
	const unsigned char *s = (const unsigned char *)bytes;
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

	if (n > len)
		n = 1;
	*point = n == 1 ? s[0] : s[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++)
		*point = *point << 6 | (s[i] & 0x3fu);
	return n;
}

bool
utf8_is_unseen(uint32_t p)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x00, 0x1f },	    { 0x7f, 0x9f },	  { 0xad, 0xad },
		{ 0x115f, 0x1160 }, { 0x17b4, 0x17b5 },	  { 0x180e, 0x180e },
		{ 0x200b, 0x200b }, { 0x2028, 0x202e },	  { 0x2060, 0x2069 },
		{ 0x3164, 0x3164 }, { 0xfeff, 0xfeff },	  { 0xffa0, 0xffa0 },
		{ 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
	};

	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (p >= ranges[i].first && p <= ranges[i].last)
			return true;
	return false;
}

void
utf8_encode(struct buf *out, uint32_t p)
{
	if (p > 0x10ffff || (p >= 0xd800 && p < 0xe000))
		p = 0xfffd;
	if (p < 0x80) {
		buf_add_byte(out, (char)p);
		return;
	}
	if (p < 0x800) {
		buf_add_byte(out, (char)(0xc0 | p >> 6));
	} else {
		if (p < 0x10000) {
			buf_add_byte(out, (char)(0xe0 | p >> 12));
		} else {
			buf_add_byte(out, (char)(0xf0 | p >> 18));
			buf_add_byte(out, (char)(0x80 | (p >> 12 & 0x3f)));
		}
		buf_add_byte(out, (char)(0x80 | (p >> 6 & 0x3f)));
	}
	buf_add_byte(out, (char)(0x80 | (p & 0x3f)));
}

/* How much of it to look at next, up to the end of a character. */
static size_t
next_part(const char *bytes, size_t len)
{
	if (len <= SPOOL_STEP)
		return len;
	return SPOOL_STEP - utf8_incomplete_tail(bytes, SPOOL_STEP);
}

void
utf8_repair(struct buf *out, const char *bytes, size_t len)
{
	while (len) {
		size_t part = next_part(bytes, len), bad = 0;
		size_t good = utf8_valid_prefix(bytes, part);

		buf_add(out, bytes, good);
		if (good < part) {
			utf8_sequence(bytes + good, len - good, &bad);
			buf_add_str(out, "\xef\xbf\xbd");
		}
		bytes += good + bad;
		len -= good + bad;
	}
}

struct slice
utf8_valid(struct slice text, struct buf *own)
{
	size_t at = 0, part;

	while (at < text.len) {
		part = next_part(text.at + at, text.len - at);
		if (!utf8_is_valid(text.at + at, part))
			break;
		spool_seen(part);
		at += part;
	}
	if (at == text.len)
		return text;
	buf_spool(own);
	utf8_repair(own, text.at, text.len);
	return buf_slice(own);
}

size_t
utf8_incomplete_tail(const char *bytes, size_t len)
{
	const unsigned char *s = (const unsigned char *)bytes;
	size_t bad;
	bool open;

	for (size_t n = 1; n <= 3 && n <= len; n++) {
		if (s[len - n] < 0xc0)
			continue;
		if (sequence(s + len - n, n, &bad, &open) == 0 && open)
			return n;
		return 0;
	}
	return 0;
}

/* East Asian wide and fullwidth ranges (Unicode TR 11), coarse. */
static bool
is_wide(uint32_t p)
{
	return p >= 0x1100 &&
	       (p <= 0x115f || (p >= 0x2e80 && p <= 0xa4cf) ||
		(p >= 0xac00 && p <= 0xd7a3) || (p >= 0xf900 && p <= 0xfaff) ||
		(p >= 0xfe30 && p <= 0xfe6f) || (p >= 0xff00 && p <= 0xff60) ||
		(p >= 0xffe0 && p <= 0xffe6) ||
		(p >= 0x1f300 && p <= 0x1faff) ||
		(p >= 0x20000 && p <= 0x3fffd));
}

static bool
is_zero_width(uint32_t p)
{
	return (p >= 0x300 && p <= 0x36f) || (p >= 0x200b && p <= 0x200f) ||
	       (p >= 0xfe00 && p <= 0xfe0f) || p == 0xfeff;
}

size_t
utf8_columns(const char *bytes, size_t len)
{
	size_t columns = 0, i = 0;
	uint32_t p;

	while (i < len) {
		i += utf8_decode(bytes + i, len - i, &p);
		columns += is_zero_width(p) ? 0 : is_wide(p) ? 2 : 1;
	}
	return columns;
}

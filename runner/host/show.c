/* show.c: a C value as text. Floor 2, part of cnb-host. It sees kinds, sizes
 * and bytes; the types behind them are the business of whoever asks. */
#include "host/show.h"

#include <complex.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* The text under construction. */
struct page {
	char *at;
	size_t len;
	bool full;
};

static const char cut[] = "...";

static void
add(struct page *p, const char *text, size_t len)
{
	/* Room for the dots and the NUL is always kept. */
	if (p->full || len > SHOW_TEXT - sizeof cut - p->len) {
		if (!p->full)
			memcpy(p->at + p->len, cut, sizeof cut);
		p->full = true;
		return;
	}
	memcpy(p->at + p->len, text, len);
	p->len += len;
	p->at[p->len] = '\0';
}

static void __attribute__((format(printf, 2, 3)))
addf(struct page *p, const char *format, ...)
{
	char text[256];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (n > 0)
		add(p, text,
		    (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

/* How many of `len` bytes at `from` could be read. */
static size_t
read_memory(const void *from, void *to, size_t len)
{
	union {
		const void *in;
		void *out;
	} bytes = { .in = from }; /* iovec knows no const */
	struct iovec local = { to, len }, remote = { bytes.out, len };
	ssize_t n = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);

	return n < 0 ? 0 : (size_t)n;
}

/* numbers */

static void
add_signed(struct page *p, const void *at, size_t size)
{
	int8_t b;
	int16_t s;
	int32_t i;
	int64_t l;

	switch (size) {
	case 1:
		memcpy(&b, at, 1);
		l = b;
		break;
	case 2:
		memcpy(&s, at, 2);
		l = s;
		break;
	case 4:
		memcpy(&i, at, 4);
		l = i;
		break;
	default:
		memcpy(&l, at, 8);
	}
	addf(p, "%" PRId64, l);
}

static uint64_t
unsigned_of(const void *at, size_t size)
{
	uint64_t value = 0;

	/* The machine's order matters only for sizes below eight. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(&value, at, size);
#else
	memcpy((char *)&value + sizeof value - size, at, size);
#endif
	return value;
}

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 wide;

static void
add_wide(struct page *p, const void *at, bool is_signed)
{
	char digits[48];
	size_t n = sizeof digits;
	wide value;

	memcpy(&value, at, sizeof value);
	if (is_signed && value >> 127) {
		add(p, "-", 1);
		value = -value;
	}
	do
		digits[--n] = (char)('0' + (int)(value % 10));
	while ((value /= 10) != 0);
	add(p, digits + n, sizeof digits - n);
}
#endif

static void
add_integer(struct page *p, const void *at, size_t size, bool is_signed)
{
#ifdef __SIZEOF_INT128__
	if (size == sizeof(wide)) {
		add_wide(p, at, is_signed);
		return;
	}
#endif
	if (is_signed)
		add_signed(p, at, size);
	else
		addf(p, "%" PRIu64, unsigned_of(at, size));
}

/* A whole number gets ".0", so that it is seen to be no integer. */
static void
add_number(struct page *p, const char *text)
{
	add(p, text, strlen(text));
	if (strspn(text, "-0123456789") == strlen(text))
		add(p, ".0", 2);
}

/* The fewest digits that read back to the same value. */
static void
add_float(struct page *p, long double value, size_t size)
{
	char text[64];

	for (int digits = 1; digits <= 36; digits++) {
		bool same;

		if (size == sizeof(long double)) {
			snprintf(text, sizeof text, "%.*Lg", digits, value);
			same = strtold(text, NULL) == value;
		} else {
			snprintf(text, sizeof text, "%.*g", digits,
				 (double)value);
			same = size == sizeof(float)
				       ? strtof(text, NULL) == (float)value
				       : strtod(text, NULL) == (double)value;
		}
		if (same || isnan(value))
			break;
	}
	add_number(p, text);
}

/* Real numbers by their size: float, double, long double. */
static long double
real_of(const void *at, size_t size)
{
	float f;
	double d;
	long double l;

	if (size == sizeof f) {
		memcpy(&f, at, sizeof f);
		return (long double)f;
	}
	if (size == sizeof d) {
		memcpy(&d, at, sizeof d);
		return (long double)d;
	}
	memcpy(&l, at, sizeof l);
	return l;
}

static void
add_complex(struct page *p, const char *at, size_t size)
{
	long double re = real_of(at, size / 2);
	long double im = real_of(at + size / 2, size / 2);

	add_float(p, re, size / 2);
	addf(p, " %c ", signbit(im) ? '-' : '+');
	add_float(p, fabsl(im), size / 2);
	add(p, "*I", 2);
}

/* text */

/* Octal with three digits ends by itself, whatever follows. */
static void
add_character(struct page *p, char c, char quote)
{
	static const char letters[] = "abtnvfr"; /* 7..13 */

	if (c == quote || c == '\\')
		addf(p, "\\%c", c);
	else if (c >= 7 && c <= 13)
		addf(p, "\\%c", letters[c - 7]);
	else if (c == 0 && quote == '\'')
		add(p, "\\0", 2);
	else if ((unsigned char)c < 32 || c == 127)
		addf(p, "\\%03o", (unsigned)(unsigned char)c);
	else
		add(p, &c, 1);
}

/* Bytes of a string, valid UTF-8 as it is, others escaped. */
static size_t
sequence(const unsigned char *s, size_t len)
{
	size_t need = s[0] < 0x80   ? 1
		      : s[0] < 0xc2 ? 0
		      : s[0] < 0xe0 ? 2
		      : s[0] < 0xf0 ? 3
		      : s[0] < 0xf5 ? 4
				    : 0;

	if (!need || need > len)
		return 0;
	for (size_t i = 1; i < need; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return need;
}

static void
add_string(struct page *p, const char *text, size_t len, bool more)
{
	add(p, "\"", 1);
	for (size_t i = 0; i < len;) {
		const unsigned char *s = (const unsigned char *)text + i;
		size_t n = sequence(s, len - i);

		if (n == 1)
			add_character(p, text[i], '"');
		else if (n)
			add(p, text + i, n);
		else
			addf(p, "\\%03o", (unsigned)*s);
		i += n ? n : 1;
	}
	add(p, "\"", 1);
	if (more)
		add(p, cut, sizeof cut - 1);
}

/* In steps that never cross into a page that may be missing. */
static size_t
read_string(const char *from, char *to, size_t most, bool *ended)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), len = 0;

	*ended = false;
	while (len < most) {
		size_t step = page - ((uintptr_t)from + len) % page, n;
		char *nul;

		if (step > most - len)
			step = most - len;
		n = read_memory(from + len, to + len, step);
		nul = n ? memchr(to + len, '\0', n) : NULL;
		if (nul) {
			*ended = true;
			return (size_t)(nul - to);
		}
		len += n;
		if (n < step)
			break;
	}
	return len;
}

static void
add_string_at(struct page *p, const char *from)
{
	char text[SHOW_STRING];
	bool ended;
	size_t len;

	if (!from) {
		add(p, "NULL", 4);
		return;
	}
	len = read_string(from, text, sizeof text, &ended);
	if (!len && !ended)
		addf(p, "%p (not readable)", (const void *)from);
	else
		add_string(p, text, len, !ended);
}

static void
add_pointer(struct page *p, const void *at)
{
	const void *value;

	memcpy(&value, at, sizeof value);
	if (value)
		addf(p, "%p", value);
	else
		add(p, "NULL", 4);
}

static void
add_bytes(struct page *p, const char *what, const void *at, size_t size)
{
	const unsigned char *byte = at;

	addf(p, "%s of %zu bytes:", what, size);
	for (size_t i = 0; i < size && i < SHOW_BYTES; i++)
		addf(p, " %02x", byte[i]);
	if (size > SHOW_BYTES)
		addf(p, " %s", cut);
}

static void
add_one(struct page *p, const struct cell_value *v, const char *at)
{
	const char *text;
	bool truth;

	switch ((enum cell_value_kind)v->kind) {
	case CELL_VALUE_BOOL:
		memcpy(&truth, at, sizeof truth);
		addf(p, "%s", truth ? "true" : "false");
		break;
	case CELL_VALUE_CHAR:
		add(p, "'", 1);
		if ((unsigned char)*at < 128)
			add_character(p, *at, '\'');
		else
			addf(p, "\\%03o", (unsigned)(unsigned char)*at);
		add(p, "'", 1);
		break;
	case CELL_VALUE_SIGNED:
	case CELL_VALUE_UNSIGNED:
		add_integer(p, at, v->size, v->kind == CELL_VALUE_SIGNED);
		break;
	case CELL_VALUE_FLOAT:
		add_float(p, real_of(at, v->size), v->size);
		break;
	case CELL_VALUE_COMPLEX:
		add_complex(p, at, v->size);
		break;
	case CELL_VALUE_STRING:
		memcpy(&text, at, sizeof text);
		add_string_at(p, text);
		break;
	case CELL_VALUE_POINTER:
		add_pointer(p, at);
		break;
	case CELL_VALUE_STRUCT:
		add_bytes(p, "struct", at, v->size);
		break;
	case CELL_VALUE_UNION:
		add_bytes(p, "union", at, v->size);
		break;
	case CELL_VALUE_VOID:
	case CELL_VALUE_OTHER:
	default:
		add_bytes(p, "value", at, v->size);
		break;
	}
}

/* An array of char is a text, up to its NUL. */
static void
add_char_array(struct page *p, const char *at, size_t count)
{
	const char *nul = memchr(at, '\0', count);
	size_t len = nul ? (size_t)(nul - at) : count;
	bool more = len > SHOW_STRING;

	add_string(p, at, more ? SHOW_STRING : len, more);
}

/* `inner` are the counts of the dimensions within this one, of `elements`
 * elements each. */
static void
add_array(struct page *p, const struct cell_value *v, const char *at,
	  size_t count, const size_t *inner, uint32_t ninner)
{
	size_t elements = 1;

	if (v->kind == CELL_VALUE_CHAR && !ninner) {
		add_char_array(p, at, count);
		return;
	}
	for (uint32_t i = 0; i < ninner; i++)
		elements *= inner[i];
	add(p, "{", 1);
	for (size_t i = 0; i < count && !p->full; i++) {
		if (i)
			add(p, ", ", 2);
		if (i == SHOW_ELEMENTS) {
			add(p, cut, sizeof cut - 1);
			break;
		}
		if (ninner)
			add_array(p, v, at + i * elements * v->size, inner[0],
				  inner + 1, ninner - 1);
		else
			add_one(p, v, at + i * v->size);
	}
	add(p, "}", 1);
}

size_t
show_value(const struct cell_value *v, char text[SHOW_TEXT])
{
	struct page p = { text, 0, false };

	text[0] = '\0';
	if (v->dimensions == 1)
		add_array(&p, v, v->at, v->count, NULL, 0);
	else if (v->dimensions)
		add_array(&p, v, v->at, v->counts[0], v->counts + 1,
			  v->dimensions - 1);
	else
		add_one(&p, v, v->at);
	return p.len + (p.full ? sizeof cut - 1 : 0);
}

/* text.c: small readings of text. Floor 0. */
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/utf8.h"

void
strs_init(struct strs *s)
{
	*s = (struct strs){ 0 };
}

void
strs_release(struct strs *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->at[i]);
	free(s->at);
	strs_init(s);
}

static void
add_owned(struct strs *s, char *text)
{
	*mem_push(s->at, s->count) = text;
	/* The NULL behind the last one is not counted. */
	s->at = mem_push_(s->at, s->count, sizeof *s->at);
	s->at[s->count] = NULL;
}

void
strs_addn(struct strs *s, const char *bytes, size_t len)
{
	add_owned(s, mem_strndup(bytes, len));
}

void
strs_add(struct strs *s, const char *text)
{
	strs_addn(s, text, strlen(text));
}

void
strs_addf(struct strs *s, const char *format, ...)
{
	struct buf b = { 0 };
	va_list args;

	va_start(args, format);
	buf_addvf(&b, format, args);
	va_end(args);
	add_owned(s, buf_take(&b));
}

void
strs_add_all(struct strs *s, const struct strs *from)
{
	for (size_t i = 0; i < from->count; i++)
		strs_add(s, from->at[i]);
}

bool
strs_has(const struct strs *s, const char *text)
{
	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->at[i], text))
			return true;
	return false;
}

/* One word from *at into `word`; -1: a quote is left open. */
static int
one_word(const char **at, struct buf *word)
{
	const char *p = *at;
	char quote = '\0';

	for (; *p && (quote || !isspace((unsigned char)*p)); p++) {
		if (!quote && (*p == '\'' || *p == '"')) {
			quote = *p;
		} else if (quote && *p == quote) {
			quote = '\0';
		} else if (*p == '\\' && quote != '\'' && p[1] &&
			   (!quote || strchr("\"\\$`\n", p[1]))) {
			if (*++p != '\n')
				buf_add_byte(word, *p);
		} else {
			buf_add_byte(word, *p);
		}
	}
	*at = p;
	return quote ? -1 : 0;
}

int
text_words(struct strs *words, const char *text, struct err *e)
{
	struct buf word = { 0 };

	for (const char *p = text;;) {
		while (isspace((unsigned char)*p))
			p++;
		if (!*p)
			break;
		if (one_word(&p, &word) < 0) {
			buf_release(&word);
			return err_input(e, "a quote is left open in '%s'",
					 text);
		}
		add_owned(words, buf_take(&word));
	}
	return 0;
}

void
text_quote(struct buf *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-+=./,:@%^";

	if (*word && strspn(word, plain) == strlen(word)) {
		buf_add_str(out, word);
		return;
	}
	buf_add_byte(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_add_str(out, "'\\''");
		else
			buf_add_byte(out, *word);
	}
	buf_add_byte(out, '\'');
}

void
text_quote_path(struct buf *out, const char *path)
{
	struct buf named = { 0 };

	if (*path == '-' && path[1])
		buf_add_str(&named, "./");
	buf_add_str(&named, path);
	text_quote(out, buf_str(&named));
	buf_release(&named);
}

#define NEAR_MAX 64 /* longer names are not compared */

/* Edits (insert, delete, change, swap neighbours) from a to b. */
static size_t
distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	size_t d[NEAR_MAX + 1][NEAR_MAX + 1];

	for (size_t i = 0; i <= la; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= lb; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= la; i++)
		for (size_t j = 1; j <= lb; j++) {
			size_t best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	return d[la][lb];
}

const char *
text_nearest(const char *given, const char *const *names, size_t count)
{
	size_t len = strlen(given), limit = len < 3 ? 1 : len < 6 ? 2 : 3;
	const char *best = NULL;

	if (len > NEAR_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t d;

		if (!names[i] || strlen(names[i]) > NEAR_MAX)
			continue;
		d = distance(given, names[i]);
		/* A distance as long as the word would suggest anything. */
		if (d < len && d < strlen(names[i]) && d <= limit) {
			limit = d ? d - 1 : 0;
			best = names[i];
			if (!d)
				break;
		}
	}
	return best;
}

/* A decimal number with an optional fraction, times what its suffix names. */
static int
scaled(const char *text, const char *const *suffixes, const double *factors,
       size_t count, double *value)
{
	const char *p = text;
	double number = 0, place = 1;
	bool digits = false;

	for (; isdigit((unsigned char)*p); p++, digits = true)
		number = number * 10 + (*p - '0');
	if (*p == '.')
		for (p++; isdigit((unsigned char)*p); p++, digits = true)
			number += (*p - '0') * (place /= 10);
	if (!digits)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(p, suffixes[i])) {
			*value = number * factors[i];
			return *value < 9e15 ? 0 : -1;
		}
	return -1;
}

int
text_duration(const char *text, int64_t *ms, struct err *e)
{
	static const char *const suffixes[] = { "", "ms", "s", "m", "h" };
	static const double factors[] = { 1e3, 1, 1e3, 6e4, 36e5 };
	double value;

	if (scaled(text, suffixes, factors, countof(suffixes), &value) < 0)
		return err_input(e,
				 "'%s' is no duration; write 500ms, 10s or 2m",
				 text);
	*ms = (int64_t)(value + 0.5);
	/* What is not nothing must not be rounded to "no limit". */
	if (!*ms && value > 0)
		*ms = 1;
	return 0;
}

int
text_size(const char *text, int64_t *bytes, struct err *e)
{
	static const char *const suffixes[] = { "",    "K",   "k",   "M",  "m",
						"G",   "g",   "KB",  "MB", "GB",
						"KiB", "MiB", "GiB", "B" };
	static const double k = 1024, m = 1048576, g = 1073741824;
	const double factors[] = { 1, k, k, m, m, g, g, k, m, g, k, m, g, 1 };
	double value;

	if (scaled(text, suffixes, factors, countof(suffixes), &value) < 0)
		return err_input(e, "'%s' is no size; write 512K, 64M or 1G",
				 text);
	*bytes = (int64_t)value;
	return 0;
}

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* So many bytes at a time. */
#define BASE64_STEP 3072

static int
base64_digit(char c)
{
	static const signed char values[128] = {
		['A'] = 1,  ['B'] = 2,	['C'] = 3,  ['D'] = 4,	['E'] = 5,
		['F'] = 6,  ['G'] = 7,	['H'] = 8,  ['I'] = 9,	['J'] = 10,
		['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15,
		['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20,
		['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25,
		['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30,
		['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35,
		['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
		['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45,
		['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50,
		['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55,
		['3'] = 56, ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60,
		['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
	};

	return c < 0 ? -1 : values[(unsigned char)c] - 1;
}

/* Whole groups of four digits, as far as nothing else stands between. */
static void
unbase64_run(struct buf *out, struct slice *coded)
{
	while (coded->len >= 4) {
		char plain[BASE64_STEP];
		size_t n = 0;

		while (coded->len >= 4 && n + 3 <= sizeof plain) {
			const char *p = coded->at;
			int a = base64_digit(p[0]), b = base64_digit(p[1]),
			    c = base64_digit(p[2]), d = base64_digit(p[3]);
			unsigned bits;

			if ((a | b | c | d) < 0)
				break;
			bits = (unsigned)(a << 18 | b << 12 | c << 6 | d);
			plain[n++] = (char)(bits >> 16);
			plain[n++] = (char)(bits >> 8 & 255);
			plain[n++] = (char)(bits & 255);
			coded->at += 4;
			coded->len -= 4;
		}
		if (!n)
			return;
		buf_add(out, plain, n);
	}
}

bool
text_unbase64(struct buf *out, struct slice coded)
{
	unsigned bits = 0;
	int count = 0;

	unbase64_run(out, &coded);
	for (size_t i = 0; i < coded.len; i++) {
		int digit = base64_digit(coded.at[i]);

		if (coded.at[i] == '\n' || coded.at[i] == '\r' ||
		    coded.at[i] == ' ')
			continue;
		if (coded.at[i] == '=')
			break;
		if (digit < 0)
			return false;
		bits = bits << 6 | (unsigned)digit;
		count += 6;
		if (count >= 8) {
			count -= 8;
			buf_add_byte(out, (char)(bits >> count & 0xff));
		}
	}
	return true;
}

void
text_add_duration(struct buf *out, int64_t ns)
{
	const int64_t ms = 1000000, second = 1000 * ms;

	if (ns < second)
		buf_addf(out, "%.1f ms", (double)ns / (double)ms);
	else if (ns < 60 * second)
		buf_addf(out, "%.2f s", (double)ns / (double)second);
	else
		buf_addf(out, "%" PRId64 " min %02" PRId64 " s",
			 ns / (60 * second), ns / second % 60);
}

void
text_add_size(struct buf *out, int64_t bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB",
					     "TiB" };
	size_t unit = 0;

	while (bytes && bytes % 1024 == 0 && unit + 1 < countof(units)) {
		bytes /= 1024;
		unit++;
	}
	buf_addf(out, "%lld %s", (long long)bytes, units[unit]);
}

/* Four digits for three bytes, or what there is of them. */
static void
put_quad(char *to, const unsigned char *p, size_t left)
{
	const char *digits = base64_digits;
	unsigned v = (unsigned)p[0] << 16;

	if (left > 1)
		v |= (unsigned)p[1] << 8;
	if (left > 2)
		v |= p[2];
	to[0] = digits[v >> 18];
	to[1] = digits[v >> 12 & 63];
	to[2] = left < 2 ? '=' : digits[v >> 6 & 63];
	to[3] = left < 3 ? '=' : digits[v & 63];
}

void
text_base64(struct buf *out, const void *bytes, size_t len)
{
	const unsigned char *p = bytes, *end = p + len;
	char coded[BASE64_STEP / 3 * 4];

	while (p < end) {
		size_t n = 0;

		for (; p < end && n < sizeof coded; n += 4) {
			size_t left = (size_t)(end - p);

			put_quad(coded + n, p, left);
			p += left < 3 ? left : 3;
		}
		buf_add(out, coded, n);
	}
}

void
text_visible(struct buf *out, const char *bytes, size_t len)
{
	struct buf fixed = { 0 };

	utf8_repair(&fixed, bytes, len);
	for (size_t i = 0; i < fixed.len;) {
		uint32_t p;
		size_t n = utf8_decode(fixed.data + i, fixed.len - i, &p);

		if (p == '\t' || p == '\n' || !utf8_is_unseen(p))
			buf_add(out, fixed.data + i, n);
		else
			buf_addf(out, p < 0xa0 ? "\\x%02x" : "<U+%04X>",
				 (unsigned)p);
		i += n;
	}
	buf_release(&fixed);
}

void
text_visible_line(struct buf *out, struct slice text)
{
	while (text.len) {
		const char *end = text.at + text.len;
		struct slice line = slice_cut_line(&text);

		text_visible(out, line.at, line.len);
		if (line.at + line.len < end)
			buf_add_str(out, "\\x0a");
	}
}

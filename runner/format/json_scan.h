/* json_scan.h: the inner loops over JSON text, for the json_*.c files only. */
#ifndef CNB_JSON_SCAN_H
#define CNB_JSON_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include "base/utf8.h"

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (unsigned char)(b))

/* The high bit of each byte that is zero. Beyond the lowest such byte others
 * may be marked by a borrow: use the lowest only. */
static inline uint64_t
scan_zero_bytes(uint64_t v)
{
	return (v - EACH_BYTE(1)) & ~v & EACH_BYTE(0x80);
}

static inline uint64_t
scan_stops8(uint64_t v)
{
	return scan_zero_bytes(v ^ EACH_BYTE('"')) |
	       scan_zero_bytes(v ^ EACH_BYTE('\\')) |
	       ((v - EACH_BYTE(0x20)) & ~v & EACH_BYTE(0x80)) |
	       (v & EACH_BYTE(0x80));
}

#ifdef __SSE2__
/* A bit for each of sixteen bytes that is not plain; they are copied to `to`,
 * if that is not NULL. */
static inline unsigned
scan_stops16(const char *p, char *to)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p), stop;

	if (to)
		_mm_storeu_si128((__m128i *)(void *)to, v);
	/* With their sign, bytes above ASCII are below a blank too. */
	stop = _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(0x20)),
			    _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
					 _mm_cmpeq_epi8(v,
							_mm_set1_epi8('\\'))));
	return (unsigned)_mm_movemask_epi8(stop);
}
#endif

/* Bytes that end a run of plain text in a JSON string: quotes, backslashes,
 * control characters, and all that is not ASCII. */
static inline bool
scan_is_plain(char byte)
{
	unsigned char b = (unsigned char)byte;

	return b >= 0x20 && b < 0x80 && b != '"' && b != '\\';
}

static inline const char *
scan_plain(const char *p, const char *end)
{
#ifdef __SSE2__
	for (; end - p >= 16; p += 16) {
		unsigned stop = scan_stops16(p, NULL);

		if (stop)
			return p + __builtin_ctz(stop);
	}
#endif
	while (end - p >= 8) {
		uint64_t v, stop;

		memcpy(&v, p, sizeof v);
		stop = scan_stops8(v);
		if (stop) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
			return p + (__builtin_ctzll(stop) >> 3);
#else
			break;
#endif
		}
		p += 8;
	}
	while (p < end && scan_is_plain(*p))
		p++;
	return p;
}

/* The same, and what is passed over is copied to *to, which moves on: up to 15
 * bytes more are written there, and mean nothing. */
static inline const char *
scan_copy_plain(char **to, const char *p, const char *end)
{
	char *d = *to;

#ifdef __SSE2__
	for (; end - p >= 16; p += 16, d += 16) {
		unsigned stop = scan_stops16(p, d);

		if (stop) {
			*to = d + __builtin_ctz(stop);
			return p + __builtin_ctz(stop);
		}
	}
#endif
	while (end - p >= 8) {
		uint64_t v;

		memcpy(&v, p, sizeof v);
		if (scan_stops8(v))
			break;
		memcpy(d, &v, sizeof v);
		p += 8;
		d += 8;
	}
	while (p < end && scan_is_plain(*p))
		*d++ = *p++;
	*to = d;
	return p;
}

/* The end of the run of bytes that are not ASCII. No UTF-8 sequence crosses
 * it. */
static inline const char *
scan_high(const char *p, const char *end)
{
	while (p < end && ((unsigned char)*p & 0x80))
		p++;
	return p;
}

static inline bool
scan_is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Over valid UTF-8 above ASCII, to the first byte that is not. The frequent
 * forms are told apart here, the others by utf8_sequence(). */
static inline const char *
scan_utf8(const char *p, const char *end)
{
	while (p < end && ((unsigned char)*p & 0x80)) {
		unsigned char b = (unsigned char)*p;
		size_t n, bad;

		if (b > 0xe0 && b < 0xf0 && b != 0xed && end - p >= 3 &&
		    scan_is_continuation(p[1]) && scan_is_continuation(p[2])) {
			p += 3;
		} else if (b >= 0xc2 && b < 0xe0 && end - p >= 2 &&
			   scan_is_continuation(p[1])) {
			p += 2;
		} else {
			/* One of them: behind it a quote may stand. */
			n = utf8_sequence(p, (size_t)(end - p), &bad);
			if (!n)
				return p;
			p += n;
		}
	}
	return p;
}

static inline const char *
scan_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}

#ifdef __SSE2__
/* A bit for each of sixteen bytes that is a quote or a backslash. */
static inline unsigned
scan_quotes16(const char *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);

	return (unsigned)_mm_movemask_epi8(
		_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
			     _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))));
}
#endif

/* From behind a checked string's opening quote to behind its closing one. */
static inline const char *
scan_string_end(const char *p, const char *end)
{
	while (p < end) {
#ifdef __SSE2__
		if (end - p >= 16) {
			unsigned stop = scan_quotes16(p);

			if (!stop) {
				p += 16;
				continue;
			}
			p += __builtin_ctz(stop);
		} else
#endif
			if (end - p >= 8) {
			uint64_t v, stop;

			memcpy(&v, p, sizeof v);
			stop = scan_zero_bytes(v ^ EACH_BYTE('"')) |
			       scan_zero_bytes(v ^ EACH_BYTE('\\'));
			if (!stop) {
				p += 8;
				continue;
			}
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
			p += __builtin_ctzll(stop) >> 3;
#endif
		}
		if (*p == '"')
			return p + 1;
		p += *p == '\\' && end - p > 1 ? 2 : 1;
	}
	return end;
}

#endif

/* json_scan.h: the inner loops over JSON text, for the json_*.c files only. */
#ifndef CNB_JSON_SCAN_H
#define CNB_JSON_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (unsigned char)(b))

/* The high bit of each byte that is zero. Beyond the lowest such byte others
 * may be marked by a borrow: use the lowest only. */
static inline uint64_t
scan_zero_bytes(uint64_t v)
{
	return (v - EACH_BYTE(1)) & ~v & EACH_BYTE(0x80);
}

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
	while (end - p >= 8) {
		uint64_t v, stop;

		memcpy(&v, p, sizeof v);
		stop = scan_zero_bytes(v ^ EACH_BYTE('"')) |
		       scan_zero_bytes(v ^ EACH_BYTE('\\')) |
		       ((v - EACH_BYTE(0x20)) & ~v & EACH_BYTE(0x80)) |
		       (v & EACH_BYTE(0x80));
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

/* The end of the run of bytes that are not ASCII. No UTF-8 sequence crosses
 * it. */
static inline const char *
scan_high(const char *p, const char *end)
{
	while (p < end && ((unsigned char)*p & 0x80))
		p++;
	return p;
}

static inline const char *
scan_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}

/* From behind a checked string's opening quote to behind its closing one. */
static inline const char *
scan_string_end(const char *p, const char *end)
{
	for (;;) {
		p = scan_plain(p, end);
		if (p >= end)
			return end;
		if (*p == '"')
			return p + 1;
		p += *p == '\\' && end - p > 1 ? 2 : 1;
	}
}

#endif

/* json_out.c: JSON text, written with its commas and its layout. Floor 2. What
 * comes out is always valid UTF-8, whatever bytes went in. */
#include "format/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include "base/text.h"
#include "base/utf8.h"
#include "format/json_scan.h"

#define MAX_BLANKS 64
/* Seconds: the year 2116, so that a duration may be added in nanoseconds. */
#define TIME_END (INT64_MAX / 2000000000)

static const char blanks[MAX_BLANKS + 1] =
	"                                                                ";

/* --- strings ------------------------------------------------------------- */

/* So many bytes of text are escaped at a time; each may become six. */
#define STEP 4096
#define STEP_ROOM (6 * STEP + 32)

static bool
ends_line(char byte)
{
	return (byte >= '\n' && byte <= '\r') || (byte >= 0x1c && byte <= 0x1e);
}

static inline char *
put_escape(char *to, char byte)
{
	static const char hex[] = "0123456789abcdef";
	static const char shorts[256] = {
		['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
		['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't',
	};
	unsigned char b = (unsigned char)byte;

	*to++ = '\\';
	if (shorts[b]) {
		*to++ = shorts[b];
		return to;
	}
	memcpy(to, "u00", 3);
	to[3] = hex[b >> 4];
	to[4] = hex[b & 15];
	return to + 5;
}

/* One character above ASCII, or what stands in place of an invalid one. -> its
 * length in the text */
static inline size_t
put_high(char **to, const char *p, const char *end, bool *repaired)
{
	size_t left = (size_t)(end - p), bad, n;

	n = utf8_sequence(p, left, &bad);
	if (!n) {
		*repaired = true;
		memcpy(*to, "\xef\xbf\xbd", 3);
		*to += 3;
		return bad;
	}
	memcpy(*to, p, n);
	*to += n;
	return n;
}

/* U+0085, U+2028 and U+2029 end a line too. */
static inline bool
high_ends_line(const char *p, size_t len)
{
	const unsigned char *s = (const unsigned char *)p;

	return (len == 2 && s[0] == 0xc2 && s[1] == 0x85) ||
	       (len == 3 && s[0] == 0xe2 && s[1] == 0x80 &&
		(s[2] & 0xfe) == 0xa8);
}

/* Escape text up to its end, to that of a line if `lines`, or for so long as
 * is good at a time. -> how far it came; *ended: a line ended there */
static inline const char *
escape(struct buf *out, const char *p, const char *end, bool lines, bool *ended,
       bool *repaired)
{
	const char *stop = end - p > STEP ? p + STEP : end;
	char *to;

	if (out->cap - out->len <= STEP_ROOM)
		buf_reserve(out, STEP_ROOM);
	to = out->data + out->len;
	*ended = false;
	while (!*ended && (p = scan_copy_plain(&to, p, stop)) < stop) {
		if ((unsigned char)*p >= 0x80) {
			size_t n = put_high(&to, p, end, repaired);

			*ended = lines && high_ends_line(p, n);
			p += n;
			continue;
		}
		to = put_escape(to, *p);
		*ended = lines && ends_line(*p);
		p++;
		if (*ended && p[-1] == '\r' && p < end && *p == '\n')
			to = put_escape(to, *p++);
	}
	out->len = (size_t)(to - out->data);
	return p;
}

bool
json_quote(struct buf *out, const char *bytes, size_t len)
{
	const char *p = bytes, *end = bytes + len;
	bool ended, repaired = false;

	buf_reserve(out, len < STEP ? len + 2 : STEP);
	buf_add(out, "\"", 1);
	while (p < end)
		p = escape(out, p, end, false, &ended, &repaired);
	buf_add(out, "\"", 1);
	return !repaired;
}

/* --- layout -------------------------------------------------------------- */

void
json_begin_style(struct json_out *j, struct buf *out,
		 const struct json_style *style)
{
	*j = (struct json_out){ .out = out, .style = *style, .first = true };
}

void
json_begin(struct json_out *j, struct buf *out, int indent, int base)
{
	struct json_style style = {
		.pretty = indent >= 0,
		.newline = { "\n", 1 },
		.margin = { blanks,
			    base < MAX_BLANKS ? (size_t)base : MAX_BLANKS },
		.unit = { blanks, indent < 0		? 0
				  : indent < MAX_BLANKS ? (size_t)indent
							: MAX_BLANKS },
		.comma = { ", ", 2 },
		.colon = { ": ", 2 },
	};

	json_begin_style(j, out, &style);
}

static void
new_line(const struct json_out *j, struct buf *out)
{
	buf_add_slice(out, j->style.newline);
	buf_add_slice(out, j->style.margin);
	for (int i = 0; i < j->depth; i++)
		buf_add_slice(out, j->style.unit);
}

/* What comes before a value or a key. */
static void
separate(struct json_out *j)
{
	if (j->keyed) {
		j->keyed = false;
		return;
	}
	if (j->depth == 0)
		return;
	if (j->style.pretty) {
		if (!j->first)
			buf_add(j->out, ",", 1);
		new_line(j, j->out);
	} else if (!j->first) {
		buf_add_slice(j->out, j->style.comma);
	}
	j->first = false;
}

void
json_open(struct json_out *j, char bracket)
{
	separate(j);
	buf_add_byte(j->out, bracket);
	j->depth++;
	j->first = true;
}

void
json_close(struct json_out *j, char bracket)
{
	j->depth--;
	if (!j->first && j->style.pretty)
		new_line(j, j->out);
	buf_add_byte(j->out, bracket);
	j->first = false;
}

void
json_key(struct json_out *j, const char *key)
{
	separate(j);
	json_quote(j->out, key, strlen(key));
	buf_add_slice(j->out, j->style.colon);
	j->keyed = true;
}

void
json_key_raw(struct json_out *j, struct slice quoted_key)
{
	separate(j);
	buf_add_slice(j->out, quoted_key);
	buf_add_slice(j->out, j->style.colon);
	j->keyed = true;
}

/* --- values -------------------------------------------------------------- */

void
json_raw(struct json_out *j, struct slice text)
{
	separate(j);
	buf_add_slice(j->out, text);
}

void
json_null(struct json_out *j)
{
	json_raw(j, slice_of("null"));
}

void
json_bool(struct json_out *j, bool value)
{
	json_raw(j, slice_of(value ? "true" : "false"));
}

void
json_int(struct json_out *j, int64_t value)
{
	separate(j);
	buf_addf(j->out, "%" PRId64, value);
}

void
json_ms(struct json_out *j, int64_t ns)
{
	int64_t us = (ns + 500) / 1000;

	if (ns < 0) {
		json_null(j);
		return;
	}
	separate(j);
	buf_addf(j->out, "%" PRId64 ".%03d", us / 1000, (int)(us % 1000));
}

void
json_time(struct json_out *j, int64_t ns)
{
	time_t seconds = (time_t)(ns / 1000000000);
	char text[64], day[32];
	struct tm tm;

	if (ns <= 0 || !gmtime_r(&seconds, &tm)) {
		json_null(j);
		return;
	}
	strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text, sizeof text, "%s.%06dZ", day,
		 (int)(ns % 1000000000 / 1000));
	json_str(j, text);
}

int64_t
json_parse_time(const char *text)
{
	struct tm tm = { 0 };
	int read = 0, hours = 0, minutes = 0;
	int64_t ns = 0, unit = 100000000, seconds;
	char sign[2];

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon,
		   &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &read) < 6)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	text += read;
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9'; text++, unit /= 10)
			ns += (*text - '0') * unit;
	if (sscanf(text, "%1[+-]%2d:%2d", sign, &hours, &minutes) == 3) {
		int east = (hours * 60 + minutes) * (sign[0] == '-' ? -1 : 1);

		tm.tm_min -= east;
	}
	seconds = (int64_t)timegm(&tm);
	return seconds > 0 && seconds < TIME_END ? seconds * 1000000000 + ns
						 : 0;
}

bool
json_bytes(struct json_out *j, const char *bytes, size_t len)
{
	separate(j);
	return json_quote(j->out, bytes, len);
}

void
json_str(struct json_out *j, const char *text)
{
	if (text)
		json_bytes(j, text, strlen(text));
	else
		json_null(j);
}

void
json_base64(struct json_out *j, const char *bytes, size_t len)
{
	separate(j);
	buf_add_byte(j->out, '"');
	text_base64(j->out, bytes, len);
	buf_add_byte(j->out, '"');
}

/* To the container's end, in one pass; no deeper than JSON_MAX_DEPTH. */
static void
put_container(struct json_out *j, struct json_walk *w)
{
	struct slice key;
	struct json v;

	json_open(j, w->keyed ? '{' : '[');
	while (json_step(w, &key, &v)) {
		if (w->keyed) {
			json_raw(j, key);
			buf_add_slice(j->out, j->style.colon);
			j->keyed = true;
		}
		if (v.type == JSON_OBJECT || v.type == JSON_ARRAY) {
			struct json_walk inner = json_dive(w);

			put_container(j, &inner);
			json_rise(w, &inner);
		} else {
			json_take(w, &v);
			json_raw(j, v.text);
		}
	}
	json_close(j, w->keyed ? '}' : ']');
}

void
json_value(struct json_out *j, struct json value)
{
	struct json_walk w;

	if (value.type != JSON_OBJECT && value.type != JSON_ARRAY) {
		json_raw(j, value.text);
		return;
	}
	w = json_enter(value);
	put_container(j, &w);
}

/* --- lists of lines ------------------------------------------------------ */

void
json_lines_begin(struct json_lines *l, struct json_out *j)
{
	*l = (struct json_lines){ .j = j };
	json_open(j, '[');
	buf_add_str(&l->between, "\"");
	if (j->style.pretty) {
		buf_add_str(&l->between, ",");
		new_line(j, &l->between);
	} else {
		buf_add_slice(&l->between, j->style.comma);
	}
	buf_add_str(&l->between, "\"");
}

void
json_lines_add(struct json_lines *l, const char *bytes, size_t len)
{
	const char *p = bytes, *end = bytes + len;
	struct buf *out = l->j->out;
	bool ended, repaired;

	while (p < end) {
		if (!l->open && l->j->first) {
			separate(l->j);
			buf_add(out, "\"", 1);
		} else if (!l->open) {
			buf_add_slice(out, buf_slice(&l->between));
		}
		p = escape(out, p, end, true, &ended, &repaired);
		l->open = !ended;
	}
}

void
json_lines_end(struct json_lines *l)
{
	if (!l->j->first)
		buf_add(l->j->out, "\"", 1);
	json_close(l->j, ']');
	buf_release(&l->between);
}

void
json_lines(struct json_out *j, const char *bytes, size_t len)
{
	struct json_lines l;

	json_lines_begin(&l, j);
	json_lines_add(&l, bytes, len);
	json_lines_end(&l);
}

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

static const char blanks[MAX_BLANKS + 1] =
	"                                                                ";

/* --- strings ------------------------------------------------------------- */

/* buf_add() for many small pieces; the NUL at the end is left to the caller's
 * last call of buf_add(). */
static inline void
put(struct buf *b, const char *bytes, size_t len)
{
	if (b->cap - b->len <= len)
		buf_reserve(b, len);
	memcpy(b->data + b->len, bytes, len);
	b->len += len;
}

static void
put_escape(struct buf *out, char byte)
{
	static const char *const shorts[256] = {
		['"'] = "\\\"", ['\\'] = "\\\\", ['\b'] = "\\b", ['\f'] = "\\f",
		['\n'] = "\\n", ['\r'] = "\\r",	 ['\t'] = "\\t",
	};
	const char *text = shorts[(unsigned char)byte];

	if (text)
		put(out, text, 2);
	else
		buf_addf(out, "\\u%04x", (unsigned char)byte);
}

/* Characters above ASCII, as they are or repaired. */
static void
put_high(struct buf *out, const char *p, const char *end)
{
	size_t len = (size_t)(end - p);

	if (scan_utf8(p, end) == end)
		put(out, p, len);
	else
		utf8_repair(out, p, len);
}

void
json_quote(struct buf *out, const char *bytes, size_t len)
{
	const char *p = bytes, *end = bytes + len, *q;

	buf_reserve(out, len + 2);
	put(out, "\"", 1);
	while (p < end) {
		q = scan_plain(p, end);
		put(out, p, (size_t)(q - p));
		if (q == end)
			break;
		p = q + 1;
		if ((unsigned char)*q >= 0x80) {
			p = scan_high(q, end);
			put_high(out, q, p);
		} else {
			put_escape(out, *q);
		}
	}
	buf_add(out, "\"", 1);
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
	int64_t ns = 0, unit = 100000000;
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
	return (int64_t)timegm(&tm) * 1000000000 + ns;
}

void
json_bytes(struct json_out *j, const char *bytes, size_t len)
{
	separate(j);
	json_quote(j->out, bytes, len);
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

/* Does a line end inside these characters above ASCII: behind U+0085, U+2028
 * or U+2029? The place behind it, or NULL. */
static const char *
high_line_end(const char *p, const char *end)
{
	for (; p < end; p++) {
		unsigned char b = (unsigned char)*p;

		if (b == 0xc2 && end - p >= 2 && (unsigned char)p[1] == 0x85)
			return p + 2;
		if (b == 0xe2 && end - p >= 3 && (unsigned char)p[1] == 0x80 &&
		    ((unsigned char)p[2] & 0xfe) == 0xa8)
			return p + 3;
	}
	return NULL;
}

static bool
ends_line(char byte)
{
	return (byte >= '\n' && byte <= '\r') || (byte >= 0x1c && byte <= 0x1e);
}

/* One line's text, escaped; returns the place behind the line. */
static const char *
put_line(struct buf *out, const char *p, const char *end)
{
	while (p < end) {
		const char *q = scan_plain(p, end), *stop;

		put(out, p, (size_t)(q - p));
		if (q == end)
			return end;
		if ((unsigned char)*q >= 0x80) {
			p = scan_high(q, end);
			stop = high_line_end(q, p);
			put(out, q, (size_t)((stop ? stop : p) - q));
			if (stop)
				return stop;
			continue;
		}
		put_escape(out, *q);
		p = q + 1;
		if (*q == '\r' && p < end && *p == '\n')
			put_escape(out, *p++);
		if (ends_line(*q))
			return p;
	}
	return p;
}

void
json_lines(struct json_out *j, const char *bytes, size_t len)
{
	struct buf valid = { 0 }, between = { 0 };
	const char *p = bytes, *end;

	if (!utf8_is_valid(bytes, len)) {
		utf8_repair(&valid, bytes, len);
		p = buf_str(&valid);
		len = valid.len;
	}
	end = p + len;
	json_open(j, '[');
	buf_add_str(&between, "\"");
	if (j->style.pretty) {
		buf_add_str(&between, ",");
		new_line(j, &between);
	} else {
		buf_add_slice(&between, j->style.comma);
	}
	buf_add_str(&between, "\"");
	buf_reserve(j->out, len + len / 8);
	while (p < end) {
		if (j->first) {
			separate(j);
			put(j->out, "\"", 1);
		} else {
			put(j->out, between.data, between.len);
		}
		p = put_line(j->out, p, end);
	}
	if (!j->first)
		buf_add(j->out, "\"", 1);
	json_close(j, ']');
	buf_release(&valid);
	buf_release(&between);
}

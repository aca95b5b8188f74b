/* json_walk.c: a walk over JSON text that json_check() accepted. Floor 2. It
 * trusts the text, keeps no memory of it, and copies nothing but strings whose
 * escapes are undone. */
#include "format/json.h"

#include "base/utf8.h"
#include "format/json_scan.h"

static enum json_type
type_at(const char *p)
{
	switch (*p) {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case '"':
		return JSON_STRING;
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	default:
		return JSON_NUMBER;
	}
}

/* Behind the bracket that closes the one at p. */
static const char *
container_end(const char *p, const char *end)
{
	size_t depth = 0;

	while (p < end) {
		switch (*p++) {
		case '"':
			p = scan_string_end(p, end);
			break;
		case '{':
		case '[':
			depth++;
			break;
		case '}':
		case ']':
			if (--depth == 0)
				return p;
			break;
		default:
			break;
		}
	}
	return end;
}

static const char *
value_end(const char *p, const char *end)
{
	if (*p == '"')
		return scan_string_end(p + 1, end);
	if (*p == '{' || *p == '[')
		return container_end(p, end);
	while (p < end && *p != ',' && *p != ']' && *p != '}' &&
	       (unsigned char)*p > ' ')
		p++;
	return p;
}

struct json_walk
json_enter(struct json container)
{
	return (struct json_walk){
		.at = container.text.at + 1,
		.end = container.text.at + container.text.len,
		.keyed = container.type == JSON_OBJECT,
	};
}

bool
json_step(struct json_walk *w, struct slice *key, struct json *value)
{
	const char *p = scan_blanks(w->at, w->end);

	if (p < w->end && *p == ',')
		p = scan_blanks(p + 1, w->end);
	w->at = p;
	if (p >= w->end || *p == '}' || *p == ']')
		return false;
	if (w->keyed) {
		p = scan_string_end(p + 1, w->end);
		if (key)
			*key = (struct slice){ w->at, (size_t)(p - w->at) };
		p = scan_blanks(p, w->end) + 1; /* the colon */
		p = scan_blanks(p, w->end);
		w->at = p;
	}
	*value = (struct json){ type_at(p), { p, 0 } };
	return true;
}

void
json_take(struct json_walk *w, struct json *value)
{
	w->at = value_end(value->text.at, w->end);
	value->text.len = (size_t)(w->at - value->text.at);
}

struct json_walk
json_dive(const struct json_walk *w)
{
	return (struct json_walk){ w->at + 1, w->end, *w->at == '{' };
}

void
json_rise(struct json_walk *w, const struct json_walk *inner)
{
	w->at = inner->at + 1;
}

void
json_jump(struct json_walk *w, const char *end)
{
	w->at = end;
}

bool
json_next(struct json_walk *w, struct slice *key, struct json *value)
{
	if (!json_step(w, key, value))
		return false;
	json_take(w, value);
	return true;
}

bool
json_key_is(struct slice quoted, const char *key)
{
	size_t len = strlen(key);
	struct buf plain = { 0 };
	bool same;

	if (quoted.len == len + 2 && !memcmp(quoted.at + 1, key, len))
		return true;
	/* escapes only make it longer */
	if (quoted.len <= len + 2 || !memchr(quoted.at, '\\', quoted.len))
		return false;
	json_unescape(&plain, quoted);
	same = slice_is(buf_slice(&plain), key);
	buf_release(&plain);
	return same;
}

bool
json_find(struct json object, const char *key, struct json *value)
{
	struct json_walk w = json_enter(object);
	struct slice name;
	struct json v;
	bool found = false;

	while (json_next(&w, &name, &v)) {
		if (!json_key_is(name, key))
			continue;
		*value = v;
		found = true;
	}
	return found;
}

int
json_depth(struct slice text)
{
	const char *p = text.at, *end = text.at + text.len;
	int depth = 0, most = 0;

	while (p < end) {
		char byte = *p++;

		if (byte == '"') {
			p = scan_string_end(p, end);
		} else if (byte == '{' || byte == '[') {
			if (++depth > most)
				most = depth;
		} else if (byte == '}' || byte == ']') {
			depth--;
		}
	}
	return most;
}

/* --- strings ------------------------------------------------------------- */

static unsigned
hex4(const char *p)
{
	unsigned value = 0;

	for (int i = 0; i < 4; i++) {
		unsigned char b = (unsigned char)p[i];

		value = value << 4 |
			(b <= '9' ? b - (unsigned)'0' : (b | 32u) - 'a' + 10);
	}
	return value;
}

static bool
is_low_half(unsigned unit)
{
	return unit >= 0xdc00 && unit < 0xe000;
}

/* The character of the \u escape at p, with its second half; *len bytes. A
 * lone half is given as it is. */
static uint32_t
unicode_escape(const char *p, const char *end, size_t *len)
{
	unsigned high = hex4(p + 2), low;

	*len = 6;
	if (high < 0xd800 || high >= 0xdc00 || end - p < 12 || p[6] != '\\' ||
	    p[7] != 'u')
		return high;
	low = hex4(p + 8);
	if (!is_low_half(low))
		return high;
	*len = 12;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

static char
short_escape(char letter)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *p = strchr(from, letter);

	return p ? to[p - from] : letter;
}

void
json_unescape(struct buf *out, struct slice quoted)
{
	const char *p = quoted.at + 1, *end = quoted.at + quoted.len - 1;

	/* What goes into a file grows as it comes, and needs no memory. */
	if (!out->spool)
		buf_reserve(out, quoted.len);
	while (p < end) {
		const char *q = memchr(p, '\\', (size_t)(end - p));
		size_t len = 2;

		if (!q)
			q = end;
		buf_add(out, p, (size_t)(q - p));
		if (q == end)
			break;
		if (q[1] == 'u')
			utf8_encode(out, unicode_escape(q, end, &len));
		else
			buf_add_byte(out, short_escape(q[1]));
		p = q + len;
	}
}

char *
json_text(struct arena *a, struct json string)
{
	struct buf plain = { 0 };
	char *text;

	json_unescape(&plain, string.text);
	text = arena_dup(a, buf_str(&plain), plain.len);
	buf_release(&plain);
	return text;
}

enum json_fault
json_fault(struct slice text, size_t *at)
{
	const char *p = text.at, *end = text.at + text.len;

	while ((p = memchr(p, '\\', (size_t)(end - p))) != NULL) {
		size_t len = 2;

		*at = (size_t)(p - text.at);
		if (p[1] == 'u') {
			uint32_t point = unicode_escape(p, end, &len);

			if (point == 0)
				return JSON_NUL;
			if (point >= 0xd800 && point < 0xe000)
				return JSON_LONE_SURROGATE;
		}
		p += len;
	}
	return JSON_FINE;
}

bool
json_joined(struct buf *out, struct json value)
{
	struct json_walk w;
	struct json v;

	if (value.type == JSON_STRING) {
		json_unescape(out, value.text);
		return true;
	}
	if (value.type != JSON_ARRAY)
		return false;
	for (w = json_enter(value); json_next(&w, NULL, &v);) {
		if (v.type != JSON_STRING)
			return false;
		json_unescape(out, v.text);
	}
	return true;
}

/* json.c: is this text JSON, and where not; and libcjson's tree for small
 * objects. Floor 2. It knows nothing of notebooks.
 *
 * libcjson alone would not do for a notebook: it cuts strings at \u0000, turns
 * 1.10 into 1.1 and passes over invalid UTF-8. So the text is checked here, and
 * the tree is asked only for what cnb itself wrote or interprets. */
#include "format/json.h"

#include <cjson/cJSON.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/text.h"
#include "format/json_scan.h"

#define MAX_DUPLICATES 16 /* sentences about them */

static const char *const type_names[] = {
	[JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array",
	[JSON_STRING] = "a string",  [JSON_NUMBER] = "a number",
	[JSON_TRUE] = "true",	     [JSON_FALSE] = "false",
	[JSON_NULL] = "null",
};

const char *
json_type_name(enum json_type type)
{
	return type_names[type];
}

void
json_place(struct slice text, size_t at, int *line, int *column)
{
	size_t begin = 0;
	const char *p;

	*line = 1;
	*column = 1;
	if (at > text.len)
		at = text.len;
	while (at > begin &&
	       (p = memchr(text.at + begin, '\n', at - begin)) != NULL) {
		++*line;
		begin = (size_t)(p - text.at) + 1;
	}
	for (; begin < at; begin++)
		*column += ((unsigned char)text.at[begin] & 0xc0) != 0x80;
}

/* --- the check ----------------------------------------------------------- */

/* What the grammar allows next. */
enum want {
	WANT_VALUE,
	WANT_VALUE_OR_CLOSE, /* behind [ */
	WANT_KEY,
	WANT_KEY_OR_CLOSE, /* behind { */
	WANT_COMMA_OR_CLOSE,
	WANT_NOTHING,
};

struct key {
	struct slice text; /* without quotes, escapes undone */
	const char *at;	   /* where it stands */
};

struct check {
	struct slice text;
	const char *at, *end;
	enum want want;
	int depth;
	bool is_object[JSON_MAX_DEPTH + 1]; /* by depth, from 1 */
	/* keys of all objects that are open, only if duplicates are wanted */
	struct strs *duplicates;
	struct key *keys;
	size_t nkeys;
	size_t first_key[JSON_MAX_DEPTH + 1];
	int nduplicates;
	struct arena arena;
	struct err *e;
};

static int refuse(const struct check *c, const char *at, const char *format,
		  ...) __attribute__((format(printf, 3, 4)));

static int
refuse(const struct check *c, const char *at, const char *format, ...)
{
	int line, column;
	char why[256];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	json_place(c->text, (size_t)(at - c->text.at), &line, &column);
	return err_input(c->e, "line %d, column %d: %s", line, column, why);
}

static const char *
wanted(const struct check *c)
{
	static const char *const words[] = {
		[WANT_VALUE] = "a value",
		[WANT_VALUE_OR_CLOSE] = "a value or ']'",
		[WANT_KEY] = "a key in double quotes",
		[WANT_KEY_OR_CLOSE] = "a key in double quotes or '}'",
		[WANT_NOTHING] = "nothing more",
	};

	if (c->want != WANT_COMMA_OR_CLOSE)
		return words[c->want];
	return c->is_object[c->depth] ? "',' or '}'" : "',' or ']'";
}

static int
unexpected(const struct check *c)
{
	const char *p = c->at;

	if (p == c->end)
		return refuse(c, p, "expected %s, but the text ends here",
			      wanted(c));
	if (c->want <= WANT_VALUE_OR_CLOSE &&
	    (*p == 'N' || *p == 'I' ||
	     (*p == '-' && c->end - p > 1 && p[1] == 'I')))
		return refuse(c, p, "NaN and Infinity are not JSON");
	if (c->want <= WANT_VALUE_OR_CLOSE && *p == '\'')
		return refuse(c, p, "a string needs double quotes");
	if ((c->want == WANT_KEY && *p == '}') ||
	    (c->want == WANT_VALUE && *p == ']'))
		return refuse(c, p, "a comma stands before '%c'", *p);
	return refuse(c, p, "expected %s", wanted(c));
}

static bool
hex4(const char *p, const char *end, unsigned *value)
{
	*value = 0;
	if (end - p < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		unsigned char b = (unsigned char)p[i];
		unsigned digit;

		if (b >= '0' && b <= '9')
			digit = b - (unsigned)'0';
		else if ((b | 32) >= 'a' && (b | 32) <= 'f')
			digit = (b | 32u) - 'a' + 10;
		else
			return false;
		*value = *value << 4 | digit;
	}
	return true;
}

static bool
is_short_escape(char letter)
{
	static const bool known[256] = {
		['"'] = true, ['\\'] = true, ['/'] = true, ['b'] = true,
		['f'] = true, ['n'] = true,  ['r'] = true, ['t'] = true,
	};

	return known[(unsigned char)letter];
}

/* Behind the opening quote; leaves c->at behind the closing one. */
static int
check_string(struct check *c)
{
	const char *p = c->at;
	unsigned value;

	for (;;) {
		p = scan_plain(p, c->end);
		if (p == c->end)
			return refuse(c, c->at - 1, "a string is not closed");
		if (*p == '"')
			break;
		if ((unsigned char)*p >= 0x80) {
			p = scan_utf8(p, c->end);
			if (p < c->end && (unsigned char)*p >= 0x80)
				return refuse(c, p,
					      "a byte that is not UTF-8 "
					      "(0x%02x)",
					      (unsigned char)*p);
		} else if (*p != '\\') {
			return refuse(c, p,
				      *p == '\n' || *p == '\r'
					      ? "a string is not closed in its "
						"line"
					      : "a control character in a "
						"string must be written as "
						"\\u%04x",
				      (unsigned char)*p);
		} else if (c->end - p > 1 && is_short_escape(p[1])) {
			p += 2;
		} else if (c->end - p > 1 && p[1] == 'u' &&
			   hex4(p + 2, c->end, &value)) {
			p += 6;
		} else {
			return refuse(c, p,
				      "an escape that JSON does not "
				      "have");
		}
	}
	c->at = p + 1;
	return 0;
}

static const char *
digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

static int
check_number(struct check *c)
{
	const char *p = c->at, *from;

	if (*p == '-')
		p++;
	from = p;
	p = digits(p, c->end);
	if (p == from)
		return unexpected(c);
	if (*from == '0' && p - from > 1)
		return refuse(c, c->at, "a number must not begin with 0");
	if (p < c->end && *p == '.') {
		from = ++p;
		p = digits(p, c->end);
		if (p == from)
			return refuse(c, p, "expected a digit");
	}
	if (p < c->end && (*p == 'e' || *p == 'E')) {
		p++;
		if (p < c->end && (*p == '+' || *p == '-'))
			p++;
		from = p;
		p = digits(p, c->end);
		if (p == from)
			return refuse(c, p, "expected a digit");
	}
	c->at = p;
	return 0;
}

static int
check_word(struct check *c)
{
	static const char *const words[] = { "true", "false", "null" };
	struct slice rest = { c->at, (size_t)(c->end - c->at) };

	for (size_t i = 0; i < countof(words); i++) {
		if (!slice_starts(rest, words[i]))
			continue;
		c->at += strlen(words[i]);
		return 0;
	}
	return unexpected(c);
}

static void
after_value(struct check *c)
{
	c->want = c->depth ? WANT_COMMA_OR_CLOSE : WANT_NOTHING;
}

static int
open_container(struct check *c)
{
	bool object = *c->at == '{';

	if (c->depth == JSON_MAX_DEPTH)
		return refuse(c, c->at, "nested deeper than %d levels",
			      JSON_MAX_DEPTH);
	c->depth++;
	c->is_object[c->depth] = object;
	c->first_key[c->depth] = c->nkeys;
	c->at++;
	c->want = object ? WANT_KEY_OR_CLOSE : WANT_VALUE_OR_CLOSE;
	return 0;
}

/* --- keys that stand twice ----------------------------------------------- */

static void
add_key(struct check *c, struct slice quoted)
{
	struct slice text = { quoted.at + 1, quoted.len - 2 };
	struct key *k;

	if (memchr(text.at, '\\', text.len)) {
		struct buf plain = { 0 };

		json_unescape(&plain, quoted);
		text.len = plain.len;
		text.at = arena_dup(&c->arena, buf_str(&plain), plain.len);
		buf_release(&plain);
	}
	k = mem_push(c->keys, c->nkeys);
	*k = (struct key){ text, quoted.at };
}

static void
report_duplicate(struct check *c, const struct key *k)
{
	int line, column;

	if (c->nduplicates++ >= MAX_DUPLICATES)
		return;
	json_place(c->text, (size_t)(k->at - c->text.at), &line, &column);
	strs_addf(c->duplicates,
		  "line %d, column %d: the key '%.*s' stands twice in one "
		  "object; the last one counts",
		  line, column, (int)(k->text.len < 200 ? k->text.len : 200),
		  k->text.at);
}

static int
by_text(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	size_t least = x->text.len < y->text.len ? x->text.len : y->text.len;
	int order = least ? memcmp(x->text.at, y->text.at, least) : 0;

	if (order)
		return order;
	if (x->text.len != y->text.len)
		return x->text.len < y->text.len ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* An object ends: compare its keys, in pairs if they are few. */
static void
close_keys(struct check *c)
{
	size_t n = c->nkeys - c->first_key[c->depth];
	struct key *k;

	c->nkeys -= n;
	if (n < 2)
		return;
	k = c->keys + c->nkeys;
	if (n > 12) {
		qsort(k, n, sizeof *k, by_text);
		for (size_t i = 1; i < n; i++)
			if (slice_equal(k[i - 1].text, k[i].text))
				report_duplicate(c, &k[i]);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		for (size_t other = 0; other < i; other++) {
			if (!slice_equal(k[other].text, k[i].text))
				continue;
			report_duplicate(c, &k[i]);
			break;
		}
	}
}

static void
close_container(struct check *c)
{
	if (c->duplicates && c->is_object[c->depth])
		close_keys(c);
	c->depth--;
	c->at++;
	after_value(c);
}

/* --- the check's steps --------------------------------------------------- */

static int
check_value(struct check *c)
{
	int rc;

	switch (*c->at) {
	case '{':
	case '[':
		return open_container(c);
	case ']':
		if (c->want != WANT_VALUE_OR_CLOSE)
			return unexpected(c);
		close_container(c);
		return 0;
	case '"':
		c->at++;
		rc = check_string(c);
		break;
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		rc = check_number(c);
		break;
	default:
		rc = check_word(c);
	}
	after_value(c);
	return rc;
}

static int
check_key(struct check *c)
{
	const char *from = c->at;

	if (*c->at == '}' && c->want == WANT_KEY_OR_CLOSE) {
		close_container(c);
		return 0;
	}
	if (*c->at != '"')
		return unexpected(c);
	c->at++;
	if (check_string(c))
		return -1;
	if (c->duplicates)
		add_key(c, (struct slice){ from, (size_t)(c->at - from) });
	c->at = scan_blanks(c->at, c->end);
	if (c->at == c->end || *c->at != ':')
		return refuse(c, c->at, "expected ':'");
	c->at++;
	c->want = WANT_VALUE;
	return 0;
}

static int
check_comma(struct check *c)
{
	bool object = c->is_object[c->depth];

	if (*c->at == ',') {
		c->at++;
		c->want = object ? WANT_KEY : WANT_VALUE;
		return 0;
	}
	if (*c->at != (object ? '}' : ']'))
		return unexpected(c);
	close_container(c);
	return 0;
}

static int
check_all(struct check *c)
{
	int rc = 0;

	while (!rc) {
		c->at = scan_blanks(c->at, c->end);
		if (c->at == c->end)
			return c->want == WANT_NOTHING ? 0 : unexpected(c);
		switch (c->want) {
		case WANT_VALUE:
		case WANT_VALUE_OR_CLOSE:
			rc = check_value(c);
			break;
		case WANT_KEY:
		case WANT_KEY_OR_CLOSE:
			rc = check_key(c);
			break;
		case WANT_COMMA_OR_CLOSE:
			rc = check_comma(c);
			break;
		case WANT_NOTHING:
			return refuse(c, c->at,
				      "text behind the end of the "
				      "JSON value");
		}
	}
	return rc;
}

int
json_check(struct slice text, struct json *root, struct strs *duplicates,
	   struct err *e)
{
	struct check *c = mem_alloc(1, sizeof *c);
	struct json_walk w = { text.at, text.at + text.len, false };
	int rc;

	c->text = text;
	c->at = text.at;
	c->end = text.at + text.len;
	c->duplicates = duplicates;
	c->e = e;
	rc = check_all(c);
	if (!rc && c->nduplicates > MAX_DUPLICATES)
		strs_addf(duplicates, "%d more keys stand twice in one object",
			  c->nduplicates - MAX_DUPLICATES);
	/* The root's end is known: all but blanks is one value. */
	if (!rc && json_step(&w, NULL, root)) {
		struct slice rest = { root->text.at,
				      (size_t)(w.end - root->text.at) };

		root->text.len = slice_trim(rest).len;
	}
	arena_release(&c->arena);
	free(c->keys);
	free(c);
	return rc;
}

/* --- libcjson ------------------------------------------------------------ */

struct json_tree *
json_tree_new(struct json object)
{
	return (struct json_tree *)cJSON_ParseWithLength(object.text.at,
							 object.text.len);
}

void
json_tree_free(struct json_tree *t)
{
	cJSON_Delete((cJSON *)t);
}

/* Of a key that stands twice the last one counts, as everywhere. */
static const cJSON *
member(const struct json_tree *t, const char *key)
{
	const cJSON *found = NULL, *item;

	cJSON_ArrayForEach(item,
			   (const cJSON *)t) if (item->string &&
						 !strcmp(item->string, key))
		found = item;
	return found;
}

const char *
json_tree_str(const struct json_tree *t, const char *key)
{
	const cJSON *item = member(t, key);

	return cJSON_IsString(item) ? item->valuestring : NULL;
}

int
json_tree_int(const struct json_tree *t, const char *key, int otherwise)
{
	const cJSON *item = member(t, key);

	/* also keeps out what has a fraction or does not fit */
	if (!cJSON_IsNumber(item) || item->valuedouble < INT_MIN ||
	    item->valuedouble > INT_MAX ||
	    item->valuedouble != (double)item->valueint)
		return otherwise;
	return item->valueint;
}

int64_t
json_tree_ms(const struct json_tree *t, const char *key)
{
	const cJSON *item = member(t, key);

	if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0) ||
	    item->valuedouble > (double)(INT64_MAX / 2000000))
		return -1;
	return (int64_t)(item->valuedouble * 1e6);
}

/* Where the string that begins at `at` ends, behind its quote. */
static const char *
string_end(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		if (*at == '\\' && at + 1 < end)
			at++;
	return at < end ? at + 1 : end;
}

/* cJSON_Minify() takes the quote behind "\\" for one that does not end. */
char *
json_compact(struct arena *a, struct json value)
{
	const char *at = value.text.at, *end = at + value.text.len;
	char *text = arena_dup(a, at, value.text.len), *to = text;

	while (at < end) {
		const char *next = *at == '"' ? string_end(at, end) : at + 1;

		if (!strchr(" \t\r\n", *at)) {
			memcpy(to, at, (size_t)(next - at));
			to += next - at;
		}
		at = next;
	}
	*to = '\0';
	return text;
}

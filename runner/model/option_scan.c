/* option_scan.c: the option lines at the top of a cell's text, in today's form
 * and in those of older C kernels. Floor 1. It does not know what their values
 * mean. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "base/arena.h"
#include "base/mem.h"
#include "model/option_rules.h"

/* The keys of older C kernels. `//% KEY value` is in capitals there; without
 * a colon nothing else is taken for more than a comment. */
static const struct {
	const char *key;
	enum option_key means;
	bool bare; /* also without a colon */
} legacy_keys[] = {
	{ "cflags", OPT_CFLAGS, true }, { "ldflags", OPT_LDFLAGS, true },
	{ "args", OPT_ARGS, true },	{ "cc", OPT_CC, true },
	{ "compiler", OPT_CC, false },	{ "env", OPT_ENV, false },
	{ "file", OPT_FILE, false },
};

/* Does the line, trimmed, belong to the block at the top of a cell? */
static bool
in_top_block(struct slice line)
{
	return !line.len || slice_starts(line, "//");
}

static struct slice
skip(struct slice s, size_t n)
{
	return (struct slice){ s.at + n, s.len - n };
}

/* Bytes in front of the first of `set`. */
static size_t
span_until(struct slice s, const char *set)
{
	size_t n = 0;

	while (n < s.len && !(s.at[n] && strchr(set, s.at[n])))
		n++;
	return n;
}

static void
scan_option(struct arena *a, struct slice body, struct option_text *t)
{
	size_t n = span_until(body, ":");
	struct slice key = slice_trim((struct slice){ body.at, n }), value;

	if (n == body.len) {
		/* Not `key: value`: option_apply() refuses the empty key. */
		t->key = "";
		t->value = arena_dup(a, body.at, body.len);
		return;
	}
	value = slice_trim(skip(body, n + 1));
	t->key = arena_dup(a, key.at, key.len);
	t->value = arena_dup(a, value.at, value.len);
}

static bool
same_word(struct slice word, const char *key, bool fold)
{
	return word.len == strlen(key) &&
	       (fold ? !strncasecmp(word.at, key, word.len)
		     : !memcmp(word.at, key, word.len));
}

static void
scan_legacy(struct arena *a, struct slice body, struct option_text *t)
{
	struct slice word = { body.at, span_until(body, ": \t") };
	struct slice rest = slice_trim(skip(body, word.len));
	bool colon = rest.len && rest.at[0] == ':';

	if (colon)
		rest = slice_trim(skip(rest, 1));
	t->legacy = true;
	t->value = arena_dup(a, rest.at, rest.len);
	for (size_t i = 0; i < countof(legacy_keys); i++) {
		char upper[16];
		size_t n = 0;

		for (; legacy_keys[i].key[n]; n++)
			upper[n] = (char)toupper(
				(unsigned char)legacy_keys[i].key[n]);
		upper[n] = '\0';
		if (same_word(word, upper, colon) &&
		    (colon || legacy_keys[i].bare)) {
			t->key = option_rules[legacy_keys[i].means].name;
			return;
		}
	}
	/* No key of the table has a '/': it is unknown, whatever it says. */
	t->key = arena_printf(a, "//%% %.*s", (int)word.len, word.at);
}

void
option_scan(struct arena *a, struct slice source, struct option_text **list,
	    size_t *count)
{
	for (int number = 1; source.len; number++) {
		struct slice line = slice_trim(slice_cut_line(&source)), body;
		struct option_text t = { .place = PLACE_SOURCE,
					 .line = number };

		if (!in_top_block(line))
			break;
		if (line.len < 3)
			continue;
		body = slice_trim(skip(line, 3));
		if (!body.len)
			continue;
		if (line.at[2] == '|')
			scan_option(a, body, &t);
		else if (line.at[2] == '%')
			scan_legacy(a, body, &t);
		if (t.key)
			*mem_push(*list, *count) = t;
	}
}

char *
option_blanked(struct slice source)
{
	char *text = mem_strndup(source.at, source.len), *at = text;

	while (source.len) {
		const char *start = source.at;
		struct slice line = slice_cut_line(&source);
		struct slice words = slice_trim(line);

		if (!in_top_block(words))
			break;
		if (slice_starts(words, "//|") || slice_starts(words, "//%"))
			for (size_t i = 0; i < line.len; i++)
				if (at[i] != '\r')
					at[i] = ' ';
		at += source.at - start;
	}
	return text;
}

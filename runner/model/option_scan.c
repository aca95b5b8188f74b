/* option_scan.c: the option lines at the top of a cell's text, in today's form
 * and in those of older C kernels. Floor 1. It does not know what their values
 * mean. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "base/lexer.h"
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

/* Most keys are known ones, of which there is one text. */
static const char *
known_key(struct slice key)
{
	for (enum option_key k = 0; k < OPT_COUNT; k++) {
		const char *name = option_key_name(k);

		if (strlen(name) == key.len && !memcmp(name, key.at, key.len))
			return name;
	}
	return NULL;
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
	t->key = known_key(key);
	if (!t->key)
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

/* One line, trimmed. The key is NULL if it is no option. */
static struct option_text
scan_line(struct arena *a, struct slice line, int number)
{
	struct option_text t = { .place = PLACE_SOURCE, .line = number };
	struct slice body;

	if (line.len < 3)
		return t;
	body = slice_trim(skip(line, 3));
	if (body.len && slice_starts(line, "//|"))
		scan_option(a, body, &t);
	else if (body.len && slice_starts(line, "//%"))
		scan_legacy(a, body, &t);
	return t;
}

/* The lines at the top, cut off *source; *number is of the first line left. */
static void
scan_top(struct arena *a, struct slice *source, int *number,
	 struct option_text **list, size_t *count)
{
	for (*number = 1; source->len; ++*number) {
		struct slice rest = *source;
		struct slice line = slice_trim(slice_cut_line(&rest));
		struct option_text t;

		if (!in_top_block(line))
			break;
		*source = rest;
		t = scan_line(a, line, *number);
		if (t.key && list)
			*mem_push(*list, *count) = t;
	}
}

/* What stands in comments of its own below the first line of code, with known
 * keys. */
static void
scan_below_code(struct arena *a, struct slice source, int number,
		struct option_text **list, size_t *count)
{
	struct lexer l;
	struct token t;
	bool fresh = true; /* nothing stands before it in the line */

	lexer_init(&l, source);
	l.line = number;
	while ((t = lexer_next(&l)).kind != TOK_END) {
		struct slice text = token_text(source, t);
		struct option_text o = { 0 };

		if (t.kind == TOK_COMMENT && fresh)
			o = scan_line(a, slice_trim(text), t.line);
		if (o.key && option_find(o.key) >= 0)
			*mem_push(*list, *count) = o;
		fresh = t.kind == TOK_SPACE &&
			(fresh || memchr(text.at, '\n', text.len));
	}
}

/* Below `%%word` stands no C: only what follows it at once can be for us. */
static void
scan_below_word(struct arena *a, struct slice source, int number,
		struct option_text **list, size_t *count)
{
	slice_cut_line(&source);
	while (source.len) {
		struct slice line = slice_trim(slice_cut_line(&source));
		struct option_text o = scan_line(a, line, ++number);

		if (!o.key)
			break;
		if (option_find(o.key) >= 0)
			*mem_push(*list, *count) = o;
	}
}

static bool
holds(struct slice text, const char *mark)
{
	return text.len && memmem(text.at, text.len, mark, strlen(mark));
}

void
option_scan(struct arena *a, struct slice source, struct option_text **list,
	    size_t *count)
{
	struct option_text *below = NULL;
	size_t n = 0;
	int number;

	scan_top(a, &source, &number, list, count);
	/* The older kernels read theirs wherever they stand. */
	if (holds(source, "//%") && !slice_starts(source, "%%"))
		scan_below_code(a, source, number, &below, &n);
	for (size_t i = 0; i < n; i++)
		if (below[i].legacy)
			*mem_push(*list, *count) = below[i];
	free(below);
}

void
option_scan_below(struct arena *a, struct slice source, struct strs *warnings)
{
	struct option_text *below = NULL;
	const char *what;
	bool code;
	size_t n = 0;
	int number;

	scan_top(a, &source, &number, NULL, NULL);
	code = !slice_starts(source, "%%");
	what = code ? "the first line of code"
		    : arena_printf(a, "'%.*s'",
				   (int)span_until(source, " \t\r\n"),
				   source.at);
	if (!code)
		scan_below_word(a, source, number, &below, &n);
	else if (holds(source, "//|"))
		scan_below_code(a, source, number, &below, &n);
	for (size_t i = 0; i < n; i++) {
		if (code && below[i].legacy)
			continue;
		strs_addf(warnings,
			  "option '%s' in line %d has no effect below %s; "
			  "write it above",
			  below[i].key, below[i].line, what);
	}
	free(below);
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

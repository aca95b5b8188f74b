/* option_rules.c: what each option is called, and how its value is read: one
 * table, and a function for each kind of value. Floor 1. Where options stand,
 * and which of several counts, is option.c's. */
#include "model/option_rules.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/utf8.h"
#include "model/check.h"
#include "model/mask.h"

#define REPEAT_MAX 1000000
#define SIGNAL_MAX 64

/* ---- values ---- */

static int
read_text(void *field, const struct option_text *t, struct err *e)
{
	char **text = field;

	if (!*t->value)
		return err_input(e, "it has no value");
	free(*text);
	*text = mem_strdup(t->value);
	return 0;
}

static int
read_name(void *field, const struct option_text *t, struct err *e)
{
	if (!cell_name_ok(t->value))
		return err_input(e,
				 "'%s' is no name; it begins with a letter "
				 "or '_' and goes on with letters, digits, "
				 "'_', '-' and single '.'",
				 t->value);
	return read_text(field, t, e);
}

static int
read_bool(void *field, const struct option_text *t, struct err *e)
{
	bool *value = field;

	if (strcmp(t->value, "true") != 0 && strcmp(t->value, "false") != 0)
		return err_input(e, "'%s' is neither true nor false", t->value);
	*value = t->value[0] == 't';
	return 0;
}

static int
read_capture(void *field, const struct option_text *t, struct err *e)
{
	bool *plain = field;

	if (strcmp(t->value, "plain") != 0 && strcmp(t->value, "ordered") != 0)
		return err_input(e, "'%s' is neither plain nor ordered",
				 t->value);
	*plain = t->value[0] == 'p';
	return 0;
}

static int
read_words(void *field, const struct option_text *t, struct err *e)
{
	return text_words(field, t->value, e);
}

/* Words between commas and blanks. */
static void
split_list(struct strs *words, const char *text)
{
	static const char between[] = ", \t\r\n\f\v";

	for (const char *p = text; *(p += strspn(p, between));) {
		size_t n = strcspn(p, between);

		strs_addn(words, p, n);
		p += n;
	}
}

static int
read_list(void *field, const struct option_text *t, struct err *e)
{
	(void)e;
	split_list(field, t->value);
	return 0;
}

static bool
is_env(const char *word)
{
	size_t n = 0;

	if (isdigit((unsigned char)*word))
		return false;
	while (isalnum((unsigned char)word[n]) || word[n] == '_')
		n++;
	return n > 0 && word[n] == '=';
}

static int
read_env(void *field, const struct option_text *t, struct err *e)
{
	struct strs words = { 0 };
	int rc = text_words(&words, t->value, e);

	if (rc == 0 && !words.count)
		rc = err_input(e, "it has no value; write NAME=VALUE");
	for (size_t i = 0; rc == 0 && i < words.count; i++)
		if (!is_env(words.at[i]))
			rc = err_input(e,
				       "'%s' is not NAME=VALUE (blanks in a "
				       "value want quotes)",
				       words.at[i]);
	if (rc == 0)
		strs_add_all(field, &words);
	strs_release(&words);
	return rc;
}

int
option_sanitizers(struct strs *list, const char *text, struct err *e)
{
	static const char *const known[] = { "address", "undefined", "thread",
					     "leak", "none" };
	struct strs words = { 0 };
	int rc = 0;

	split_list(&words, text);
	if (!words.count)
		rc = err_input(e, "it has no value");
	for (size_t i = 0; rc == 0 && i < words.count; i++) {
		size_t k = 0;

		while (k < countof(known) && strcmp(known[k], words.at[i]) != 0)
			k++;
		if (k == countof(known))
			rc = err_input(e,
				       "unknown sanitizer '%s'; known are "
				       "address, undefined, thread, leak, none",
				       words.at[i]);
		else if (!strs_has(list, known[k]))
			strs_add(list, known[k]);
	}
	strs_release(&words);
	return rc;
}

static int
read_sanitize(void *field, const struct option_text *t, struct err *e)
{
	return option_sanitizers(field, t->value, e);
}

static int
read_line(void *field, const struct option_text *t, struct err *e)
{
	if (!*t->value)
		return err_input(e, "it has no value");
	strs_add(field, t->value);
	return 0;
}

static int
read_duration(void *field, const struct option_text *t, struct err *e)
{
	return text_duration(t->value, field, e);
}

/* A whole number of decimal digits in [min, max]; -1: it is none. */
static int
whole_number(const char *text, int min, int max)
{
	long value = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text))
			return -1;
		value = value * 10 + (*text - '0');
		if (value > max)
			return -1;
	}
	return value < min ? -1 : (int)value;
}

static int
read_repeat(void *field, const struct option_text *t, struct err *e)
{
	int n = whole_number(t->value, 1, REPEAT_MAX);

	if (n < 0)
		return err_input(e, "'%s' is no number of times; write 1 to %d",
				 t->value, REPEAT_MAX);
	*(int *)field = n;
	return 0;
}

/* "SIGSEGV", "SEGV" or "11"; -1: no signal. */
static int
signal_number(const char *text)
{
	const char *bare = strncmp(text, "SIG", 3) ? text : text + 3;

	for (int i = 1; i <= SIGNAL_MAX; i++) {
		const char *name = sigabbrev_np(i);

		if (name && !strcmp(name, bare))
			return i;
	}
	return whole_number(text, 1, SIGNAL_MAX);
}

static int
read_expect(void *field, const struct option_text *t, struct err *e)
{
	struct expectation x = { EXPECT_NONE, 0 };
	const char *v = t->value;

	if (!strcmp(v, "timeout")) {
		x.kind = EXPECT_TIMEOUT;
	} else if (!strcmp(v, "build-error")) {
		x.kind = EXPECT_BUILD_ERROR;
	} else if (!strcmp(v, "sanitizer")) {
		x.kind = EXPECT_SANITIZER;
	} else if (!strncmp(v, "exit=", 5)) {
		x.kind = EXPECT_EXIT;
		x.number = whole_number(v + 5, 0, 255);
	} else if (!strncmp(v, "signal=", 7)) {
		x.kind = EXPECT_SIGNAL;
		x.number = signal_number(v + 7);
	}
	if (x.kind == EXPECT_EXIT && x.number < 0)
		return err_input(e,
				 "'%s' cannot be expected: an exit status is 0 "
				 "to 255 (255 is that of -1)",
				 v);
	if (x.kind == EXPECT_NONE || x.number < 0)
		return err_input(e,
				 "'%s' cannot be expected; write exit=3, "
				 "signal=SIGSEGV, timeout, build-error or "
				 "sanitizer",
				 v);
	*(struct expectation *)field = x;
	return 0;
}

/* The fields below are of several members: they get all of *o. */

static int
read_use(void *all, const struct option_text *t, struct err *e)
{
	struct cell_options *o = all;
	const char *slash = strrchr(t->value, '/');

	if (!slash || slash == t->value || !cell_name_ok(slash + 1))
		return err_input(e,
				 "'%s' is not of the form plugin/cell, as "
				 "threads/join",
				 t->value);
	free(o->use_plugin);
	free(o->use_cell);
	o->use_plugin = mem_strndup(t->value, (size_t)(slash - t->value));
	o->use_cell = mem_strdup(slash + 1);
	return 0;
}

static int
read_needs(void *all, const struct option_text *t, struct err *e)
{
	struct cell_options *o = all;
	struct strs names = { 0 };
	int rc = 0;

	split_list(&names, t->value);
	if (!names.count)
		rc = err_input(e, "it has no value; write names of cells, or "
				  "none");
	else if (names.count > 1 && strs_has(&names, "none"))
		rc = err_input(e, "'none' stands alone");
	if (rc == 0) {
		/* "none" also takes back what a weaker place asked for. */
		if (!strcmp(names.at[0], "none"))
			strs_release(&o->needs);
		else
			strs_add_all(&o->needs, &names);
		o->needs_given = true;
	}
	strs_release(&names);
	return rc;
}

/* Four hexadecimal digits; -1: they are none. */
static int
hex4(const char *p)
{
	int value = 0;

	for (int i = 0; i < 4; i++) {
		if (!isxdigit((unsigned char)p[i]))
			return -1;
		value = value * 16 + (isdigit((unsigned char)p[i])
					      ? p[i] - '0'
					      : (p[i] | 32) - 'a' + 10);
	}
	return value;
}

/* `\uXXXX` at *at (which stands on the u), a surrogate pair if there is one;
 * leaves *at on the last digit. */
static int
json_unicode(const char **at, struct buf *out)
{
	int high = hex4(*at + 1), low;

	if (high <= 0)
		return -1;
	*at += 4;
	if (high >= 0xd800 && high < 0xdc00 && (*at)[1] == '\\' &&
	    (*at)[2] == 'u') {
		low = hex4(*at + 3);
		if (low >= 0xdc00 && low < 0xe000) {
			*at += 6;
			high = 0x10000 + ((high - 0xd800) << 10) +
			       (low - 0xdc00);
		}
	}
	utf8_encode(out, (uint32_t)high);
	return 0;
}

/* A JSON string (RFC 8259, 7) from its first quote to its last. */
static int
json_string(const char *text, struct buf *out)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *p = text + 1, *letter;

	for (; *p != '"'; p++) {
		if (!*p)
			return -1;
		if (*p != '\\') {
			buf_add_byte(out, *p);
			continue;
		}
		p++;
		if (*p == 'u') {
			if (json_unicode(&p, out) < 0)
				return -1;
		} else if (*p && (letter = strchr(letters, *p))) {
			buf_add_byte(out, meant[letter - letters]);
		} else {
			return -1;
		}
	}
	return p[1] ? -1 : 0;
}

/* Text that may be a JSON string. */
static int
read_string(struct buf *text, const struct option_text *t, struct err *e)
{
	/* In metadata the reader of the notebook has taken the quotes off. */
	if (t->place != PLACE_SOURCE || t->value[0] != '"') {
		buf_add_str(text, t->value);
		return 0;
	}
	if (json_string(t->value, text) == 0)
		return 0;
	buf_release(text);
	return err_input(e,
			 "%s is no JSON string (\"...\" with \\n, \\t, \\\", "
			 "\\\\, \\u0041; no \\u0000)",
			 t->value);
}

static int
read_accept(void *field, const struct option_text *t, struct err *e)
{
	struct buf text = { 0 };

	if (read_string(&text, t, e) < 0)
		return -1;
	strs_add(field, buf_str(&text));
	buf_release(&text);
	return 0;
}

static int
read_check(void *field, const struct option_text *t, struct err *e)
{
	struct check_rules unused = { .tolerance = 0 };
	struct strs words = { 0 };
	int rc = text_words(&words, t->value, e);

	for (size_t i = 0; rc == 0 && i < words.count; i++)
		rc = check_rule(&unused, words.at[i], e);
	if (rc == 0)
		strs_add_all(field, &words);
	strs_release(&words);
	return rc;
}

static int
read_mask(void *field, const struct option_text *t, struct err *e)
{
	struct masks unused = { 0 };
	int rc = masks_add(&unused, t->value, e);

	masks_release(&unused);
	if (rc == 0)
		strs_add(field, t->value);
	return rc;
}

static int
read_stdin(void *all, const struct option_text *t, struct err *e)
{
	struct cell_options *o = all;
	struct buf text = { 0 };

	if (read_string(&text, t, e) < 0)
		return -1;
	if (t->value[0] == '@' && !t->value[1]) {
		buf_release(&text);
		return err_input(e, "'@' wants the name of a file behind it");
	}
	free(o->stdin_text);
	free(o->stdin_file);
	o->stdin_text = o->stdin_file = NULL;
	if (t->value[0] == '@')
		o->stdin_file = mem_strdup(t->value + 1);
	else
		o->stdin_text = mem_strdup(buf_str(&text));
	buf_release(&text);
	return 0;
}

/* ---- the table ---- */

#define FIELD(member) offsetof(struct cell_options, member)
#define WHOLE 0 /* the reader gets all of struct cell_options */

const struct option_rule option_rules[OPT_COUNT] = {
	[OPT_NAME] = { "name", "the cell's name", false, FIELD(name),
		       read_name },
	[OPT_TAGS] = { "tags", "tags, beside Jupyter's own", true, FIELD(tags),
		       read_list },
	[OPT_USE] = { "use", "run a cell of a plugin's table: plugin/cell",
		      false, WHOLE, read_use },
	[OPT_PLAIN] = { "plain", "true: nothing of ours in a program cell",
			false, FIELD(plain), read_bool },
	[OPT_ARGS] = { "args", "arguments, with quotes as in a shell", true,
		       FIELD(args), read_words },
	[OPT_STDIN] = { "stdin", "standard input: a JSON string, or @file",
			false, WHOLE, read_stdin },
	[OPT_ENV] = { "env", "NAME=VALUE, added to the environment", true,
		      FIELD(env), read_env },
	[OPT_NEEDS] = { "needs", "cells that must have run before, or none",
			true, WHOLE, read_needs },
	[OPT_TIMEOUT] = { "timeout", "wall-clock limit: 500ms, 10s, 2m", false,
			  FIELD(timeout_ms), read_duration },
	[OPT_CC] = { "cc", "the compiler: a path, or a name in PATH", false,
		     FIELD(cc), read_text },
	[OPT_CFLAGS] = { "cflags", "words for the compiler", true,
			 FIELD(cflags), read_words },
	[OPT_LDFLAGS] = { "ldflags", "words for the linker", true,
			  FIELD(ldflags), read_words },
	[OPT_LIBS] = { "libs", "packages that pkg-config knows", true,
		       FIELD(libs), read_words },
	[OPT_SANITIZE] = { "sanitize", "address, undefined, thread, leak; none",
			   true, FIELD(sanitize), read_sanitize },
	[OPT_FILE] = { "file", "save the cell's text under this name", false,
		       FIELD(file), read_text },
	[OPT_RUN] = { "run", "a shell command instead of build and run", true,
		      FIELD(run), read_line },
	[OPT_BACKGROUND] = { "background", "true: go on while later cells run",
			     false, FIELD(background), read_bool },
	[OPT_EXPECT] = { "expect",
			 "exit=N, signal=NAME, timeout, build-error "
			 "or sanitizer must happen",
			 false, FIELD(expect), read_expect },
	[OPT_TIMELINE] = { "timeline",
			   "true: record when and by whom each "
			   "write was made",
			   false, FIELD(timeline), read_bool },
	[OPT_CAPTURE] = { "capture",
			  "ordered, or plain: no filter on its system calls",
			  false, FIELD(capture_plain), read_capture },
	[OPT_REPEAT] = { "repeat", "run it N times from the same state", false,
			 FIELD(repeat), read_repeat },
	[OPT_CHECK] = { "check",
			"how cnb check compares: ignore, unordered, "
			"tolerance=1e-6, exact",
			true, FIELD(check), read_check },
	[OPT_MASK] = { "mask",
		       "a regular expression for what differs in every run",
		       true, FIELD(mask), read_mask },
	[OPT_ACCEPT] = { "accept", "an output that is right too, a JSON string",
			 true, FIELD(accept), read_accept },
};

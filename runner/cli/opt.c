/* opt.c: reads command lines by a table, and writes the table as help.
 * Floor 6. It knows no command and prints nothing. */
#include "cli/opt.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/utf8.h"

#define HELP_COLUMN 26 /* where the explanation stands */
#define HELP_WIDTH 79

static const struct opt help_opt = { 'h', "help", NULL, "show this help" };

static const struct opt *
find_short(const struct opt *opts, char name)
{
	for (; opts->long_name; opts++)
		if (opts->short_name == name)
			return opts;
	return name == help_opt.short_name ? &help_opt : NULL;
}

static const struct opt *
find_long(const struct opt *opts, struct slice name)
{
	for (; opts->long_name; opts++)
		if (slice_is(name, opts->long_name))
			return opts;
	return slice_is(name, help_opt.long_name) ? &help_opt : NULL;
}

static int
unknown_long(const struct opt *opts, struct slice name, struct err *e)
{
	struct buf given = { 0 };
	const char *names[64], *nearest;
	size_t n = 0;

	names[n++] = help_opt.long_name;
	for (; opts->long_name && n < countof(names); opts++)
		if (opts->type != ARG_REFUSED)
			names[n++] = opts->long_name;
	buf_add_slice(&given, name);
	nearest = text_nearest(buf_str(&given), names, n);
	if (nearest)
		err_input(e, "unknown option '--%s'; did you mean '--%s'?",
			  buf_str(&given), nearest);
	else
		err_input(e, "unknown option '--%s'", buf_str(&given));
	buf_release(&given);
	return -1;
}

/* A single dash before a long name (`-timeout`) is the usual slip. */
static int
unknown_short(const struct opt *opts, const char *word, char name,
	      struct err *e)
{
	struct slice rest = slice_of(word + 1);
	const char *equals = memchr(rest.at, '=', rest.len);

	if (equals)
		rest.len = (size_t)(equals - rest.at);
	if (rest.len > 1 && find_long(opts, rest))
		return err_input(e, "unknown option '%s'; did you mean '-%s'?",
				 word, word);
	if (name >= '0' && name <= '9' && find_short(opts, 'c'))
		return err_input(e,
				 "unknown option '%s'; a cell counted from "
				 "the end is written: -c %s",
				 word, word);
	/* A byte of a longer character is not shown alone. */
	if ((unsigned char)name >= 0x80)
		return err_input(e, "unknown option '%s'", word);
	return err_input(e, "unknown option '-%c'", name);
}

static int
choose(const struct opt *opt, const char *value, int *target, struct err *e)
{
	struct buf words = { 0 };
	const char *nearest;
	size_t n;

	for (n = 0; opt->choices[n]; n++) {
		if (!strcmp(opt->choices[n], value)) {
			*target = (int)n;
			buf_release(&words);
			return 0;
		}
		buf_addf(&words, "%s%s", n ? ", " : "", opt->choices[n]);
	}
	nearest = text_nearest(value, opt->choices, n);
	if (nearest)
		err_input(e, "unknown %s '%s'; did you mean '%s'?", opt->arg,
			  value, nearest);
	else
		err_input(e, "unknown %s '%s': it is one of %s", opt->arg,
			  value, buf_str(&words));
	buf_release(&words);
	return -1;
}

#define COUNT_MOST 1000000

static int
count(const struct opt *opt, const char *value, int64_t *target, struct err *e)
{
	int least = opt->least ? opt->least : 1;
	char *end;
	long n = strtol(value, &end, 10);

	if (end == value || *end || n < least || n > COUNT_MOST)
		return err_input(e, "'%s' is no whole number from %d to %d",
				 value, least, COUNT_MOST);
	*target = n;
	return 0;
}

/* `value` is NULL for a flag. */
static int
store(const struct opt *opt, const char *value, void *target, struct err *e)
{
	void *at = (char *)target + opt->offset;
	int failed = 0;

	switch (opt->type) {
	case ARG_FLAG:
		*(bool *)at = true;
		break;
	case ARG_STRING:
		*(const char **)at = value;
		break;
	case ARG_STRINGS:
		strs_add(at, value);
		break;
	case ARG_DURATION:
		failed = text_duration(value, at, e);
		break;
	case ARG_SIZE:
		failed = text_size(value, at, e);
		break;
	case ARG_COUNT:
		failed = count(opt, value, at, e);
		break;
	case ARG_CHOICE:
		failed = choose(opt, value, at, e);
		break;
	case ARG_REFUSED:
		return err_input(e, "no option '--%s' here: %s", opt->long_name,
				 opt->help);
	}
	return failed ? err_prefix(e, "option '--%s': ", opt->long_name) : 0;
}

/* The walk over argv: where it is, and what it fills. */
struct parse {
	const struct opt *opts;
	void *target;
	char **next, **end; /* the words not yet read */
	bool help;
};

/* An option was met as `shown`; its argument is `value`, or the next word. */
static int
take(struct parse *p, const struct opt *opt, const char *shown,
     const char *value, struct err *e)
{
	if (opt == &help_opt) {
		p->help = true;
		return 0;
	}
	if (opt->type == ARG_REFUSED)
		return store(opt, NULL, p->target, e);
	if (opt->arg && !value && p->next == p->end)
		return err_input(e, "option '%s' needs an argument: %s %s",
				 shown, shown, opt->arg);
	if (opt->arg && !value)
		value = *p->next++;
	return store(opt, opt->arg ? value : NULL, p->target, e);
}

static int
parse_long(struct parse *p, const char *word, struct err *e)
{
	const char *equals = strchr(word, '=');
	struct slice name = { word + 2, equals ? (size_t)(equals - word) - 2
					       : strlen(word) - 2 };
	const struct opt *opt = find_long(p->opts, name);
	char shown[80];

	if (!opt)
		return unknown_long(p->opts, name, e);
	snprintf(shown, sizeof shown, "--%s", opt->long_name);
	if (equals && !opt->arg)
		return err_input(e, "option '%s' takes no argument", shown);
	return take(p, opt, shown, equals ? equals + 1 : NULL, e);
}

/* -x, -xyz as -x -y -z, -oFILE. */
static int
parse_short(struct parse *p, const char *word, struct err *e)
{
	for (const char *c = word + 1; *c; c++) {
		const struct opt *opt = find_short(p->opts, *c);
		char shown[] = { '-', *c, '\0' };

		if (!opt)
			return unknown_short(p->opts, word, *c, e);
		if (opt->arg)
			return take(p, opt, shown, c[1] ? c + 1 : NULL, e);
		if (take(p, opt, shown, NULL, e) < 0)
			return -1;
	}
	return 0;
}

int
opt_parse(const struct opt *opts, void *target, int argc, char **argv,
	  struct strs *operands, struct err *e)
{
	struct parse p = { opts, target, argv + 1, argv + argc, false };
	bool options = true;

	while (p.next < p.end) {
		const char *word = *p.next++;
		int failed = 0;

		if (!options || word[0] != '-' || !word[1])
			strs_add(operands, word);
		else if (!strcmp(word, "--"))
			options = false;
		else if (word[1] == '-')
			failed = parse_long(&p, word, e);
		else
			failed = parse_short(&p, word, e);
		/* Who asks for help gets it, whatever else is wrong. */
		if (p.help)
			return 1;
		if (failed)
			return -1;
	}
	return 0;
}

void
opt_wrap(struct buf *out, const char *text, size_t at, size_t indent)
{
	bool first = true;

	while (*text) {
		size_t len = strcspn(text, " ");
		size_t columns = utf8_columns(text, len);

		if (!first && at + 1 + columns > HELP_WIDTH) {
			buf_addf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			buf_add_byte(out, ' ');
			at++;
		}
		buf_add(out, text, len);
		at += columns;
		first = false;
		text += len;
		text += strspn(text, " ");
	}
	buf_add_byte(out, '\n');
}

static void
help_line(struct buf *out, const struct opt *opt)
{
	size_t start = out->len, width;

	if (opt->short_name)
		buf_addf(out, "  -%c, ", opt->short_name);
	else
		buf_addf(out, "      ");
	buf_addf(out, "--%s", opt->long_name);
	if (opt->arg)
		buf_addf(out, " %s", opt->arg);
	width = out->len - start;
	if (width + 2 > HELP_COLUMN) {
		buf_add_byte(out, '\n');
		width = 0;
	}
	buf_addf(out, "%*s", (int)(HELP_COLUMN - width), "");
	opt_wrap(out, opt->help, HELP_COLUMN, HELP_COLUMN);
}

void
opt_help(struct buf *out, const struct opt *opts)
{
	for (; opts->long_name; opts++)
		if (opts->type != ARG_REFUSED)
			help_line(out, opts);
	help_line(out, &help_opt);
}

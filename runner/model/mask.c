/* mask.c: masks over lines of output. Floor 1. The usual ones are in a table;
 * they rather miss an odd notation than hide a result. */
#include "model/mask.h"

#include <regex.h>
#include <stdlib.h>
#include "base/mem.h"

#define GROUPS 10
#define NESTED 32		 /* groups in each other */
#define WRITTEN_OUT 20000	 /* signs, once repetitions are written out */
#define GROWS_FREELY (64u << 10) /* bytes of a line */

struct mask {
	regex_t regex;
	char *instead; /* with \1...\9 */
};

#define NUMBER "[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?"
#define CLOCK "[0-9]{1,2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?"
#define ZONE "( ?(Z\\b|UTC|GMT|[-+][0-9]{2}:?[0-9]{2}\\b))?"

static const struct {
	const char *regex, *instead;
	int flags;
} usual[] = {
	{ "/(tmp|var/tmp|dev/shm|run/user/[0-9]+)/[^][:space:]\"'<>(),;:`]+",
	  "<path>", 0 },
	{ "\\b0x[0-9a-fA-F]{5,16}\\b", "<address>", 0 },
	{ "\\b[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]" CLOCK ZONE ")?", "<time>", 0 },
	{ "\\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? +"
	  "([0-9]{1,2} +)?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
	  "[a-z]* +([0-9]{4}|[0-9]{1,2})( +" CLOCK ")?( +[A-Z]{3,4})?"
	  "( +[0-9]{4})?",
	  "<time>", 0 },
	{ "\\b" CLOCK ZONE, "<time>", 0 },
	/* seconds since 1970, in this third of a century */
	{ "\\b1[6-9][0-9]{8}(\\.[0-9]+)?\\b", "<time>", 0 },
	{ "\\b" NUMBER " ?(ns|us|\u00b5s|\u03bcs|usec|ms|msec|s|secs?|seconds?|"
	  "milliseconds?|microseconds?|nanoseconds?|min|minutes?|hours?)\\b",
	  "<duration>", 0 },
	{ "\\b((p|pp|t|pg|s|l)id|pgrp|lwp|get(p|pp|t)id\\(\\))"
	  "( is | was |[]: =#('\")]*)[0-9]+",
	  "\\1\\4<id>", REG_ICASE },
	{ "\\b(process|child|parent|daemon|pthread_self\\(\\)|thread)"
	  "( id)?( is | was |[]: =#('\")]*)[0-9]{3,}",
	  "\\1\\2\\3<id>", REG_ICASE },
};

void
masks_init(struct masks *m)
{
	*m = (struct masks){ 0 };
}

void
masks_release(struct masks *m)
{
	for (size_t i = 0; i < m->count; i++) {
		regfree(&m->at[i].regex);
		free(m->at[i].instead);
	}
	free(m->at);
	masks_init(m);
}

/* \d is what most people write. */
static void
translate(struct buf *out, struct slice regex)
{
	bool in_set = false;

	for (size_t i = 0; i < regex.len; i++) {
		char c = regex.at[i];

		if (c == '\\' && i + 1 < regex.len && !in_set) {
			char next = regex.at[++i];

			if (next == 'd')
				buf_add_str(out, "[0-9]");
			else if (next == 'D')
				buf_add_str(out, "[^0-9]");
			else
				buf_addf(out, "\\%c", next);
			continue;
		}
		if (c == '[' && !in_set) {
			in_set = true;
			buf_add_byte(out, c);
			/* a bracket that comes first is one of the set */
			if (i + 1 < regex.len && regex.at[i + 1] == '^')
				buf_add_byte(out, regex.at[++i]);
			if (i + 1 < regex.len && regex.at[i + 1] == ']')
				buf_add_byte(out, regex.at[++i]);
			continue;
		}
		if (c == ']')
			in_set = false;
		buf_add_byte(out, c);
	}
}

/* A repetition, "{2,5}" too, cut off the front: how often what stands before it
 * is written out; 0: it is none. */
static size_t
repetition(const char **at)
{
	char *end;
	unsigned long least, most;

	if (**at != '{') {
		char c = *(*at)++;

		if (c == '+')
			return 2;
		if (c == '*' || c == '?')
			return 1;
		(*at)--;
		return 0;
	}
	least = strtoul(*at + 1, &end, 10);
	most = *end == ',' ? strtoul(end + 1, &end, 10) : 0;
	if (*end != '}')
		return 0;
	*at = end + 1;
	return 1 + (least > most ? least : most);
}

/* The C library writes out what is repeated, and goes down into groups: a few
 * signs can ask for all memory, or for all of the stack. */
static bool
is_too_much(const char *at)
{
	size_t sum[NESTED] = { 0 }, last = 0, times;
	int depth = 0;

	while (*at) {
		if ((times = repetition(&at))) {
			if (times > WRITTEN_OUT)
				return true;
			sum[depth] += last * (times - 1);
			last *= times;
		} else if (*at == '(') {
			at++;
			if (++depth == NESTED)
				return true;
			last = sum[depth] = 0;
		} else if (*at == ')' && depth) {
			at++;
			last = sum[depth--] + 1;
			sum[depth] += last;
		} else {
			at += at[0] == '\\' && at[1] ? 2 : 1;
			last = 1;
			sum[depth]++;
		}
		if (sum[depth] > WRITTEN_OUT)
			return true;
	}
	return false;
}

static int
add(struct masks *m, struct slice regex, const char *instead, int flags,
    struct err *e)
{
	struct mask mask = { .instead = NULL };
	struct buf text = { 0 };
	char why[200];
	int rc;

	translate(&text, regex);
	if (is_too_much(buf_str(&text))) {
		buf_release(&text);
		return err_input(e,
				 "'%.*s' is too large for a regular expression",
				 (int)regex.len, regex.at);
	}
	rc = regcomp(&mask.regex, buf_str(&text), REG_EXTENDED | flags);
	buf_release(&text);
	if (rc) {
		regerror(rc, &mask.regex, why, sizeof why);
		return err_input(e, "'%.*s' is no regular expression: %s",
				 (int)regex.len, regex.at, why);
	}
	mask.instead = mem_strdup(instead);
	*mem_push(m->at, m->count) = mask;
	return 0;
}

/* s/EXPRESSION/TEXT/, an escaped delimiter in it counts as itself. */
static bool
is_substitution(const char *text)
{
	char mark = text[0] ? text[1] : '\0';

	return text[0] == 's' && mark && strchr("/|,#!@%:", mark) &&
	       strchr(text + 2, mark);
}

static const char *
read_part(const char *p, char mark, struct buf *part)
{
	for (; *p && *p != mark; p++) {
		if (*p == '\\' && p[1] == mark)
			p++;
		buf_add_byte(part, *p);
	}
	return *p ? p + 1 : p;
}

int
masks_add(struct masks *m, const char *text, struct err *e)
{
	struct buf regex = { 0 }, instead = { 0 };
	const char *p;
	int rc;

	if (!*text)
		return err_input(e, "an empty mask");
	if (!is_substitution(text))
		return add(m, slice_of(text), "<masked>", 0, e);
	p = read_part(text + 2, text[1], &regex);
	p = read_part(p, text[1], &instead);
	/* All places are replaced, with or without sed's `g`. */
	if (*p && strcmp(p, "g") != 0)
		rc = err_input(e, "'%s' at the end of '%s' is not known", p,
			       text);
	else
		rc = add(m, buf_slice(&regex), buf_str(&instead), 0, e);
	buf_release(&regex);
	buf_release(&instead);
	return rc;
}

void
masks_add_usual(struct masks *m)
{
	struct err e;

	for (size_t i = 0; i < countof(usual); i++)
		if (add(m, slice_of(usual[i].regex), usual[i].instead,
			usual[i].flags, &e) < 0)
			abort(); /* they are our own */
}

/* --- applying them -------------------------------------------------------- */

static void
put_instead(struct buf *out, const struct mask *mask, const char *text,
	    const regmatch_t groups[GROUPS], size_t most)
{
	for (const char *p = mask->instead; *p && out->len < most; p++) {
		int group = *p == '&' ? 0 : -1;

		if (*p == '\\' && p[1] >= '1' && p[1] <= '9')
			group = *++p - '0';
		else if (*p == '\\' && p[1])
			p++;
		if (group < 0)
			buf_add_byte(out, *p);
		else if (groups[group].rm_so >= 0)
			buf_add(out, text + groups[group].rm_so,
				(size_t)(groups[group].rm_eo -
					 groups[group].rm_so));
	}
}

/* How long a line of so many bytes may become: an expression that matches
 * between any two of them makes it ten times as long, and the next does. */
static size_t
longest(size_t len)
{
	return GROWS_FREELY + 4 * len;
}

/* As sed does: an empty match is none where another has just ended. */
static void
apply_one(const struct mask *mask, struct slice text, size_t most,
	  struct buf *out)
{
	regmatch_t groups[GROUPS];
	regoff_t ended = -1;
	size_t at = 0, copied = 0;

	while (at <= text.len && out->len < most) {
		/* The C library need not look for the end each time. */
		groups[0] = (regmatch_t){ (regoff_t)at, (regoff_t)text.len };
		if (regexec(&mask->regex, text.at, GROUPS, groups,
			    REG_STARTEND | (at ? REG_NOTBOL : 0)) != 0)
			break;
		at = (size_t)groups[0].rm_eo;
		if (groups[0].rm_so == ended && groups[0].rm_eo == ended) {
			at++;
			continue;
		}
		buf_add(out, text.at + copied,
			(size_t)groups[0].rm_so - copied);
		put_instead(out, mask, text.at, groups, most);
		copied = at;
		ended = groups[0].rm_eo;
	}
	buf_add(out, text.at + copied, text.len - copied);
}

/* Does it put something there wherever it matches? */
static bool
puts_text(const char *instead)
{
	for (; *instead; instead++) {
		if (*instead == '\\' && instead[1] >= '1' && instead[1] <= '9')
			instead++;
		else if (*instead != '&')
			return true;
	}
	return false;
}

bool
masks_may_erase(const struct masks *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (!puts_text(m->at[i].instead))
			return true;
	return false;
}

void
masks_apply(const struct masks *m, struct slice line, struct buf *out)
{
	struct buf text = { 0 }, next = { 0 };

	/* regexec() ends at a NUL; one in the text goes */
	for (size_t i = 0; i < line.len; i++)
		if (line.at[i])
			buf_add_byte(&text, line.at[i]);
	for (size_t i = 0; i < m->count; i++) {
		struct buf swap = text;

		buf_clear(&next);
		apply_one(&m->at[i], (struct slice){ buf_str(&text), text.len },
			  longest(line.len), &next);
		text = next;
		next = swap;
	}
	buf_add_slice(out, buf_slice(&text));
	buf_release(&text);
	buf_release(&next);
}

/* diag.c: a compiler's messages, read and drawn again. Floor 2. It knows the
 * shapes in which gcc, clang, tcc and the linkers bfd, gold and lld write, and
 * nothing of how they were called. */
#include "build/diag.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

/* A longer line is shown as a window around the column. */
#define EXCERPT_MAX 240
#define EXCERPT_BEFORE 100

static const char *const severity_names[DIAG_COUNT] = {
	[DIAG_PLAIN] = "",
	[DIAG_NOTE] = "note",
	[DIAG_WARNING] = "warning",
	[DIAG_ERROR] = "error",
	[DIAG_FATAL] = "fatal error",
};

static void
diag_release(struct diag *d)
{
	free(d->file);
	free(d->text);
}

void
diags_release(struct diags *d)
{
	for (size_t i = 0; i < d->count; i++)
		diag_release(&d->at[i]);
	free(d->at);
	*d = (struct diags){ 0 };
}

size_t
diags_errors(const struct diags *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->count; i++)
		n += d->at[i].severity >= DIAG_ERROR;
	return n;
}

/* ---- lines ---- */

/* Cut the first line off *rest, its line end excluded. */
static struct slice
cut_line(struct slice *rest)
{
	struct slice line = slice_cut_line(rest);

	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* The n-th line of a text, from 1; false if it has fewer. */
static bool
find_line(struct slice text, int n, struct slice *line)
{
	while (text.len) {
		*line = cut_line(&text);
		if (--n == 0)
			return true;
	}
	return false;
}

/* Where `part` stands in s, or NULL. */
static const char *
find(struct slice s, const char *part)
{
	return s.len ? memmem(s.at, s.len, part, strlen(part)) : NULL;
}

static bool
slice_ends(struct slice s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.len >= n && !memcmp(s.at + s.len - n, suffix, n);
}

/* gcc quotes with U+2018 and U+2019 where the character set has them, clang
 * with ASCII: one form for both. */
static void
add_with_plain_quotes(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.len - i >= 3 && !memcmp(s.at + i, "\xe2\x80", 2) &&
		    (s.at[i + 2] == '\x98' || s.at[i + 2] == '\x99')) {
			buf_add_byte(out, '\'');
			i += 2;
		} else {
			buf_add_byte(out, s.at[i]);
		}
	}
}

/* ---- scratch names become labels ---- */

static const char *
shown_name(const struct diag_source *s)
{
	return s->shown ? s->shown : s->label;
}

static const struct diag_source *
source_named(const struct diag_context *c, struct slice file)
{
	for (size_t i = 0; i < c->nsources; i++)
		if (slice_is(file, shown_name(&c->sources[i])))
			return &c->sources[i];
	return NULL;
}

/* Length of the path at the front of s, as far as a linker's message tells. */
static size_t
path_length(struct slice s)
{
	size_t n = 0;

	while (n < s.len && !strchr(" \t:()'`\",;>", s.at[n]))
		n++;
	return n;
}

/* The compiler's own object: in a folder for temporary files, and gone. */
static bool
is_scratch_object(struct slice path)
{
	char *copy;
	bool gone;

	if (path.len < 3 || path.at[0] != '/' || !slice_ends(path, ".o"))
		return false;
	copy = mem_strndup(path.at, path.len);
	gone = access(copy, F_OK) < 0;
	free(copy);
	return gone;
}

/* The source whose label stands at the front of s, the work directory before
 * it or not; *len: how much of s that is. */
static const struct diag_source *
label_at(const struct diag_context *c, struct slice s, size_t *len)
{
	size_t dir = c->workdir ? strlen(c->workdir) : 0;
	struct slice inner = s;

	if (dir && s.len > dir && slice_starts(s, c->workdir) &&
	    s.at[dir] == '/') {
		inner.at += dir + 1;
		inner.len -= dir + 1;
	}
	for (size_t i = 0; i < c->nsources; i++) {
		const char *label = c->sources[i].label;
		struct slice from = *label == '/' ? s : inner;

		*len = (size_t)(from.at - s.at) + strlen(label);
		if (slice_starts(from, label) && *len < s.len &&
		    s.at[*len] == ':')
			return &c->sources[i];
	}
	return NULL;
}

/* Append a line with labels as they are shown, the work directory in front of
 * them left out, and scratch objects named by the first label. */
static void
add_scrubbed(struct buf *out, const struct diag_context *c, struct slice line)
{
	for (size_t i = 0; i < line.len;) {
		struct slice rest = { line.at + i, line.len - i };
		const struct diag_source *source;
		size_t n;

		source = label_at(c, rest, &n);
		if (!source) {
			n = path_length(rest);
			if (c->nsources &&
			    is_scratch_object((struct slice){ rest.at, n }))
				source = &c->sources[0];
		}
		if (!n)
			n = 1;
		if (source)
			buf_add_str(out, shown_name(source));
		else
			buf_add(out, rest.at, n);
		i += n;
	}
}

/* ---- parsing ---- */

/* Take ":DIGITS" off the end of *s; 0: there is none. */
static int
cut_number(struct slice *s)
{
	size_t n = s->len;
	long value = 0;

	while (n && isdigit((unsigned char)s->at[n - 1]))
		n--;
	if (!n || n == s->len || s->at[n - 1] != ':')
		return 0;
	for (size_t i = n; i < s->len; i++) {
		value = value * 10 + (s->at[i] - '0');
		if (value > INT_MAX)
			return 0;
	}
	s->len = n - 1;
	return (int)value;
}

/* `FILE:LINE:COL` or `FILE:LINE` into *d; false if it is neither. */
static bool
parse_place(struct slice place, const struct diag_context *c, struct diag *d)
{
	int last = cut_number(&place);
	struct slice file = place;
	int before = last ? cut_number(&file) : 0;

	if (!last)
		return false;
	/* A label may end in digits of its own: a name we know decides. */
	if (before && !source_named(c, place)) {
		d->line = before;
		d->column = last;
	} else {
		file = place;
		d->line = last;
		d->column = 0;
	}
	if (!file.len)
		return false;
	if (d->column > DIAG_COLUMNS)
		d->column = 0;
	d->source = source_named(c, file);
	d->file = d->source ? mem_strdup(shown_name(d->source))
			    : mem_strndup(file.at, file.len);
	return true;
}

/* `PLACE: severity: text`; the first place that fits wins, as a text may
 * quote another message. */
static bool
parse_message(struct slice line, const struct diag_context *c, struct diag *d)
{
	static const char *const marks[DIAG_COUNT] = {
		[DIAG_NOTE] = ": note: ",
		[DIAG_WARNING] = ": warning: ",
		[DIAG_ERROR] = ": error: ",
		[DIAG_FATAL] = ": fatal error: ",
	};
	const char *best = NULL;
	size_t skip = 0;

	/* "fatal error: " does not hold ": error: ". */
	for (int s = DIAG_NOTE; s < DIAG_COUNT; s++) {
		const char *at = find(line, marks[s]);

		if (at && (!best || at < best)) {
			best = at;
			skip = strlen(marks[s]);
			d->severity = (enum diag_severity)s;
		}
	}
	if (!best ||
	    !parse_place((struct slice){ line.at, (size_t)(best - line.at) }, c,
			 d))
		return false;
	d->text = mem_strndup(best + skip,
			      line.len - (size_t)(best - line.at) - skip);
	return true;
}

/* bfd: `[LD: ]LABEL:LINE: undefined reference to ...`, an error without the
 * word. */
static bool
parse_linker(struct slice line, const struct diag_context *c, struct diag *d)
{
	for (size_t i = 0; i < c->nsources; i++) {
		const char *label = shown_name(&c->sources[i]);
		const char *at = find(line, label);
		size_t len = strlen(label);
		struct slice rest, front;
		char *end;
		long n;

		if (!at || !len)
			continue;
		front = (struct slice){ line.at, (size_t)(at - line.at) };
		rest = (struct slice){ at + len, line.len - front.len - len };
		if ((front.len && !slice_ends(front, ": ")) || rest.len < 4 ||
		    rest.at[0] != ':' || !isdigit((unsigned char)rest.at[1]))
			continue;
		/* The line is a buffer's: a NUL stands behind it. */
		n = strtol(rest.at + 1, &end, 10);
		if (strncmp(end, ": ", 2) != 0 || n > INT_MAX)
			continue;
		*d = (struct diag){ .severity = DIAG_ERROR,
				    .source = &c->sources[i],
				    .file = mem_strdup(label),
				    .line = (int)n };
		d->text = mem_strndup(end + 2,
				      (size_t)(line.at + line.len - (end + 2)));
		return true;
	}
	return false;
}

/* "2 warnings and 1 error generated." */
static bool
is_count(struct slice line)
{
	return line.len && isdigit((unsigned char)line.at[0]) &&
	       slice_ends(line, " generated.") &&
	       (find(line, " error") || find(line, " warning"));
}

static bool
same_but_blanks(struct slice a, struct slice b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.len && isspace((unsigned char)a.at[i]))
			i++;
		while (k < b.len && isspace((unsigned char)b.at[k]))
			k++;
		if (i == a.len || k == b.len)
			return i == a.len && k == b.len;
		if (a.at[i++] != b.at[k++])
			return false;
	}
}

/* ` 12 | text`, `    | ^~~`: gcc's, and clang's from 17 on. */
static bool
is_ruled(struct slice line)
{
	size_t n = 0;

	while (n < line.len && line.at[n] == ' ')
		n++;
	while (n < line.len && isdigit((unsigned char)line.at[n]))
		n++;
	while (n < line.len && line.at[n] == ' ')
		n++;
	return n && n < line.len && line.at[n - 1] == ' ' &&
	       (line.at[n] == '|' || line.at[n] == '+');
}

/* Carets and tildes alone: what stands above was an excerpt. */
static bool
is_caret_line(struct slice rest)
{
	struct slice line = cut_line(&rest);
	bool marks = false;

	for (size_t i = 0; i < line.len; i++) {
		if (!strchr(" \t^~", line.at[i]))
			return false;
		marks |= line.at[i] == '^' || line.at[i] == '~';
	}
	return marks;
}

/* A place in a text that is drawn here, or in none that anybody has:
 * <scratch space>. */
static bool
is_unseen(const struct diag *d)
{
	return d->source || (d->file && d->file[0] == '<');
}

/* Pass over the excerpt that the compiler itself drew under a message. */
static void
skip_excerpt(struct slice *output, const struct diag *d)
{
	struct slice rest = *output, source, line;

	if (!rest.len || !is_unseen(d))
		return;
	line = cut_line(&rest);
	if (is_ruled(line)) {
		do {
			*output = rest;
			line = cut_line(&rest);
		} while (output->len && is_ruled(line));
		return;
	}
	if (!is_caret_line(rest) &&
	    (!d->source || !find_line(d->source->text, d->line, &source) ||
	     !same_but_blanks(line, source)))
		return;
	*output = rest;
	/* Carets, tildes and what clang would insert stand indented. */
	while (output->len) {
		line = cut_line(&rest);
		if (!line.len || !strchr(" \t^~", line.at[0]))
			break;
		*output = rest;
	}
}

static bool
parse_line(struct slice line, const struct diag_context *c, struct diag *d)
{
	struct buf plain = { 0 }, clean = { 0 };
	bool message;

	/* An excerpt from a header stays as it was drawn. */
	if (line.len && strchr(" \t", line.at[0])) {
		d->text = mem_strndup(line.at, line.len);
		return false;
	}
	add_with_plain_quotes(&plain, line);
	add_scrubbed(&clean, c, buf_slice(&plain));
	line = buf_slice(&clean);
	message = line.len &&
		  (parse_message(line, c, d) || parse_linker(line, c, d));
	if (!message)
		*d = (struct diag){ .text = mem_strdup(buf_str(&clean)) };
	buf_release(&plain);
	buf_release(&clean);
	return message;
}

/* How many messages were met about each source, and about others: not errors,
 * and errors. */
struct met {
	size_t (*of)[2];
	size_t left_out;
	bool leaving_out; /* what stands under a message that was left out */
};

/* Is it one too many of its kind? */
static bool
is_too_many(struct met *met, const struct diag_context *c, const struct diag *d)
{
	size_t source =
		d->source ? (size_t)(d->source - c->sources) : c->nsources;

	return met->of[source][d->severity >= DIAG_ERROR]++ >= DIAG_MOST;
}

static void
take_line(struct diags *d, const struct diag_context *c, struct met *met,
	  struct slice line, struct slice *output)
{
	struct diag one = { 0 };

	if (parse_line(line, c, &one)) {
		met->leaving_out = is_too_many(met, c, &one);
		if (met->leaving_out)
			met->left_out++;
		else
			skip_excerpt(output, &one);
	}
	if (met->leaving_out)
		diag_release(&one);
	else
		*mem_push(d->at, d->count) = one;
}

void
diags_parse(struct diags *d, const struct diag_context *c, struct slice output)
{
	struct met met = { .of = mem_alloc(c->nsources + 1, sizeof *met.of) };

	while (output.len) {
		struct slice line = cut_line(&output);

		if (!is_count(line))
			take_line(d, c, &met, line, &output);
	}
	if (met.left_out) {
		struct buf more = { 0 };

		buf_addf(&more, "%zu more messages were left out",
			 met.left_out);
		*mem_push(d->at, d->count) =
			(struct diag){ .text = buf_take(&more) };
	}
	free(met.of);
}

/* ---- drawing ---- */

/* Back to the first byte of the character that byte `at` belongs to. */
static size_t
char_start(struct slice s, size_t at)
{
	while (at && at < s.len && ((unsigned char)s.at[at] & 0xc0) == 0x80)
		at--;
	return at;
}

/* Blanks as wide as `s` on a terminal; tabs stay tabs. */
static void
add_blanks(struct buf *out, struct slice s)
{
	struct buf seen = { 0 };
	size_t from = 0;

	text_visible(&seen, s.at, s.len);
	for (size_t i = 0; i <= seen.len; i++) {
		size_t n;

		if (i < seen.len && seen.data[i] != '\t')
			continue;
		n = i > from ? utf8_columns(seen.data + from, i - from) : 0;
		while (n--)
			buf_add_byte(out, ' ');
		if (i < seen.len)
			buf_add_byte(out, '\t');
		from = i + 1;
	}
	buf_release(&seen);
}

static void
draw_excerpt(struct buf *out, struct slice line, int number, int column)
{
	size_t at = column > 0 ? (size_t)column - 1 : 0;
	size_t from = 0, to = line.len;

	if (at > line.len)
		at = line.len;
	at = char_start(line, at);
	if (line.len > EXCERPT_MAX) {
		from = at > EXCERPT_BEFORE ? at - EXCERPT_BEFORE : 0;
		from = char_start(line, from);
		to = line.len - from > EXCERPT_MAX
			     ? char_start(line, from + EXCERPT_MAX)
			     : line.len;
	}
	buf_addf(out, "%5d | %s", number, from ? "..." : "");
	text_visible(out, line.at + from, to - from);
	buf_add_str(out, to < line.len ? "...\n" : "\n");
	if (column <= 0)
		return;
	buf_addf(out, "      | %s", from ? "   " : "");
	add_blanks(out, (struct slice){ line.at + from, at - from });
	buf_add_str(out, "^\n");
}

void
diag_render(struct buf *out, const struct diag *d)
{
	struct slice line;

	if (d->file) {
		text_visible(out, d->file, strlen(d->file));
		buf_addf(out, ":%d:", d->line);
		if (d->column)
			buf_addf(out, "%d:", d->column);
		buf_addf(out, " %s: ", severity_names[d->severity]);
	}
	text_visible(out, d->text, strlen(d->text));
	buf_add_byte(out, '\n');
	if (d->source && find_line(d->source->text, d->line, &line) &&
	    slice_trim(line).len)
		draw_excerpt(out, line, d->line, d->column);
}

void
diags_render(struct buf *out, const struct diags *d)
{
	for (size_t i = 0; i < d->count; i++)
		diag_render(out, &d->at[i]);
}

/* check.c: the outputs of a cell as lines, and whether two of them mean the
 * same. Floor 1. It knows masks, numbers and order; not where outputs come
 * from, nor how a verdict is shown. */
#include "model/check.h"

#include <errno.h>
#include <stdlib.h>
#include "base/diff.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/spool.h"

int
check_rule(struct check_rules *rules, const char *word, struct err *e)
{
	static const char *const known[] = { "ignore", "unordered", "exact",
					     "tolerance=" };
	const char *equals = strchr(word, '=');
	char *end;

	if (!strcmp(word, "ignore")) {
		rules->ignore = true;
	} else if (!strcmp(word, "unordered")) {
		rules->unordered = true;
	} else if (!strcmp(word, "exact")) {
		rules->usual = NULL;
	} else if (equals && !strncmp(word, "tolerance=", 10)) {
		rules->tolerance = strtod(equals + 1, &end);
		if (!equals[1] || *end || !(rules->tolerance >= 0) ||
		    rules->tolerance > 1e300)
			return err_input(e,
					 "'%s' is no tolerance; write "
					 "tolerance=1e-6",
					 equals + 1);
	} else {
		const char *near = text_nearest(word, known, countof(known));

		return err_input(e,
				 "unknown word '%s'%s%s%s; it is one of "
				 "ignore, unordered, tolerance=X, exact",
				 word, near ? "; did you mean '" : "",
				 near ? near : "", near ? "'?" : "");
	}
	return 0;
}

/* --- outputs as lines ----------------------------------------------------- */

static bool
is_text(const char *mime)
{
	return !strncmp(mime, "text/", 5) || strstr(mime, "json") ||
	       strstr(mime, "xml") || strstr(mime, "javascript");
}

#define NO_NEWLINE "\\ no newline at the end"

/* What stands in front of a line of another's text that looks like one of ours:
 * a printed "[result] 3" is no result. Empty where they are not told apart. */
struct fronts {
	const char *out, *err, *more;
};

static bool
looks_like_ours(struct slice line)
{
	static const char *const marks[] = { "[stdout]", "[stderr]", "[result",
					     "[display", "[more]",   "[error]",
					     "[status]", NO_NEWLINE };

	for (size_t i = 0; i < countof(marks); i++) {
		size_t n = strlen(marks[i]);

		if (line.len >= n && !memcmp(line.at, marks[i], n))
			return true;
	}
	return false;
}

static void
put_lines(struct buf *out, const char *mark, const char *front,
	  struct slice text)
{
	while (text.len) {
		struct slice line = slice_cut_line(&text);

		buf_add_str(out, mark);
		if (looks_like_ours(line))
			buf_add_str(out, front);
		buf_add_slice(out, line);
		buf_add_byte(out, '\n');
	}
}

/* A text that begins behind a mark of ours. */
static void
put_behind(struct buf *out, const char *front, struct slice text)
{
	buf_add_slice(out, slice_cut_line(&text));
	buf_add_byte(out, '\n');
	put_lines(out, "", front, text);
}

/* "[result] 3", or the size and hash of what is no text. */
static void
put_form(struct buf *out, const char *what, const char *mime,
	 const struct buf *bytes, const char *front)
{
	struct hash h;
	char hex[HASH_HEX];

	if (is_text(mime)) {
		if (strcmp(mime, "text/plain") != 0)
			buf_addf(out, "[%s %s] ", what, mime);
		else
			buf_addf(out, "[%s] ", what);
		put_behind(out, front, slice_trim(buf_slice(bytes)));
	} else {
		hash_init(&h);
		hash_add(&h, buf_str(bytes), bytes->len);
		hash_hex(&h, hex);
		buf_addf(out, "[%s %s] %zu bytes, sha256 %.16s\n", what, mime,
			 bytes->len, hex);
	}
}

/* Forms in one order, whatever theirs is. */
static int
by_mime(const void *a, const void *b)
{
	return strcmp((*(const struct mime_data *const *)a)->mime,
		      (*(const struct mime_data *const *)b)->mime);
}

static void
put_data(struct buf *out, const struct output *o, const char *front)
{
	const char *what = o->kind == OUT_RESULT ? "result" : "display";
	struct mime_data own = { o->mime, o->bytes };
	const struct mime_data **forms =
		mem_alloc(o->nothers + 1, sizeof *forms);
	size_t n = 0;

	forms[n++] = &own;
	for (size_t i = 0; i < o->nothers; i++)
		forms[n++] = &o->others[i];
	qsort(forms, n, sizeof *forms, by_mime);
	/* data of a program's own differ as it pleases; a form for people
	 * stands beside them */
	for (size_t i = 0; i < n; i++)
		if (strncmp(forms[i]->mime, "application/vnd.", 16) != 0)
			put_form(out, what, forms[i]->mime, &forms[i]->bytes,
				 front);
	free(forms);
}

static void
put_errors(struct buf *out, const struct record_cell *c, const char *front)
{
	for (size_t i = 0; i < c->noutputs; i++) {
		const struct output *o = &c->outputs[i];

		if (o->kind != OUT_ERROR)
			continue;
		buf_addf(out, "[error] %s: ", o->ename ? o->ename : "");
		put_behind(out, front, slice_of(o->evalue ? o->evalue : ""));
	}
}

/* The lines of one stream, each behind `mark`. */
static void
put_stream(struct buf *out, const struct record_cell *c, enum stream stream,
	   const char *mark, const char *front)
{
	struct buf own;
	struct slice text = record_text(c, stream, &own);
	bool ended = !text.len || text.at[text.len - 1] == '\n';

	put_lines(out, mark, front, text);
	if (!ended)
		buf_addf(out, "%s" NO_NEWLINE "\n", mark);
	buf_release(&own);
}

static void
put_all(struct buf *out, const struct record_cell *c, const struct fronts *f)
{
	put_stream(out, c, STREAM_STDOUT, "", f->out);
	put_stream(out, c, STREAM_STDERR, "[stderr] ", f->err);
	for (size_t i = 0; i < c->noutputs; i++)
		if (c->outputs[i].kind == OUT_DISPLAY ||
		    c->outputs[i].kind == OUT_RESULT)
			put_data(out, &c->outputs[i], f->more);
	put_errors(out, c, f->more);
	if (c->status_known && c->end.status != STATUS_OK)
		buf_addf(out, "[status] %s\n", cell_status_name(c->end.status));
}

/* --- lines that mean the same --------------------------------------------- */

/* What the masks leave of a line: the line itself, or a text of its own. */
struct masked {
	struct slice text; /* .at is NULL: nobody has asked for it yet */
	char *own;
};

/* Lines, and what the masks leave of those that it was asked of: regular
 * expressions take longer than all the rest. */
struct side {
	const struct check_rules *rules;
	struct diff_lines lines;
	struct masked *masked; /* [lines.count] */
};

struct pair {
	struct side old, new;
	double tolerance;
};

static struct masked
mask_line(const struct check_rules *rules, struct slice line)
{
	const struct masks *all[] = { rules->more, &rules->masks,
				      rules->usual };
	struct masked result = { line, NULL };
	struct buf text = { 0 };

	if (line.len > MASKED_MAX)
		return result;
	buf_add_slice(&text, line);
	for (size_t i = 0; i < countof(all); i++) {
		struct buf next = { 0 };

		if (!all[i] || !all[i]->count)
			continue;
		masks_apply(all[i], buf_slice(&text), &next);
		buf_release(&text);
		text = next;
	}
	if (slice_equal(buf_slice(&text), line)) {
		buf_release(&text);
		return result;
	}
	result.text.len = text.len;
	result.text.at = result.own = buf_take(&text);
	return result;
}

static struct slice
masked(const struct side *s, size_t i)
{
	if (!s->masked[i].text.at)
		s->masked[i] = mask_line(s->rules, s->lines.at[i]);
	return s->masked[i].text;
}

struct sorted_line {
	struct masked masked;
	struct slice line;
};

static int
by_masked(const void *a, const void *b)
{
	struct slice x = ((const struct sorted_line *)a)->masked.text;
	struct slice y = ((const struct sorted_line *)b)->masked.text;
	int c = memcmp(x.at, y.at, x.len < y.len ? x.len : y.len);

	return c ? c : x.len < y.len ? -1 : x.len > y.len;
}

static void
sort_side(struct side *s)
{
	struct sorted_line *all = mem_alloc(s->lines.count + 1, sizeof *all);

	for (size_t i = 0; i < s->lines.count; i++) {
		masked(s, i);
		all[i] = (struct sorted_line){ s->masked[i], s->lines.at[i] };
	}
	qsort(all, s->lines.count, sizeof *all, by_masked);
	for (size_t i = 0; i < s->lines.count; i++) {
		s->masked[i] = all[i].masked;
		s->lines.at[i] = all[i].line;
	}
	free(all);
}

static bool
may_erase(const struct check_rules *rules)
{
	return masks_may_erase(&rules->masks) ||
	       (rules->more && masks_may_erase(rules->more));
}

/* A line of which the masks leave nothing is no line. The usual ones, and most
 * others, leave something of all but a line of NULs. */
static void
drop_erased(struct side *s)
{
	bool any = may_erase(s->rules);
	size_t kept = 0;

	for (size_t i = 0; i < s->lines.count; i++) {
		struct slice line = s->lines.at[i];
		struct masked left = { 0 };

		if (line.len && (any || !*line.at)) {
			left = mask_line(s->rules, line);
			if (!left.text.len) {
				free(left.own);
				continue;
			}
		}
		if (left.text.at)
			s->masked[kept] = left;
		s->lines.at[kept++] = line;
	}
	s->lines.count = kept;
}

static void
side_init(struct side *s, const struct check_rules *rules, struct slice text)
{
	s->rules = rules;
	diff_split(&s->lines, text);
	s->masked = mem_alloc(s->lines.count + 1, sizeof *s->masked);
	drop_erased(s);
	if (rules->unordered)
		sort_side(s);
}

static void
side_release(struct side *s)
{
	for (size_t i = 0; i < s->lines.count; i++)
		free(s->masked[i].own);
	free(s->masked);
	diff_release(&s->lines);
}

static double
magnitude(double a, double b)
{
	a = a < 0 ? -a : a;
	b = b < 0 ? -b : b;
	a = a > b ? a : b;
	return a > 1 ? a : 1;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Does a number begin here? One that is part of a word does not. */
static bool
number_at(const char *line, const char *p, const char *end)
{
	bool sign = (*p == '-' || *p == '+') && end - p > 1;
	const char *q = p + sign;

	if (!is_digit(*q) && !(*q == '.' && end - q > 1 && is_digit(q[1])))
		return false;
	return p == line ||
	       !(is_digit(p[-1]) || p[-1] == '_' || (p[-1] | 32) >= 'a');
}

/* The same but for numbers that are near enough. Lines are NUL-terminated
 * somewhere behind their ends. */
static bool
near_enough(struct slice a, struct slice b, double tolerance)
{
	const char *p = a.at, *q = b.at, *pe = p + a.len, *qe = q + b.len;

	while (p < pe && q < qe) {
		char *pn, *qn;
		double x, y, d;

		if (!number_at(a.at, p, pe) || !number_at(b.at, q, qe)) {
			if (*p++ != *q++)
				return false;
			continue;
		}
		x = strtod(p, &pn);
		y = strtod(q, &qn);
		if (pn > pe || qn > qe)
			return false;
		d = x > y ? x - y : y - x;
		if (!(d <= tolerance * magnitude(x, y)))
			return false;
		p = pn;
		q = qn;
	}
	return p == pe && q == qe;
}

static bool
same_line(const void *self, size_t i, size_t k)
{
	const struct pair *p = self;
	struct slice a = p->old.lines.at[i], b = p->new.lines.at[k];

	spool_seen(a.len + b.len);
	if (slice_equal(a, b))
		return true;
	a = masked(&p->old, i);
	b = masked(&p->new, k);
	return slice_equal(a, b) ||
	       (p->tolerance > 0 && near_enough(a, b, p->tolerance));
}

/* Append the hunks; nothing: they mean the same. */
static void
compare(const struct check_rules *rules, struct slice was, struct slice is,
	struct buf *diff)
{
	struct pair p = { .tolerance = rules->tolerance };

	if (slice_equal(was, is))
		return;
	side_init(&p.old, rules, was);
	side_init(&p.new, rules, is);
	diff_unified(diff, &p.old.lines, &p.new.lines, same_line, &p);
	side_release(&p.old);
	side_release(&p.new);
}

/* What a cell wrote, and nothing else came of it. */
static bool
is_mere_text(const struct record_cell *c)
{
	for (size_t i = 0; i < c->noutputs; i++)
		if (c->outputs[i].kind != OUT_TEXT)
			return false;
	return !c->status_known || c->end.status == STATUS_OK;
}

/* Of most cells this is soon said, without a copy of all that they wrote. */
static bool
wrote_the_same(const struct record_cell *was, const struct record_cell *is)
{
	bool same = is_mere_text(was) && is_mere_text(is);

	for (enum stream s = 0; same && s < STREAM_COUNT; s++) {
		struct buf old, new;
		struct slice a = record_text(was, s, &old);
		struct slice b = record_text(is, s, &new);

		same = spool_equal(a, b);
		buf_release(&old);
		buf_release(&new);
	}
	return same;
}

/* --- verdicts ------------------------------------------------------------- */

/* Is it one of the other texts that are right? Those are what the cell writes,
 * as it stands in the diff, but for what tells it apart from what is ours. */
static bool
is_accepted(const struct check_rules *rules, const struct record_cell *is)
{
	static const struct fronts none = { "", "", "" };
	struct buf text = { 0 }, diff = { 0 };
	bool found = false;

	buf_spool(&text);
	put_all(&text, is, &none);
	for (size_t i = 0; rules->accepted && i < rules->accepted->count; i++) {
		buf_clear(&diff);
		compare(rules, slice_of(rules->accepted->at[i]),
			buf_slice(&text), &diff);
		found |= diff.len == 0;
	}
	buf_release(&text);
	buf_release(&diff);
	return found;
}

static bool
has_run(const struct record_cell *c)
{
	return c->cell->execution_count >= 0 || c->noutputs ||
	       (c->status_known && c->end.status != STATUS_NOT_RUN &&
		c->end.status != STATUS_SKIPPED);
}

enum check_verdict
check_cell(const struct check_rules *rules, const struct record_cell *was,
	   const struct record_cell *is, struct buf *diff)
{
	static const struct fronts f = { "[stdout] ", "[stderr] ", "[more] " };
	bool free = rules->ignore || !has_run(was);
	struct buf old = { 0 }, new = { 0 };
	size_t before = diff->len;

	buf_spool(&old);
	buf_spool(&new);
	if (!has_run(is))
		return CHECK_SKIPPED;
	if (!free && wrote_the_same(was, is))
		return CHECK_SAME;
	if (free) {
		/* whatever it writes, it must not fail where it did not */
		put_errors(&old, was, f.more);
		if (!is->end.excused)
			put_errors(&new, is, f.more);
		if (old.len) {
			buf_clear(&new);
			buf_add_slice(&new, buf_slice(&old));
		}
	} else {
		put_all(&old, was, &f);
		put_all(&new, is, &f);
	}
	compare(rules, buf_slice(&old), buf_slice(&new), diff);
	buf_release(&old);
	buf_release(&new);
	if (diff->len > before && !free && is_accepted(rules, is))
		diff->len = before;
	return diff->len > before ? CHECK_DIFFERS
	       : free		  ? CHECK_FREE
				  : CHECK_SAME;
}

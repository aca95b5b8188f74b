/* handout.c: the messages of a unit, each to the cell that it is about.
 * Floor 2. Lines of ours stand between the cells', and a compiler notices there
 * what the cell above lacks: such messages are told in the cell's own terms. */
#include "build/shared.h"

#include <stdlib.h>
#include <string.h>
#include "base/lexer.h"
#include "base/mem.h"
#include "build/tokens.h"

/* Said by the compiler of our own lines, or of functions that we made up. */
static bool
is_ours(const struct diag *d)
{
	if (d->severity == DIAG_NOTE && strstr(d->text, "reported only once"))
		return true;
	if (d->severity == DIAG_PLAIN &&
	    strspn(d->text, " \t^~|") == strlen(d->text))
		return true; /* a caret below a line of ours */
	if (d->severity == DIAG_PLAIN)
		return strstr(d->text, "warnings being treated as errors") ||
		       strstr(d->text, ": In function") ||
		       strstr(d->text, ": At top level") ||
		       strstr(d->text, ": in function") ||
		       strstr(d->text, "cnb__");
	return d->file && (!strcmp(d->file, "<cnb>") ||
			   !strcmp(d->file, "<scratch space>"));
}

/* A result stands several times in the unit: what is said of it, too. */
static bool
is_repeated(const struct diags *d, size_t i)
{
	const struct diag *new = &d->at[i];

	for (size_t k = i > 200 ? i - 200 : 0; k < i; k++) {
		const struct diag *old = &d->at[k];

		if (old->severity == new->severity &&
		    old->source == new->source && old->line == new->line &&
		    old->column == new->column && old->text &&new->text &&
		    !strcmp(old->text, new->text))
			return true;
	}
	return false;
}

/* Of a cell's code: the place behind its last token, and the first bracket that
 * closes nothing. */
struct ends {
	struct token last;  /* TOK_END: there is no code */
	int line, column;   /* behind it, from 1 */
	struct token stray; /* TOK_END: there is none */
	int stray_column;
};

/* Handing messages out to the cells that they are about. */
struct post {
	struct shared *shared;
	const struct diag_source *sources;
	size_t count;		      /* of cells among them */
	const struct unit_cell *only; /* NULL: to all cells */
	struct buf waiting;	      /* what names no cell yet */
	struct buf *to;		   /* where the last one went; NULL: nowhere */
	bool told;		   /* an error went there */
	bool failed;		   /* there is an error at all */
	bool dropped;		   /* the last one is another cell's */
	struct ends ends;	   /* of `only` */
	const struct diag *hidden; /* an error in lines of ours */
};

static int
column_of(struct slice text, size_t at)
{
	size_t start = at;

	while (start && text.at[start - 1] != '\n')
		start--;
	return (int)(at - start) + 1;
}

static void
find_ends(struct ends *o, struct slice text)
{
	struct tokens ts;

	*o = (struct ends){ .last.kind = TOK_END, .stray.kind = TOK_END };
	tokens_read(&ts, text);
	for (size_t i = 0; i < ts.count; i++) {
		if (ts.at[i].kind == TOK_DIRECTIVE || ts.shell[i])
			continue;
		o->last = ts.at[i];
		if (o->stray.kind == TOK_END && ts.match[i] == TOKEN_NONE &&
		    (tokens_is(&ts, i, ")") || tokens_is(&ts, i, "]") ||
		     tokens_is(&ts, i, "}")))
			o->stray = ts.at[i];
	}
	tokens_release(&ts);
	o->line = o->last.line + lexer_count_lines(token_text(text, o->last));
	o->column = column_of(text, token_end(o->last));
	o->stray_column = column_of(text, o->stray.at);
}

/* Is an operator the last, that wants something behind it? */
static bool
wants_operand(const struct ends *o, struct slice text)
{
	static const char *const complete[] = {
		")", "]", "}", ";", "++", "--"
	};

	if (o->last.kind != TOK_PUNCT)
		return false;
	for (size_t i = 0; i < countof(complete); i++)
		if (token_is(text, o->last, complete[i]))
			return false;
	return true;
}

/* gcc names what it found instead, which is ours: "expected expression before
 * ')' token". */
static void
add_expected(struct buf *out, const char *text)
{
	const char *found = strstr(text, " before ");

	if (strncmp(text, "expected ", 9) != 0 || !found) {
		buf_add_str(out, text);
		return;
	}
	buf_add(out, text, (size_t)(found - text));
	buf_add_str(out, " at the end");
}

/* An error of the only cell whose messages are wanted. */
static void
post_error(const struct post *p, int line, int column, const char *text)
{
	struct buf *to = &p->shared->messages[p->only - p->shared->cells];
	struct diag d = { .severity = DIAG_ERROR,
			  .source = &p->sources[p->only - p->shared->cells],
			  .file = mem_strdup(p->only->label),
			  .line = line,
			  .column = column,
			  .text = mem_strdup(text) };

	diag_render(to, &d);
	free(d.file);
	free(d.text);
}

/* The place is behind all of the cell's code. */
static bool
is_at_end(const struct post *p, const struct diag *d)
{
	return p->only && d->severity >= DIAG_ERROR &&
	       d->source == &p->sources[p->only - p->shared->cells] &&
	       p->ends.last.kind != TOK_END &&
	       (d->line > p->ends.line ||
		(d->line == p->ends.line && d->column >= p->ends.column));
}

static void
post_message(struct post *p, const struct diag *d)
{
	struct buf text = { 0 };

	if (is_at_end(p, d)) {
		add_expected(&text, d->text);
		post_error(p, d->line, d->column, buf_str(&text));
	} else {
		diag_render(p->to, d);
	}
	buf_release(&text);
	p->told |= d->severity >= DIAG_ERROR;
}

/* Of a message that goes nowhere: a note in a header, its excerpt. What stands
 * in front of the next message stays. */
static bool
belongs_to_dropped(struct post *p, const struct diag *d)
{
	if (!p->dropped)
		return false;
	if (d->severity == DIAG_NOTE)
		buf_clear(&p->waiting);
	return d->severity == DIAG_NOTE ||
	       (d->severity == DIAG_PLAIN && !p->waiting.len &&
		strchr(" \t", d->text[0]));
}

static void
post_one(struct post *p, const struct diag *d)
{
	if (d->source && d->severity >= DIAG_WARNING) {
		size_t cell = (size_t)(d->source - p->sources);

		if (cell == p->count)
			cell = shared_find_after(p->shared);

		p->to = p->only && p->only != &p->shared->cells[cell]
				? NULL
				: &p->shared->messages[cell];
		p->dropped = !p->to;
		if (p->to)
			buf_add_slice(p->to, buf_slice(&p->waiting));
		buf_clear(&p->waiting);
	}
	if (p->to)
		post_message(p, d);
	else if (!d->source && !belongs_to_dropped(p, d))
		diag_render(&p->waiting, d);
}

/* The only cell whose messages are wanted has none, but did not compile: the
 * compiler noticed it in lines of ours. */
static void
post_hidden(struct post *p)
{
	const struct ends *o = &p->ends;
	struct slice text = p->only->split.text;
	struct buf said = { 0 };

	if (o->stray.kind != TOK_END) {
		buf_addf(&said, "'%.*s' closes nothing", (int)o->stray.len,
			 text.at + o->stray.at);
		post_error(p, o->stray.line, o->stray_column, buf_str(&said));
	} else if (unit_cell_is_unended(p->only)) {
		post_error(p, o->line, o->column,
			   wants_operand(o, text)
				   ? "expected expression at the end"
				   : "expected ';' at the end");
	} else if (p->hidden && !unit_cell_is_open(p->only)) {
		add_expected(&said, p->hidden->text);
		if (o->last.kind != TOK_END &&
		    slice_starts(buf_slice(&said), "expected "))
			post_error(p, o->line, o->column, buf_str(&said));
		else
			buf_addf(&p->shared->messages[p->only -
						      p->shared->cells],
				 "%s: error: %s\n", p->only->label,
				 buf_str(&said));
	}
	buf_release(&said);
}

static void
post_rest(struct post *p)
{
	const struct ends *o = &p->ends;
	struct buf *to;

	if (!p->only)
		return;
	to = &p->shared->messages[p->only - p->shared->cells];
	buf_add_slice(to, buf_slice(&p->waiting));
	if (!p->told && p->failed)
		post_hidden(p);
	else if (p->told && o->stray.kind != TOK_END)
		buf_addf(to, "%s: hint: '%.*s' in line %d closes nothing\n",
			 p->only->label, (int)o->stray.len,
			 p->only->split.text.at + o->stray.at, o->stray.line);
}

/* What is left open swallows the lines behind it, those of ours too: beyond the
 * first error all that is said is wrong of the cell. What closes nothing ends
 * a function of ours, which warnings are then about. */
static bool
is_aftermath(const struct post *p, const struct diag *d)
{
	if (!p->only)
		return false;
	if (!unit_cell_is_open(p->only))
		return p->ends.stray.kind != TOK_END &&
		       d->severity == DIAG_WARNING;
	return p->told ? d->severity != DIAG_NOTE : d->severity == DIAG_WARNING;
}

/* Each message goes to the cell that the last warning or error named; what
 * names none goes to the one that is named next. */
void
shared_hand_out(struct shared *s, const struct diags *d,
		const struct diag_source *sources, size_t count,
		const struct unit_cell *only)
{
	struct post p = {
		.shared = s, .sources = sources, .count = count, .only = only
	};

	if (only)
		find_ends(&p.ends, only->split.text);
	for (size_t i = 0; i < d->count; i++) {
		const struct diag *one = &d->at[i];

		p.failed |= one->severity >= DIAG_ERROR;
		if (is_ours(one)) {
			if (one->severity >= DIAG_ERROR && !p.hidden &&
			    !strstr(one->text, "cnb__"))
				p.hidden = one;
		} else if (!is_repeated(d, i) && !is_aftermath(&p, one)) {
			post_one(&p, one);
		}
	}
	post_rest(&p);
	buf_release(&p.waiting);
}

/* verdicts.c: what a compiler's errors say of the decisions in a unit. Floor 2.
 * gcc, clang and tcc word the same refusals differently; the wordings stand in
 * tables. */
#include "build/verdicts.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "base/lexer.h"
#include "base/mem.h"
#include "build/headers.h"
#include "build/lacks.h"

/* Wordings of a refusal; any of them means it. */
static const char *const not_constant[] = {
	"initializer element is not constant",
	"initializer element is not computable at load time",
	"initializer element is not a compile-time constant",
	"variably modified",
	"variable length array declaration not allowed at file scope",
	"variable-sized object may not be initialized",
	"variable length array declaration cannot have",
	"register name not specified for",
	"illegal storage class on file-scoped variable",
	"file-scope declaration of",
	"storage size of",
	"fields must have a constant size",
	"statement expression not allowed at file scope",
	"braced-group within expression allowed only inside a function",
	"statement-expressions are not allowed outside functions",
	"referenced outside of any function",
	"address-of-label extension outside of a function body",
	"constant expression expected",
	"cnb__sized",
};

/* Of the nothing that a variable has until its cell runs. */
static const char *const no_braces[] = {
	"illegal initializer type",
	"initializing '_Atomic(",
};

static const char *const undeclared[] = {
	"undeclared",
	"implicit declaration of function",
	"implicitly declaring library function",
	"call to undeclared",
	"unknown type name",
	"must use 'struct' tag",
};

static const char *const bit_field[] = {
	"bit-field",
};

/* What a call is that a block follows, to a parser inside a function. */
static const char *const no_plus[] = {
	"wrong type argument to unary plus",
	"to unary expression",
};

static const char *const no_semicolon[] = {
	"expected ';'",
	"';' expected",
	"invalid storage class for function",
	"function definition is not allowed here",
};

/* A goto to where another function is. */
static const char *const no_label[] = {
	"used but not defined",
	"use of undeclared label",
};

static const char *const declared_twice[] = {
	"redeclared as different kind of symbol",
	"conflicting types for",
	"redefinition of",
	"follows non-static declaration",
	"incompatible types for redefinition",
};

static bool
says(const struct diag *d, const char *const *wordings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(d->text, wordings[i]))
			return true;
	return false;
}
#define SAYS(d, wordings) says((d), (wordings), countof(wordings))

/* The place of a message in its cell's text. */
static const char *
place_of(const struct unit_cell *c, const struct diag *d)
{
	struct slice text = c->split.text;
	const char *p = text.at, *end = text.at + text.len, *newline;

	for (int line = 1; line < d->line && p < end; line++) {
		newline = memchr(p, '\n', (size_t)(end - p));
		p = newline ? newline + 1 : end;
	}
	if (d->column > 1)
		p += d->column - 1 < end - p ? d->column - 1 : end - p;
	return p;
}

static bool
holds(struct slice s, const char *p)
{
	return s.at && p >= s.at && p < s.at + s.len;
}

/* lifting */

enum lift
verdicts_next_lift(enum lift now, unsigned spec, const struct declarator *d)
{
	unsigned unfit =
		SPEC_REGISTER | SPEC_AUTO | SPEC_AUTO_TYPE | SPEC_TYPEDEF;

	if (now == LIFT_ZERO)
		return LIFT_BARE;
	if (now != LIFT_NONE || spec & unfit || !d->init.len)
		return LIFT_LOCAL;
	if (d->is_unsized)
		return unit_count_elements(d->init) ? LIFT_SIZED : LIFT_LOCAL;
	return LIFT_ASSIGN;
}

/* Set in a lift while the errors of one compilation are read: each of them may
 * complain of the same initialiser, which is one reason to go one step. */
#define LIFT_MOVED 0x80

static bool
lift_further(struct unit_cell *c, const struct item *it, size_t d)
{
	const struct declarator *dr = &c->split.declarators[d];

	if (c->lifts[d] & LIFT_MOVED)
		return true;
	if (dr->is_function || c->lifts[d] == LIFT_LOCAL)
		return false;
	c->lifts[d] =
		(unsigned char)(LIFT_MOVED |
				verdicts_next_lift(c->lifts[d], it->spec, dr));
	return true;
}

/* What a macro declares has no parts that we know of: all of it goes among the
 * statements. */
static bool
move_macro(struct unit_cell *c, const struct item *it)
{
	bool *moved = &c->functions[it - c->split.items];

	if (it->kind != ITEM_DECLARATION || it->ndeclarators ||
	    it->conditional || *moved)
		return false;
	return *moved = true;
}

/* The declarator that a message is about: the one that it points into, else
 * the first of the declaration that may yet change. */
static bool
lift(struct unit_cell *c, const char *place)
{
	const struct item *it = c->split.items, *end = it + c->split.count;

	while (it < end && !holds(it->text, place))
		it++;
	if (it == end || it->kind != ITEM_DECLARATION)
		return false;
	if (move_macro(c, it))
		return true;
	for (size_t i = 0; i < it->ndeclarators; i++) {
		const struct declarator *d =
			&c->split.declarators[it->first + i];

		if (holds(d->init, place) || holds(d->whole, place))
			return lift_further(c, it, it->first + i);
	}
	return false;
}

/* tcc tells no column: every initialiser that begins in the line, and only when
 * all of them were lifted, further. */
static bool
lift_line(struct unit_cell *c, int line)
{
	bool changed = false;

	for (int further = 0; further < 2 && !changed; further++)
		for (size_t i = 0; i < c->split.count; i++) {
			const struct item *it = &c->split.items[i];

			if (it->kind != ITEM_DECLARATION || it->line != line)
				continue;
			changed |= move_macro(c, it);
			for (size_t k = 0; k < it->ndeclarators; k++) {
				size_t d = it->first + k;

				if (further ||
				    (c->lifts[d] == LIFT_NONE &&
				     c->split.declarators[d].init.len))
					changed |= lift_further(c, it, d);
			}
		}
	return changed;
}

/* The declarator whose name the message points at or behind: it gets another
 * nothing. */
static bool
begin_otherwise(struct unit_cell *c, const char *place)
{
	struct declarator *d = c->split.declarators, *nearest = NULL;
	unsigned char *lift;

	for (size_t i = 0; i < c->split.ndeclarators; i++)
		if (d[i].name.len && d[i].name.at <= place &&
		    (!nearest || d[i].name.at > nearest->name.at))
			nearest = &d[i];
	if (!nearest)
		return false;
	lift = &c->lifts[nearest - d];
	if (*lift == LIFT_ASSIGN)
		*lift = LIFT_ZERO;
	else if (*lift == LIFT_ZERO)
		*lift = LIFT_BARE;
	else
		return (*lift & LIFT_MOVED) != 0;
	*lift |= LIFT_MOVED;
	return true;
}

/* headers */

/* What stands between the first pair of quotes, ASCII or typographic. */
static struct slice
quoted(const char *text)
{
	const char *open = strchr(text, '\''), *close;

	if (!open || !(close = strchr(open + 1, '\'')))
		return (struct slice){ "", 0 };
	return (struct slice){ open + 1, (size_t)(close - open - 1) };
}

bool
verdicts_add_header(struct unit_cell *cells, size_t i, const char *header)
{
	for (size_t k = 0; k <= i; k++)
		if (!cells[k].left_out && strs_has(&cells[k].headers, header))
			return false;
	strs_add(&cells[i].headers, header);
	return true;
}

static bool
include_for(struct unit_cell *cells, size_t i, const struct diag *d)
{
	struct slice name = quoted(d->text);
	const char *header = name.len ? header_of(name.at, name.len) : NULL;

	return header && verdicts_add_header(cells, i, header);
}

/* Does the first cell that names it declare it? */
static bool
is_own(const struct unit_cell *cells, size_t count, struct slice name)
{
	for (size_t k = 0; k < count; k++) {
		const struct split *s = &cells[k].split;
		struct lexer l;
		struct token t;

		for (size_t d = 0; d < s->ndeclarators; d++)
			if (slice_equal(s->declarators[d].name, name))
				return true;
		lexer_init(&l, s->text);
		while ((t = lexer_next_code(&l)).kind != TOK_END)
			if (slice_equal(token_text(s->text, t), name))
				return false;
	}
	return false;
}

/* The notebook's own name is also one of a header that nobody asked for. */
static bool
hide(struct unit_cell *cells, size_t from, size_t count, const struct diag *d)
{
	struct slice name = quoted(d->text);
	const char *header = name.len ? header_of(name.at, name.len) : NULL;
	bool changed = false;
	char *copy;

	if (!header || !is_own(cells, count, name))
		return false;
	copy = mem_strndup(name.at, name.len);
	for (size_t k = 0; k < count; k++) {
		struct unit_cell *c = &cells[k < from ? from : k];

		if (strs_has(&cells[k].headers, header) &&
		    !strs_has(&c->hidden, copy)) {
			strs_add(&c->hidden, copy);
			changed = true;
		}
	}
	free(copy);
	return changed;
}

/* other decisions */

static bool
join_runs(struct unit_cell *c)
{
	bool changed = !c->one_run;

	c->one_run = true;
	return changed;
}

/* Is it declared among the statements above the item that holds `place`? Then
 * that one must be among them as well. */
static bool
follow_local(struct unit_cell *c, const struct diag *d, const char *place)
{
	struct slice name = quoted(d->text);

	for (size_t i = 0; i < c->split.ndeclarators; i++)
		if (c->lifts[i] == LIFT_LOCAL &&
		    slice_equal(c->split.declarators[i].name, name) &&
		    c->split.declarators[i].name.at < place)
			return lift(c, place);
	return false;
}

static bool
begin_function(struct unit_cell *c, const char *place)
{
	for (size_t i = 0; i < c->split.count; i++)
		if (c->split.items[i].maybe_macro_function &&
		    !c->functions[i] && holds(c->split.items[i].text, place))
			return c->functions[i] = true;
	return false;
}

/* What could be either is a statement, if as a declaration it is refused for
 * itself, and not for another one of the name. */
static bool
make_statement(struct unit_cell *c, const struct diag *d, const char *place)
{
	if (SAYS(d, declared_twice) ||
	    (strstr(d->text, "[-Werror") && !strstr(d->text, "=implicit-int")))
		return false;
	for (size_t i = 0; i < c->split.count; i++) {
		const struct item *it = &c->split.items[i];

		if (it->maybe_statement && (d->column ? holds(it->text, place)
						      : it->line == d->line)) {
			split_make_statement(&c->split, i);
			return true;
		}
	}
	return false;
}

static bool
shows_a_member(const struct unit_cell *c)
{
	const struct split *s = &c->split;
	struct slice code;

	if (!s->count || s->items[s->count - 1].kind != ITEM_EXPRESSION)
		return false;
	code = s->items[s->count - 1].code;
	return memchr(code.at, '.', code.len) ||
	       memmem(code.at, code.len, "->", 2);
}

/* gcc says this of no line: every cell that shows a member is tried. */
static bool
promote(struct unit_cell *cells, size_t count)
{
	bool changed = false;

	for (size_t i = 0; i < count; i++) {
		struct unit_cell *c = &cells[i];

		if (!c->left_out && !c->promote && !c->no_promote &&
		    shows_a_member(c))
			changed = c->promote = true;
	}
	return changed;
}

static bool
promote_not(struct unit_cell *c)
{
	bool changed = c->promote;

	c->no_promote |= c->promote;
	c->promote = false;
	return changed;
}

static bool
take(struct unit_cell *cells, size_t i, const struct diag *d)
{
	struct unit_cell *c = &cells[i];
	const char *place = place_of(c, d);

	if (SAYS(d, not_constant) && (lift(c, place) || lift_line(c, d->line)))
		return true;
	if (SAYS(d, no_braces) && begin_otherwise(c, place))
		return true;
	if (SAYS(d, undeclared) &&
	    (follow_local(c, d, place) || include_for(cells, i, d)))
		return true;
	if (SAYS(d, no_label) && join_runs(c))
		return true;
	if (SAYS(d, no_plus) && promote_not(c))
		return true;
	return (SAYS(d, no_semicolon) && begin_function(c, place)) ||
	       make_statement(c, d, place);
}

/* Of what runs behind a cell. */
static bool
take_after(struct unit_cell *cells, size_t from, size_t to,
	   const struct diag *d)
{
	for (size_t i = from; i < to; i++)
		if (cells[i].after)
			return SAYS(d, undeclared) && include_for(cells, i, d);
	return false;
}

/* Cells [from, to) may change. What runs behind a cell is source `after`. */
static bool
take_all(struct unit_cell *cells, size_t from, size_t to, size_t after,
	 const struct diags *d, const struct diag_source *sources)
{
	bool changed = false;

	for (size_t i = 0; i < d->count; i++) {
		const struct diag *one = &d->at[i];
		size_t cell = (size_t)(one->source - sources);

		if (one->severity < DIAG_ERROR)
			continue;
		if (SAYS(one, bit_field) && promote(cells + from, to - from))
			changed = true;
		else if (SAYS(one, declared_twice) &&
			 hide(cells, from, to, one))
			changed = true;
		else if (one->source && cell >= from && cell < to &&
			 take(cells, cell, one))
			changed = true;
		else if (one->source && cell == after &&
			 take_after(cells, from, to, one))
			changed = true;
	}
	for (size_t i = from; i < to; i++)
		for (size_t k = 0; k < cells[i].split.ndeclarators; k++)
			cells[i].lifts[k] &= (unsigned char)~LIFT_MOVED;
	return changed;
}

bool
verdicts_take(struct unit_cell *cells, size_t count, const struct diags *d,
	      const struct diag_source *sources)
{
	return take_all(cells, 0, count, count, d, sources);
}

bool
verdicts_take_some(struct unit_cell *cells, size_t count, size_t first,
		   size_t last, const struct diags *d,
		   const struct diag_source *sources)
{
	return take_all(cells, first, last + 1, count, d, sources);
}

/* hints */

/* Does a macro in it declare the name, for its cell alone? */
static bool
is_in_macro(const struct unit_cell *c, struct slice name)
{
	for (size_t i = 0; i < c->split.count; i++) {
		const struct item *it = &c->split.items[i];
		struct lexer l;
		struct token t;

		if (it->kind != ITEM_DECLARATION || !c->functions[i])
			continue;
		lexer_init(&l, it->code);
		while ((t = lexer_next_code(&l)).kind != TOK_END)
			if (slice_equal(token_text(it->code, t), name))
				return true;
	}
	return false;
}

/* False: no cell has the name. */
static bool
hint(const struct unit_cell *cells, size_t count, size_t i, struct slice name,
     struct buf *out)
{
	for (size_t k = 0; k < count; k++) {
		const struct split *s = &cells[k].split;

		if (k < i && is_in_macro(&cells[k], name)) {
			buf_addf(out,
				 "%s: hint: '%.*s' is local to cell '%s': a "
				 "macro declares it\n",
				 cells[i].label, (int)name.len, name.at,
				 cells[k].name);
			return true;
		}
		for (size_t d = 0; d < s->ndeclarators; d++) {
			if (!slice_equal(s->declarators[d].name, name))
				continue;
			if (k > i)
				buf_addf(out,
					 "%s: hint: '%.*s' is defined below, "
					 "in cell '%s'\n",
					 cells[i].label, (int)name.len, name.at,
					 cells[k].name);
			else if (k < i && cells[k].lifts[d] == LIFT_LOCAL)
				buf_addf(out,
					 "%s: hint: '%.*s' is local to cell "
					 "'%s'\n",
					 cells[i].label, (int)name.len, name.at,
					 cells[k].name);
			else if (k < i && cells[k].left_out)
				buf_addf(out,
					 "%s: hint: '%.*s' is defined in cell "
					 "'%s', which does not compile\n",
					 cells[i].label, (int)name.len, name.at,
					 cells[k].name);
			else
				continue;
			return true;
		}
	}
	return false;
}

/* For a compiler that does not say where it has the other definition. */
static void
hint_twice(const struct unit_cell *cells, size_t i, struct slice name,
	   struct buf *out)
{
	for (size_t k = 0; k < i; k++) {
		const struct split *s = &cells[k].split;

		for (size_t d = 0; !cells[k].left_out && d < s->ndeclarators;
		     d++)
			if (slice_equal(s->declarators[d].name, name) &&
			    cells[k].lifts[d] != LIFT_LOCAL) {
				buf_addf(out,
					 "%s: hint: '%.*s' is defined in cell "
					 "'%s'\n",
					 cells[i].label, (int)name.len, name.at,
					 cells[k].name);
				return;
			}
	}
}

static void
hint_open(const struct unit_cell *c, struct buf *out)
{
	for (size_t i = 0; i < c->split.count; i++)
		if (c->split.items[i].unclosed) {
			buf_addf(out,
				 "%s:%d: error: what begins in this line is "
				 "left open: a bracket, a string or a "
				 "comment\n",
				 c->label, c->split.items[i].line);
			return;
		}
}

/* `<<WORD` in a line of shell: what was to be its text is C to us. */
static bool
begins_here_document(struct slice line)
{
	for (size_t i = 1; i + 2 < line.len; i++) {
		const char *p = line.at + i;
		char next = p[2] == '-' && i + 3 < line.len ? p[3] : p[2];

		if (p[0] == '<' && p[1] == '<' && p[-1] != '<' &&
		    (isalpha((unsigned char)next) || next == '_' ||
		     next == '\'' || next == '"' || next == '\\'))
			return true;
	}
	return false;
}

static void
hint_here_document(const struct unit_cell *c, struct buf *out)
{
	for (size_t i = 0; i < c->split.count; i++) {
		const struct item *it = &c->split.items[i];

		if (it->kind != ITEM_SHELL || !begins_here_document(it->code))
			continue;
		buf_addf(out,
			 "%s: hint: line %d is all that its shell is given; a "
			 "cell that starts with %%%%sh can hold a "
			 "here-document\n",
			 c->label, it->line);
		return;
	}
}

void
verdicts_hints(const struct unit_cell *cells, size_t count, size_t i,
	       const struct diags *d, struct buf *messages)
{
	struct strs told = { 0 }, known = { 0 };

	for (size_t k = 0; k < d->count; k++) {
		const struct diag *one = &d->at[k];
		struct slice name;
		char *copy;

		bool twice = SAYS(one, declared_twice) &&
			     (k + 1 == d->count ||
			      d->at[k + 1].severity != DIAG_NOTE);

		if (one->severity < DIAG_ERROR ||
		    !(twice || SAYS(one, undeclared)))
			continue;
		name = quoted(one->text);
		copy = mem_strndup(name.at, name.len);
		if (name.len && !strs_has(&told, copy)) {
			strs_add(&told, copy);
			if (twice)
				hint_twice(cells, i, name, &messages[i]);
			else if (hint(cells, count, i, name, &messages[i]))
				strs_add(&known, copy);
		}
		free(copy);
	}
	strs_release(&told);
	lacks_add(&messages[i], cells[i].label, d, &known);
	strs_release(&known);
	hint_open(&cells[i], &messages[i]);
	hint_here_document(&cells[i], &messages[i]);
}

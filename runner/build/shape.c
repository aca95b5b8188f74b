/* shape.c: tells declarations, functions and statements apart by how they
 * begin, and finds their ends (floor 2). Where nothing is known of a name two
 * readings can be possible (`a * b;`, `f(*p)(x);`); the one that is of use
 * wins. It looks ahead by a bounded number of tokens, or over a pair of
 * brackets, so that the whole stays linear. */
#include "build/shape.h"

#include <stdlib.h>
#include "base/mem.h"

/* Tokens looked at for a body behind parameters declared as before C89. */
#define KNR_MAX 500
#define KNR_NAMES_MAX 128

enum lead {
	LEAD_STATEMENT,
	LEAD_DECLARATION,
	LEAD_EITHER, /* `a * b`: a declaration if a semicolon follows */
};

static bool
is_open_bracket(const struct tokens *ts, size_t i)
{
	return tokens_opens(ts, i) && ts->match[i] == TOKEN_NONE;
}

static bool
is_stray_close(const struct tokens *ts, size_t i)
{
	static const char *const closing[] = { ")", "]", "}", NULL };

	return ts->at[i].kind == TOK_PUNCT && tokens_in(ts, i, closing);
}

/* Behind a pair of parentheses, if `i` opens one. */
static size_t
skip_parens(const struct tokens *ts, size_t i)
{
	return tokens_is(ts, i, "(") ? tokens_skip(ts, i) : i;
}

/* Behind what may stand in front of a declaration and a statement alike. */
static size_t
skip_prefixes(const struct tokens *ts, size_t i)
{
	for (;;) {
		size_t next = words_skip_attributes(ts, i);
		enum word w = word_of(ts, next);

		if (w == WORD_EXTENSION)
			next++;
		else if (w == WORD_PRAGMA)
			next = skip_parens(ts, next + 1);
		if (next == i)
			return i;
		i = next;
	}
}

static bool
is_declaring(enum word w)
{
	return w == WORD_STORAGE || w == WORD_QUALIFIER || w == WORD_TYPE ||
	       w == WORD_TYPEOF || w == WORD_TAG || w == WORD_ASSERT;
}

/* Behind `name *`, from the first star. */
static enum lead
lead_of_star(const struct tokens *ts, size_t i)
{
	static const char *const either[] = { ";", ",", "[", "(", "", NULL };
	bool qualified = false;

	for (;; i++) {
		enum word w = word_of(ts, i);

		if (w == WORD_QUALIFIER)
			qualified = true;
		else if (!tokens_is(ts, i, "*"))
			break;
	}
	if (tokens_is(ts, i, "(")) {
		size_t after = tokens_skip(ts, i);

		return qualified || (tokens_is(ts, i + 1, "*") &&
				     (tokens_is(ts, after, "(") ||
				      tokens_is(ts, after, "[")))
			       ? LEAD_EITHER
			       : LEAD_STATEMENT;
	}
	if (qualified)
		return LEAD_DECLARATION;
	if (word_of(ts, i) == WORD_ATTRIBUTE)
		return LEAD_DECLARATION;
	if (word_of(ts, i) != WORD_NAME)
		return LEAD_STATEMENT;
	i = tokens_skip_directives(ts, i + 1);
	if (ts->at[i].kind == TOK_IDENT || tokens_is(ts, i, "="))
		return LEAD_DECLARATION;
	return tokens_in(ts, i, either) ? LEAD_EITHER : LEAD_STATEMENT;
}

/* Is it the name of a macro that makes a loop, to judge by its letters? */
static bool
looks_like_loop(const struct tokens *ts, size_t i)
{
	struct slice s = token_text(ts->text, ts->at[i]);

	for (size_t at = 0; at < s.len; at++)
		if (s.at[at] >= 'a' && s.at[at] <= 'z')
			return true;
	return memmem(s.at, s.len, "FOR", 3) != NULL;
}

/* Do the parentheses at `open` hold parameters of a function: none, `void`, a
 * type and a name? */
static bool
holds_parameters(const struct tokens *ts, size_t open)
{
	size_t i = open + 1;

	if (!tokens_is(ts, open, "(") || is_open_bracket(ts, open))
		return false;
	if (tokens_is(ts, i, ")") || is_declaring(word_of(ts, i)))
		return true;
	if (word_of(ts, i++) != WORD_NAME)
		return false;
	while (tokens_is(ts, i, "*") || word_of(ts, i) == WORD_QUALIFIER)
		i++;
	return word_of(ts, i) == WORD_NAME &&
	       (tokens_is(ts, i + 1, ",") || tokens_is(ts, i + 1, ")") ||
		tokens_is(ts, i + 1, "["));
}

/* At `name (`, with the token behind the parentheses. */
static enum lead
lead_of_parens(const struct tokens *ts, size_t i)
{
	size_t inner = i + 2, after = tokens_skip(ts, i + 1);
	enum word w = word_of(ts, after);
	bool star =
		tokens_is(ts, inner, "*") || (word_of(ts, inner) == WORD_NAME &&
					      tokens_is(ts, inner + 1, "*"));

	if (is_open_bracket(ts, i + 1))
		return LEAD_STATEMENT;
	if (star && (tokens_is(ts, after, "(") || tokens_is(ts, after, "["))) {
		/* type (*name)(parameters); */
		static const char *const ends[] = { ";", ",", "=", NULL };
		size_t end = tokens_skip(ts, after);

		return tokens_in(ts, end, ends) ? LEAD_EITHER : LEAD_STATEMENT;
	}
	if (word_of(ts, inner) == WORD_NAME && tokens_is(ts, inner + 1, ")") &&
	    tokens_is(ts, after, "(") && !is_open_bracket(ts, after) &&
	    tokens_is(ts, tokens_skip(ts, after), "{"))
		return LEAD_DECLARATION; /* type (name)(parameters) { */
	if (is_declaring(w))
		return LEAD_DECLARATION; /* EXPORT(x) int f(void); */
	if (w != WORD_NAME)
		return LEAD_STATEMENT;
	if (is_declaring(word_of(ts, inner)))
		return LEAD_DECLARATION; /* GLOBAL(int) f(void) */
	if (word_of(ts, after + 1) == WORD_NAME)
		return LEAD_DECLARATION;
	/* EXPORT(type *) name(parameters) { */
	if (!looks_like_loop(ts, i) && holds_parameters(ts, after + 1) &&
	    tokens_is(ts, tokens_skip(ts, after + 1), "{"))
		return LEAD_DECLARATION;
	if (tokens_is(ts, after + 1, "*"))
		return word_of(ts, after + 2) == WORD_NAME ? LEAD_EITHER
							   : LEAD_STATEMENT;
	if (tokens_is(ts, after + 1, ";") || tokens_is(ts, after + 1, ","))
		return LEAD_DECLARATION; /* LIST_HEAD(h, entry) head; */
	return tokens_is(ts, after + 1, "=") && !looks_like_loop(ts, i)
		       ? LEAD_DECLARATION
		       : LEAD_STATEMENT;
}

/* With what is known of the name: a type's begins a declaration, where it is
 * that of a variable or function nothing doubtful does. */
static enum lead
lead_of_known(const struct tokens *ts, size_t i, enum lead lead)
{
	enum name_kind kind = tokens_names(ts, i);

	if (kind == NAME_OBJECT && lead == LEAD_EITHER)
		return LEAD_STATEMENT;
	return kind == NAME_TYPE ? LEAD_DECLARATION : lead;
}

static enum lead
lead_of_name(const struct tokens *ts, size_t i)
{
	size_t next = tokens_skip_directives(ts, i + 1);
	enum word w = word_of(ts, next);

	if (w == WORD_NAME || (is_declaring(w) && w != WORD_ASSERT))
		return next == i + 1 ? LEAD_DECLARATION : LEAD_STATEMENT;
	if (w == WORD_ATTRIBUTE) {
		next = words_skip_attributes(ts, next);
		return word_of(ts, next) == WORD_NAME ||
				       is_declaring(word_of(ts, next)) ||
				       tokens_is(ts, next, "*")
			       ? LEAD_DECLARATION
			       : LEAD_STATEMENT;
	}
	if (tokens_is(ts, next, "*"))
		return lead_of_known(ts, i, lead_of_star(ts, next));
	if (tokens_is(ts, i + 1, "("))
		return lead_of_known(ts, i, lead_of_parens(ts, i));
	return LEAD_STATEMENT;
}

static enum lead
lead_of(const struct tokens *ts, size_t i)
{
	enum word w;

	i = skip_prefixes(ts, i);
	w = word_of(ts, i);
	if (w == WORD_NAME)
		return lead_of_name(ts, i);
	return is_declaring(w) ? LEAD_DECLARATION : LEAD_STATEMENT;
}

/* Does one of the names between `open` and its partner stand in [from, to)? */
static bool
names_one_of(const struct tokens *ts, size_t open, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		for (size_t n = open + 1; n < ts->match[open]; n += 2)
			if (ts->at[i].kind == TOK_IDENT &&
			    token_same(ts->text, ts->at[i], ts->at[n]))
				return true;
	return false;
}

/* A word that neither an expression nor a declaration holds. */
static bool
begins_statement(enum word w)
{
	return w == WORD_STATEMENT || w == WORD_IF || w == WORD_ELSE ||
	       w == WORD_LOOP || w == WORD_DO || w == WORD_CASE;
}

/* The `{` behind `(a, b) int a; char *b;`, or TOKEN_NONE. */
static size_t
knr_body(const struct tokens *ts, size_t open)
{
	size_t close = ts->match[open], i = close + 1, last = i + KNR_MAX;

	if (close == TOKEN_NONE || close - open > KNR_NAMES_MAX ||
	    (close - open) % 2)
		return TOKEN_NONE;
	for (size_t n = open + 1; n < close; n++)
		if ((n - open) % 2 ? word_of(ts, n) != WORD_NAME
				   : !tokens_is(ts, n, ","))
			return TOKEN_NONE;
	while (i < last && i < ts->count) {
		size_t from = tokens_skip_directives(ts, i);

		if (tokens_is(ts, from, "{"))
			return i > close + 1 ? from : TOKEN_NONE;
		if (lead_of(ts, from) == LEAD_STATEMENT)
			return TOKEN_NONE;
		for (i = from; i < last && !tokens_is(ts, i, ";"); i++)
			if (i == ts->count || is_open_bracket(ts, i))
				return TOKEN_NONE;
		if (!names_one_of(ts, open, from, i))
			return TOKEN_NONE;
		i++;
	}
	return TOKEN_NONE;
}

/* Where the text ends before its semicolon: without the preprocessor lines
 * that stand behind the last token of it. */
static size_t
end_of_text(const struct tokens *ts, size_t from, struct shape *s)
{
	size_t end = ts->count;

	s->unended = true;
	while (end > from + 1 && ts->at[end - 1].kind == TOK_DIRECTIVE)
		end--;
	return end;
}

static size_t
function_end(const struct tokens *ts, size_t body, struct shape *s)
{
	s->body = s->head = body;
	s->kind = ITEM_FUNCTION;
	s->unclosed = is_open_bracket(ts, body);
	return tokens_skip(ts, body);
}

static size_t
declaration_end(const struct tokens *ts, size_t from, struct shape *s)
{
	bool init = false;
	size_t i = from;

	while (i < ts->count) {
		enum word w = word_of(ts, i);
		unsigned spec = 0;
		size_t body;

		if (tokens_is(ts, i, ";"))
			return i + 1;
		if (is_stray_close(ts, i) ||
		    (i > from && begins_statement(w))) {
			s->unended = true;
			return i;
		}
		if (w == WORD_TAG && !init) {
			i = words_skip_tag(ts, i, &spec, &body);
			s->unclosed |=
				body != TOKEN_NONE && is_open_bracket(ts, body);
			continue;
		}
		if (w == WORD_ATTRIBUTE || w == WORD_TYPEOF || w == WORD_ASM) {
			i = skip_parens(ts, i + 1);
			continue;
		}
		if (tokens_is(ts, i, "{") && !init)
			return function_end(ts, i, s);
		if (tokens_is(ts, i, "(") && !init && i > from) {
			body = knr_body(ts, i);
			s->knr = body != TOKEN_NONE;
			if (s->knr) {
				size_t end = function_end(ts, body, s);

				s->head = tokens_skip(ts, i);
				return end;
			}
		}
		if (tokens_is(ts, i, "="))
			init = true;
		else if (tokens_is(ts, i, ","))
			init = false;
		s->unclosed |= is_open_bracket(ts, i);
		i = tokens_skip(ts, i);
	}
	return end_of_text(ts, from, s);
}

/* The end of an expression, or of `return x`, behind its semicolon. The word
 * of another statement ends it as well: a macro may have brought the
 * semicolon. */
static size_t
simple_end(const struct tokens *ts, size_t from, struct shape *s)
{
	size_t i = from;

	while (i < ts->count) {
		enum word w = word_of(ts, i);

		if (tokens_is(ts, i, ";"))
			return i + 1;
		if (is_stray_close(ts, i) ||
		    (i > from && begins_statement(w))) {
			s->unended = true;
			return i;
		}
		s->unclosed |= is_open_bracket(ts, i);
		i = tokens_skip(ts, i);
	}
	return end_of_text(ts, from, s);
}

/* Behind `case 1:`, `default:`. */
static size_t
case_end(const struct tokens *ts, size_t i)
{
	size_t questions = 0;

	for (; i < ts->count && !tokens_is(ts, i, ";") &&
	       !tokens_is(ts, i, "{") && !is_stray_close(ts, i);
	     i = tokens_skip(ts, i)) {
		if (tokens_is(ts, i, "?"))
			questions++;
		else if (tokens_is(ts, i, ":") && questions-- == 0)
			return i + 1;
	}
	return i;
}

static bool
is_label(const struct tokens *ts, size_t i)
{
	return word_of(ts, i) == WORD_NAME && tokens_is(ts, i + 1, ":");
}

/* At a macro's name, or behind its arguments, stands a preprocessor line. Does
 * the expression go on behind it? If not, the macro was a line of its own. */
static bool
goes_on(const struct tokens *ts, size_t i)
{
	static const char *const begins[] = { "*", "&", "(", "[", "++", "--",
					      "!", "~", "{", "}", "",	NULL };

	if (ts->at[i].kind != TOK_DIRECTIVE)
		return true;
	i = tokens_skip_directives(ts, i);
	return ts->at[i].kind == TOK_PUNCT && !tokens_in(ts, i, begins);
}

/* A statement is read in a loop: what is nested in it waits on a list, or a
 * text of ten thousand `if (x)` would end the stack. */
struct nest {
	struct shape *shape;
	enum word *waiting; /* WORD_IF, WORD_DO */
	size_t count;
	bool simple; /* nothing but an expression so far */
	bool block;  /* the last part read is `macro(...) {...}` */
};

/* At a name: a macro with a block, a macro in front of a statement, or an
 * expression. *i moves; true if the statement is complete. */
static bool
read_name(const struct tokens *ts, size_t *i, struct nest *n)
{
	size_t after = skip_parens(ts, *i + 1);
	bool parens = after > *i + 1;
	enum word w = word_of(ts, after);

	if (parens && is_open_bracket(ts, *i + 1)) {
		*i = simple_end(ts, *i, n->shape);
		return true;
	}
	if (tokens_is(ts, after, "{")) {
		n->simple = false;
		n->block = true;
		n->shape->unclosed |= is_open_bracket(ts, after);
		if (parens && n->shape->body == TOKEN_NONE) {
			n->shape->body = after;
			n->shape->maybe_macro_function = n->count == 0;
		}
		*i = tokens_skip(ts, after);
		return true;
	}
	if (!goes_on(ts, after)) {
		n->shape->unended = true;
		*i = after;
		return true;
	}
	if (parens && w != WORD_NONE && w != WORD_ELSE) {
		n->simple = false;
		*i = after;
		return false;
	}
	*i = simple_end(ts, *i, n->shape);
	return true;
}

/* One step into a statement at *i; true if a whole one, nested or not, has
 * been read. */
static bool
read_part(const struct tokens *ts, size_t *i, struct nest *n)
{
	enum word w;
	bool was_simple = n->simple;

	*i = skip_prefixes(ts, tokens_skip_directives(ts, *i));
	w = word_of(ts, *i);
	n->block = false;
	n->simple = false;
	if (*i >= ts->count) {
		*i = end_of_text(ts, *i, n->shape);
		return true;
	}
	if (is_stray_close(ts, *i))
		return true;
	if (is_label(ts, *i)) {
		*i += 2;
		return lead_of(ts, *i) == LEAD_DECLARATION || *i == ts->count;
	}
	if (w == WORD_IF || w == WORD_DO)
		*mem_push(n->waiting, n->count) = w;
	switch (w) {
	case WORD_IF:
	case WORD_DO:
	case WORD_LOOP:
	case WORD_ELSE:
		n->shape->unclosed |= is_open_bracket(ts, *i + 1) &&
				      tokens_is(ts, *i + 1, "(");
		*i = skip_parens(ts, *i + 1);
		return false;
	case WORD_CASE:
		*i = case_end(ts, *i);
		return false;
	case WORD_ASM:
		for (++*i; ts->at[*i].kind == TOK_IDENT; ++*i)
			; /* volatile, goto */
		*i = simple_end(ts, *i, n->shape);
		return true;
	case WORD_NAME:
		n->simple = was_simple;
		return read_name(ts, i, n);
	case WORD_NONE:
	case WORD_EXPRESSION:
	case WORD_STATEMENT:
	case WORD_STORAGE:
	case WORD_QUALIFIER:
	case WORD_TYPE:
	case WORD_TYPEOF:
	case WORD_TAG:
	case WORD_ATTRIBUTE:
	case WORD_ASSERT:
	case WORD_EXTENSION:
	case WORD_PRAGMA:
		break;
	}
	if (tokens_is(ts, *i, "{")) {
		n->shape->unclosed |= is_open_bracket(ts, *i);
		*i = tokens_skip(ts, *i);
		return true;
	}
	n->simple = was_simple && w != WORD_STATEMENT;
	*i = simple_end(ts, *i, n->shape);
	return true;
}

/* A whole statement ends at *i: does it also end those around it? False if
 * another one must follow, behind `else`. */
static bool
close_nest(const struct tokens *ts, size_t *i, struct nest *n)
{
	size_t next = tokens_skip_directives(ts, *i);
	bool is_else = word_of(ts, next) == WORD_ELSE;
	bool has_while = tokens_is(ts, next, "while");

	while (n->count) {
		enum word w = n->waiting[--n->count];

		if (w == WORD_IF && is_else) {
			*i = next + 1;
			return false;
		}
		if (w == WORD_DO && has_while) {
			*i = simple_end(ts, next + 1, n->shape);
			next = tokens_skip_directives(ts, *i);
			is_else = word_of(ts, next) == WORD_ELSE;
			has_while = tokens_is(ts, next, "while");
		}
	}
	if (n->block && is_else) {
		*i = next + 1;
		return false;
	}
	return true;
}

static void
read_statement(const struct tokens *ts, size_t from, struct shape *s)
{
	struct nest n = { .shape = s, .simple = true };
	size_t i = from;

	s->kind = ITEM_STATEMENT;
	do
		while (!read_part(ts, &i, &n))
			;
	while (!close_nest(ts, &i, &n));
	free(n.waiting);
	if (i == from)
		i++; /* a closing bracket that nothing opened */
	s->end = i;
	if (n.simple && s->unended && !s->unclosed &&
	    tokens_skip_directives(ts, i) == ts->count)
		s->kind = ITEM_EXPRESSION;
}

/* The preprocessor lines that are part of a statement: `#pragma omp ...`. */
static bool
is_statement_pragma(const struct tokens *ts, size_t i)
{
	static const char *const at_file_scope[] = {
		"declare", "threadprivate", "requires",	    "assumes",	"begin",
		"end",	   "routine",	    "groupprivate", "allocate", NULL
	};
	static const struct {
		const char *first, *second; /* NULL: whatever follows */
	} pragmas[] = {
		{ "omp" },	     { "acc" },		  { "unroll" },
		{ "nounroll" },	     { "GCC", "unroll" }, { "GCC", "ivdep" },
		{ "clang", "loop" }, { "ivdep" },	  { "simd" },
	};
	struct slice text = { ts->text.at, token_end(ts->at[i]) };
	struct token first, second;
	struct lexer l;

	if (!token_is(text, tokens_directive(text, ts->at[i], &first),
		      "pragma"))
		return false;
	lexer_init(&l, text);
	l.at = token_end(first);
	l.line_start = false;
	second = lexer_next_code(&l);
	for (const char *const *word = at_file_scope; *word; word++)
		if (token_is(text, second, *word))
			return false;
	for (size_t p = 0; p < countof(pragmas); p++)
		if (token_is(text, first, pragmas[p].first) &&
		    (!pragmas[p].second ||
		     token_is(text, second, pragmas[p].second)))
			return true;
	return false;
}

struct shape
shape_at(const struct tokens *ts, size_t i)
{
	struct shape s = { .end = i + 1, .body = TOKEN_NONE };
	enum lead lead;

	if (ts->shell[i]) {
		s.kind = ITEM_SHELL;
		return s;
	}
	if (ts->at[i].kind == TOK_DIRECTIVE) {
		s.kind = is_statement_pragma(ts, i) ? ITEM_STATEMENT
						    : ITEM_DIRECTIVE;
		return s;
	}
	lead = is_label(ts, i) ? LEAD_STATEMENT : lead_of(ts, i);
	if (lead != LEAD_STATEMENT) {
		s.kind = ITEM_DECLARATION;
		s.end = declaration_end(ts, i, &s);
		s.maybe_statement =
			lead == LEAD_EITHER && s.kind == ITEM_DECLARATION;
		if (lead == LEAD_DECLARATION || !s.unended)
			return s;
		s = (struct shape){ .body = TOKEN_NONE };
	}
	read_statement(ts, i, &s);
	return s;
}

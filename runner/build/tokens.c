/* tokens.c: the list of a text's tokens, with brackets paired (floor 2). It
 * follows #if and its branches as far as needed to keep pairs right where the
 * branches open or close the same brace, and leaves out what no compiler would
 * read; conditions other than 0, 1 and __cplusplus are not evaluated. */
#include "build/tokens.h"

#include <stdlib.h>
#include "base/mem.h"

/* An #if that has not met its #endif. */
struct cond {
	size_t height; /* of the brackets' stack where it stands */
	size_t left;   /* the highest that an earlier branch ended with */
	size_t ended;  /* what the latest branch that is read ended with */
	size_t begins; /* the first token of this branch */
	bool dead;     /* this branch is left out */
	bool taken;    /* an earlier branch is known to be taken */
	bool outer_dead;
	bool later; /* not the first branch */
};

struct reader {
	struct tokens *ts;
	struct lexer lexer;
	size_t cap;
	size_t *stack; /* opening brackets that wait */
	size_t *brace; /* [stack_cap]: the nearest slot of a `{`, from here
			* down, or TOKEN_NONE: a loop would not be linear */
	size_t height, stack_cap;
	size_t *twin; /* [cap]: the bracket of an earlier branch */
	struct cond *conds;
	size_t nconds;
};

static const char *const open_brackets[] = { "(", "[", "{", NULL };
static const char *const close_brackets[] = { ")", "]", "}", NULL };

size_t
token_end(struct token t)
{
	return t.at + t.len;
}

bool
tokens_is(const struct tokens *ts, size_t i, const char *spelling)
{
	return token_is(ts->text, ts->at[i], spelling);
}

bool
tokens_in(const struct tokens *ts, size_t i, const char *const *words)
{
	for (; *words; words++)
		if (tokens_is(ts, i, *words))
			return true;
	return false;
}

enum name_kind
tokens_names(const struct tokens *ts, size_t i)
{
	return ts->known && ts->at[i].kind == TOK_IDENT
		       ? known_kind(ts->known, token_text(ts->text, ts->at[i]))
		       : NAME_UNKNOWN;
}

static bool
is_bracket(const struct tokens *ts, size_t i, const char *const *brackets)
{
	return ts->at[i].kind == TOK_PUNCT && tokens_in(ts, i, brackets);
}

bool
tokens_opens(const struct tokens *ts, size_t i)
{
	return is_bracket(ts, i, open_brackets);
}

size_t
tokens_skip(const struct tokens *ts, size_t i)
{
	if (i >= ts->count)
		return ts->count;
	if (!tokens_opens(ts, i))
		return i + 1;
	return ts->match[i] == TOKEN_NONE ? ts->count : ts->match[i] + 1;
}

size_t
tokens_skip_directives(const struct tokens *ts, size_t i)
{
	while (i < ts->count && ts->at[i].kind == TOK_DIRECTIVE)
		i++;
	return i;
}

struct token
tokens_directive(struct slice text, struct token directive,
		 struct token *argument)
{
	struct lexer l;
	struct token word;

	lexer_init(&l, (struct slice){ text.at, token_end(directive) });
	l.at = directive.at;
	l.line = directive.line;
	l.line_start = false;
	lexer_next(&l); /* the # */
	word = lexer_next_code(&l);
	*argument = word.kind == TOK_END ? word : lexer_next_code(&l);
	return word;
}

/* What is known of the condition from `first` to the end of the preprocessor
 * line at the end of the list, without evaluating it: 0, 1, or -1. 0 and 1 say
 * it themselves, and C is not C++. */
static int
known_condition(const struct reader *r, struct token first)
{
	struct slice line = { r->ts->text.at,
			      token_end(r->ts->at[r->ts->count]) };
	struct token t = first, next;
	bool negated = false, defined = false, nested = false;
	struct lexer l;

	lexer_init(&l, line);
	l.at = token_end(first);
	l.line_start = false;
	if ((negated = token_is(line, t, "!")))
		t = lexer_next_code(&l);
	if ((defined = token_is(line, t, "defined")))
		t = lexer_next_code(&l);
	if (defined && (nested = token_is(line, t, "(")))
		t = lexer_next_code(&l);
	next = lexer_next_code(&l);
	if (nested && token_is(line, next, ")"))
		next = lexer_next_code(&l);
	if (next.kind != TOK_END)
		return -1;
	if (defined ? token_is(line, t, "__cplusplus")
		    : token_is(line, t, "0") ||
			      token_is(line, t, "__cplusplus"))
		return negated;
	return !defined && token_is(line, t, "1") ? !negated : -1;
}

/* `word` begins a branch of `c`: if, ifdef, elif... */
static void
enter_branch(struct reader *r, struct cond *c, struct token word,
	     struct token condition)
{
	struct slice text = r->ts->text;
	int known = -1;

	if (token_is(text, word, "if") || token_is(text, word, "elif"))
		known = known_condition(r, condition);
	else if (token_is(text, condition, "__cplusplus"))
		known = token_is(text, word, "ifndef") ||
			token_is(text, word, "elifndef");
	c->dead = c->outer_dead || c->taken || known == 0;
	c->taken |= known == 1;
}

/* Left out, or empty as if it were. */
static bool
says_nothing(const struct reader *r, const struct cond *c)
{
	return c->dead || (c->later && c->begins == r->ts->count);
}

static void
next_branch(struct reader *r, struct token word, struct token condition)
{
	struct slice text = r->ts->text;
	struct cond *c = &r->conds[r->nconds - 1];

	if (!says_nothing(r, c))
		c->ended = r->height;
	if (!c->dead && r->height > c->left)
		c->left = r->height;
	c->later = true;
	c->begins = r->ts->count + 1;
	r->height = c->height;
	if (token_is(text, word, "else"))
		c->dead = c->outer_dead || c->taken;
	else
		enter_branch(r, c, word, condition);
}

/* A last branch that says nothing leaves the brackets as the live one before it
 * did. */
static void
end_branches(struct reader *r)
{
	struct cond *c = &r->conds[--r->nconds];

	if (says_nothing(r, c))
		r->height = c->ended;
}

static void
read_directive(struct reader *r)
{
	struct tokens *ts = r->ts;
	struct token condition;
	struct token word =
		tokens_directive(ts->text, ts->at[ts->count], &condition);
	bool dead = r->nconds && r->conds[r->nconds - 1].dead;

	if (token_is(ts->text, word, "if") ||
	    token_is(ts->text, word, "ifdef") ||
	    token_is(ts->text, word, "ifndef")) {
		struct cond c = { .height = r->height,
				  .left = r->height,
				  .ended = r->height,
				  .begins = ts->count + 1,
				  .outer_dead = dead };

		enter_branch(r, &c, word, condition);
		*mem_push(r->conds, r->nconds) = c;
	} else if (r->nconds && (token_is(ts->text, word, "elif") ||
				 token_is(ts->text, word, "elifdef") ||
				 token_is(ts->text, word, "elifndef") ||
				 token_is(ts->text, word, "else"))) {
		next_branch(r, word, condition);
	} else if (r->nconds && token_is(ts->text, word, "endif")) {
		end_branches(r);
	}
}

static void
push_bracket(struct reader *r, size_t i)
{
	size_t slot = r->height++;

	if (slot == r->stack_cap) {
		r->stack_cap = slot ? slot * 2 : 64;
		r->stack = mem_grow(r->stack, r->stack_cap, sizeof *r->stack);
		r->brace = mem_grow(r->brace, r->stack_cap, sizeof *r->brace);
	}
	r->stack[slot] = i;
	r->brace[slot] = tokens_is(r->ts, i, "{") ? slot
			 : slot			  ? r->brace[slot - 1]
						  : TOKEN_NONE;
}

static void
open_bracket(struct reader *r, size_t i)
{
	const struct cond *c = r->nconds ? &r->conds[r->nconds - 1] : NULL;

	r->twin[i] = TOKEN_NONE;
	if (c && c->later && r->height >= c->height && r->height < c->left &&
	    r->ts->match[r->stack[r->height]] == TOKEN_NONE)
		r->twin[i] = r->stack[r->height];
	push_bracket(r, i);
}

/* The slot of the bracket that token `i` closes. One without an opening one,
 * or of another shape, closes nothing (the compiler will say so); but a brace
 * also ends the brackets left open in it. */
static size_t
slot_closed_by(const struct reader *r, size_t i)
{
	const char *open = tokens_is(r->ts, i, "}")   ? "{"
			   : tokens_is(r->ts, i, ")") ? "("
						      : "[";
	size_t slot = r->height - 1;

	if (r->height && *open == '{')
		slot = r->brace[slot];
	if (!r->height || slot == TOKEN_NONE ||
	    !tokens_is(r->ts, r->stack[slot], open))
		return TOKEN_NONE;
	return slot;
}

static void
close_bracket(struct reader *r, size_t i)
{
	size_t slot = slot_closed_by(r, i);
	size_t *match = r->ts->match;
	size_t open;

	if (slot == TOKEN_NONE)
		return;
	r->height = slot;
	open = r->stack[slot];
	match[i] = open;
	match[open] = i;
	for (size_t t = r->twin[open]; t != TOKEN_NONE; t = r->twin[t])
		match[t] = i;
	r->twin[open] = TOKEN_NONE;
}

static bool
is_ident(const struct tokens *ts, size_t i)
{
	return ts->at[i].kind == TOK_IDENT;
}

/* Could a statement begin behind the first `n` tokens? */
static bool
ends_statement(const struct tokens *ts, size_t n)
{
	while (n && ts->at[n - 1].kind == TOK_DIRECTIVE)
		n--;
	if (n > 1 && tokens_is(ts, n - 1, ":") && is_ident(ts, n - 2))
		n -= 2;
	return !n || ts->shell[n - 1] || tokens_is(ts, n - 1, ";") ||
	       tokens_is(ts, n - 1, "}");
}

/* Make the `!` that was just read a whole line, which a backslash at its end
 * continues, as a shell would have it. */
static void
read_shell_line(struct reader *r, struct token *t)
{
	struct slice text = r->ts->text;
	size_t end = t->at;

	while (end < text.len && text.at[end] != '\n' && text.at[end] != '\r') {
		bool escape = text.at[end] == '\\';

		end++;
		if (escape && end + 1 < text.len && text.at[end] == '\r' &&
		    text.at[end + 1] == '\n')
			end++;
		if (escape && end < text.len)
			end++;
	}
	t->kind = TOK_OTHER;
	t->len = end - t->at;
	r->lexer.line = t->line + lexer_count_lines(token_text(text, *t));
	r->lexer.at = end;
	r->lexer.line_start = false;
}

static void
make_room(struct reader *r)
{
	struct tokens *ts = r->ts;

	if (ts->count < r->cap)
		return;
	r->cap = r->cap ? r->cap * 2 : 256;
	ts->at = mem_grow(ts->at, r->cap, sizeof *ts->at);
	ts->match = mem_grow(ts->match, r->cap, sizeof *ts->match);
	ts->shell = mem_grow(ts->shell, r->cap, sizeof *ts->shell);
	r->twin = mem_grow(r->twin, r->cap, sizeof *r->twin);
}

/* The next token that is no space or comment; *first: only blanks stand
 * before it in its line. */
static struct token
next_token(struct reader *r, bool *first)
{
	for (;;) {
		struct token t = lexer_next(&r->lexer);

		if (t.kind == TOK_SPACE)
			*first |= lexer_count_lines(
					  token_text(r->ts->text, t)) > 0;
		else if (t.kind == TOK_COMMENT)
			*first = false;
		else
			return t;
	}
}

static bool
is_dead(const struct reader *r)
{
	return r->nconds && r->conds[r->nconds - 1].dead;
}

/* Take token `t` in, unless no compiler would read it. */
static void
read_token(struct reader *r, struct token t, bool first)
{
	struct tokens *ts = r->ts;
	size_t i = ts->count;
	bool dead = is_dead(r);

	ts->match[i] = TOKEN_NONE;
	ts->shell[i] = false;
	ts->at[i] = t;
	if (t.kind == TOK_DIRECTIVE)
		read_directive(r);
	if (dead && is_dead(r)) { /* part of the line that leaves it out */
		ts->at[i - 1].len = token_end(t) - ts->at[i - 1].at;
		return;
	}
	if (first && r->height == 0 && tokens_is(ts, i, "!") &&
	    ends_statement(ts, i)) {
		read_shell_line(r, &ts->at[i]);
		ts->shell[i] = true;
	} else if (is_bracket(ts, i, open_brackets)) {
		open_bracket(r, i);
	} else if (is_bracket(ts, i, close_brackets)) {
		close_bracket(r, i);
	}
	ts->count++;
}

void
tokens_read(struct tokens *ts, struct slice text)
{
	struct reader r = { .ts = ts };
	bool first = true;

	*ts = (struct tokens){ .text = text };
	lexer_init(&r.lexer, text);
	for (;;) {
		struct token t = next_token(&r, &first);

		make_room(&r);
		if (t.kind == TOK_END) {
			ts->at[ts->count] = t;
			ts->match[ts->count] = TOKEN_NONE;
			ts->shell[ts->count] = false;
			break;
		}
		read_token(&r, t, first);
		first = false;
	}
	free(r.stack);
	free(r.brace);
	free(r.twin);
	free(r.conds);
}

void
tokens_release(struct tokens *ts)
{
	free(ts->at);
	free(ts->match);
	free(ts->shell);
	*ts = (struct tokens){ 0 };
}

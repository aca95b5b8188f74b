/* source.c: reads off a cell's tokens what it is (floor 2): a program, a
 * function, a row of a plugin's table. It looks at file scope only and knows
 * no types; whether the text is right C is the compiler's business. */
#include "build/source.h"

#include "base/arena.h"
#include "build/tokens.h"

/* Tokens looked at between a parameter list and its body: a text of nothing but
 * beginnings must not take the square of its length. */
#define BEFORE_BODY_MAX 500

static bool
is_ident(const struct tokens *ts, size_t i)
{
	return i < ts->count && ts->at[i].kind == TOK_IDENT;
}

/* The token behind `i` at the same depth. A bracket that nothing closes is
 * passed over as if it were not there: what a user forgot to close must not
 * hide the functions below. */
static size_t
step(const struct tokens *ts, size_t i)
{
	if (tokens_opens(ts, i) && ts->match[i] == TOKEN_NONE)
		return i + 1;
	return tokens_skip(ts, i);
}

/* `(a, b)`: names and nothing else, as in a definition before C89. */
static bool
is_name_list(const struct tokens *ts, size_t open)
{
	size_t i = open + 1;

	if (!is_ident(ts, i))
		return false;
	while (is_ident(ts, i) && tokens_is(ts, i + 1, ","))
		i += 2;
	return is_ident(ts, i) && i + 1 == ts->match[open];
}

/* The `{` of the body that follows the parameters that open at `paren`, or
 * TOKEN_NONE. Between them may stand attributes, macros and, where the
 * parameters are mere names, their declarations. */
static size_t
body_after(const struct tokens *ts, size_t paren)
{
	bool names, declared = false;
	size_t i = ts->match[paren], last = i + BEFORE_BODY_MAX;

	if (i == TOKEN_NONE)
		return TOKEN_NONE;
	names = is_name_list(ts, paren);
	for (i++; i < last && (i = tokens_skip_directives(ts, i)) < ts->count;
	     i = tokens_skip(ts, i)) {
		bool word = is_ident(ts, i);

		if (tokens_is(ts, i, "{"))
			return declared && is_ident(ts, i - 1) ? TOKEN_NONE : i;
		if (declared &&
		    (tokens_is(ts, i, ";") || tokens_is(ts, i, ",") ||
		     tokens_is(ts, i, "*")))
			continue;
		if (!word && !tokens_is(ts, i, "(") && !tokens_is(ts, i, "["))
			break;
		declared |= word && names;
	}
	return TOKEN_NONE;
}

/* If a function is defined whose name is token `i` (which may stand in
 * brackets of its own): the `{` of its body, else TOKEN_NONE. */
static size_t
body_of(const struct tokens *ts, size_t i)
{
	size_t paren = i + 1;

	if (!is_ident(ts, i))
		return TOKEN_NONE;
	if (i && (tokens_is(ts, i - 1, ".") || tokens_is(ts, i - 1, "->")))
		return TOKEN_NONE;
	if (i && tokens_is(ts, i - 1, "(") && tokens_is(ts, paren, ")"))
		paren++;
	return tokens_is(ts, paren, "(") ? body_after(ts, paren) : TOKEN_NONE;
}

/* Is the item over behind token `i`, which stands at file scope? Only a brace
 * that follows a parameter list closes one; others are of types and values. */
static bool
ends_item(const struct tokens *ts, size_t i)
{
	size_t open = ts->match[i];

	if (ts->shell[i] || ts->at[i].kind == TOK_DIRECTIVE ||
	    tokens_is(ts, i, ";"))
		return true;
	return open != TOKEN_NONE && open < i && tokens_is(ts, i, "}") &&
	       open &&
	       (tokens_is(ts, open - 1, ")") || tokens_is(ts, open - 1, ";"));
}

/* Where function `name` is defined: its name's token, and in *start the first
 * token of the definition. */
static size_t
find_function(const struct tokens *ts, const char *name, size_t *start)
{
	*start = 0;
	for (size_t i = 0; i < ts->count; i = step(ts, i)) {
		size_t next = step(ts, i);
		size_t at = i;

		if (next == i + 3 && tokens_is(ts, i, "("))
			at = i + 1; /* int (main)(void) */
		if (tokens_is(ts, at, name) && body_of(ts, at) != TOKEN_NONE)
			return at;
		if (ends_item(ts, next - 1))
			*start = next;
	}
	return TOKEN_NONE;
}

bool
source_defines_main(struct slice text, int *line)
{
	struct tokens ts;
	size_t start, at;

	if (!lexer_may_spell(text, "main"))
		return false;
	tokens_read(&ts, text);
	at = find_function(&ts, "main", &start);
	if (at != TOKEN_NONE && line)
		*line = ts.at[at].line;
	tokens_release(&ts);
	return at != TOKEN_NONE;
}

/* Does a line begin with `!`, blanks aside? */
static bool
has_mark(struct slice text)
{
	const char *end = text.at + text.len;
	const char *at = text.len ? memchr(text.at, '!', text.len) : NULL;

	for (; at; at = memchr(at + 1, '!', (size_t)(end - at - 1))) {
		const char *before = at;

		while (before > text.at && strchr(" \t\f\v", before[-1]) &&
		       before[-1])
			before--;
		if (before == text.at || before[-1] == '\n' ||
		    before[-1] == '\r')
			return true;
	}
	return false;
}

int
source_shell_line(struct slice text)
{
	struct tokens ts;
	int line = 0;

	if (!has_mark(text))
		return 0;
	tokens_read(&ts, text);
	for (size_t i = 0; i < ts.count && !line; i = tokens_skip(&ts, i))
		if (ts.shell[i])
			line = ts.at[i].line;
	tokens_release(&ts);
	return line;
}

/* Where the comment begins that stands directly above token `start`, or where
 * the token itself does. A comment in the line of what stands before it is
 * about that. */
static size_t
comment_above(const struct tokens *ts, size_t start)
{
	struct token first = ts->at[start];
	size_t begin = first.at;
	int line_before = 0;
	struct lexer l;

	lexer_init(&l, ts->text);
	if (start) {
		struct token before = ts->at[start - 1];

		l.at = token_end(before);
		l.line = before.line +
			 lexer_count_lines(token_text(ts->text, before));
		l.line_start = false;
		line_before = l.line;
	}
	while (l.at < first.at) {
		struct token t = lexer_next(&l);
		struct slice bytes = token_text(ts->text, t);

		if (t.kind == TOK_SPACE && lexer_count_lines(bytes) > 1)
			begin = first.at;
		else if (t.kind == TOK_COMMENT && t.line > line_before &&
			 begin == first.at)
			begin = t.at;
	}
	return begin;
}

struct slice
source_function(struct slice text, const char *name)
{
	struct slice found = { text.at, 0 };
	struct tokens ts;
	size_t start, at, body;

	tokens_read(&ts, text);
	at = find_function(&ts, name, &start);
	if (at != TOKEN_NONE) {
		size_t begin = comment_above(&ts, start);
		size_t end;

		body = body_of(&ts, at);
		end = ts.match[body] == TOKEN_NONE
			      ? text.len
			      : token_end(ts.at[ts.match[body]]);
		found = (struct slice){ text.at + begin, end - begin };
	}
	tokens_release(&ts);
	return found;
}

/* Is token `i` the string literal "value"? */
static bool
is_string(const struct tokens *ts, size_t i, const char *value)
{
	struct slice s = token_text(ts->text, ts->at[i]);

	return ts->at[i].kind == TOK_STRING && s.len >= 2 &&
	       slice_is((struct slice){ s.at + 1, s.len - 2 }, value);
}

/* The token of the value behind `.name =` in the row that opens at `open`. */
static size_t
member(const struct tokens *ts, size_t open, const char *name)
{
	for (size_t i = open + 1; i + 3 < ts->match[open];
	     i = tokens_skip(ts, i))
		if (tokens_is(ts, i, ".") && tokens_is(ts, i + 1, name) &&
		    tokens_is(ts, i + 2, "="))
			return i + 3;
	return TOKEN_NONE;
}

/* The name of the function in the row that opens at `open`, if it is the row
 * of `cell`; else TOKEN_NONE. */
static size_t
row_function(const struct tokens *ts, size_t open, const char *cell)
{
	size_t name, run;

	if (!tokens_is(ts, open, "{") || ts->match[open] == TOKEN_NONE)
		return TOKEN_NONE;
	name = member(ts, open, "name");
	run = member(ts, open, "run");
	if (name == TOKEN_NONE)
		name = open + 1;
	if (run == TOKEN_NONE && tokens_is(ts, name + 1, ","))
		run = name + 2;
	if (run == TOKEN_NONE || run >= ts->match[open] ||
	    !is_string(ts, name, cell))
		return TOKEN_NONE;
	if (tokens_is(ts, run, "&"))
		run++;
	return is_ident(ts, run) ? run : TOKEN_NONE;
}

/* The row of `cell` among the arrays of struct cell_def. */
static size_t
find_row(const struct tokens *ts, const char *cell)
{
	bool table = false;

	for (size_t i = 0; i < ts->count; i = step(ts, i)) {
		size_t run;

		if (tokens_is(ts, i, "cell_def"))
			table = true;
		else if (tokens_is(ts, i, ";"))
			table = false;
		if (!table || !tokens_is(ts, i, "{"))
			continue;
		for (size_t row = i + 1; row < tokens_skip(ts, i);
		     row = tokens_skip(ts, row)) {
			run = row_function(ts, row, cell);
			if (run != TOKEN_NONE)
				return run;
		}
	}
	return TOKEN_NONE;
}

bool
source_table_cell(struct slice text, const char *cell, struct slice *definition,
		  int *line)
{
	struct slice found = { text.at, 0 };
	struct tokens ts;
	struct arena a;
	size_t run;

	arena_init(&a);
	tokens_read(&ts, text);
	run = find_row(&ts, cell);
	if (run != TOKEN_NONE) {
		struct slice name = token_text(text, ts.at[run]);

		found = source_function(text, arena_dup(&a, name.at, name.len));
	}
	if (found.len)
		*definition = found;
	if (found.len && line)
		*line = 1 + lexer_count_lines((struct slice){
				    text.at, (size_t)(found.at - text.at) });
	tokens_release(&ts);
	arena_release(&a);
	return found.len > 0;
}

/* Cut the first line off. */
static struct slice
take_line(struct slice *rest)
{
	const char *newline =
		rest->len ? memchr(rest->at, '\n', rest->len) : NULL;
	size_t len = newline ? (size_t)(newline + 1 - rest->at) : rest->len;
	struct slice line = { rest->at, len };

	rest->at += len;
	rest->len -= len;
	return line;
}

bool
source_magic(struct slice text, struct magic *m)
{
	struct slice line;

	do {
		if (!text.len)
			return false;
		line = slice_trim(take_line(&text));
	} while (!line.len || slice_starts(line, "//"));
	if (!slice_starts(line, "%%") || line.len < 3)
		return false;
	m->word = (struct slice){ line.at + 2, 0 };
	while (m->word.len < line.len - 2 && m->word.at[m->word.len] != ' ' &&
	       m->word.at[m->word.len] != '\t')
		m->word.len++;
	m->argument = slice_trim((struct slice){ m->word.at + m->word.len,
						 line.len - 2 - m->word.len });
	m->body = text;
	return m->word.len > 0;
}

/* The kinds that a first line of `%%word` makes. */
static const struct {
	const char *word;
	enum cell_kind kind;
	const char *why;
} magics[] = {
	{ "bash", KIND_SHELL, "starts with %%bash" },
	{ "sh", KIND_SHELL, "starts with %%sh" },
	{ "file", KIND_FILE, "starts with %%file" },
	{ "writefile", KIND_FILE, "starts with %%writefile" },
};

/* A comment that nothing ends is a mistake, and no comment. */
static bool
is_empty(struct slice text)
{
	struct lexer l;
	struct token t;

	lexer_init(&l, text);
	do
		t = lexer_next(&l);
	while ((t.kind == TOK_SPACE || t.kind == TOK_COMMENT) && !t.unclosed);
	return t.kind == TOK_END;
}

enum cell_kind
source_kind(struct arena *a, struct slice text, const struct cell_options *o,
	    const char **why)
{
	struct magic m;
	int line = 0;

	for (size_t i = 0; source_magic(text, &m) && i < countof(magics); i++) {
		if (slice_is(m.word, magics[i].word)) {
			*why = magics[i].why;
			return magics[i].kind;
		}
	}
	if (o->use_cell) {
		*why = "its option says so";
		return KIND_TABLE;
	}
	if (o->run.count) {
		*why = "has run: lines of its own";
		return KIND_PROGRAM;
	}
	if (source_defines_main(text, &line)) {
		*why = arena_printf(a, "defines main in line %d", line);
		return KIND_PROGRAM;
	}
	if (o->file) {
		*why = "has a file: option and does not define main";
		return KIND_FILE;
	}
	if (is_empty(text)) {
		*why = "holds no code";
		return KIND_EMPTY;
	}
	*why = "does not define main";
	return KIND_SHARED;
}

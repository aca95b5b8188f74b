/* lexer.c: cuts C text into tokens. Floor 0. It reads bytes forward, once, and
 * never refuses anything: the compiler will. Every scan_ function takes the
 * offset where something begins and returns the offset behind it. It knows
 * nothing of cells, of macros or of which preprocessor branch is taken. */
#include "base/lexer.h"

#define RAW_DELIMITER_MAX 16

/* Longest first among those that share a beginning. */
static const char *const puncts[] = {
	"%:%:", "...", "<<=", ">>=", "->", "++", "--", "<<", ">>", "<=", ">=",
	"==",	"!=",  "&&",  "||",  "*=", "/=", "%=", "+=", "-=", "&=", "^=",
	"|=",	"##",  "<:",  ":>",  "<%", "%>", "%:", "[",  "]",  "(",	 ")",
	"{",	"}",   ".",   "&",   "*",  "+",	 "-",  "~",  "!",  "/",	 "%",
	"<",	">",   "^",   "|",   "?",  ":",	 ";",  "=",  ",",  "#",
};

static const struct digraph {
	const char *spelling, *means;
} digraphs[] = {
	{ "<:", "[" }, { ":>", "]" }, { "<%", "{" },
	{ "%>", "}" }, { "%:", "#" }, { "%:%:", "##" },
};

static const char *const literal_prefixes[] = { "L", "u", "U", "u8" };
static const char *const raw_prefixes[] = { "R", "LR", "uR", "UR", "u8R" };

static int
byte_at(struct slice t, size_t at)
{
	return at < t.len ? (unsigned char)t.at[at] : -1;
}

static bool
is_newline(int c)
{
	return c == '\n' || c == '\r';
}

static bool
is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       c == '$' || c >= 0x80;
}

size_t
lexer_splice(struct slice t, size_t at)
{
	size_t end = at + 1;

	if (byte_at(t, at) != '\\')
		return 0;
	while (is_blank(byte_at(t, end)))
		end++;
	if (!is_newline(byte_at(t, end)))
		return 0;
	if (byte_at(t, end) == '\r' && byte_at(t, end + 1) == '\n')
		end++;
	return end + 1 - at;
}

/* The next byte that counts: splices are as if they were not there. */
static size_t
skip_splices(struct slice t, size_t at)
{
	size_t n;

	while ((n = lexer_splice(t, at)))
		at += n;
	return at;
}

/* The end of `spelling` where it stands at `at`, or 0. */
static size_t
scan_spelling(struct slice t, size_t at, const char *spelling)
{
	for (; *spelling; spelling++) {
		at = skip_splices(t, at);
		if (byte_at(t, at) != (unsigned char)*spelling)
			return 0;
		at++;
	}
	return at;
}

static bool
spelled_one_of(struct slice t, size_t at, size_t end, const char *const *names,
	       size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (scan_spelling(t, at, names[i]) == end)
			return true;
	return false;
}

/* \u or \U, the start of a universal character name. */
static size_t
scan_ucn(struct slice t, size_t at)
{
	if (byte_at(t, at) != '\\')
		return 0;
	at = skip_splices(t, at + 1);
	return byte_at(t, at) == 'u' || byte_at(t, at) == 'U' ? at + 1 : 0;
}

static size_t
scan_ident(struct slice t, size_t at)
{
	for (;;) {
		size_t next = skip_splices(t, at);
		int c = byte_at(t, next);
		size_t ucn;

		if (is_letter(c) || is_digit(c))
			at = next + 1;
		else if ((ucn = scan_ucn(t, next)))
			at = ucn;
		else
			return at;
	}
}

/* A preprocessing number: wider than C's numbers, as the standard has it. */
static size_t
scan_number(struct slice t, size_t at)
{
	for (;;) {
		size_t next = skip_splices(t, at);
		size_t after = skip_splices(t, next + 1);
		int c = byte_at(t, next), d = byte_at(t, after);

		if (c != -1 && strchr("eEpP", c) && (d == '+' || d == '-'))
			at = after + 1;
		else if (c == '\'' && (is_letter(d) || is_digit(d)))
			at = after + 1;
		else if (is_letter(c) || is_digit(c) || c == '.')
			at = next + 1;
		else
			return at;
	}
}

/* A string or character constant, from behind its opening quote. */
static size_t
scan_quoted(struct slice t, size_t at, int quote, bool *unclosed)
{
	for (;;) {
		size_t next = skip_splices(t, at);
		int c = byte_at(t, next);

		if (c == -1 || is_newline(c)) {
			*unclosed = true;
			return at;
		}
		at = next + 1;
		if (c == quote)
			return at;
		if (c == '\\') {
			next = skip_splices(t, at);
			if (next < t.len && !is_newline(byte_at(t, next)))
				at = next + 1;
		}
	}
}

/* R"x(...)x", from its quote; 0 where it is no raw string. */
static size_t
scan_raw(struct slice t, size_t at, bool *unclosed)
{
	char close[RAW_DELIMITER_MAX + 3] = ")";
	size_t n = 1;
	const char *end;

	for (at++; byte_at(t, at) != '('; at++) {
		int c = byte_at(t, at);

		if (c <= ' ' || c == ')' || c == '\\' || c == '"' ||
		    n > RAW_DELIMITER_MAX)
			return 0;
		close[n++] = (char)c;
	}
	close[n++] = '"';
	end = memmem(t.at + at, t.len - at, close, n);
	*unclosed = !end;
	return end ? (size_t)(end - t.at) + n : t.len;
}

/* An identifier, or the literal that it is the prefix of. */
static size_t
scan_word(struct slice t, size_t at, enum token_kind *kind, bool *unclosed)
{
	size_t end = scan_ident(t, at);
	size_t next = skip_splices(t, end);
	int quote = byte_at(t, next);
	size_t raw;

	*kind = TOK_IDENT;
	if (quote != '"' && quote != '\'')
		return end;
	if (spelled_one_of(t, at, end, literal_prefixes,
			   countof(literal_prefixes))) {
		*kind = quote == '"' ? TOK_STRING : TOK_CHAR;
		return scan_quoted(t, next + 1, quote, unclosed);
	}
	if (quote == '"' &&
	    spelled_one_of(t, at, end, raw_prefixes, countof(raw_prefixes))) {
		raw = scan_raw(t, next, unclosed);
		if (raw) {
			*kind = TOK_STRING;
			return raw;
		}
	}
	return end;
}

/* From behind the opening slash and star. */
static size_t
scan_block_comment(struct slice t, size_t at, bool *unclosed)
{
	for (; at < t.len; at++) {
		if (t.at[at] == '*') {
			size_t next = skip_splices(t, at + 1);

			if (byte_at(t, next) == '/')
				return next + 1;
		}
	}
	*unclosed = true;
	return t.len;
}

static size_t
scan_line_comment(struct slice t, size_t at)
{
	for (;;) {
		size_t next = skip_splices(t, at);

		if (next >= t.len || is_newline(byte_at(t, next)))
			return at;
		at = next + 1;
	}
}

static size_t
scan_punct(struct slice t, size_t at, enum token_kind *kind)
{
	*kind = TOK_PUNCT;
	for (size_t i = 0; i < countof(puncts); i++) {
		size_t end = puncts[i][0] == t.at[at]
				     ? scan_spelling(t, at, puncts[i])
				     : 0;

		if (end)
			return end;
	}
	*kind = TOK_OTHER;
	return at + 1;
}

/* Anything but space and directives; `at` is a byte that counts. */
static size_t
scan_token(struct slice t, size_t at, enum token_kind *kind, bool *unclosed)
{
	size_t next = skip_splices(t, at + 1);
	int c = byte_at(t, at), d = byte_at(t, next);

	if (is_letter(c) || scan_ucn(t, at))
		return scan_word(t, at, kind, unclosed);
	if (is_digit(c) || (c == '.' && is_digit(d))) {
		*kind = TOK_NUMBER;
		return scan_number(t, at);
	}
	if (c == '"' || c == '\'') {
		*kind = c == '"' ? TOK_STRING : TOK_CHAR;
		return scan_quoted(t, at + 1, c, unclosed);
	}
	if (c == '/' && (d == '*' || d == '/')) {
		*kind = TOK_COMMENT;
		return d == '*' ? scan_block_comment(t, next + 1, unclosed)
				: scan_line_comment(t, next + 1);
	}
	return scan_punct(t, at, kind);
}

/* To the end of the line; a comment in it may hold newlines. */
static size_t
scan_directive(struct slice t, size_t at)
{
	for (;;) {
		size_t next = skip_splices(t, at);
		enum token_kind kind;
		bool unclosed = false;

		if (next >= t.len || is_newline(byte_at(t, next)))
			return at;
		if (is_blank(byte_at(t, next)) || byte_at(t, next) == 0)
			at = next + 1;
		else
			at = scan_token(t, next, &kind, &unclosed);
	}
}

static size_t
scan_space(struct slice t, size_t at, bool *newline)
{
	for (;;) {
		int c;

		at = skip_splices(t, at);
		c = byte_at(t, at);
		if (is_newline(c))
			*newline = true;
		else if (!is_blank(c) && c != 0)
			return at;
		at++;
	}
}

int
lexer_count_lines(struct slice text)
{
	int lines = 0;

	for (size_t i = 0; i < text.len; i++)
		lines += text.at[i] == '\n' ||
			 (text.at[i] == '\r' && byte_at(text, i + 1) != '\n');
	return lines;
}

void
lexer_init(struct lexer *l, struct slice text)
{
	*l = (struct lexer){ .text = text, .line = 1, .line_start = true };
}

struct token
lexer_next(struct lexer *l)
{
	struct token t = { .at = l->at, .line = l->line };
	bool newline = false;
	size_t end;

	if (l->at >= l->text.len)
		return t;
	end = scan_space(l->text, l->at, &newline);
	if (end > l->at) {
		t.kind = TOK_SPACE;
		l->line_start |= newline;
	} else if (l->line_start && (scan_spelling(l->text, l->at, "#") ||
				     scan_spelling(l->text, l->at, "%:"))) {
		t.kind = TOK_DIRECTIVE;
		end = scan_directive(l->text, l->at + 1);
		l->line_start = false;
	} else {
		end = scan_token(l->text, l->at, &t.kind, &t.unclosed);
		if (t.kind != TOK_COMMENT)
			l->line_start = false;
	}
	t.len = end - l->at;
	l->line += lexer_count_lines(token_text(l->text, t));
	l->at = end;
	return t;
}

struct token
lexer_next_code(struct lexer *l)
{
	struct token t;

	do
		t = lexer_next(l);
	while (t.kind == TOK_SPACE || t.kind == TOK_COMMENT);
	return t;
}

bool
token_is(struct slice text, struct token t, const char *spelling)
{
	size_t end = t.at + t.len;

	if (t.len == 0)
		return *spelling == '\0';
	if (scan_spelling(text, t.at, spelling) == end)
		return true;
	for (size_t i = 0; t.kind == TOK_PUNCT && i < countof(digraphs); i++)
		if (strcmp(digraphs[i].means, spelling) == 0 &&
		    scan_spelling(text, t.at, digraphs[i].spelling) == end)
			return true;
	return false;
}

bool
token_same(struct slice text, struct token a, struct token b)
{
	size_t i = a.at, j = b.at;
	size_t end_a = a.at + a.len, end_b = b.at + b.len;

	for (;;) {
		i = skip_splices(text, i);
		j = skip_splices(text, j);
		if (i >= end_a || j >= end_b)
			return i >= end_a && j >= end_b;
		if (text.at[i++] != text.at[j++])
			return false;
	}
}

bool
lexer_may_spell(struct slice text, const char *spelling)
{
	const char *end = text.at + text.len, *at = text.at;

	if (!text.len || memmem(text.at, text.len, spelling, strlen(spelling)))
		return text.len > 0;
	while ((at = memchr(at, '\\', (size_t)(end - at)))) {
		if (lexer_splice(text, (size_t)(at - text.at)))
			return true;
		at++;
	}
	return false;
}

static bool
each_name(struct slice text, bool line_start, name_fn *each, void *self)
{
	bool pastes = false;
	struct lexer l;
	struct token t;

	lexer_init(&l, text);
	l.line_start = line_start;
	while ((t = lexer_next_code(&l)).kind != TOK_END)
		if (t.kind == TOK_IDENT)
			each(self, token_text(text, t));
		else if (t.kind == TOK_DIRECTIVE)
			pastes |= each_name(token_text(text, t), false, each,
					    self);
		else
			pastes |= token_is(text, t, "##");
	return pastes;
}

bool
lexer_each_name(struct slice text, name_fn *each, void *self)
{
	return each_name(text, true, each, self);
}

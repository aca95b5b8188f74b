/* lexer.h: C's tokens with their places in the text: comments, strings,
 * character constants, preprocessor lines, nesting. It never fails: what is
 * left open is marked: a comment reaches to the end of the text, a string to
 * the end of its line. It knows C's lexical grammar (C11 6.4; line splices,
 * trigraphs not) as gcc and clang read it: `$` and bytes above 0x7f are
 * letters, blanks may stand in a splice, R"x(...)x" is a string, a lone CR ends
 * a line. It does not know what anything means. */
#ifndef CNB_LEXER_H
#define CNB_LEXER_H

#include <stdbool.h>
#include <stddef.h>
#include "base/slice.h"

enum token_kind {
	TOK_END,
	TOK_IDENT,  /* identifiers and keywords */
	TOK_NUMBER, /* preprocessing numbers */
	TOK_STRING, /* with its prefix, as L"x" */
	TOK_CHAR,
	TOK_PUNCT,     /* one operator or bracket, longest first; digraphs are
			* one token */
	TOK_DIRECTIVE, /* a whole preprocessor line, continuations included,
			* without the newline that ends it */
	TOK_COMMENT,
	TOK_SPACE, /* blanks, newlines, splices between tokens */
	TOK_OTHER, /* a byte that starts no token: @ ` \ */
};

struct token {
	enum token_kind kind;
	size_t at, len;
	int line;      /* from 1, where it begins */
	bool unclosed; /* a comment or literal that nothing ends */
};

struct lexer {
	struct slice text;
	size_t at;
	int line;
	bool line_start; /* only blanks and comments so far in this line */
};

void lexer_init(struct lexer *l, struct slice text);
/* The next token, spaces and comments too: their texts put together are the
 * text, byte for byte. TOK_END (length 0) at the end, again and again. */
struct token lexer_next(struct lexer *l);
/* The next token that is neither space nor comment. */
struct token lexer_next_code(struct lexer *l);
static inline struct slice
token_text(struct slice text, struct token t)
{
	return (struct slice){ text.at + t.at, t.len };
}
/* Is the token spelled so? Splices in it do not count, and a digraph is what
 * it stands for. */
bool token_is(struct slice text, struct token t, const char *spelling);
/* Are two tokens spelled alike? */
bool token_same(struct slice text, struct token a, struct token b);
/* A backslash, blanks and the end of a line, which together are nothing: how
 * many bytes of them begin at `at`, or 0. */
size_t lexer_splice(struct slice text, size_t at);
/* Could any token of `text` be spelled so, one that is no digraph? A look at
 * its bytes, for those who would read all tokens to find that none is. */
bool lexer_may_spell(struct slice text, const char *spelling);
/* Call `each` for every identifier in `text`, those in preprocessor lines too.
 * True: one of these lines has `##`, which makes other names. */
typedef void name_fn(void *self, struct slice name);
bool lexer_each_name(struct slice text, name_fn *each, void *self);
/* Lines that end in `text`: at LF, CR LF or CR. */
int lexer_count_lines(struct slice text);

#endif

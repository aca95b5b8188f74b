/* tokens.h: a cell's tokens as a list: no spaces, no comments, each bracket
 * with its partner. What `#if 0` leaves out is part of that TOK_DIRECTIVE. */
#ifndef CNB_TOKENS_H
#define CNB_TOKENS_H

#include "base/lexer.h"
#include "build/known.h"

#define TOKEN_NONE ((size_t)-1)

struct tokens {
	struct slice text; /* borrowed */
	struct token *at;  /* at[count] is the TOK_END */
	size_t count;
	/* [count + 1]: of a bracket the index of its partner, else
	 * TOKEN_NONE. The braces that the branches of an #if open, or close,
	 * in place of each other have the same partner. */
	size_t *match;
	/* [count + 1]: line of shell, `!` to the end of the line: a TOK_OTHER,
	 * found outside every bracket where a statement could begin */
	bool *shell;
	/* What names are known to be; NULL: nothing is known. Borrowed, set by
	 * who reads the tokens. */
	const struct known *known;
};

void tokens_read(struct tokens *ts, struct slice text);
void tokens_release(struct tokens *ts);

bool tokens_is(const struct tokens *ts, size_t i, const char *spelling);
/* Is it one of the words of a list that ends with NULL? */
bool tokens_in(const struct tokens *ts, size_t i, const char *const *words);
/* What token `i` is known to name. */
enum name_kind tokens_names(const struct tokens *ts, size_t i);
bool tokens_opens(const struct tokens *ts, size_t i);
/* The token behind `i`, and behind everything between it and its partner
 * where it is an opening bracket; never beyond count. An opening bracket that
 * nothing closes reaches to the end. */
size_t tokens_skip(const struct tokens *ts, size_t i);
/* The first from `i` on that is no line of the preprocessor's; or count. */
size_t tokens_skip_directives(const struct tokens *ts, size_t i);
size_t token_end(struct token t);

/* The word of a preprocessor line ("if", "define"), by its token: TOK_END if
 * it has none; *argument gets the token behind it. Places are the text's. */
struct token tokens_directive(struct slice text, struct token directive,
			      struct token *argument);

#endif

/* branches.c: asks for the branches of #if that count. Floor 2. */
#include "build/branches.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "build/tokens.h"

#define MARK "cnb__branch"

enum step {
	STEP_NONE,
	STEP_IF,
	STEP_ELSE, /* and its relatives */
	STEP_END,
};

static enum step
step_of(struct slice text, struct token directive)
{
	static const struct {
		const char *word;
		enum step step;
	} steps[] = {
		{ "if", STEP_IF },	   { "ifdef", STEP_IF },
		{ "ifndef", STEP_IF },	   { "else", STEP_ELSE },
		{ "elif", STEP_ELSE },	   { "elifdef", STEP_ELSE },
		{ "elifndef", STEP_ELSE }, { "endif", STEP_END },
	};
	struct token argument;
	struct token word = tokens_directive(text, directive, &argument);

	for (size_t i = 0; i < countof(steps); i++)
		if (token_is(text, word, steps[i].word))
			return steps[i].step;
	return STEP_NONE;
}

/* One branch on its way through the text. */
struct level {
	int depth; /* of brackets, from where it begins */
	bool odd;  /* it closes what it did not open, or breaks off a quote */
};

bool
branches_doubtful(struct slice text)
{
	struct level *at = NULL;
	size_t n = 0;
	struct tokens ts;
	bool doubtful = false, whole = true;

	if (!memmem(text.at, text.len, "if", 2))
		return false;
	tokens_read(&ts, text);
	for (size_t i = 0; i < ts.count; i++) {
		static const char *const closing[] = { ")", "]", "}", NULL };
		enum step step = ts.at[i].kind == TOK_DIRECTIVE
					 ? step_of(text, ts.at[i])
					 : STEP_NONE;
		struct level *l = n ? &at[n - 1] : NULL;

		if (step == STEP_ELSE || step == STEP_END) {
			whole &= l != NULL;
			doubtful |= l && (l->odd || l->depth);
			if (l)
				*l = (struct level){ 0 };
			n -= l && step == STEP_END;
		} else if (step == STEP_IF) {
			*mem_push(at, n) = (struct level){ 0 };
		} else if (l && ts.at[i].kind != TOK_DIRECTIVE) {
			l->odd |= ts.at[i].unclosed;
			l->depth += tokens_opens(&ts, i);
			if (ts.at[i].kind == TOK_PUNCT &&
			    tokens_in(&ts, i, closing) && --l->depth < 0)
				l->odd = true;
		}
	}
	tokens_release(&ts);
	free(at);
	return doubtful && whole && !n;
}

void
branches_ask(struct buf *out, struct slice text, size_t number)
{
	size_t branch = 0;
	struct lexer l;
	struct token t;

	lexer_init(&l, text);
	while ((t = lexer_next_code(&l)).kind != TOK_END) {
		enum step step;

		if (t.kind != TOK_DIRECTIVE)
			continue;
		buf_add_byte(out, '\n');
		buf_add_slice(out, token_text(text, t));
		step = step_of(text, t);
		if (step == STEP_IF || step == STEP_ELSE)
			buf_addf(out, "\n" MARK " %zu %zu.", number, branch++);
		buf_add_byte(out, '\n');
	}
}

static bool
counts(const char *output, size_t number, size_t branch)
{
	struct buf mark = { 0 };
	bool found;

	buf_addf(&mark, MARK " %zu %zu.", number, branch);
	found = strstr(output, buf_str(&mark)) != NULL;
	buf_release(&mark);
	return found;
}

void
branches_answer(const char *output, struct slice text, size_t number,
		struct blocks *b)
{
	struct {
		size_t from;
		bool counts;
	} *at = NULL, *last;
	size_t n = 0, branch = 0;
	struct lexer l;
	struct token t;

	blocks_bury(b, (struct slice){ text.at, 0 });
	lexer_init(&l, text);
	while ((t = lexer_next_code(&l)).kind != TOK_END) {
		enum step step =
			t.kind == TOK_DIRECTIVE ? step_of(text, t) : STEP_NONE;

		if (step == STEP_IF)
			mem_push(at, n);
		if (!n || step == STEP_NONE)
			continue;
		last = &at[n - 1];
		if (step != STEP_IF && !last->counts)
			blocks_bury(b, (struct slice){ text.at + last->from,
						       t.at - last->from });
		last->from = token_end(t);
		if (step == STEP_END)
			n--;
		else
			last->counts = counts(output, number, branch++);
	}
	free(at);
}

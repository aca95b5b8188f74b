/* blocks.c: macros that open or close a block. Floor 2. The splitter reads a
 * copy of the text in which each use of such a macro is overwritten by braces
 * and blanks: every byte keeps its place, so what it finds holds for the text
 * itself. */
#include "build/blocks.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/lexer.h"

void
blocks_restart(struct blocks *b)
{
	for (size_t i = 0; i < b->count; i++)
		free(b->at[i].name);
	free(b->at);
	b->at = NULL;
	b->count = 0;
	known_release(&b->known);
}

void
blocks_release(struct blocks *b)
{
	blocks_restart(b);
	for (size_t i = 0; i < b->nlearnt; i++)
		free(b->learnt[i].name);
	free(b->learnt);
	free(b->dead);
	*b = (struct blocks){ 0 };
}

enum learnt
blocks_learnt(const struct blocks *b, struct slice name)
{
	for (size_t i = 0; i < b->nlearnt; i++)
		if (slice_is(name, b->learnt[i].name))
			return b->learnt[i].what;
	return LEARNT_NOTHING;
}

bool
blocks_learn(struct blocks *b, struct slice name, enum learnt what)
{
	if (what == LEARNT_NOTHING || blocks_learnt(b, name) != LEARNT_NOTHING)
		return false;
	*mem_push(b->learnt, b->nlearnt) =
		(struct learnt_macro){ mem_strndup(name.at, name.len), what };
	return true;
}

void
blocks_bury(struct blocks *b, struct slice part)
{
	*mem_push(b->dead, b->ndead) = part;
}

bool
blocks_asked(const struct blocks *b, struct slice text)
{
	for (size_t i = 0; i < b->ndead; i++)
		if (b->dead[i].at == text.at && !b->dead[i].len)
			return true;
	return false;
}

static struct block_macro *
find(const struct blocks *b, struct slice name)
{
	for (size_t i = 0; i < b->count; i++)
		if (slice_is(name, b->at[i].name))
			return &b->at[i];
	return NULL;
}

static void
forget(struct blocks *b, struct slice name)
{
	struct block_macro *m = find(b, name);

	if (!m)
		return;
	free(m->name);
	*m = b->at[--b->count];
}

/* With those of the block macros that it uses. */
static int
net_braces(const struct blocks *b, struct slice body)
{
	struct lexer l;
	struct token t;
	int net = 0;

	lexer_init(&l, body);
	l.line_start = false; /* a `#` in it is no directive */
	while ((t = lexer_next_code(&l)).kind != TOK_END) {
		const struct block_macro *m =
			t.kind == TOK_IDENT ? find(b, token_text(body, t))
					    : NULL;

		net += token_is(body, t, "{") - token_is(body, t, "}") +
		       (m ? m->braces : 0);
	}
	return net;
}

static struct slice
rest_behind(struct slice s, size_t at)
{
	return (struct slice){ s.at + at, s.len - at };
}

/* What follows the name in its #define. */
static void
define(struct blocks *b, struct slice name, struct slice rest)
{
	bool arguments = rest.len && rest.at[0] == '(';
	const char *close = arguments ? memchr(rest.at, ')', rest.len) : NULL;
	int braces;

	forget(b, name);
	if (arguments && !close)
		return;
	if (close)
		rest = rest_behind(rest, (size_t)(close + 1 - rest.at));
	braces = net_braces(b, rest);
	if (braces)
		*mem_push(b->at, b->count) =
			(struct block_macro){ mem_strndup(name.at, name.len),
					      arguments, braces };
}

void
blocks_collect(struct blocks *b, struct slice text)
{
	struct token t, name, word;
	struct slice spelled;
	struct lexer l;

	lexer_init(&l, text);
	while ((t = lexer_next_code(&l)).kind != TOK_END) {
		if (t.kind != TOK_DIRECTIVE)
			continue;
		word = tokens_directive(text, t, &name);
		if (word.kind == TOK_END || name.kind != TOK_IDENT)
			continue;
		spelled = token_text(text, name);
		if (token_is(text, word, "undef"))
			forget(b, spelled);
		else if (token_is(text, word, "define"))
			define(b, spelled,
			       (struct slice){ spelled.at + spelled.len,
					       t.at + t.len - name.at -
						       name.len });
	}
}

/* The end of the arguments that begin at the next token; `from` if there are
 * none. */
static size_t
behind_arguments(struct slice text, size_t from)
{
	struct lexer l;
	struct token t;
	int depth = 0;

	lexer_init(&l, rest_behind(text, from));
	do {
		t = lexer_next_code(&l);
		depth += token_is(l.text, t, "(") - token_is(l.text, t, ")");
		if (t.kind == TOK_END)
			return from;
	} while (depth > 0);
	return from + t.at + t.len;
}

/* An opening brace begins where the word does, a closing one ends where it
 * ends: what they enclose is the whole of both words. */
static void
overwrite(char *copy, size_t from, size_t to, int braces)
{
	size_t n = (size_t)abs(braces), first = braces > 0 ? from : to - n;

	if (n > to - from)
		return;
	for (size_t i = from; i < to; i++)
		if (copy[i] != '\n')
			copy[i] = ' ';
	memset(copy + first, braces > 0 ? '{' : '}', n);
}

/* `int ;` in place of a use that makes declarations, without the semicolon
 * where one follows or more of the declaration does: false where it is too
 * short for that. */
static bool
overwrite_declaration(struct slice text, char *copy, size_t from, size_t to,
		      bool open)
{
	static const char in_place[] = "int";
	struct lexer l;
	struct token t;

	if (to - from < sizeof in_place)
		return false;
	for (size_t i = from; i < to; i++)
		if (copy[i] != '\n')
			copy[i] = ' ';
	memcpy(copy + from, in_place, sizeof in_place - 1);
	lexer_init(&l, rest_behind(text, to));
	t = lexer_next_code(&l);
	if (!open && !token_is(l.text, t, ";"))
		copy[to - 1] = ';';
	return true;
}

/* True if any use was found. */
static bool
overwrite_uses(const struct blocks *b, struct slice text, char *copy)
{
	enum learnt what;
	struct token t;
	struct lexer l;
	bool any = false;

	lexer_init(&l, text);
	while ((t = lexer_next_code(&l)).kind != TOK_END) {
		struct block_macro *m = t.kind == TOK_IDENT
						? find(b, token_text(text, t))
						: NULL;
		size_t end = t.at + t.len;

		what = t.kind == TOK_IDENT && b->nlearnt
			       ? blocks_learnt(b, token_text(text, t))
			       : LEARNT_NOTHING;
		if (what == LEARNT_DECLARATION || what == LEARNT_OPEN) {
			size_t to = behind_arguments(text, end);

			any |= to > end &&
			       overwrite_declaration(text, copy, t.at, to,
						     what == LEARNT_OPEN);
		}
		if (!m)
			continue;
		if (m->has_arguments)
			end = behind_arguments(text, end);
		overwrite(copy, t.at, end, m->braces);
		any = true;
	}
	return any;
}

static bool
overwrite_dead(const struct blocks *b, struct slice text, char *copy)
{
	bool any = false;

	for (size_t i = 0; i < b->ndead; i++) {
		struct slice dead = b->dead[i];

		if (!dead.len || dead.at < text.at ||
		    dead.at + dead.len > text.at + text.len)
			continue;
		for (size_t k = 0; k < dead.len; k++)
			if (dead.at[k] != '\n')
				copy[dead.at - text.at + (ptrdiff_t)k] = ' ';
		any = true;
	}
	return any;
}

static void
move(struct slice *s, const char *from, const char *to)
{
	if (s->at)
		s->at = to + (s->at - from);
}

/* From the copy to the text: every slice that points into it. */
static void
rebase(struct split *s, struct slice text)
{
	const char *from = s->text.at, *to = text.at;

	for (size_t i = 0; i < s->count; i++) {
		struct item *it = &s->items[i];

		move(&it->text, from, to);
		move(&it->code, from, to);
		if (it->specifiers.len)
			move(&it->specifiers, from, to);
		if (it->tag_body.len)
			move(&it->tag_body, from, to);
		if (it->body.len)
			move(&it->body, from, to);
	}
	for (size_t d = 0; d < s->ndeclarators; d++) {
		struct declarator *dr = &s->declarators[d];

		if (dr->name.len)
			move(&dr->name, from, to);
		if (dr->whole.len)
			move(&dr->whole, from, to);
		if (dr->init.len)
			move(&dr->init, from, to);
	}
	s->text = text;
}

/* `TEST(x) {...}` where TEST is known to make a function. */
static void
mark_functions(const struct blocks *b, struct split *s)
{
	for (size_t i = 0; b->nlearnt && i < s->count; i++) {
		struct item *it = &s->items[i];
		struct lexer l;

		if (!it->maybe_macro_function)
			continue;
		lexer_init(&l, it->code);
		it->macro_function =
			blocks_learnt(b, token_text(it->code,
						    lexer_next_code(&l))) ==
			LEARNT_FUNCTION;
	}
}

void
blocks_split(struct blocks *b, struct split *s, struct slice text)
{
	char *copy = b->count || b->nlearnt || b->ndead
			     ? mem_strndup(text.at, text.len)
			     : NULL;
	bool changed = copy && overwrite_uses(b, text, copy);

	if (copy && (overwrite_dead(b, text, copy) || changed)) {
		split_read_below(s, (struct slice){ copy, text.len },
				 &b->known);
		rebase(s, text);
	} else {
		split_read_below(s, text, &b->known);
	}
	mark_functions(b, s);
	free(copy);
}

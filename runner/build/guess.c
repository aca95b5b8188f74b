/* guess.c: decisions about a unit that can be known before it is compiled.
 * Floor 2. Only what is certain, or costs nothing where it is wrong: each call
 * of the compiler that is saved is half of what a first run takes. */
#include "build/guess.h"

#include <stdlib.h>
#include <string.h>
#include "base/lexer.h"
#include "base/mem.h"
#include "build/headers.h"
#include "build/verdicts.h"

static int
compare_names(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.at, b.at, n) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int
by_name(const void *a, const void *b)
{
	const struct own_name *x = a, *y = b;
	int order = compare_names(x->name, y->name);

	return order ? order : (x->cell > y->cell) - (x->cell < y->cell);
}

static void
collect(struct guesses *o, const struct unit_cell *cells, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t d = 0; d < cells[i].split.ndeclarators; d++) {
			const struct declarator *dr =
				&cells[i].split.declarators[d];

			if (dr->name.len)
				*mem_push(o->at, o->count) =
					(struct own_name){ dr->name, i,
							   dr->is_function };
		}
	if (o->count)
		qsort(o->at, o->count, sizeof *o->at, by_name);
}

/* The first declaration of a name; NULL where none of the cells up to `i` has
 * one. */
static const struct own_name *
find_own(const struct guesses *o, struct slice name, size_t i)
{
	size_t low = 0, high = o->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_names(o->at[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == o->count || compare_names(o->at[low].name, name) != 0 ||
	    o->at[low].cell > i)
		return NULL;
	return &o->at[low];
}

/* ---- headers ---- */

static bool
includes_anything(const struct split *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct slice code = s->items[i].code;
		struct token t = { .kind = TOK_DIRECTIVE, .len = code.len };
		struct token argument, word;

		if (s->items[i].kind != ITEM_DIRECTIVE)
			continue;
		word = tokens_directive(code, t, &argument);
		if (word.kind != TOK_END && (token_is(code, word, "include") ||
					     token_is(code, word, "define") ||
					     token_is(code, word, "if") ||
					     token_is(code, word, "ifdef") ||
					     token_is(code, word, "ifndef")))
			return true;
	}
	return false;
}

/* Walks over the names that are called: `printf(`, not `x.printf(`. */
struct calls {
	struct lexer l;
	struct token before, t;
};

static void
calls_init(struct calls *c, struct slice text)
{
	lexer_init(&c->l, text);
	c->before = (struct token){ .kind = TOK_END };
	c->t = lexer_next_code(&c->l);
}

static bool
calls_next(struct calls *c, struct slice *name)
{
	struct slice text = c->l.text;
	bool found = false;

	while (c->t.kind != TOK_END && !found) {
		struct token next = lexer_next_code(&c->l);

		found = c->t.kind == TOK_IDENT && token_is(text, next, "(") &&
			c->before.kind != TOK_IDENT &&
			!token_is(text, c->before, ".") &&
			!token_is(text, c->before, "->") &&
			!token_is(text, c->before, "*");
		*name = token_text(text, c->t);
		c->before = c->t;
		c->t = next;
	}
	return found;
}

static void
guess_headers(struct unit_cell *cells, size_t i, const struct guesses *o)
{
	struct slice name;
	struct calls c;

	calls_init(&c, cells[i].split.text);
	while (calls_next(&c, &name)) {
		const char *header = header_of(name.at, name.len);

		if (header && !find_own(o, name, i))
			verdicts_add_header(cells, i, header);
	}
}

/* ---- lifts ---- */

/* Is it the name of a function for certain? Macros of the C library, which may
 * be constant, have capitals in their names. */
static bool
is_function(const struct guesses *o, struct slice name, size_t i)
{
	const struct own_name *own = find_own(o, name, i);
	const char *header;

	if (own)
		return own->is_function;
	for (size_t k = 0; k < name.len; k++)
		if (name.at[k] < 'a' || name.at[k] > 'z')
			return false;
	header = header_of(name.at, name.len);
	return header && strcmp(header, "stddef.h") != 0 &&
	       strcmp(header, "stdint.h") != 0;
}

/* Does a call in it decide its value? What stands in `sizeof` does not. */
static bool
calls_function(const struct guesses *o, struct slice init, size_t i)
{
	static const char *const unevaluated[] = {
		"sizeof",   "typeof",	"__typeof__",
		"_Alignof", "_Generic", "__builtin_choose_expr"
	};
	struct slice name;
	struct calls c;
	bool found = false;

	calls_init(&c, init);
	while (calls_next(&c, &name)) {
		for (size_t k = 0; k < countof(unevaluated); k++)
			if (slice_is(name, unevaluated[k]))
				return false;
		found |= is_function(o, name, i);
	}
	return found;
}

static void
guess_lifts(struct unit_cell *c, size_t i, const struct guesses *o)
{
	for (size_t k = 0; k < c->split.count; k++) {
		const struct item *it = &c->split.items[k];

		if (it->kind != ITEM_DECLARATION || it->spec & SPEC_TYPEDEF)
			continue;
		for (size_t d = it->first; d < it->first + it->ndeclarators;
		     d++) {
			const struct declarator *dr = &c->split.declarators[d];

			if (c->lifts[d] == LIFT_NONE && dr->init.len &&
			    calls_function(o, dr->init, i))
				c->lifts[d] = (unsigned char)verdicts_next_lift(
					LIFT_NONE, it->spec, dr);
		}
	}
}

void
guess_init(struct guesses *g, const struct unit_cell *cells, size_t count)
{
	*g = (struct guesses){ 0 };
	collect(g, cells, count);
	/* From the first directive on that could bring a name, only the
	 * compiler knows. */
	while (g->plain < count && !includes_anything(&cells[g->plain].split))
		g->plain++;
}

void
guess_release(struct guesses *g)
{
	free(g->at);
	*g = (struct guesses){ 0 };
}

void
guess_cell(const struct guesses *g, struct unit_cell *cells, size_t i)
{
	if (i < g->plain)
		guess_headers(cells, i, g);
	guess_lifts(&cells[i], i, g);
}

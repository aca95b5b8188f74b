/* above.c: what a cell needs of those above it. Floor 2. Each item of theirs is
 * a part: its text as a declaration, the names that it provides, the names that
 * it uses. A name is followed to every part that provides it; too much does no
 * harm. */
#include "build/above.h"

#include <stdlib.h>
#include "base/mem.h"
#include "build/names.h"
#include "build/tokens.h"

/* Indices, without repetition. */
struct set {
	size_t *at, count;
};

struct part {
	char *text;	  /* of a header that was added: its name */
	struct set uses;  /* names */
	struct set makes; /* names of functions and variables that it defines */
	bool always;	  /* it counts whether or not it is named */
	bool macro;	  /* #define or #undef: read by headers, too */
	bool header;	  /* added, not written in a cell */
	bool pastes;	  /* has ##: what it makes names of, nobody knows */
	size_t mark;	  /* of the question that it was last part of */
};

struct named {
	struct set parts; /* that provide it */
	enum outline_kind kind;
	bool declared; /* as a function */
	bool known;    /* outline_is_known() */
	char *symbol;  /* its linker's name, where asm() gave it another */
};

struct above {
	struct part *parts;
	size_t count;
	struct names names;
	struct named *named; /* [names.count] */
	struct strs hidden;  /* in added headers: names of the cells' own */
	size_t includes;     /* parts up to and with the last #include */
	size_t mark;
	size_t *waiting; /* parts whose names are yet to be followed */
	size_t nwaiting;
	bool whole;
};

struct above *
above_new(void)
{
	return mem_alloc(1, sizeof(struct above));
}

void
above_free(struct above *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < a->count; i++) {
		free(a->parts[i].text);
		free(a->parts[i].uses.at);
		free(a->parts[i].makes.at);
	}
	for (size_t i = 0; i < a->names.count; i++) {
		free(a->named[i].parts.at);
		free(a->named[i].symbol);
	}
	names_release(&a->names);
	strs_release(&a->hidden);
	free(a->named);
	free(a->parts);
	free(a->waiting);
	free(a);
}

static void
set_add(struct set *s, size_t value)
{
	/* What comes again comes soon, mostly. */
	for (size_t i = s->count; i-- > 0 && i + 8 > s->count;)
		if (s->at[i] == value)
			return;
	*mem_push(s->at, s->count) = value;
}

static size_t
name_of(struct above *a, struct slice name)
{
	size_t before = a->names.count, i = names_add(&a->names, name);

	if (a->names.count > before) {
		a->named = mem_grow(a->named, a->names.count, sizeof *a->named);
		a->named[i] = (struct named){ 0 };
	}
	return i;
}

static void
add_use(void *above, struct slice name)
{
	struct above *a = above;
	size_t n = name_of(a, name);

	set_add(&a->parts[a->count - 1].uses, n);
}

static void
provide(struct above *a, struct slice name)
{
	size_t n;

	if (!name.len)
		return;
	/* What is named may move when another one comes. */
	n = name_of(a, name);
	set_add(&a->named[n].parts, a->count - 1);
}

/* Of what stands in an enum's braces, the words of types are nobody's name. */
static void
provide_each(void *above, struct slice name)
{
	static const char *const words[] = { "enum",   "struct",   "union",
					     "const",  "unsigned", "signed",
					     "char",   "short",	   "int",
					     "long",   "float",	   "double",
					     "sizeof", "static",   "volatile" };

	for (size_t i = 0; i < countof(words); i++)
		if (slice_is(name, words[i]))
			return;
	provide(above, name);
}

/* taking in */

static void
provide_declarators(struct above *a, const struct unit_cell *c,
		    const struct item *it)
{
	struct part *p = &a->parts[a->count - 1];

	for (size_t d = 0; d < it->ndeclarators; d++) {
		const struct declarator *dr =
			&c->split.declarators[it->first + d];
		enum outline_kind kind = outline_kind(c, it, d);
		struct slice symbol;
		struct named *n;
		size_t i;

		if (!dr->name.len || c->lifts[it->first + d] == LIFT_LOCAL)
			continue;
		provide(a, dr->name);
		i = name_of(a, dr->name);
		n = &a->named[i];
		if (kind > n->kind)
			n->kind = kind;
		n->declared |= dr->is_function || it->kind == ITEM_FUNCTION;
		n->known |= outline_is_known(c, it, d);
		if (kind != OUTLINE_NONE)
			set_add(&p->makes, i);
		symbol = outline_symbol(dr);
		if (symbol.at != dr->name.at && !n->symbol)
			n->symbol = mem_strndup(symbol.at, symbol.len);
	}
}

/* The tag of a struct, union or enum among the specifiers, or all that its body
 * names, where that has enumerators. */
static void
provide_types(struct above *a, const struct item *it)
{
	struct slice text = it->specifiers;
	struct lexer l;
	struct token t;

	lexer_init(&l, text);
	while ((t = lexer_next_code(&l)).kind != TOK_END) {
		if (token_is(text, t, "enum")) {
			lexer_each_name(text, provide_each, a);
			return;
		}
		if (token_is(text, t, "struct") || token_is(text, t, "union"))
			while ((t = lexer_next_code(&l)).kind == TOK_IDENT)
				provide(a, token_text(text, t));
	}
}

/* A preprocessor line: what it defines, or that it must stay. */
static void
read_directive(struct above *a, struct part *p, struct slice code)
{
	struct token t = { .kind = TOK_DIRECTIVE, .len = code.len }, name;
	struct token word = tokens_directive(code, t, &name);

	p->macro = word.kind != TOK_END && name.kind == TOK_IDENT &&
		   (token_is(code, word, "define") ||
		    token_is(code, word, "undef"));
	p->always = !p->macro;
	if (p->macro)
		provide(a, token_text(code, name));
	else if (word.kind != TOK_END && (token_is(code, word, "include") ||
					  token_is(code, word, "include_next")))
		a->includes = a->count;
}

static struct part *
add_part(struct above *a, struct buf *text)
{
	struct part *p = mem_push(a->parts, a->count);

	*p = (struct part){ 0 };
	p->text = buf_take(text);
	p->pastes = lexer_each_name(slice_of(p->text), add_use, a);
	return p;
}

static bool
is_user_line(struct slice code)
{
	struct token t = { .kind = TOK_DIRECTIVE, .len = code.len }, name;
	struct token word = tokens_directive(code, t, &name);

	return word.kind != TOK_END && token_is(code, word, "line");
}

static void
add_item(struct above *a, const struct unit_cell *c, size_t i)
{
	const struct item *it = &c->split.items[i];
	struct buf text = { 0 };
	struct part *p;

	if (it->kind == ITEM_DIRECTIVE && is_user_line(it->code))
		return;
	outline_item(c, i, &text);
	if (!text.len)
		return;
	p = add_part(a, &text);
	if (it->kind == ITEM_DIRECTIVE)
		read_directive(a, p, it->code);
	else if (outline_repeats(c, i) || it->kind == ITEM_STATEMENT ||
		 it->kind == ITEM_EXPRESSION ||
		 memchr(p->text, '#', strlen(p->text)))
		p->always = true;
	provide_types(a, it);
	provide_declarators(a, c, it);
}

/* What runs behind a cell may define its macros anew. */
static void
add_after(struct above *a, const struct unit_cell *c)
{
	struct buf text = { 0 };

	outline_directives(&text, slice_of(c->after));
	if (text.len)
		add_part(a, &text)->always = true;
	buf_release(&text);
}

static void
add_hidden(struct strs *hidden, const struct unit_cell *c)
{
	for (size_t i = 0; i < c->hidden.count; i++)
		if (!strs_has(hidden, c->hidden.at[i]))
			strs_add(hidden, c->hidden.at[i]);
}

void
above_add(struct above *a, const struct unit_cell *c)
{
	if (c->left_out)
		return;
	for (size_t i = 0; i < c->headers.count; i++) {
		struct part *p = mem_push(a->parts, a->count);

		*p = (struct part){ .text = mem_strdup(c->headers.at[i]),
				    .header = true,
				    .always = true };
		a->includes = a->count;
	}
	add_hidden(&a->hidden, c);
	for (size_t i = 0; i < c->split.count; i++)
		add_item(a, c, i);
	if (c->after)
		add_after(a, c);
}

enum outline_kind
above_kind(const struct above *a, struct slice name)
{
	size_t i = names_find(&a->names, name);

	return i == NAME_NONE ? OUTLINE_NONE : a->named[i].kind;
}

bool
above_declares(const struct above *a, struct slice name)
{
	size_t i = names_find(&a->names, name);

	return i != NAME_NONE && a->named[i].declared;
}

bool
above_is_known(const struct above *a, struct slice name)
{
	size_t i = names_find(&a->names, name);

	return i != NAME_NONE && a->named[i].known;
}

const char *
above_symbol(const struct above *a, struct slice name)
{
	size_t i = names_find(&a->names, name);

	return i == NAME_NONE ? NULL : a->named[i].symbol;
}

/* what is needed */

static void
need_part(struct above *a, size_t i)
{
	struct part *p = &a->parts[i];

	if (p->mark == a->mark)
		return;
	p->mark = a->mark;
	a->whole |= p->pastes;
	*mem_push(a->waiting, a->nwaiting) = i;
}

static void
need_name(struct above *a, size_t name)
{
	const struct set *parts = &a->named[name].parts;

	for (size_t i = 0; i < parts->count; i++)
		need_part(a, parts->at[i]);
}

static void
need_each(void *above, struct slice name)
{
	struct above *a = above;
	size_t i = names_find(&a->names, name);

	if (i != NAME_NONE)
		need_name(a, i);
}

static bool
includes_anything(const struct unit_cell *c)
{
	if (c->headers.count)
		return true;
	for (size_t i = 0; i < c->split.count; i++) {
		struct slice code = c->split.items[i].code;

		if (code.len && memmem(code.at, code.len, "include", 7))
			return true;
	}
	return false;
}

/* Mark the parts that are needed; a->whole: all of them are, as it turned out.
 * A macro may be what a header below it looks at. */
static void
mark_needed(struct above *a, struct unit_cell *const *cells, size_t count,
	    bool whole)
{
	size_t read = a->includes;

	a->mark++;
	a->nwaiting = 0;
	a->whole = whole;
	for (size_t i = 0; i < count; i++) {
		if (includes_anything(cells[i]))
			read = a->count;
		a->whole |= lexer_each_name(cells[i]->split.text, need_each, a);
	}
	for (size_t i = 0; i < a->count; i++)
		if (a->parts[i].always || (a->parts[i].macro && i < read))
			need_part(a, i);
	while (a->nwaiting && !a->whole) {
		const struct part *p = &a->parts[a->waiting[--a->nwaiting]];

		for (size_t i = 0; i < p->uses.count; i++)
			need_name(a, p->uses.at[i]);
	}
}

void
above_write(struct above *a, struct unit_cell *const *cells, size_t count,
	    bool whole, struct buf *out, struct strs *defined)
{
	struct strs hidden = { 0 };

	strs_add_all(&hidden, &a->hidden);
	for (size_t i = 0; i < count; i++)
		add_hidden(&hidden, cells[i]);
	mark_needed(a, cells, count, whole);
	buf_add_str(out, "\n#line 1 \"<cnb>\"\n");
	for (size_t i = 0; i < a->count; i++) {
		const struct part *p = &a->parts[i];

		if (!a->whole && p->mark != a->mark)
			continue;
		if (p->header)
			unit_include(out, p->text, &hidden);
		else
			buf_add_str(out, p->text);
		for (size_t k = 0; defined && k < p->makes.count; k++) {
			const struct named *n = &a->named[p->makes.at[k]];

			strs_add(defined,
				 n->symbol ? n->symbol
					   : a->names.at[p->makes.at[k]]);
		}
	}
	strs_release(&hidden);
}

/* forward.c: looks for names that are used above their definition. Floor 2. It
 * goes by the tokens: a name that only looks the same makes cells belong
 * together that need not, which costs a rerun and does no harm. */
#include "build/forward.h"

#include <stdlib.h>
#include "base/mem.h"
#include "build/names.h"
#include "build/outline.h"
#include "build/tokens.h"

#define NOWHERE ((size_t)-1)

/* What the cells make of a name. */
struct named {
	size_t declared; /* the first cell that does; NOWHERE */
	size_t defined;	 /* with a body or a value */
	size_t tentative;
	bool function;
	size_t *codes, ncodes; /* its bodies, as a function or a macro */
};

struct mention {
	size_t name;
	bool called; /* a bracket follows */
};

/* Text that a cell runs, or that belongs to a name. */
struct code {
	size_t cell;
	bool runs; /* when the cell does */
	bool macro;
	struct mention *at;
	size_t count;
	size_t mark; /* of the question in which it was looked at */
};

/* An alias: it and what it stands for must be in one unit. */
struct stand_in {
	size_t cell, name;
};

struct forward {
	size_t count; /* of cells */
	struct stand_in *stand_ins;
	size_t nstand_ins;
	struct names names;
	struct named *named; /* [names.count] */
	struct code *codes;  /* by cell */
	size_t ncodes;
	size_t *first; /* [count + 1]: a cell's first code */
	size_t *needs; /* [count]: the last cell that must be loaded with it */
	bool at_once;  /* calls are bound when they are loaded */
	size_t mark;
	size_t *waiting, nwaiting;
};

void
forward_free(struct forward *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->names.count; i++)
		free(f->named[i].codes);
	for (size_t i = 0; i < f->ncodes; i++)
		free(f->codes[i].at);
	names_release(&f->names);
	free(f->named);
	free(f->stand_ins);
	free(f->codes);
	free(f->first);
	free(f->needs);
	free(f->waiting);
	free(f);
}

static struct named *
name_of(struct forward *f, struct slice name)
{
	size_t before = f->names.count, i = names_add(&f->names, name);

	if (f->names.count > before) {
		f->named = mem_grow(f->named, f->names.count, sizeof *f->named);
		f->named[i] = (struct named){ NOWHERE, NOWHERE, NOWHERE,
					      false,   NULL,	0 };
	}
	return &f->named[i];
}

static size_t
defined(const struct named *n)
{
	return n->defined != NOWHERE ? n->defined : n->tentative;
}

/* Where it is defined, if that is below a cell that declares it. */
static size_t
defined_below(const struct named *n)
{
	size_t at = defined(n);

	return at != NOWHERE && at > n->declared ? at : NOWHERE;
}

/* names */

static void
read_declarators(struct forward *f, const struct unit_cell *c, size_t cell,
		 const struct item *it)
{
	struct slice target = outline_target(it);

	if (it->spec & SPEC_TYPEDEF)
		return;
	if (target.len) {
		size_t n = (size_t)(name_of(f, target) - f->named);

		*mem_push(f->stand_ins, f->nstand_ins) =
			(struct stand_in){ cell, n };
	}
	for (size_t d = 0; d < it->ndeclarators; d++) {
		const struct declarator *dr =
			&c->split.declarators[it->first + d];
		enum outline_kind kind = outline_kind(c, it, d);
		struct named *n;

		if (!dr->name.len)
			continue;
		n = name_of(f, dr->name);
		n->function |= dr->is_function || it->kind == ITEM_FUNCTION;
		if (n->declared == NOWHERE)
			n->declared = cell;
		if (kind == OUTLINE_DEFINED && n->defined == NOWHERE)
			n->defined = cell;
		if (kind == OUTLINE_TENTATIVE && n->tentative == NOWHERE)
			n->tentative = cell;
	}
}

/* What a #define defines, and what it stands for. */
static bool
read_macro(struct slice code, struct slice *name, struct slice *body)
{
	struct token t = { .kind = TOK_DIRECTIVE, .len = code.len }, argument;
	struct token word = tokens_directive(code, t, &argument);

	if (word.kind == TOK_END || !token_is(code, word, "define") ||
	    argument.kind != TOK_IDENT)
		return false;
	*name = token_text(code, argument);
	body->at = name->at + name->len;
	body->len = (size_t)(code.at + code.len - body->at);
	return true;
}

static void
read_names(struct forward *f, const struct unit_cell *c, size_t cell)
{
	for (size_t i = 0; i < c->split.count; i++) {
		const struct item *it = &c->split.items[i];
		struct slice name, body;

		if (it->kind == ITEM_DECLARATION || it->kind == ITEM_FUNCTION)
			read_declarators(f, c, cell, it);
		else if (it->kind == ITEM_DIRECTIVE &&
			 read_macro(it->code, &name, &body))
			name_of(f, name);
	}
}

static bool
has_any(const struct forward *f)
{
	if (f->nstand_ins)
		return true;
	for (size_t i = 0; i < f->names.count; i++)
		if (defined_below(&f->named[i]) != NOWHERE)
			return true;
	return false;
}

/* what is mentioned */

/* `name` is NULL for what the cell runs. */
static void
read_code(struct forward *f, size_t cell, struct slice text,
	  const struct slice *name, bool macro)
{
	struct code *code = mem_push(f->codes, f->ncodes);
	struct lexer l;
	struct token t;
	bool after = false;

	*code = (struct code){ .cell = cell, .runs = !name, .macro = macro };
	if (name) {
		struct named *n = name_of(f, *name);

		*mem_push(n->codes, n->ncodes) = f->ncodes - 1;
	}
	lexer_init(&l, text);
	l.line_start = false;
	while ((t = lexer_next_code(&l)).kind != TOK_END) {
		size_t known =
			t.kind == TOK_IDENT
				? names_find(&f->names, token_text(text, t))
				: NAME_NONE;

		if (after && token_is(text, t, "("))
			code->at[code->count - 1].called = true;
		after = known != NAME_NONE;
		if (after)
			*mem_push(code->at, code->count) =
				(struct mention){ known, false };
	}
}

static void
read_codes(struct forward *f, const struct unit_cell *c, size_t cell)
{
	for (size_t i = 0; i < c->split.count; i++) {
		const struct item *it = &c->split.items[i];
		const struct declarator *d = &c->split.declarators[it->first];
		struct slice name, body;

		switch (it->kind) {
		case ITEM_BLANK:
		case ITEM_SHELL:
			break;
		case ITEM_DIRECTIVE:
			if (read_macro(it->code, &name, &body))
				read_code(f, cell, body, &name, true);
			break;
		case ITEM_STATEMENT:
		case ITEM_EXPRESSION:
			read_code(f, cell, it->code, NULL, false);
			break;
		case ITEM_FUNCTION:
			if (it->ndeclarators)
				read_code(f, cell, it->body, &d->name, false);
			break;
		case ITEM_DECLARATION:
			for (size_t k = 0; k < it->ndeclarators; k++)
				if (d[k].init.len)
					read_code(f, cell, d[k].init, NULL,
						  false);
			break;
		}
	}
}

/* how far it reaches */

static void
look_into(struct forward *f, size_t code)
{
	if (f->codes[code].mark == f->mark)
		return;
	f->codes[code].mark = f->mark;
	*mem_push(f->waiting, f->nwaiting) = code;
}

static void
look_into_name(struct forward *f, const struct named *n, bool macros)
{
	for (size_t i = 0; i < n->ncodes; i++)
		if (!macros || f->codes[n->codes[i]].macro)
			look_into(f, n->codes[i]);
}

/* What its plugin has the address of, and whatever has its storage there. */
static size_t
needed_with(struct forward *f, size_t cell)
{
	size_t last = cell;

	f->mark++;
	for (size_t i = f->first[cell]; i < f->first[cell + 1]; i++)
		if (!f->codes[i].macro)
			look_into(f, i);
	while (f->nwaiting) {
		const struct code *c = &f->codes[f->waiting[--f->nwaiting]];

		for (size_t i = 0; i < c->count; i++) {
			const struct named *n = &f->named[c->at[i].name];
			size_t at = defined_below(n);

			look_into_name(f, n, true);
			if (at != NOWHERE && at > last &&
			    !(n->function && c->at[i].called && !f->at_once))
				last = at;
		}
	}
	return last;
}

/* The same of what it calls while it runs; `last` are there already. */
static size_t
called_by(struct forward *f, size_t cell, size_t last)
{
	f->mark++;
	for (size_t i = f->first[cell]; i < f->first[cell + 1]; i++)
		if (f->codes[i].runs)
			look_into(f, i);
	while (f->nwaiting) {
		const struct code *c = &f->codes[f->waiting[--f->nwaiting]];

		for (size_t i = 0; i < c->count; i++) {
			const struct named *n = &f->named[c->at[i].name];
			size_t at = defined_below(n);

			look_into_name(f, n, false);
			if (at != NOWHERE && at > last)
				last = at;
		}
	}
	return last;
}

bool
forward_join(struct forward *f, size_t first, size_t last)
{
	bool more = f->needs[first] < last;

	if (more)
		f->needs[first] = last;
	return more;
}

size_t
forward_home(const struct forward *f, struct slice name)
{
	size_t i = names_find(&f->names, name);
	const struct named *n = i == NAME_NONE ? NULL : &f->named[i];

	if (!n)
		return NOWHERE;
	return n->defined < n->tentative ? n->defined : n->tentative;
}

static void
find_needs(struct forward *f)
{
	for (size_t i = 0; i < f->count; i++)
		f->needs[i] = called_by(f, i, needed_with(f, i));
	/* Storage, before it has its value. */
	for (size_t i = 0; i < f->names.count; i++) {
		const struct named *n = &f->named[i];

		if (n->tentative != NOWHERE && n->defined != NOWHERE)
			forward_join(f, n->tentative, n->defined);
	}
	for (size_t i = 0; i < f->nstand_ins; i++) {
		const struct stand_in *s = &f->stand_ins[i];
		size_t at = defined(&f->named[s->name]);

		if (at != NOWHERE)
			forward_join(f, at < s->cell ? at : s->cell,
				     at < s->cell ? s->cell : at);
	}
}

struct forward *
forward_new(const struct unit_cell *cells, size_t count, bool at_once)
{
	struct forward *f = mem_alloc(1, sizeof *f);

	f->count = count;
	f->at_once = at_once;
	f->needs = mem_alloc(count, sizeof *f->needs);
	for (size_t i = 0; i < count; i++)
		f->needs[i] = i;
	for (size_t i = 0; i < count; i++)
		if (!unit_cell_is_open(&cells[i]))
			read_names(f, &cells[i], i);
	if (!has_any(f))
		return f;
	f->first = mem_alloc(count + 1, sizeof *f->first);
	for (size_t i = 0; i < count; i++) {
		f->first[i] = f->ncodes;
		if (!unit_cell_is_open(&cells[i]))
			read_codes(f, &cells[i], i);
	}
	f->first[count] = f->ncodes;
	find_needs(f);
	return f;
}

size_t
forward_reach(const struct forward *f, size_t i)
{
	size_t last = i;

	for (size_t k = i; k <= last; k++)
		if (f->needs[k] > last)
			last = f->needs[k];
	return last;
}

/* outline.c: an item of a shared cell as a declaration. Floor 2. It goes by the
 * tokens, as the splitter does; what the compiler thinks of the result is not
 * its business. */
#include "build/outline.h"

#include "build/tokens.h"
#include "build/words.h"

/* What is spelled so in an attribute makes a function that must be there to be
 * called, and one that stands for another, which is not. */
static const char *const inlined[] = { "always_inline", "__always_inline__",
				       "gnu_inline", "__gnu_inline__", NULL };
static const char *const other_name[] = { "alias", "__alias__", "ifunc",
					  "__ifunc__", NULL };
static const char *const reference[] = { "weakref", "__weakref__", NULL };

static bool
has_word(struct slice text, const char *const *words)
{
	struct lexer l;
	struct token t;

	lexer_init(&l, text);
	while ((t = lexer_next_code(&l)).kind != TOK_END)
		for (const char *const *w = words; *w; w++)
			if (t.kind == TOK_IDENT && token_is(text, t, *w))
				return true;
	return false;
}

/* The item without a function's body. */
static struct slice
head_of(const struct item *it)
{
	struct slice head = it->code;

	if (it->body.len)
		head.len = (size_t)(it->body.at - it->code.at);
	return head;
}

/* A function that is to be there wherever it is called. */
static bool
is_inlined(const struct item *it)
{
	return it->spec & SPEC_INLINE && has_word(head_of(it), inlined);
}

unsigned
outline_drops(const struct item *it)
{
	if (it->kind != ITEM_DECLARATION && it->kind != ITEM_FUNCTION)
		return 0;
	if (it->spec & SPEC_TYPEDEF || has_word(head_of(it), reference))
		return 0;
	if (!(it->spec & SPEC_STATIC) && !it->conditional)
		return 0;
	if (is_inlined(it))
		return 0;
	return SPEC_STATIC | SPEC_INLINE;
}

bool
outline_repeats(const struct unit_cell *c, size_t i)
{
	const struct item *it = &c->split.items[i];

	if (it->kind == ITEM_DECLARATION && c->functions[i])
		return false;
	if (it->conditional || c->functions[i])
		return true;
	return it->kind == ITEM_FUNCTION && is_inlined(it);
}

/* Tokens on one line, preprocessor lines on theirs. Outside brackets the words
 * in `drop` are left out. */
static void
add_tokens(struct buf *out, struct slice text, unsigned drop)
{
	struct tokens ts;
	size_t until = 0;

	tokens_read(&ts, text);
	for (size_t i = 0; i < ts.count; i++) {
		struct token t = ts.at[i];
		bool outer = i >= until;

		if (outer && tokens_opens(&ts, i))
			until = tokens_skip(&ts, i);
		if (outer && t.kind == TOK_IDENT && word_spec(&ts, i) & drop)
			continue;
		if (tokens_in(&ts, i, other_name) &&
		    tokens_is(&ts, i + 1, "(")) {
			i = tokens_skip(&ts, i + 1) - 1;
			continue;
		}
		buf_add_byte(out, t.kind == TOK_DIRECTIVE ? '\n' : ' ');
		buf_add_slice(out, token_text(text, t));
		if (t.kind == TOK_DIRECTIVE)
			buf_add_byte(out, '\n');
	}
	tokens_release(&ts);
}

void
outline_open(const struct item *it, struct buf *out)
{
	unsigned drop = outline_drops(it);
	struct slice text = it->text;
	size_t lead = (size_t)(it->code.at - text.at), until = 0, from;
	struct tokens ts;

	from = out->len + lead;
	buf_add_slice(out, text);
	if (!drop)
		return;
	tokens_read(&ts, it->code);
	for (size_t i = 0; i < ts.count; i++) {
		if (i < until)
			continue;
		if (tokens_opens(&ts, i))
			until = tokens_skip(&ts, i);
		if (ts.at[i].kind == TOK_IDENT && word_spec(&ts, i) & drop)
			memset(out->data + from + ts.at[i].at, ' ',
			       ts.at[i].len);
	}
	tokens_release(&ts);
}

/* directives in what is left out */

/* Preprocessor lines that count below, too. An #include in the midst of code is
 * no declaration. */
static const char *const lasting[] = { "define", "undef", "if",	     "ifdef",
				       "ifndef", "elif",  "elifdef", "elifndef",
				       "else",	 "endif", "pragma" };

static bool
is_lasting(struct slice text, struct token directive, bool *defines)
{
	struct token name;
	struct token word = tokens_directive(text, directive, &name);

	for (size_t i = 0; i < countof(lasting); i++)
		if (word.kind != TOK_END && token_is(text, word, lasting[i])) {
			*defines |= i < 2;
			return true;
		}
	return false;
}

/* The macros that a body defines are known below it. */
void
outline_directives(struct buf *out, struct slice code)
{
	struct buf lines = { 0 };
	bool defines = false;
	struct tokens ts;

	if (!code.len || !memchr(code.at, '#', code.len))
		return;
	tokens_read(&ts, code);
	for (size_t i = 0; i < ts.count; i++) {
		if (ts.at[i].kind != TOK_DIRECTIVE ||
		    !is_lasting(code, ts.at[i], &defines))
			continue;
		buf_add_slice(&lines, token_text(code, ts.at[i]));
		buf_add_byte(&lines, '\n');
	}
	if (defines) {
		buf_add_byte(out, '\n');
		buf_add_slice(out, buf_slice(&lines));
	}
	buf_release(&lines);
	tokens_release(&ts);
}

/* declarations */

enum outline_kind
outline_kind(const struct unit_cell *c, const struct item *it, size_t which)
{
	const struct declarator *d = &c->split.declarators[it->first + which];
	enum lift lift = c->lifts[it->first + which];

	if (!d->name.len || it->spec & (SPEC_TYPEDEF | SPEC_ASSERT) ||
	    lift == LIFT_LOCAL || it->conditional)
		return OUTLINE_NONE;
	if (it->kind == ITEM_FUNCTION)
		return is_inlined(it) ? OUTLINE_NONE : OUTLINE_DEFINED;
	if (has_word(d->whole, other_name) ||
	    has_word(it->specifiers, other_name))
		return OUTLINE_DEFINED;
	if (d->is_function)
		return OUTLINE_NONE;
	if (d->init.len)
		return OUTLINE_DEFINED;
	return it->spec & SPEC_EXTERN ? OUTLINE_NONE : OUTLINE_TENTATIVE;
}

struct slice
outline_symbol(const struct declarator *d)
{
	struct slice symbol = d->name;
	struct tokens ts;

	if (!d->whole.len || !memmem(d->whole.at, d->whole.len, "asm", 3))
		return symbol;
	tokens_read(&ts, d->whole);
	for (size_t i = 0; i + 2 < ts.count; i++)
		if (word_of(&ts, i) == WORD_ASM && tokens_is(&ts, i + 1, "(") &&
		    ts.at[i + 2].kind == TOK_STRING && ts.at[i + 2].len > 2) {
			symbol = token_text(d->whole, ts.at[i + 2]);
			symbol.at++, symbol.len -= 2;
			break;
		}
	tokens_release(&ts);
	return symbol;
}

struct slice
outline_target(const struct item *it)
{
	struct slice target = { "", 0 };
	struct tokens ts;

	if (it->kind != ITEM_DECLARATION ||
	    !memchr(it->code.at, '"', it->code.len))
		return target;
	tokens_read(&ts, it->code);
	for (size_t i = 0; i + 2 < ts.count; i++)
		if ((tokens_in(&ts, i, other_name) ||
		     tokens_in(&ts, i, reference)) &&
		    tokens_is(&ts, i + 1, "(") &&
		    ts.at[i + 2].kind == TOK_STRING && ts.at[i + 2].len > 2) {
			target = token_text(it->code, ts.at[i + 2]);
			target.at++, target.len -= 2;
			break;
		}
	tokens_release(&ts);
	return target;
}

bool
outline_is_known(const struct unit_cell *c, const struct item *it, size_t which)
{
	const struct declarator *d = &c->split.declarators[it->first + which];

	return d->is_const && !d->is_array && d->init.len &&
	       d->init.at[0] != '{' &&
	       !(it->spec & (SPEC_THREAD | SPEC_AUTO_TYPE | SPEC_NAMELESS)) &&
	       c->lifts[it->first + which] == LIFT_NONE &&
	       !unit_assigned(c, d) &&
	       !memchr(d->whole.at, '*', d->whole.len) &&
	       outline_symbol(d).at == d->name.at;
}

/* `v[]` with a length. */
static void
add_with_length(struct buf *out, const struct declarator *d,
		struct slice length)
{
	struct tokens ts;

	tokens_read(&ts, d->whole);
	for (size_t i = 0; i < ts.count; i++) {
		struct slice token = token_text(d->whole, ts.at[i]);

		buf_add_byte(out, ' ');
		buf_add_slice(out, token);
		if (token.at == d->name.at && tokens_is(&ts, i + 1, "[")) {
			buf_add_str(out, " [ ");
			buf_add_slice(out, length);
			i++;
		}
	}
	tokens_release(&ts);
}

/* The declarator's tokens without the name: a type's. Attributes go, too. */
static void
add_abstract(struct buf *out, const struct declarator *d)
{
	struct tokens ts;
	size_t next;

	tokens_read(&ts, d->whole);
	for (size_t i = 0; i < ts.count; i++) {
		while ((next = words_skip_attributes(&ts, i)) > i)
			i = next;
		if (i >= ts.count)
			break;
		if (token_text(d->whole, ts.at[i]).at == d->name.at)
			continue;
		buf_add_byte(out, ' ');
		buf_add_slice(out, token_text(d->whole, ts.at[i]));
	}
	tokens_release(&ts);
}

/* `int v[] = { 1, 2 };`: its length is that of the initialiser. */
static void
add_unsized(struct buf *out, const struct item *it, const struct declarator *d,
	    unsigned drop)
{
	bool braces = d->init.at[0] == '{';

	if (d->init.at[0] == '(' && d->init.at[d->init.len - 1] == '}') {
		/* A compound literal: it has the type. */
		buf_add_str(out, "extern __typeof__(");
		add_tokens(out, d->init, 0);
		buf_addf(out, ") %.*s;\n", (int)d->name.len, d->name.at);
		return;
	}
	buf_add_str(out, "extern __typeof__((");
	add_tokens(out, it->specifiers, drop);
	add_abstract(out, d);
	buf_add_str(out, braces ? ")" : "){");
	add_tokens(out, d->init, 0);
	buf_addf(out, "%s) %.*s;\n", braces ? "" : "}", (int)d->name.len,
		 d->name.at);
}

#define STORAGE (SPEC_STATIC | SPEC_EXTERN | SPEC_REGISTER | SPEC_AUTO)

/* What is called is somewhere else: here it is as any function. */
static unsigned
function_drops(const struct item *it)
{
	return is_inlined(it) ? 0 : outline_drops(it) | SPEC_INLINE;
}

/* One declarator; a body that has a tag stands only with the first. */
static void
add_declarator(struct buf *out, const struct unit_cell *c,
	       const struct item *it, size_t which, bool first)
{
	const struct declarator *d = &c->split.declarators[it->first + which];
	unsigned drop = outline_drops(it) |
			(d->is_function ? function_drops(it) : STORAGE);
	enum lift lift = c->lifts[it->first + which];
	struct buf text = { 0 }, length = { 0 };

	if (unit_waits(lift) || unit_assigned(c, d))
		drop |= SPEC_CONST;
	unit_length(c, d, &length);
	if (length.len) {
		/* An array is const by its elements. */
		buf_add_str(out, "extern");
		add_tokens(out, it->specifiers, drop);
		add_with_length(out, d, buf_slice(&length));
		buf_add_str(out, ";\n");
		buf_release(&length);
		return;
	}
	if (it->spec & SPEC_AUTO_TYPE && d->init.len) {
		buf_add_str(out, "extern __typeof__(");
		add_tokens(out, d->init, 0);
		buf_addf(out, ") %.*s;\n", (int)d->name.len, d->name.at);
		return;
	}
	if (d->is_unsized && d->init.len) {
		add_unsized(out, it, d, drop);
		return;
	}
	split_declare(&c->split, it, which, drop | (first ? 0 : SPEC_BODY),
		      &text);
	if (!d->is_function)
		buf_add_str(out, "extern");
	add_tokens(out, buf_slice(&text), 0);
	if (outline_is_known(c, it, which)) {
		buf_add_str(out, " CNB__KNOWN(");
		add_tokens(out, d->init, 0);
		buf_add_str(out, ")");
	}
	buf_add_str(out, ";\n");
	buf_release(&text);
}

/* `struct { int x; } a, b;`: one type for both, so one declaration. */
static void
add_joint(struct buf *out, const struct unit_cell *c, const struct item *it)
{
	buf_add_str(out, "extern");
	add_tokens(out, it->specifiers, STORAGE | outline_drops(it));
	for (size_t i = 0; i < it->ndeclarators; i++) {
		if (i)
			buf_add_str(out, " ,");
		add_tokens(out, c->split.declarators[it->first + i].whole, 0);
	}
	buf_add_str(out, ";\n");
}

static void
add_declaration(struct buf *out, const struct unit_cell *c,
		const struct item *it)
{
	bool first = true;

	if (it->spec & SPEC_ASSERT)
		return; /* it held, or its cell did not compile */
	if (it->spec & SPEC_TYPEDEF || !it->ndeclarators ||
	    has_word(it->code, reference)) {
		add_tokens(out, it->code, 0);
		buf_add_byte(out, '\n');
		return;
	}
	if (it->spec & SPEC_NAMELESS && it->ndeclarators > 1) {
		add_joint(out, c, it);
		return;
	}
	for (size_t i = 0; i < it->ndeclarators; i++) {
		if (c->lifts[it->first + i] == LIFT_LOCAL)
			continue;
		add_declarator(out, c, it, i, first);
		first = false;
	}
}

/* A parameter list of mere names is none in a prototype. */
static void
add_old_style(struct buf *out, const struct item *it,
	      const struct declarator *d)
{
	struct tokens ts;
	bool named = false;

	add_tokens(out, it->specifiers, outline_drops(it));
	tokens_read(&ts, d->whole);
	for (size_t i = 0; i < ts.count; i++) {
		buf_add_byte(out, ' ');
		buf_add_slice(out, token_text(d->whole, ts.at[i]));
		if (named && tokens_is(&ts, i, "(")) {
			i = tokens_skip(&ts, i) - 2;
			named = false;
		} else if (token_text(d->whole, ts.at[i]).at == d->name.at) {
			named = true;
		}
	}
	tokens_release(&ts);
}

static void
add_function(struct buf *out, const struct unit_cell *c, const struct item *it)
{
	const struct declarator *d = &c->split.declarators[it->first];

	if (!it->ndeclarators)
		return;
	if (it->knr) {
		add_old_style(out, it, d);
	} else {
		add_tokens(out, it->specifiers, function_drops(it));
		add_tokens(out, d->whole, 0);
	}
	buf_add_str(out, ";\n");
	outline_directives(out, it->body);
}

/* With its bodies: under its own lines, for those who look at a crash. */
static void
add_repeated(struct buf *out, const struct unit_cell *c, const struct item *it)
{
	struct item code = *it;

	code.text = it->code;
	buf_addf(out, "#line %d \"", it->line);
	for (const char *p = c->label; *p; p++)
		buf_addf(out, *p == '"' || *p == '\\' ? "\\%c" : "%c", *p);
	buf_add_str(out, "\"\n");
	outline_open(&code, out);
	buf_add_str(out, "\n#line 1 \"<cnb>\"\n");
}

void
outline_item(const struct unit_cell *c, size_t i, struct buf *out)
{
	const struct item *it = &c->split.items[i];

	if (outline_repeats(c, i)) {
		add_repeated(out, c, it);
		return;
	}
	switch (it->kind) {
	case ITEM_DIRECTIVE:
		buf_add_slice(out, it->code);
		buf_add_byte(out, '\n');
		break;
	case ITEM_DECLARATION:
		if (!c->functions[i])
			add_declaration(out, c, it);
		break;
	case ITEM_FUNCTION:
		add_function(out, c, it);
		break;
	case ITEM_STATEMENT:
	case ITEM_EXPRESSION:
		outline_directives(out, it->code);
		break;
	case ITEM_BLANK:
	case ITEM_SHELL:
		break;
	}
}

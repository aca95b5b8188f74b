/* params.c: values for the parameters cell, put into C. Floor 4. It reads the
 * cell's text and writes text; whether a value fits its variable, the compiler
 * says. */
#include "exec/params.h"

#include <stdlib.h>
#include <string.h>
#include "base/lexer.h"
#include "base/mem.h"
#include "build/split.h"
#include "build/tokens.h"

#define TAG "parameters"
#define TAG_INJECTED "injected-parameters"

enum target_kind {
	TARGET_NONE,
	TARGET_VALUE,
	TARGET_ARRAY,
	TARGET_STRING, /* a pointer to char */
	TARGET_TEXT,   /* an array of char */
	TARGET_MACRO,
};

/* What a name is in the parameters cell. */
struct target {
	enum target_kind kind;
	const struct declarator *declarator;
};

/* What is known of that cell. */
struct scope {
	char *text; /* its C, option lines blanked */
	struct split split;
};

static struct cell_info *
find_tagged(const struct cell_list *l, const char *tag)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->at[i].kind == KIND_SHARED &&
		    cell_info_has_tag(&l->at[i], tag))
			return &l->at[i];
	return NULL;
}

static void
scope_init(struct scope *s, const struct cell_info *c)
{
	s->text = option_blanked(c->cell->source);
	split_read(&s->split, (struct slice){ s->text, c->cell->source.len });
}

static void
scope_release(struct scope *s)
{
	split_release(&s->split);
	free(s->text);
}

/* ---- what a name is ---- */

static size_t
count_stars(struct slice declarator)
{
	size_t stars = 0;
	struct lexer l;
	struct token t;

	lexer_init(&l, declarator);
	while ((t = lexer_next_code(&l)).kind != TOK_END)
		stars += token_is(declarator, t, "*") ||
			 token_is(declarator, t, "[");
	return stars;
}

static bool
has_word(struct slice text, const char *word)
{
	struct lexer l;
	struct token t;

	lexer_init(&l, text);
	while ((t = lexer_next_code(&l)).kind != TOK_END)
		if (token_is(text, t, word))
			return true;
	return false;
}

static enum target_kind
kind_of(const struct item *it, const struct declarator *d)
{
	bool text = has_word(it->specifiers, "char") && !it->tag_body.len &&
		    count_stars(d->whole) == 1;

	if (d->is_array)
		return text ? TARGET_TEXT : TARGET_ARRAY;
	return text ? TARGET_STRING : TARGET_VALUE;
}

/* The name that a preprocessor line defines, without arguments. */
static struct slice
macro_of(const struct item *it)
{
	struct token t = { .kind = TOK_DIRECTIVE, .len = it->code.len }, name;
	struct token word = tokens_directive(it->code, t, &name);
	size_t end = name.at + name.len;

	if (!token_is(it->code, word, "define") || name.kind != TOK_IDENT ||
	    (end < it->code.len && it->code.at[end] == '('))
		return (struct slice){ "", 0 };
	return token_text(it->code, name);
}

/* The declarator or macro number *n of the cell; false: no more. */
static bool
next_target(const struct scope *s, size_t *n, struct slice *name,
	    struct target *t)
{
	size_t left = (*n)++;

	for (size_t i = 0; i < s->split.count; i++) {
		const struct item *it = &s->split.items[i];
		size_t own = it->kind == ITEM_DIRECTIVE ? 1 : it->ndeclarators;
		const struct declarator *d;

		if (left >= own) {
			left -= own;
			continue;
		}
		*t = (struct target){ TARGET_NONE, NULL };
		if (it->kind == ITEM_DIRECTIVE) {
			*name = macro_of(it);
			t->kind = name->len ? TARGET_MACRO : TARGET_NONE;
			return true;
		}
		d = &s->split.declarators[it->first + left];
		*name = d->name;
		if (it->kind == ITEM_DECLARATION && !d->is_function &&
		    !(it->spec & SPEC_TYPEDEF))
			*t = (struct target){ kind_of(it, d), d };
		return true;
	}
	return false;
}

static struct target
find_target(const struct scope *s, const char *key)
{
	struct target t, found = { TARGET_NONE, NULL };
	struct slice name;

	for (size_t n = 0; next_target(s, &n, &name, &t);)
		if (t.kind != TARGET_NONE && slice_is(name, key))
			found = t;
	return found;
}

static int
refuse_name(const struct params *p, const struct notebook *nb,
	    const struct scope *s, const char *key, struct err *e)
{
	struct strs names = { 0 };
	struct target t;
	struct slice name;
	const char *near;

	for (size_t n = 0; next_target(s, &n, &name, &t);)
		if (t.kind != TARGET_NONE)
			strs_addn(&names, name.at, name.len);
	for (size_t i = 0; i < nb->nparams; i++)
		strs_add(&names, nb->params[i].key);
	near = text_nearest(key, (const char *const *)names.at, names.count);
	if (near)
		err_input(e,
			  "unknown parameter '%s' of '%s'; did you mean '%s'?",
			  key, nb->path, near);
	else
		err_input(e,
			  "unknown parameter '%s' of '%s': its parameters "
			  "cell '%s' has no such variable or macro",
			  key, nb->path, p->cell->name);
	strs_release(&names);
	return -1;
}

/* ---- what a value is ---- */

static void
add_token(struct buf *out, struct slice text)
{
	for (size_t k = 0; k < text.len; k++) {
		size_t splice = lexer_splice(text, k);

		if (splice)
			k += splice - 1;
		else
			buf_add_byte(out, text.at[k]);
	}
}

/* Append the tokens on one line. With JSON's brackets as C's braces, where
 * `list` says that it is one. */
static void
add_tokens(struct buf *out, const struct tokens *ts, bool list)
{
	size_t end = 0;

	for (size_t i = 0; i < ts->count; i++) {
		struct slice text = token_text(ts->text, ts->at[i]);

		if (i && ts->at[i].at > end)
			buf_add_byte(out, ' ');
		end = ts->at[i].at + ts->at[i].len;
		if (list && tokens_is(ts, i, "["))
			buf_add_byte(out, '{');
		else if (list && tokens_is(ts, i, "]"))
			buf_add_byte(out, '}');
		else
			add_token(out, text);
	}
}

/* Digraphs, too. */
static bool
is_bracket(const struct tokens *ts, size_t i)
{
	static const char *const brackets[] = { "(", ")", "[", "]", "{", "}" };

	for (size_t k = 0; k < countof(brackets); k++)
		if (tokens_is(ts, i, brackets[k]))
			return true;
	return false;
}

/* Why the tokens cannot stand in an initialiser; NULL: they can. */
static const char *
fault_of(const struct tokens *ts, bool macro)
{
	if (!ts->count)
		return macro ? NULL : "it is empty";
	for (size_t i = 0; i < ts->count; i++) {
		if (ts->at[i].unclosed)
			return "a string in it is left open";
		if (ts->at[i].kind == TOK_DIRECTIVE || ts->shell[i])
			return "it is no expression";
		if (is_bracket(ts, i) && ts->match[i] == TOKEN_NONE)
			return "a bracket in it has no partner";
	}
	for (size_t i = 0; !macro && i < ts->count; i = tokens_skip(ts, i)) {
		if (tokens_is(ts, i, ";"))
			return "it holds a semicolon";
		if (tokens_is(ts, i, ","))
			return "it holds a comma outside brackets";
	}
	return NULL;
}

static void
add_literal(struct buf *out, const char *text)
{
	buf_add_byte(out, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (c == '\n')
			buf_add_str(out, "\\n");
		else if (c < 32 || c == 127)
			buf_addf(out, "\\%03o", c);
		else if (c == '?' && text[1] == '?')
			buf_add_str(out, "\\?");
		else
			buf_add_byte(out, (char)c);
	}
	buf_add_byte(out, '"');
}

static bool
is_literal(const struct tokens *ts)
{
	for (size_t i = 0; i < ts->count; i++)
		if (ts->at[i].kind != TOK_STRING || ts->at[i].unclosed)
			return false;
	return ts->count > 0;
}

/* Append the value as C for a target. */
static int
add_value(struct buf *out, const char *key, const char *value, struct target t,
	  struct err *e)
{
	bool string = t.kind == TARGET_STRING || t.kind == TARGET_TEXT;
	struct tokens ts;
	bool array = t.kind == TARGET_ARRAY, wrap;
	const char *fault = NULL;

	tokens_read(&ts, slice_of(value));
	wrap = array && is_literal(&ts); /* of wide characters */
	if (string && !is_literal(&ts)) {
		add_literal(out, value);
	} else {
		fault = fault_of(&ts, t.kind == TARGET_MACRO);
		if (array && !fault && !wrap && !tokens_is(&ts, 0, "{") &&
		    !tokens_is(&ts, 0, "["))
			fault = "an array takes a list in braces";
		buf_add_str(out, wrap ? "{ " : "");
		add_tokens(out, &ts, array && tokens_is(&ts, 0, "["));
		buf_add_str(out, wrap ? " }" : "");
	}
	tokens_release(&ts);
	if (!fault)
		return 0;
	return err_input(e, "cannot set parameter '%s' to '%s': %s", key, value,
			 fault);
}

/* ---- putting it together ---- */

/* C would only warn of a string for a number. */
static const char strict[] =
	"\n#pragma GCC diagnostic push\n"
	"#pragma GCC diagnostic error \"-Wint-conversion\"\n"
	"#pragma GCC diagnostic error \"-Wincompatible-pointer-types\"\n"
	"#ifdef __clang__\n"
	"#pragma GCC diagnostic error \"-Wconstant-conversion\"\n"
	"#else\n"
	"#pragma GCC diagnostic error \"-Woverflow\"\n"
	"#endif\n";
static const char strict_end[] = "\n#pragma GCC diagnostic pop\n";

static void
add_both(struct params *p, const char *before, const char *text,
	 const char *behind)
{
	struct buf *const to[] = { &p->code, &p->shown };

	for (size_t i = 0; i < countof(to); i++) {
		buf_add_str(to[i], before);
		buf_add_str(to[i], text);
		buf_add_str(to[i], behind);
	}
}

/* The lines that assign `value`, and in front of them for the compiler a check
 * where C itself would take too much for an array. */
static void
add_assignment(struct params *p, const char *key, const char *value,
	       enum target_kind kind)
{
	buf_addf(&p->code, "\n#line %d \"%s\"\n", p->lines[p->names.count - 1],
		 p->label);
	switch (kind) {
	case TARGET_MACRO:
		add_both(p, "#undef ", key, "\n#define ");
		add_both(p, key, " ", value);
		add_both(p, "\n", "", "");
		break;
	case TARGET_TEXT:
		buf_addf(&p->shown, "strcpy(%s, %s);\n", key, value);
		buf_addf(&p->code,
			 "_Static_assert(sizeof %s <= sizeof %s, \"%s is too "
			 "short for it\"); __builtin_memcpy(%s, %s, "
			 "sizeof %s);\n",
			 value, key, key, key, value, value);
		break;
	case TARGET_ARRAY:
		buf_addf(&p->shown,
			 "memcpy(%s, (__typeof__(%s))%s, sizeof %s);\n", key,
			 key, value, key);
		buf_addf(&p->code,
			 "_Static_assert(sizeof((__typeof__(*%s)[])%s) <= "
			 "sizeof %s, \"%s is too short for it\"); "
			 "__builtin_memcpy(%s, (__typeof__(%s))%s, "
			 "sizeof %s);\n",
			 key, value, key, key, key, key, value, key);
		break;
	case TARGET_NONE:
	case TARGET_STRING:
	case TARGET_VALUE:
		add_both(p, key, " = ", "");
		if (value[0] == '{')
			add_both(p, "(__typeof__(", key, "))");
		add_both(p, value, ";", "\n");
		break;
	}
}

static int
count_lines(const struct buf *b)
{
	int n = 0;

	for (size_t i = 0; i < b->len; i++)
		n += b->data[i] == '\n';
	return n;
}

/* Give `key` a value, unless it has one already. */
static int
inject(struct params *p, const struct scope *s, const char *key,
       const char *value, struct err *e)
{
	struct target t = find_target(s, key);
	struct buf text = { 0 };
	size_t nlines = p->names.count;
	int rc;

	if (t.kind == TARGET_NONE || strs_has(&p->names, key))
		return 0;
	rc = add_value(&text, key, value, t, e);
	if (rc == 0) {
		if (!p->shown.len) {
			buf_add_str(&p->shown, "// Parameters\n");
			buf_add_str(&p->code, strict);
		}
		strs_add(&p->names, key);
		strs_add(&p->values, value);
		*mem_push(p->lines, nlines) = count_lines(&p->shown) + 1;
		if (t.declarator) {
			strs_add(&p->assigned, key);
			strs_add(&p->literals,
				 t.kind == TARGET_TEXT ? buf_str(&text) : "");
		}
		add_assignment(p, key, buf_str(&text), t.kind);
	}
	buf_release(&text);
	return rc;
}

/* What a cell that an earlier run injected assigns to: names of the parameters
 * cell's variables, and literals behind those of arrays. */
static void
find_assigned(struct params *p, const struct scope *s,
	      const struct cell_info *injected)
{
	char *text = option_blanked(injected->cell->source);
	struct tokens ts;

	tokens_read(&ts, (struct slice){ text, injected->cell->source.len });
	for (size_t i = 0; i + 1 < ts.count; i++) {
		struct slice word = token_text(ts.text, ts.at[i]);
		char *name = mem_strndup(word.at, word.len);
		struct target t = find_target(s, name);
		bool literal = tokens_is(&ts, i + 1, ",") && i + 2 < ts.count &&
			       ts.at[i + 2].kind == TOK_STRING;

		if (t.declarator && !strs_has(&p->assigned, name)) {
			strs_add(&p->assigned, name);
			word = literal ? token_text(ts.text, ts.at[i + 2])
				       : slice_of("");
			strs_addn(&p->literals, word.at, word.len);
		}
		free(name);
	}
	tokens_release(&ts);
	free(text);
}

/* The last of several values for one name counts. */
static bool
is_given_again(const struct strs *given, size_t i, size_t key_len)
{
	for (size_t k = i + 1; k < given->count; k++)
		if (!strncmp(given->at[k], given->at[i], key_len + 1))
			return true;
	return false;
}

static bool
is_notebook_param(const struct notebook *nb, const char *key)
{
	for (size_t i = 0; i < nb->nparams; i++)
		if (!strcmp(nb->params[i].key, key))
			return true;
	return false;
}

static int
take_given(struct params *p, const struct notebook *nb, const struct scope *s,
	   const struct strs *given, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < given->count && rc == 0; i++) {
		const char *equals = strchr(given->at[i], '=');
		size_t len = (size_t)(equals - given->at[i]);
		char *key = mem_strndup(given->at[i], len);

		if (find_target(s, key).kind == TARGET_NONE &&
		    !is_notebook_param(nb, key))
			rc = refuse_name(p, nb, s, key, e);
		else if (!is_given_again(given, i, len))
			rc = inject(p, s, key, equals + 1, e);
		free(key);
	}
	return rc;
}

static bool
contains(struct slice text, const char *word)
{
	return text.len && memmem(text.at, text.len, word, strlen(word));
}

/* Could the cell ask for a parameter by its name? */
static bool
may_ask(const struct cell_info *c)
{
	return c->kind == KIND_TABLE || contains(c->cell->source, "cell_param");
}

static bool
may_be_asked(const struct cell_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (may_ask(&l->at[i]))
			return true;
	return false;
}

/* A header of the notebook's own, which may have the question for it. */
static bool
includes_own(struct slice text)
{
	static const char include[] = "include", ours[] = "\"cell.h\"";
	const char *at = text.at, *end = text.at + text.len;

	while (text.len && (at = memmem(at, (size_t)(end - at), include,
					sizeof include - 1))) {
		at += sizeof include - 1;
		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
		if (at < end && *at != '<' &&
		    !slice_starts((struct slice){ at, (size_t)(end - at) },
				  ours))
			return true;
	}
	return false;
}

bool
params_may_reach(const struct cell_info *c)
{
	return may_ask(c) || cell_info_has_tag(c, TAG) ||
	       cell_info_has_tag(c, TAG_INJECTED) ||
	       includes_own(c->cell->source);
}

static int
refuse_all(const struct notebook *nb, const struct strs *given, struct err *e)
{
	const char *first = given->at[0];

	return err_input(e,
			 "unknown parameter '%.*s' of '%s': no cell of its "
			 "shared C is tagged 'parameters'",
			 (int)strcspn(first, "="), first, nb->path);
}

/* The cell of an earlier injection shows what holds now. */
static void
replace(struct params *p, struct notebook *nb, struct cell_info *old)
{
	struct nb_cell *cell = notebook_code_cell(nb, old->cell->number);
	char *text = arena_dup(&nb->arena, p->shown.data, p->shown.len);

	if (cell) {
		cell->source = (struct slice){ text, p->shown.len - 1 };
		cell->nlines = 0;
	}
	old->kind = KIND_EMPTY;
	old->why = "its values are assigned after the parameters cell";
	p->instead = cell;
}

int
params_settle(struct params *p, struct notebook *nb, struct cell_list *cells,
	      const struct strs *given, struct err *e)
{
	struct cell_info *injected;
	struct buf label = { 0 };
	bool replaced;
	struct scope s;
	int rc = 0;

	*p = (struct params){ .cell = find_tagged(cells, TAG) };
	if (!p->cell)
		return given && given->count && !may_be_asked(cells)
			       ? refuse_all(nb, given, e)
			       : 0;
	buf_addf(&label, "%s:%s", nb->name, TAG_INJECTED);
	p->label = buf_take(&label);
	injected = find_tagged(cells, TAG_INJECTED);
	scope_init(&s, p->cell);
	if (given)
		rc = take_given(p, nb, &s, given, e);
	replaced = p->names.count > 0;
	for (size_t i = 0; i < nb->nparams && rc == 0; i++)
		rc = inject(p, &s, nb->params[i].key, nb->params[i].value, e);
	if (p->code.len)
		buf_add_str(&p->code, strict_end);
	if (injected && replaced && rc == 0)
		replace(p, nb, injected);
	else if (injected)
		find_assigned(p, &s, injected);
	p->hidden = injected && !replaced;
	scope_release(&s);
	return rc;
}

int
params_check_given(const struct strs *given, struct err *e)
{
	for (size_t i = 0; i < given->count; i++) {
		const char *p = given->at[i], *equals = strchr(p, '=');

		if (!equals || equals == p)
			return err_input(e,
					 "'%s' is no parameter; write "
					 "NAME=VALUE",
					 p);
	}
	return 0;
}

void
params_release(struct params *p)
{
	strs_release(&p->names);
	strs_release(&p->values);
	strs_release(&p->assigned);
	strs_release(&p->literals);
	buf_release(&p->shown);
	buf_release(&p->code);
	free(p->lines);
	free(p->label);
	*p = (struct params){ 0 };
}

size_t
params_at_line(const struct params *p, int line)
{
	size_t i = p->names.count;

	while (i > 1 && p->lines[i - 1] > line)
		i--;
	return i ? i - 1 : 0;
}

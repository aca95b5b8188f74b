/* unit_text.c: the text of one cell in the unit of shared cells. Floor 2. It
 * writes C and calls no compiler; what the compiler then decides is shared.c's.
 */
#include "build/unit.h"

#include <stdlib.h>
#include <string.h>
#include "base/lexer.h"
#include "base/mem.h"
#include "build/diag.h"
#include "build/outline.h"

/* What an item is by now. */
static bool
is_body(const struct unit_cell *c, size_t i)
{
	const struct item *it = &c->split.items[i];

	switch (it->kind) {
	case ITEM_STATEMENT:
		return !c->functions[i];
	case ITEM_EXPRESSION:
	case ITEM_SHELL:
		return true;
	case ITEM_BLANK:
	case ITEM_DIRECTIVE:
	case ITEM_FUNCTION:
		break;
	case ITEM_DECLARATION: /* a macro's */
		return c->functions[i];
	}
	return false;
}

/* Is a variable assigned to that C would not let be? The number of it; the
 * count of names: no. */
static size_t
number_assigned(const struct unit_cell *c, const struct declarator *d)
{
	size_t n = c->assigned ? c->assigned->count : 0, i = 0;

	while (i < n && !slice_is(d->name, c->assigned->at[i]))
		i++;
	return i;
}

bool
unit_assigned(const struct unit_cell *c, const struct declarator *d)
{
	return c->assigned && number_assigned(c, d) < c->assigned->count;
}

static bool
is_lifted(const struct unit_cell *c, const struct item *it)
{
	for (size_t i = it->first; i < it->first + it->ndeclarators; i++) {
		const struct declarator *d = &c->split.declarators[i];

		if (c->lifts[i] != LIFT_NONE ||
		    (it->kind == ITEM_DECLARATION && unit_assigned(c, d) &&
		     (d->is_const || d->is_unsized)))
			return true;
	}
	return false;
}

/* writing */

/* The unit on its way. A run of statements is kept apart until it is whole:
 * what must stand at file scope may then still be put in front of it. */
struct writer {
	struct buf *unit;
	struct buf run;
	struct buf *out; /* that of the two that is written to */
	const struct unit_cell *cell;
	size_t number; /* of the cell, in the names of its functions */
	int runs;      /* functions of this cell so far */
	bool in_run;   /* one of them is open */
	bool local;    /* ... and has objects of its own */
	bool unended;  /* ... and ends without a semicolon, as the cell does */
	int temporaries;
	size_t seen; /* bytes of the text whose lines are counted: */
	int line;    /* newlines among them */
	bool apart;  /* other cells see its variables by linkage */
	/* What `out` ends with while it is so long is the text up to here. */
	const char *end;
	struct buf *end_out;
	size_t end_len;
};

void
unit_add_literal(struct buf *out, const char *bytes, size_t len)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (c < 32 || c == 127 || c == '?')
			buf_addf(out, "\\%03o", c);
		else
			buf_add_byte(out, (char)c);
	}
	buf_add_byte(out, '"');
}

static void
add_blanks(struct buf *out, const char *from, const char *to)
{
	for (; from < to; from++)
		buf_add_byte(out, *from == '\t' ? '\t' : ' ');
}

/* Does `part` go on in the line that was written last? */
static bool
goes_on(const struct writer *w, struct slice part)
{
	return w->end && w->out == w->end_out && w->out->len == w->end_len &&
	       part.at >= w->end &&
	       !memchr(w->end, '\n', (size_t)(part.at - w->end));
}

/* From here on the compiler is to speak of the place of `part`, column too:
 * what stands before it in its line becomes blanks. They are no more than make
 * the column one that nobody tells: each of the many parts of a long line would
 * have as many as the line is long. */
static void
go_to(struct writer *w, struct slice part)
{
	struct slice text = w->cell->split.text;
	size_t at = (size_t)(part.at - text.at);
	const char *newline, *start;

	if (goes_on(w, part)) {
		add_blanks(w->out, w->end, part.at);
		return;
	}
	for (; w->seen > at; w->seen--)
		w->line -= text.at[w->seen - 1] == '\n';
	for (; w->seen < at; w->seen++)
		w->line += text.at[w->seen] == '\n';
	start = at > DIAG_COLUMNS ? part.at - DIAG_COLUMNS : text.at;
	newline = memrchr(start, '\n', (size_t)(part.at - start));
	buf_addf(w->out, "\n#line %d ", w->line + 1);
	unit_add_literal(w->out, w->cell->label, strlen(w->cell->label));
	buf_add_byte(w->out, '\n');
	add_blanks(w->out, newline ? newline + 1 : start, part.at);
}

/* What was written is the text up to the end of `part`, in its columns. */
static void
is_at_end(struct writer *w, struct slice part)
{
	w->end = part.at + part.len;
	w->end_out = w->out;
	w->end_len = w->out->len;
}

static void
add_part(struct writer *w, struct slice part)
{
	go_to(w, part);
	buf_add_slice(w->out, part);
	is_at_end(w, part);
}

/* A declaration or a function at its place. */
static void
add_open_part(struct writer *w, const struct item *it)
{
	go_to(w, it->text);
	outline_open(it, w->out);
	is_at_end(w, it->text);
}

/* Lines of ours, which nobody is to see. */
static void
our_own(struct writer *w)
{
	buf_add_str(w->out, "\n#line 1 \"<cnb>\"\n");
}

static void
open_run(struct writer *w)
{
	w->runs += !w->in_run;
	w->in_run = true;
	w->out = &w->run;
}

/* What the function is called that the user did not write: as the cell. */
static void
name_function(struct writer *w, bool named)
{
	static const char *const names[] = { "__func__", "__FUNCTION__",
					     "__PRETTY_FUNCTION__" };

	for (size_t i = 0; i < countof(names); i++) {
		buf_addf(w->out, named ? "#define %s " : "#undef %s", names[i]);
		if (named)
			unit_add_literal(w->out, w->cell->name,
					 strlen(w->cell->name));
		buf_add_byte(w->out, '\n');
	}
}

/* Who comes to the end did not return. A semicolon behind the statements makes
 * a label at the end right; where one is missing, a bracket has the compiler
 * say so. */
static void
close_run(struct writer *w)
{
	w->out = w->unit;
	if (!w->in_run)
		return;
	our_own(w);
	name_function(w, true);
	buf_addf(w->out,
		 "static int cnb__%zu_%d(struct cell *cnb__c, int *cnb__fell)\n"
		 "{ (void)cnb__c; (void)cnb__fell;%s",
		 w->number, w->runs, w->unended ? " {" : "");
	buf_add_slice(w->out, buf_slice(&w->run));
	our_own(w);
	/* It may stand in a branch of an #if: the macro says if it is there. */
	buf_addf(w->out,
		 "%s *cnb__fell = 1; return 0; }\n#define CNB__RUN_%zu_%d\n",
		 w->unended ? "}" : ";", w->number, w->runs);
	name_function(w, false);
	buf_clear(&w->run);
	w->end = NULL;
	w->in_run = w->local = w->unended = false;
}

/* What comes now stands at file scope: behind the statements above it, or,
 * where those below must stay together with them, in front. */
static void
leave_run(struct writer *w)
{
	if (w->local || w->cell->one_run)
		w->out = w->unit;
	else
		close_run(w);
}

/* Statements as they are, but for `return;`, which in a function with a value
 * needs one. */
static void
add_statement(struct writer *w, struct slice part)
{
	size_t from = 0, behind = 0;
	struct lexer l;
	struct token t;

	go_to(w, part);
	lexer_init(&l, part);
	while ((t = lexer_next_code(&l)).kind != TOK_END) {
		if (behind && token_is(part, t, ";")) {
			buf_add(w->out, part.at + from, behind - from);
			buf_add_str(w->out, " 0");
			from = behind;
		}
		behind = token_is(part, t, "return") ? t.at + t.len : 0;
	}
	buf_add(w->out, part.at + from, part.len - from);
	if (!from)
		is_at_end(w, part);
}

/* The value, or 0 where the type is void; both arms are valid for both. */
static void
add_value(struct writer *w, struct slice code)
{
	buf_add_str(w->out, "__extension__ __builtin_choose_expr(cnb__void, "
			    "({ (void)(");
	add_part(w, code);
	buf_addf(w->out, "); 0; }), %s(", w->cell->promote ? "+" : "");
	add_part(w, code);
	buf_add_str(w->out, "))");
}

/* A pragma in front of an expression is a statement of its own. */
static struct slice
add_pragmas(struct writer *w, struct slice code)
{
	struct tokens ts;
	size_t i = 0;

	tokens_read(&ts, code);
	while (word_of(&ts, i) == WORD_PRAGMA && tokens_is(&ts, i + 1, "("))
		i = tokens_skip(&ts, i + 1);
	if (i && i < ts.count) {
		add_part(w, (struct slice){ code.at, token_end(ts.at[i - 1]) });
		code.at += ts.at[i].at;
		code.len -= ts.at[i].at;
	}
	tokens_release(&ts);
	return code;
}

/* The result: its type decides how it is shown, and whether there is one. It is
 * evaluated once, whatever number of times it stands here. */
static void
add_result(struct writer *w, struct slice code)
{
	code = add_pragmas(w, code);
	our_own(w);
	buf_addf(w->out, "{ typedef __typeof__(%s(",
		 w->cell->promote ? "+" : "");
	add_part(w, code);
	buf_add_str(w->out, ")) cnb__t;");
	our_own(w);
	buf_add_str(w->out, "CNB__TYPES\n__extension__ CNB__VALUE cnb__v = ");
	add_value(w, code);
	our_own(w);
	buf_add_str(w->out, ";\nCNB__SHOW(cnb__c, cnb__v); }\n");
}

static void
add_shell(struct writer *w, struct slice code)
{
	struct slice line = slice_trim(code);

	our_own(w);
	buf_add_str(w->out, "cnb__shell(");
	/* The `!` itself is no part of the command. */
	unit_add_literal(w->out, line.at + 1, line.len ? line.len - 1 : 0);
	buf_add_str(w->out, ");");
}

/* `(type){...}` in an expression: an object that lives as long as the function
 * that it stands in. */
static bool
has_compound_literal(struct slice code)
{
	struct tokens ts;
	bool found = false;

	tokens_read(&ts, code);
	for (size_t i = 0; i + 1 < ts.count && !found; i++) {
		size_t open = ts.match[i];

		found = tokens_is(&ts, i, ")") && tokens_is(&ts, i + 1, "{") &&
			open != TOKEN_NONE &&
			(!open || (ts.at[open - 1].kind == TOK_PUNCT &&
				   !tokens_is(&ts, open - 1, ")")));
	}
	tokens_release(&ts);
	return found;
}

static void
add_body_item(struct writer *w, const struct item *it)
{
	open_run(w);
	if (it->kind == ITEM_STATEMENT) {
		add_statement(w, it->text);
		w->unended = unit_item_is_unended(w->cell, it);
		w->local |= has_compound_literal(it->code);
	} else if (it->kind == ITEM_DECLARATION) {
		add_part(w, it->text);
		w->local = true;
	} else if (it->kind == ITEM_EXPRESSION) {
		add_result(w, it->code);
	} else {
		add_shell(w, it->code);
	}
}

/* `int v [ ]` with a length. */
static void
add_length(struct buf *out, size_t from, struct slice name, const char *length)
{
	struct buf copy = { 0 }, open = { 0 };
	char *at;

	buf_addf(&open, "%.*s [", (int)name.len, name.at);
	buf_add(&copy, out->data + from, out->len - from);
	at = memmem(buf_str(&copy), copy.len, buf_str(&open), open.len);
	if (at) {
		at += open.len;
		out->len = from;
		buf_add(out, copy.data, (size_t)(at - copy.data));
		buf_addf(out, "%s%s", length, at);
	}
	buf_release(&copy);
	buf_release(&open);
}

void
unit_length(const struct unit_cell *c, const struct declarator *d,
	    struct buf *out)
{
	enum lift lift = c->lifts[d - c->split.declarators];
	size_t n = number_assigned(c, d);
	const char *literal = unit_assigned(c, d) ? c->literals->at[n] : "";

	if (lift == LIFT_SIZED)
		buf_addf(out, "%zu", unit_count_elements(d->init));
	else if (*literal && d->is_unsized && d->init.len)
		buf_addf(out,
			 "sizeof(%s) > sizeof(%.*s) ? sizeof(%s) : "
			 "sizeof(%.*s)",
			 literal, (int)d->init.len, d->init.at, literal,
			 (int)d->init.len, d->init.at);
}

enum unit_part
unit_part(const struct unit_cell *c, size_t item)
{
	const struct item *it = &c->split.items[item];

	if (is_body(c, item))
		return PART_STATEMENTS;
	for (size_t d = it->first; d < it->first + it->ndeclarators; d++)
		if (c->lifts[d] != LIFT_NONE)
			return PART_LIFTED;
	return PART_FILE_SCOPE;
}

/* What a declarator loses where it is declared. */
static unsigned
drops_of(const struct unit_cell *c, const struct item *it, size_t d, bool first)
{
	enum lift lift = c->lifts[it->first + d];
	unsigned drop = first ? 0 : SPEC_BODY;

	if (lift == LIFT_LOCAL)
		drop |= SPEC_STATIC | SPEC_EXTERN;
	if (unit_assigned(c, &c->split.declarators[it->first + d]))
		drop |= SPEC_CONST;
	if (unit_waits(lift))
		drop |= SPEC_EXTERN | SPEC_CONST | SPEC_AUTO | SPEC_REGISTER;
	return drop;
}

static void
declare(struct buf *out, const struct unit_cell *c, const struct item *it,
	size_t d, unsigned drop)
{
	const struct declarator *dr = &c->split.declarators[it->first + d];
	struct buf length = { 0 };
	size_t from = out->len;

	split_declare(&c->split, it, d, drop, out);
	unit_length(c, dr, &length);
	if (length.len)
		add_length(out, from, dr->name, buf_str(&length));
	buf_release(&length);
}

void
unit_declare(struct buf *out, const struct unit_cell *c, const struct item *it,
	     size_t d, bool first)
{
	declare(out, c, it, d, drops_of(c, it, d, first));
}

/* The part of a declarator that stands where C puts it: with its initialiser,
 * unless that waits for the cell to run. A body that has a tag stands only with
 * the first. */
static void
add_declarator(struct writer *w, const struct item *it, size_t d, bool first)
{
	const struct unit_cell *c = w->cell;
	const struct declarator *dr = &c->split.declarators[it->first + d];
	enum lift lift = c->lifts[it->first + d];
	bool waits = unit_waits(lift);
	unsigned drop = drops_of(c, it, d, first);

	if (lift != LIFT_LOCAL && w->apart)
		drop |= outline_drops(it);
	go_to(w, it->code);
	declare(w->out, c, it, d, drop);
	if (!waits && dr->init.len) {
		buf_add_str(w->out, " =");
		add_part(w, dr->init);
	} else if (waits && lift != LIFT_BARE) {
		/* Without a value C would take another definition of the name
		 * to be this one. */
		buf_add_str(w->out, lift == LIFT_ZERO ? " = 0" : " = { 0 }");
	}
	buf_add_byte(w->out, ';');
}

/* The initialiser of a variable at file scope, in the statements. It stands in
 * no block of its own: a compound literal in it lives as long as they do. */
static void
add_assignment(struct writer *w, const struct declarator *d, bool sized)
{
	int n = ++w->temporaries;

	buf_addf(w->out,
		 sized ? "; __typeof__(*%.*s) cnb__t%d[] ="
		       : "; __typeof__(%.*s) cnb__t%d =",
		 (int)d->name.len, d->name.at, n);
	add_part(w, d->init);
	buf_add_byte(w->out, ';');
	if (sized) {
		go_to(w, d->init);
		buf_addf(w->out,
			 "_Static_assert(sizeof cnb__t%d == sizeof %.*s, "
			 "\"cnb__sized\");",
			 n, (int)d->name.len, d->name.at);
	}
	our_own(w);
	buf_addf(w->out, "__builtin_memcpy(&%.*s, &cnb__t%d, sizeof cnb__t%d);",
		 (int)d->name.len, d->name.at, n, n);
	w->local |= has_compound_literal(d->init);
}

/* A declaration that was taken apart: first what stands at file scope, then
 * what is done, or declared, when the cell runs. */
static void
add_lifted(struct writer *w, const struct item *it)
{
	const struct unit_cell *c = w->cell;
	bool first = true;

	leave_run(w);
	for (size_t d = 0; d < it->ndeclarators; d++)
		if (c->lifts[it->first + d] != LIFT_LOCAL) {
			add_declarator(w, it, d, first);
			first = false;
		}
	for (size_t d = 0; d < it->ndeclarators; d++) {
		enum lift lift = c->lifts[it->first + d];

		if (lift != LIFT_NONE)
			open_run(w);
		if (lift == LIFT_LOCAL) {
			add_declarator(w, it, d, first);
			w->local = true;
			first = false;
		} else if (lift != LIFT_NONE) {
			add_assignment(w, &c->split.declarators[it->first + d],
				       lift == LIFT_SIZED);
		}
	}
}

/* C calls a function that is only `inline` by a definition elsewhere: this
 * makes it that definition. */
static void
add_external(struct writer *w, const struct item *it)
{
	const struct declarator *d = &w->cell->split.declarators[it->first];

	if (it->kind != ITEM_FUNCTION || !it->ndeclarators || !d->name.len ||
	    (it->spec & (SPEC_INLINE | SPEC_STATIC | SPEC_EXTERN)) !=
		    SPEC_INLINE)
		return;
	our_own(w);
	buf_addf(w->out, "extern __typeof__(%.*s) %.*s;\n", (int)d->name.len,
		 d->name.at, (int)d->name.len, d->name.at);
}

static bool
is_pragma(struct slice code)
{
	struct token t = { .kind = TOK_DIRECTIVE, .len = code.len }, name;

	return token_is(code, tokens_directive(code, t, &name), "pragma");
}

static void
add_item(struct writer *w, size_t i)
{
	const struct item *it = &w->cell->split.items[i];

	if (is_body(w->cell, i)) {
		add_body_item(w, it);
	} else if (it->kind == ITEM_BLANK) {
		if (it->unclosed)
			add_part(w, it->text);
	} else if (is_lifted(w->cell, it)) {
		add_lifted(w, it);
	} else {
		/* From here on another macro may hold; not so a pragma. */
		if (it->kind == ITEM_DIRECTIVE &&
		    !(w->in_run && is_pragma(it->code)))
			close_run(w);
		else if (it->kind != ITEM_DIRECTIVE)
			leave_run(w);
		if (w->apart)
			add_open_part(w, it);
		else
			add_part(w, it->text);
		add_external(w, it);
	}
	if (w->in_run)
		w->out = &w->run;
}

/* What the host calls: the runs of the cell, one after the other. */
static void
add_cell_function(struct writer *w)
{
	our_own(w);
	buf_addf(
		w->out,
		"static int cnb__cell_%zu(struct cell *cnb__c)\n"
		"{ int cnb__r = 0, cnb__fell; (void)cnb__c; (void)cnb__fell;\n",
		w->number);
	for (int run = 1; run <= w->runs; run++)
		buf_addf(w->out,
			 "#ifdef CNB__RUN_%zu_%d\n"
			 "cnb__fell = 0; cnb__r = cnb__%zu_%d(cnb__c, "
			 "&cnb__fell); "
			 "if (!cnb__fell) return cnb__r;\n#endif\n",
			 w->number, run, w->number, run);
	buf_add_str(w->out, "return cnb__r; }\n");
}

void
unit_include(struct buf *out, const char *header, const struct strs *hidden)
{
	for (size_t i = 0; i < hidden->count; i++)
		buf_addf(out, "#define %s cnb__hidden_%s\n", hidden->at[i],
			 hidden->at[i]);
	buf_addf(out, "#include <%s>\n", header);
	for (size_t i = 0; i < hidden->count; i++)
		buf_addf(out, "#undef %s\n", hidden->at[i]);
}

/* Names that the notebook means to be its own are others in the header. */
static void
add_headers(struct writer *w)
{
	const struct unit_cell *c = w->cell;

	if (c->headers.count)
		our_own(w);
	for (size_t i = 0; i < c->headers.count; i++)
		unit_include(w->out, c->headers.at[i], &c->hidden);
}

void
unit_write_cell(struct buf *out, const struct unit_cell *c, size_t number,
		bool apart)
{
	struct writer w = { .unit = out,
			    .out = out,
			    .cell = c,
			    .number = number,
			    .apart = apart };

	add_headers(&w);
	for (size_t i = 0; i < c->split.count; i++)
		add_item(&w, i);
	if (c->after) {
		open_run(&w);
		buf_add_str(w.out, c->after);
	}
	close_run(&w);
	add_cell_function(&w);
	buf_release(&w.run);
}

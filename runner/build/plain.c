/* plain.c: shared cells as plain C. Floor 2. Statements become functions that
 * main() calls in order; a variable whose initialiser is no constant gets its
 * value in such a function. No compiler is asked: whether an initialiser is
 * constant is read from its tokens, and one call too many does no harm. */
#include "build/plain.h"

#include <stdlib.h>
#include "base/lexer.h"
#include "base/mem.h"
#include "build/headers.h"
#include "build/split.h"

#define SHELL_MARK "// %%!"

void
plain_init(struct plain *p)
{
	*p = (struct plain){ .number = 0 };
}

void
plain_release(struct plain *p)
{
	set_release(&p->own);
	set_release(&p->variables);
	set_release(&p->headers);
	buf_release(&p->features);
	buf_release(&p->calls);
	known_release(&p->known);
	plain_init(p);
}

/* --- lines ---------------------------------------------------------------- */

static bool
ends_with(struct slice line, const char *mark)
{
	size_t n = strlen(mark);

	return line.len >= n && !memcmp(line.at + line.len - n, mark, n);
}

static bool
is_marked(struct slice line)
{
	return ends_with(line, PLAIN_LINE) || ends_with(line, PLAIN_INSIDE);
}

static size_t
blanks_length(struct slice line)
{
	size_t i = 0;

	while (i < line.len && line.at[i] && strchr(" \t\f\v", line.at[i]))
		i++;
	return i;
}

/* A carriage return alone ends a line for some readers of C only. */
static bool
has_lone_return(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] == '\r' &&
		    (i + 1 == text.len || text.at[i + 1] != '\n'))
			return true;
	return false;
}

/* Where the backslashes stand, or would, in a line "// \%% ..."; 0: it is no
 * such comment. */
static size_t
mark_place(struct slice line)
{
	size_t at = blanks_length(line) + 3, i = at;

	if (line.len < at || memcmp(line.at + at - 3, "// ", 3) != 0)
		return 0;
	while (i < line.len && line.at[i] == '\\')
		i++;
	return line.len - i >= 2 && !memcmp(line.at + i, "%%", 2) ? at : 0;
}

/* A comment that looks like ours gets a backslash more. */
static void
escape(struct buf *out, struct slice text)
{
	while (text.len) {
		struct slice all = text;
		size_t at = mark_place(slice_cut_line(&text));

		buf_add(out, all.at, at);
		if (at)
			buf_add_byte(out, '\\');
		buf_add(out, all.at + at, all.len - text.len - at);
	}
}

/* --- does it fit? --------------------------------------------------------- */

/* What a directive does to the depth of #if. */
static int
depth_of(struct slice directive)
{
	struct slice word = { directive.at + 1, directive.len - 1 };
	size_t blanks = blanks_length(word);

	word.at += blanks;
	word.len -= blanks;
	return slice_starts(word, "endif") ? -1
	       : slice_starts(word, "if")  ? 1
					   : 0;
}

bool
plain_fits(struct slice text)
{
	struct slice rest = text;
	struct lexer l;
	struct token t;
	int depth = 0, nesting = 0;

	if (has_lone_return(text))
		return false;
	while (rest.len)
		if (is_marked(slice_cut_line(&rest)))
			return false;
	lexer_init(&l, text);
	while ((t = lexer_next(&l)).kind != TOK_END) {
		char c = t.kind == TOK_PUNCT && t.len == 1 ? text.at[t.at] : 0;

		if (t.unclosed)
			return false;
		if (t.kind == TOK_DIRECTIVE)
			depth += depth_of(token_text(text, t));
		if (c && strchr("({[", c))
			nesting++;
		if (c && strchr(")}]", c))
			nesting--;
		if (depth < 0 || nesting < 0)
			return false;
	}
	/* a last line that goes on would take ours in */
	return !depth && !nesting && !ends_with(text, "\\");
}

/* --- looking at all of them ----------------------------------------------- */

static void
add_name(struct set *set, struct slice name)
{
	char *text = mem_strndup(name.at, name.len);

	set_add(set, text);
	free(text);
}

static bool
has_name(const struct set *set, struct slice name)
{
	char *text = mem_strndup(name.at, name.len);
	bool found = set_has(set, text);

	free(text);
	return found;
}

/* What it defines is the notebook's own; _GNU_SOURCE and its like must stand in
 * front of the first header. */
static void
look_at_directive(struct plain *p, struct slice line)
{
	struct slice name;
	struct lexer l;
	struct token t;

	lexer_init(&l, (struct slice){ line.at + 1, line.len - 1 });
	l.line_start = false;
	t = lexer_next_code(&l);
	if (!token_is(l.text, t, "define"))
		return;
	name = token_text(l.text, lexer_next_code(&l));
	add_name(&p->own, name);
	if (slice_starts(name, "_") && ends_with(name, "_SOURCE"))
		buf_addf(&p->features, "%.*s%s\n", (int)line.len, line.at,
			 PLAIN_LINE);
}

void
plain_look(struct plain *p, struct slice text)
{
	struct split split;
	struct lexer l;
	struct token t;

	split_read(&split, text);
	for (size_t i = 0; i < split.ndeclarators; i++)
		add_name(&p->own, split.declarators[i].name);
	split_release(&split);
	lexer_init(&l, text);
	while ((t = lexer_next(&l)).kind != TOK_END) {
		struct slice word = token_text(text, t);
		const char *header = t.kind == TOK_IDENT
					     ? header_of(word.at, word.len)
					     : NULL;

		if (t.kind == TOK_DIRECTIVE)
			look_at_directive(p, word);
		if (header && !has_name(&p->own, word))
			set_add(&p->headers, header);
	}
}

void
plain_begin(struct plain *p, struct buf *out)
{
	static const char *const names[] = { "stdbool.h", "stdint.h", "stdio.h",
					     "stdlib.h", "string.h" };

	buf_add_slice(out, buf_slice(&p->features));
	for (size_t i = 0; i < countof(names); i++)
		if (set_has(&p->headers, names[i]))
			buf_addf(out, "#include <%s>%s\n", names[i],
				 PLAIN_LINE);
}

/* --- what the tokens say of an initialiser -------------------------------- */

static bool
is_operator(struct slice word)
{
	static const char *const words[] = { "sizeof",
					     "_Alignof",
					     "__alignof__",
					     "alignof",
					     "offsetof",
					     "typeof",
					     "__typeof__",
					     "__typeof",
					     "_Generic",
					     "__builtin_offsetof",
					     "__builtin_types_compatible_p" };

	for (size_t i = 0; i < countof(words); i++)
		if (slice_is(word, words[i]))
			return true;
	return false;
}

/* From the bracket that comes next to behind the one that closes it. */
static void
skip_brackets(struct lexer *l)
{
	struct token t;
	int depth = 0;

	while ((t = lexer_next_code(l)).kind != TOK_END) {
		depth += token_is(l->text, t, "(");
		depth -= token_is(l->text, t, ")");
		if (depth <= 0)
			return;
	}
}

/* Is something called, or a variable read? */
static bool
is_dynamic(const struct plain *p, struct slice init)
{
	struct token t, before = { .kind = TOK_END };
	struct lexer l;

	lexer_init(&l, init);
	for (; (t = lexer_next_code(&l)).kind != TOK_END; before = t) {
		struct slice word = token_text(init, t);
		struct lexer ahead = l;
		bool bracket;

		if (t.kind != TOK_IDENT || token_is(init, before, ".") ||
		    token_is(init, before, "->"))
			continue;
		bracket = token_is(init, lexer_next_code(&ahead), "(");
		if (is_operator(word)) {
			if (bracket)
				skip_brackets(&l);
		} else if (bracket || (has_name(&p->variables, word) &&
				       !token_is(init, before, "&"))) {
			return true;
		}
	}
	return false;
}

/* Is a dimension only known when it runs? */
static bool
is_sized_late(const struct plain *p, const struct declarator *d)
{
	const char *bracket = memchr(d->whole.at, '[', d->whole.len);
	size_t skipped = bracket ? (size_t)(bracket - d->whole.at) : 0;

	return bracket && !d->is_function &&
	       is_dynamic(p, (struct slice){ bracket, d->whole.len - skipped });
}

/* In the outermost braces; 0: that cannot be told by counting. */
static size_t
elements(struct slice init)
{
	struct token t, before = { .kind = TOK_END };
	struct lexer l;
	size_t n = 0;
	int depth = 0;

	lexer_init(&l, init);
	for (; (t = lexer_next_code(&l)).kind != TOK_END; before = t) {
		bool open = token_is(init, t, "{") || token_is(init, t, "(") ||
			    token_is(init, t, "[");
		bool close = token_is(init, t, "}") || token_is(init, t, ")") ||
			     token_is(init, t, "]");

		if (before.kind == TOK_END && !token_is(init, t, "{"))
			return 0;
		/* a designator */
		if (depth == 1 && token_is(init, t, "[") &&
		    (token_is(init, before, "{") ||
		     token_is(init, before, ",")))
			return 0;
		if (depth == 1 && token_is(init, before, ",") && !close)
			n++;
		if (depth == 1 && token_is(init, before, "{") && !close && !n)
			n = 1;
		depth += open - close;
	}
	return n;
}

enum place {
	AS_IS,	/* it may stand where it stands */
	IN_RUN, /* it is a statement, or as good as one */
	LIFTED, /* a declaration whose values come when it runs */
	SHELL,
};

static enum place
place_of(const struct plain *p, const struct split *split,
	 const struct item *it)
{
	bool lifted = false;

	if (it->kind == ITEM_STATEMENT || it->kind == ITEM_EXPRESSION)
		return IN_RUN;
	if (it->kind == ITEM_SHELL)
		return SHELL;
	if (it->kind != ITEM_DECLARATION || it->conditional ||
	    (it->spec & (SPEC_TYPEDEF | SPEC_EXTERN)))
		return AS_IS;
	for (size_t i = 0; i < it->ndeclarators; i++) {
		const struct declarator *d = &split->declarators[it->first + i];

		if (is_sized_late(p, d))
			return IN_RUN;
		if (!d->init.len || !is_dynamic(p, d->init))
			continue;
		if (d->is_unsized && !elements(d->init))
			return IN_RUN;
		lifted = true;
	}
	if (it->spec & (SPEC_REGISTER | SPEC_AUTO))
		return IN_RUN;
	return lifted ? LIFTED : AS_IS;
}

static void
note_variables(struct plain *p, const struct split *split,
	       const struct item *it)
{
	if (it->kind != ITEM_DECLARATION || (it->spec & SPEC_TYPEDEF))
		return;
	for (size_t i = 0; i < it->ndeclarators; i++) {
		const struct declarator *d = &split->declarators[it->first + i];

		if (d->name.len && !d->is_function && !d->is_array)
			add_name(&p->variables, d->name);
	}
}

/* --- writing a cell ------------------------------------------------------- */

struct writer {
	struct plain *p;
	struct buf *out;
	struct slice text;
	size_t done;   /* bytes of the text that are written */
	bool in_run;   /* a function is open */
	bool guarded;  /* an #if of the cell may leave its functions out */
	bool finished; /* the newline behind the text is written */
};

static void
write_upto(struct writer *w, size_t at)
{
	buf_add(w->out, w->text.at + w->done, at - w->done);
	w->done = at;
}

/* A line of ours where we are, in front of what comes. */
static void
put_before(struct writer *w, const char *line)
{
	bool start = !w->done || w->text.at[w->done - 1] == '\n';

	buf_addf(w->out, "%s%s%s\n", start ? "" : "\n", line,
		 start ? PLAIN_LINE : PLAIN_INSIDE);
}

/* Where the next line begins, if nothing but blanks and a comment stands in
 * front of it; 0: there is more. */
static size_t
next_line(struct slice text, size_t at)
{
	while (at < text.len && (text.at[at] == ' ' || text.at[at] == '\t'))
		at++;
	if (text.len - at >= 2 && text.at[at] == '/' && text.at[at + 1] == '/')
		while (at < text.len && text.at[at] != '\n')
			at++;
	if (at == text.len)
		return at;
	return text.at[at] == '\n' && (!at || text.at[at - 1] != '\\') ? at + 1
								       : 0;
}

/* A comment that stood within a line begins one now, and may look like ours
 * there. */
static void
escape_rest(struct writer *w)
{
	struct slice rest = { w->text.at + w->done, w->text.len - w->done };
	size_t at = mark_place(slice_cut_line(&rest));

	write_upto(w, w->done + at);
	if (at)
		buf_add_byte(w->out, '\\');
}

/* And behind what was written. */
static void
put_behind(struct writer *w, const char *line)
{
	size_t next = next_line(w->text, w->done);

	if (!next) {
		buf_addf(w->out, "\n%s%s\n", line, PLAIN_INSIDE);
		escape_rest(w);
		return;
	}
	write_upto(w, next);
	if (w->text.at[next - 1] != '\n' && !w->finished) {
		buf_add_byte(w->out, '\n');
		w->finished = true;
	}
	buf_addf(w->out, "%s%s\n", line, PLAIN_LINE);
}

static void
open_function(struct writer *w, const char *in_front)
{
	struct buf line = { 0 };
	size_t n = ++w->p->number;

	if (w->guarded) {
		buf_addf(&line, "#define CNB__%zu", n);
		put_before(w, buf_str(&line));
		buf_addf(&w->p->calls, "#ifdef CNB__%zu%s\n", n, PLAIN_LINE);
		buf_clear(&line);
	}
	buf_addf(&line, "%sstatic int cnb__%zu(void) {", in_front, n);
	put_before(w, buf_str(&line));
	buf_addf(&w->p->calls, "\tcnb__%zu();%s\n", n, PLAIN_LINE);
	if (w->guarded)
		buf_addf(&w->p->calls, "#endif%s\n", PLAIN_LINE);
	w->in_run = true;
	buf_release(&line);
}

static void
close_function(struct writer *w, const char *first)
{
	struct buf line = { 0 };

	if (!w->in_run)
		return;
	w->in_run = false;
	buf_addf(&line, "%sreturn 0; }", first);
	put_behind(w, buf_str(&line));
	buf_release(&line);
}

/* Without its initialiser, as one line. An array that is sized by it gets the
 * number of what stands in its braces. */
static void
declare(struct buf *out, const struct split *split, const struct item *it,
	size_t which)
{
	const struct declarator *d = &split->declarators[it->first + which];
	struct buf line = { 0 };
	const char *bracket;

	split_declare(split, it, which, SPEC_CONST | (which ? SPEC_BODY : 0U),
		      &line);
	bracket = d->is_unsized ? memchr(buf_str(&line), '[', line.len) : NULL;
	if (bracket) {
		buf_add(out, line.data, (size_t)(bracket - line.data) + 1);
		buf_addf(out, "%zu%s; ", elements(d->init), bracket + 1);
	} else {
		buf_addf(out, "%s; ", buf_str(&line));
	}
	buf_release(&line);
}

/* The variables are declared at file scope without their values; inside the
 * function the text declares them again, with them, and they are copied. */
static void
lift(struct writer *w, const struct split *split, const struct item *it,
     size_t from, size_t to)
{
	struct buf front = { 0 }, back = { 0 };
	size_t n = w->p->number + 1;

	for (size_t i = 0; i < it->ndeclarators; i++) {
		const struct declarator *d = &split->declarators[it->first + i];
		int len = (int)d->name.len;

		declare(&front, split, it, i);
		if (d->is_function || !d->init.len)
			continue;
		buf_addf(&front,
			 "static __typeof__(%.*s) *const cnb__%zu_%zu = "
			 "&%.*s; ",
			 len, d->name.at, n, i, len, d->name.at);
		buf_addf(&back,
			 "__builtin_memcpy((void *)cnb__%zu_%zu, (const void "
			 "*)&%.*s, sizeof %.*s); ",
			 n, i, len, d->name.at, len, d->name.at);
	}
	write_upto(w, from);
	open_function(w, buf_str(&front));
	/* only what is automatic takes any initialiser */
	if (it->spec & SPEC_STATIC)
		put_before(w, "#define static");
	write_upto(w, to);
	if (it->spec & SPEC_STATIC)
		put_behind(w, "#undef static");
	close_function(w, buf_str(&back));
	buf_release(&front);
	buf_release(&back);
}

static void
put_item(struct writer *w, const struct split *split, const struct item *it)
{
	enum place place;
	size_t from, to;

	if (it->kind == ITEM_BLANK)
		return;
	note_variables(w->p, split, it);
	place = place_of(w->p, split, it);
	from = (size_t)(it->code.at - w->text.at);
	to = from + it->code.len;
	if (place == AS_IS || place == LIFTED)
		close_function(w, "");
	switch (place) {
	case AS_IS:
		break;
	case SHELL:
		write_upto(w, from);
		buf_add_str(w->out, SHELL_MARK);
		w->done++;
		break;
	case LIFTED:
		lift(w, split, it, from, to);
		break;
	case IN_RUN:
		write_upto(w, from);
		if (!w->in_run)
			open_function(w, "");
		break;
	}
	if (w->done < to)
		write_upto(w, to);
	if (it->kind == ITEM_EXPRESSION)
		close_function(w, "; ");
}

static bool
has_conditions(const struct split *split)
{
	for (size_t i = 0; i < split->count; i++)
		if (split->items[i].kind == ITEM_DIRECTIVE &&
		    depth_of(split->items[i].code))
			return true;
	return false;
}

void
plain_cell(struct plain *p, struct buf *out, struct slice text)
{
	struct buf escaped = { 0 };
	struct split split;
	struct writer w = { .p = p, .out = out };

	escape(&escaped, text);
	w.text = (struct slice){ buf_str(&escaped), escaped.len };
	split_read_below(&split, w.text, &p->known);
	w.guarded = has_conditions(&split);
	for (size_t i = 0; i < split.count; i++)
		put_item(&w, &split, &split.items[i]);
	close_function(&w, "");
	write_upto(&w, w.text.len);
	if (!w.finished)
		buf_add_byte(out, '\n');
	split_release(&split);
	buf_release(&escaped);
}

void
plain_end(struct plain *p, struct buf *out)
{
	buf_add_str(out, "int main(void)" PLAIN_LINE "\n{" PLAIN_LINE "\n");
	buf_add_slice(out, buf_slice(&p->calls));
	buf_add_str(out, "\treturn 0;" PLAIN_LINE "\n}" PLAIN_LINE "\n");
}

void
plain_text(struct buf *out, struct slice text)
{
	escape(out, text);
	buf_add_byte(out, '\n');
}

/* --- and back ------------------------------------------------------------- */

static void
strip_line(struct buf *out, struct slice line)
{
	size_t at = mark_place(line), blanks = blanks_length(line);
	struct slice code = { line.at + blanks, line.len - blanks };

	if (slice_starts(code, SHELL_MARK)) {
		buf_add(out, line.at, blanks);
		buf_add_byte(out, '!');
		line.at += blanks + strlen(SHELL_MARK);
		line.len -= blanks + strlen(SHELL_MARK);
	} else if (at && line.at[at] == '\\') {
		buf_add(out, line.at, at);
		line.at += at + 1;
		line.len -= at + 1;
	}
	buf_add_slice(out, line);
}

void
plain_strip(struct buf *out, struct slice text)
{
	size_t begin = out->len;

	while (text.len) {
		struct slice all = text, line = slice_cut_line(&text);
		bool ended = all.len - text.len > line.len;

		if (ends_with(line, PLAIN_LINE))
			continue;
		if (ends_with(line, PLAIN_INSIDE)) {
			if (out->len > begin)
				out->len--;
			continue;
		}
		strip_line(out, line);
		if (ended)
			buf_add_byte(out, '\n');
	}
}

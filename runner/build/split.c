/* split.c: cuts a shared cell into items (floor 2): reads one shape after the
 * other, joins what the branches of an #if share, and hands out the text so
 * that no byte is lost. It does not know what becomes of the items. */
#include "build/split.h"

#include <stdlib.h>
#include "base/mem.h"
#include "build/declare.h"
#include "build/shape.h"

/* The tokens [from, to) of one item. */
struct range {
	struct shape shape;
	size_t from, to;
	bool joined;
	bool plain; /* a preprocessor line and nothing else */
};

struct splitter {
	struct tokens ts;
	struct known *known;
	struct split *out;
	struct range *ranges;
	size_t count;
	size_t *ifs; /* indices of the ranges that are an #if not yet ended */
	size_t nifs;
	size_t open; /* #ifs that began inside the last range */
};

/* What the preprocessor lines in a range do to the #ifs around it. */
struct balance {
	size_t touched; /* how many of those outside it goes on with or ends */
	size_t ended;	/* how many of them it ends */
	size_t open;	/* how many it begins and leaves open */
};

static void
weigh_directive(const struct tokens *ts, size_t i, struct balance *b)
{
	struct slice text = ts->text;
	struct token argument;
	struct token word = tokens_directive(text, ts->at[i], &argument);
	bool ends = token_is(text, word, "endif");

	if (token_is(text, word, "if") || token_is(text, word, "ifdef") ||
	    token_is(text, word, "ifndef")) {
		b->open++;
	} else if (ends && b->open) {
		b->open--;
	} else if (!b->open && (ends || token_is(text, word, "else") ||
				token_is(text, word, "elif") ||
				token_is(text, word, "elifdef") ||
				token_is(text, word, "elifndef"))) {
		if (b->touched == b->ended)
			b->touched++;
		b->ended += ends;
	}
}

static struct balance
weigh(const struct tokens *ts, size_t from, size_t to)
{
	struct balance b = { 0 };

	for (size_t i = from; i < to; i++)
		if (ts->at[i].kind == TOK_DIRECTIVE)
			weigh_directive(ts, i, &b);
	return b;
}

/* Take `more` in at the end of `r`; what it is, its first part that is no
 * preprocessor line says, or the body in it. */
static void
join(struct range *r, const struct range *more)
{
	if (r->plain || more->shape.kind == ITEM_FUNCTION)
		r->shape.kind = more->shape.kind;
	r->plain &= more->plain;
	if (r->shape.kind == ITEM_EXPRESSION)
		r->shape.kind = ITEM_STATEMENT;
	r->shape.unclosed |= more->shape.unclosed;
	r->shape.unended |= more->shape.unended;
	r->to = more->to;
	r->joined = true;
}

/* The last range goes on with `touched` of the #ifs before it: it is one with
 * all that stands from there on. */
static void
join_back(struct splitter *s, size_t touched)
{
	size_t first;

	if (touched > s->nifs)
		touched = s->nifs;
	if (!touched)
		return;
	s->nifs -= touched;
	first = s->ifs[s->nifs];
	for (size_t i = first + 1; i < s->count; i++)
		join(&s->ranges[first], &s->ranges[i]);
	s->count = first + 1;
	s->open += touched;
}

static void
add_range(struct splitter *s, struct range r)
{
	struct balance b = weigh(&s->ts, r.from, r.to);
	size_t before = s->open;

	if (s->open) { /* the last range is not whole yet */
		join(&s->ranges[s->count - 1], &r);
		if (b.touched > before)
			join_back(s, b.touched - before);
		before = s->open;
		s->open = (before > b.ended ? before - b.ended : 0) + b.open;
		return;
	}
	*mem_push(s->ranges, s->count) = r;
	if (r.plain) {
		if (b.open)
			*mem_push(s->ifs, s->nifs) = s->count - 1;
		if (b.ended && s->nifs)
			s->nifs--;
		return;
	}
	join_back(s, b.touched);
	before = s->open;
	s->open = (before > b.ended ? before - b.ended : 0) + b.open;
}

/* What comes below is to know the names that stand here. */
static void
declare_names(struct splitter *s, const struct range *r)
{
	const struct tokens *ts = &s->ts;
	bool function = r->shape.kind == ITEM_FUNCTION;
	size_t to = function ? r->shape.head : r->to, i, body;
	unsigned spec = 0;

	if (r->shape.kind != ITEM_DECLARATION && !function)
		return;
	if (!function && to > r->from && tokens_is(ts, to - 1, ";"))
		to--;
	for (i = declare_specifiers(ts, r->from, to, &spec, &body); i < to;
	     i++) {
		struct declarator d;

		i = declare_one(ts, i, to, spec, &d);
		if (d.name.len)
			known_declare(s->known, d.name,
				      spec & SPEC_TYPEDEF ? NAME_TYPE
							  : NAME_OBJECT);
		if (function)
			break;
	}
}

static void
read_ranges(struct splitter *s)
{
	bool after_function = false;

	for (size_t i = 0; i < s->ts.count;) {
		struct range r = { .shape = shape_at(&s->ts, i), .from = i };

		r.to = r.shape.end;
		r.plain = s->ts.at[i].kind == TOK_DIRECTIVE && r.to == i + 1 &&
			  r.shape.kind == ITEM_DIRECTIVE;
		if (after_function && tokens_is(&s->ts, i, ";"))
			r.shape.kind = ITEM_DECLARATION; /* f() { }; */
		declare_names(s, &r);
		add_range(s, r);
		after_function = r.shape.kind == ITEM_FUNCTION;
		i = r.to;
	}
}

static struct slice
slice_of_tokens(const struct tokens *ts, size_t from, size_t to)
{
	size_t at = ts->at[from].at;
	size_t end = to > from ? token_end(ts->at[to - 1]) : at;

	return (struct slice){ ts->text.at + at, end - at };
}

static bool
has_outer_directive(const struct tokens *ts, size_t from, size_t to)
{
	for (size_t i = from; i < to; i = tokens_skip(ts, i))
		if (ts->at[i].kind == TOK_DIRECTIVE)
			return true;
	return false;
}

/* The specifiers and declarators of a declaration, or of a function's head. */
static void
read_declarators(struct splitter *s, const struct range *r, struct item *it)
{
	const struct tokens *ts = &s->ts;
	bool function = it->kind == ITEM_FUNCTION;
	size_t to = function ? r->shape.head : r->to;
	size_t i, body;

	if (!function && to > r->from && tokens_is(ts, to - 1, ";"))
		to--;
	i = declare_specifiers(ts, r->from, to, &it->spec, &body);
	it->specifiers = slice_of_tokens(ts, r->from, i);
	if (body != TOKEN_NONE)
		it->tag_body = slice_of_tokens(ts, body, tokens_skip(ts, body));
	for (; i < to; i++) {
		struct declarator d;

		i = declare_one(ts, i, to, it->spec, &d);
		*mem_push(s->out->declarators, s->out->ndeclarators) = d;
		it->ndeclarators++;
		if (function)
			break;
	}
}

static void
read_item(struct splitter *s, const struct range *r, struct item *it)
{
	const struct tokens *ts = &s->ts;
	const struct shape *shape = &r->shape;

	it->kind = shape->kind;
	it->code = slice_of_tokens(ts, r->from, r->to);
	it->line = ts->at[r->from].line;
	it->unended = shape->unended;
	it->unclosed = shape->unclosed;
	it->first = s->out->ndeclarators;
	it->specifiers = it->tag_body = it->body =
		slice_of_tokens(ts, r->from, r->from);
	for (size_t i = r->from; i < r->to; i++)
		it->unclosed |= ts->at[i].unclosed;
	/* A literal that nothing ends is no value to show. */
	if (it->unclosed && it->kind == ITEM_EXPRESSION)
		it->kind = ITEM_STATEMENT;
	it->conditional = r->joined;
	if (it->kind == ITEM_DECLARATION &&
	    has_outer_directive(ts, r->from, r->to))
		it->conditional = true;
	if (it->conditional)
		return;
	it->knr = shape->knr;
	it->maybe_statement = shape->maybe_statement;
	it->maybe_macro_function =
		shape->maybe_macro_function && it->kind == ITEM_STATEMENT;
	if (shape->body != TOKEN_NONE &&
	    (it->kind == ITEM_FUNCTION || it->maybe_macro_function))
		it->body = slice_of_tokens(ts, shape->body,
					   tokens_skip(ts, shape->body));
	if (it->kind == ITEM_DECLARATION || it->kind == ITEM_FUNCTION)
		read_declarators(s, r, it);
}

/* A comment that nothing ends is part of the last item. */
static bool
is_open_comment(struct slice gap)
{
	struct lexer l;
	struct token t;

	lexer_init(&l, gap);
	while ((t = lexer_next(&l)).kind != TOK_END)
		if (t.unclosed)
			return true;
	return false;
}

static void
hand_out_text(struct split *out, size_t last_end)
{
	struct slice text = out->text;
	struct item *last;
	size_t at = 0;

	if (!out->count && text.len) {
		*mem_push(out->items, out->count) = (struct item){
			.kind = ITEM_BLANK,
			.line = 1,
			.code = { text.at, 0 },
		};
	}
	for (size_t i = 0; i < out->count; i++) {
		struct item *it = &out->items[i];
		size_t end = (size_t)(it->code.at - text.at) + it->code.len;

		it->text = (struct slice){ text.at + at, end - at };
		at = end;
	}
	if (!out->count)
		return;
	last = &out->items[out->count - 1];
	last->text.len += text.len - at;
	last->unclosed |= is_open_comment(
		(struct slice){ text.at + last_end, text.len - last_end });
	if (last->unclosed && last->kind == ITEM_BLANK)
		last->code = text; /* the comment is all there is */
	if (last->unclosed &&
	    (last->kind == ITEM_EXPRESSION || last->kind == ITEM_BLANK))
		last->kind = ITEM_STATEMENT;
}

void
split_make_statement(struct split *s, size_t item)
{
	struct item *it = &s->items[item];

	for (size_t d = it->first; d < it->first + it->ndeclarators; d++)
		s->declarators[d].name.len = 0;
	it->kind = ITEM_STATEMENT;
	it->maybe_statement = false;
	it->made_statement = true;
	it->specifiers.len = it->tag_body.len = it->ndeclarators = 0;
	it->spec = 0;
}

void
split_read(struct split *out, struct slice text)
{
	struct known known = { 0 };

	split_read_below(out, text, &known);
	known_release(&known);
}

void
split_read_below(struct split *out, struct slice text, struct known *known)
{
	struct splitter s = { .out = out, .known = known };
	size_t end;

	*out = (struct split){ .text = text };
	tokens_read(&s.ts, text);
	s.ts.known = known;
	read_ranges(&s);
	for (size_t i = 0; i < s.count; i++) {
		struct item *it = mem_push(out->items, out->count);

		*it = (struct item){ 0 };
		read_item(&s, &s.ranges[i], it);
	}
	end = s.count ? token_end(s.ts.at[s.ts.count - 1]) : 0;
	hand_out_text(out, end);
	tokens_release(&s.ts);
	free(s.ranges);
	free(s.ifs);
}

void
split_release(struct split *s)
{
	free(s->items);
	free(s->declarators);
	*s = (struct split){ 0 };
}

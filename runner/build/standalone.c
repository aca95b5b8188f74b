/* standalone.c: a shared cell as a file of its own. Floor 2. The text stays as
 * it is, line by line; statements get a function around them, its braces at the
 * ends of lines where there is room. What unit.c lifts is declared in front and
 * shown as it was written, as a variable of that function. */
#include "build/standalone.h"

#include <stdlib.h>
#include <string.h>
#include "base/lexer.h"
#include "base/mem.h"

struct standalone {
	struct buf *out;
	const struct unit_cell *cell;
	size_t done; /* bytes of the text that are written */
	int functions;
	bool open;  /* one of them is */
	bool local; /* ... and has what cannot stand outside it */
};

static void
copy_to(struct standalone *s, size_t end)
{
	struct slice text = s->cell->split.text;

	if (end > s->done)
		buf_add(s->out, text.at + s->done, end - s->done);
	s->done = end;
}

static size_t
offset(const struct standalone *s, const char *at)
{
	return (size_t)(at - s->cell->split.text.at);
}

/* Where words of ours may stand in front of an item: at the end of the line
 * above it, unless that has a comment or is a preprocessor line; directly
 * before it else. */
static size_t
place_before(const struct standalone *s, size_t i)
{
	const struct item *it = &s->cell->split.items[i];
	struct slice gap = { it->text.at, (size_t)(it->code.at - it->text.at) };
	const char *newline = gap.len ? memrchr(gap.at, '\n', gap.len) : NULL;
	const char *line = newline;

	if (!newline)
		return offset(s, it->code.at);
	while (line > gap.at && line[-1] != '\n')
		line--;
	if ((line == gap.at && i &&
	     s->cell->split.items[i - 1].kind == ITEM_DIRECTIVE) ||
	    memchr(line, '/', (size_t)(newline - line)))
		return offset(s, it->code.at);
	return offset(s, newline);
}

static void
insert(struct standalone *s, size_t i, const char *words)
{
	copy_to(s, place_before(s, i));
	buf_add_str(s->out, words);
}

static void
open_function(struct standalone *s, size_t i)
{
	struct buf words = { 0 };

	if (s->open)
		return;
	buf_addf(&words, " static int cnb__%d(void) {", ++s->functions);
	insert(s, i, buf_str(&words));
	buf_release(&words);
	s->open = true;
}

/* Behind the item before i. */
static void
close_function(struct standalone *s, size_t i)
{
	const struct item *it = &s->cell->split.items[i - 1];

	if (!s->open)
		return;
	copy_to(s, offset(s, it->code.at + it->code.len));
	buf_add_str(s->out, "; return 0; }");
	s->open = s->local = false;
}

/* The declaration at file scope of what is lifted. */
static void
declare_lifted(struct standalone *s, size_t i)
{
	const struct split *split = &s->cell->split;
	const struct item *it = &split->items[i];
	struct buf words = { 0 };
	bool first = true;

	for (size_t d = 0; d < it->ndeclarators; d++) {
		if (s->cell->lifts[it->first + d] == LIFT_LOCAL)
			continue;
		buf_add_byte(&words, ' ');
		unit_declare(&words, s->cell, it, d, first);
		buf_add_byte(&words, ';');
		first = false;
	}
	for (size_t k = 0; k < words.len; k++)
		if (words.data[k] == '\n')
			words.data[k] = ' ';
	if (words.len)
		insert(s, i, buf_str(&words));
	buf_release(&words);
}

/* A static variable takes no value that is computed. */
static void
copy_without_static(struct standalone *s, const struct item *it)
{
	struct lexer l;
	struct token t;
	size_t start = offset(s, it->code.at);

	copy_to(s, start);
	lexer_init(&l, it->specifiers);
	while ((t = lexer_next_code(&l)).kind != TOK_END)
		if (token_is(it->specifiers, t, "static") ||
		    token_is(it->specifiers, t, "extern")) {
			copy_to(s, start + t.at);
			buf_addf(s->out, "%*s", (int)t.len, "");
			s->done = start + t.at + t.len;
		}
	copy_to(s, start + it->code.len);
}

static void
blank_out(struct standalone *s, const struct item *it)
{
	copy_to(s, offset(s, it->code.at));
	for (size_t k = 0; k < it->code.len; k++)
		buf_add_byte(s->out, it->code.at[k] == '\n' ? '\n' : ' ');
	s->done += it->code.len;
}

static bool
has_local(const struct unit_cell *c, const struct item *it)
{
	for (size_t d = it->first; d < it->first + it->ndeclarators; d++)
		if (c->lifts[d] == LIFT_LOCAL)
			return true;
	return false;
}

static void
add_item(struct standalone *s, size_t i)
{
	const struct item *it = &s->cell->split.items[i];
	enum unit_part part = unit_part(s->cell, i);

	if (it->kind == ITEM_BLANK)
		return;
	switch (part) {
	case PART_FILE_SCOPE:
		if (i && !(s->local && it->kind == ITEM_DECLARATION))
			close_function(s, i);
		break;
	case PART_LIFTED:
		/* Those below are to see it as well. */
		if (i && !s->local)
			close_function(s, i);
		if (!s->open)
			declare_lifted(s, i);
		open_function(s, i);
		s->local |= has_local(s->cell, it);
		copy_without_static(s, it);
		break;
	case PART_STATEMENTS:
		open_function(s, i);
		if (it->kind == ITEM_SHELL)
			blank_out(s, it);
		break;
	}
	copy_to(s, offset(s, it->code.at + it->code.len));
}

void
standalone_write(struct buf *out, struct buf *before, const struct unit_cell *c)
{
	struct standalone s = { .out = out, .cell = c };

	for (size_t i = 0; i < c->headers.count; i++)
		unit_include(before, c->headers.at[i], &c->hidden);
	for (size_t i = 0; i < c->split.count; i++)
		add_item(&s, i);
	if (s.open)
		buf_add_str(out, "; return 0; }");
	copy_to(&s, c->split.text.len);
	buf_add_byte(out, '\n');
}

/* Throws bytes at the lexer and the splitter: tokens put together are the
 * text, items put together are the cell, every part lies in its item, and what
 * reads a cell's kind ends too.
 *
 * Build and run: make fuzz. What it found worth keeping stands in
 * tests/fuzz/split.corpus, and is replayed by the test fuzz/split. */
#include <stdint.h>
#include <stdlib.h>
#include "build/blocks.h"
#include "build/source.h"
#include "build/split.h"
#include "must.h"

static bool
is_inside(struct slice part, struct slice whole)
{
	/* What is not there is a slice without a place. */
	if (!part.len)
		return true;
	return part.at >= whole.at &&
	       part.at + part.len <= whole.at + whole.len;
}

static void
check_tokens(struct slice text)
{
	struct lexer l;
	struct token t;
	size_t at = 0;
	int line = 1;

	lexer_init(&l, text);
	while ((t = lexer_next(&l)).kind != TOK_END) {
		must(t.at == at && t.len > 0 && t.line == line);
		at += t.len;
		line += lexer_count_lines(token_text(text, t));
	}
	must(at == text.len);
	must(l.line == 1 + lexer_count_lines(text));
}

static void
check_declarators(const struct split *s, const struct item *it)
{
	struct buf out = { 0 };

	for (size_t d = 0; d < it->ndeclarators; d++) {
		const struct declarator *e = &s->declarators[it->first + d];

		must(is_inside(e->whole, it->code));
		must(is_inside(e->init, it->code));
		must(is_inside(e->name, e->whole));
		if (d < 4)
			split_declare(s, it, d,
				      SPEC_STATIC | SPEC_CONST | SPEC_BODY,
				      &out);
	}
	buf_release(&out);
}

static void
check_items(struct split s, struct slice text)
{
	size_t at = 0;

	must(s.text.at == text.at);
	for (size_t i = 0; i < s.count; i++) {
		const struct item *it = &s.items[i];

		must(it->text.at == text.at + at);
		at += it->text.len;
		must(is_inside(it->code, it->text));
		must(it->code.len > 0 || it->kind == ITEM_BLANK);
		must(is_inside(it->body, it->code) || !it->body.len);
		must(is_inside(it->specifiers, it->code) ||
		     !it->specifiers.len);
		must(is_inside(it->tag_body, it->specifiers) ||
		     !it->tag_body.len);
		must(it->kind != ITEM_EXPRESSION || !it->unclosed);
		check_declarators(&s, it);
	}
	must(at == text.len);
	must(s.count > 0 || text.len == 0);
	split_release(&s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = { (const char *)data, size }, definition;
	struct blocks b = { 0 };
	struct split s;

	check_tokens(text);
	split_read(&s, text);
	check_items(s, text);
	/* Some names mean what the text, or a preprocessor, says of them. */
	blocks_collect(&b, text);
	blocks_learn(&b, slice_of("x"), LEARNT_DECLARATION);
	blocks_learn(&b, slice_of("a"), LEARNT_OPEN);
	blocks_learn(&b, slice_of("f"), LEARNT_FUNCTION);
	blocks_split(&b, &s, text);
	check_items(s, text);
	blocks_release(&b);
	source_defines_main(text, NULL);
	source_function(text, "f");
	source_table_cell(text, "f", &definition, NULL);
	return 0;
}

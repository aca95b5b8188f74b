/* Throws cells at what makes a unit of them, and messages at what decides by
 * them: what is decided stays so when it is written down and read again, the
 * same decision is not made for ever, and each cell can be written apart.
 *
 * The input is texts that a byte 1 ends: first what a compiler writes, of the
 * cells x:0, x:1 and so on; then as many cells as there are. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "build/above.h"
#include "build/branches.h"
#include "build/forward.h"
#include "build/guess.h"
#include "build/verdicts.h"
#include "must.h"

#define CELLS_MOST 6
/* The same messages again and again: a declarator takes a few steps, and each
 * of them may have messages of its own. */
#define ROUNDS_MOST 5000

static const char *const labels[CELLS_MOST + 1] = { "x:0", "x:1", "x:2", "x:3",
						    "x:4", "x:5", "x:6" };

struct cells {
	struct slice said;
	struct diag_source sources[CELLS_MOST + 1];
	struct unit_cell at[CELLS_MOST];
	size_t count;
	struct blocks macros;
};

static struct slice
next_text(struct slice *rest)
{
	const char *end = rest->len ? memchr(rest->at, 1, rest->len) : NULL;
	struct slice text = { rest->at,
			      end ? (size_t)(end - rest->at) : rest->len };
	size_t used = text.len + (end != NULL);

	rest->at += used;
	rest->len -= used;
	return text;
}

static void
cells_init(struct cells *c, struct slice input)
{
	*c = (struct cells){ 0 };
	c->said = next_text(&input);
	blocks_learn(&c->macros, slice_of("D"), LEARNT_DECLARATION);
	blocks_learn(&c->macros, slice_of("O"), LEARNT_OPEN);
	blocks_learn(&c->macros, slice_of("F"), LEARNT_FUNCTION);
	for (; input.len && c->count < CELLS_MOST; c->count++) {
		struct slice text = next_text(&input);

		if (branches_doubtful(text))
			branches_answer("", text, c->count, &c->macros);
		unit_cell_init(&c->at[c->count], "c", labels[c->count], text,
			       &c->macros);
		c->sources[c->count] =
			(struct diag_source){ labels[c->count], NULL, text };
	}
	c->sources[c->count] =
		(struct diag_source){ labels[c->count], NULL, { "", 0 } };
}

static void
cells_release(struct cells *c)
{
	for (size_t i = 0; i < c->count; i++)
		unit_cell_release(&c->at[i]);
	blocks_release(&c->macros);
}

static void
decide(struct cells *c)
{
	struct diag_context context = { c->sources, c->count + 1, NULL };
	struct buf hints[CELLS_MOST] = { { 0 } }, out = { 0 };
	struct diags d = { 0 };
	struct guesses g;
	int rounds = 0;

	guess_init(&g, c->at, c->count);
	for (size_t i = 0; i < c->count; i++)
		guess_cell(&g, c->at, i);
	guess_release(&g);
	diags_parse(&d, &context, c->said);
	while (verdicts_take(c->at, c->count, &d, c->sources))
		must(++rounds < ROUNDS_MOST);
	for (size_t i = 0; i < c->count; i++) {
		while (verdicts_take_some(c->at, c->count, i, i, &d,
					  c->sources))
			must(++rounds < ROUNDS_MOST);
		verdicts_hints(c->at, c->count, i, &d, hints);
		buf_release(&hints[i]);
	}
	diags_render(&out, &d);
	buf_release(&out);
	diags_release(&d);
}

/* What is written of it again is the same. */
static void
must_be_read_again(const struct cells *c, struct slice input)
{
	struct buf lines = { 0 }, want = { 0 }, got = { 0 };
	struct cells again;
	char *at;

	for (size_t i = 0; i < c->count; i++)
		verdicts_write(&lines, &c->at[i], i);
	cells_init(&again, input);
	at = lines.data;
	while (lines.len && verdicts_read(&at, again.at, again.count))
		;
	must(!lines.len || at == lines.data + lines.len);
	unit_write(&want, c->at, c->count);
	unit_write(&got, again.at, again.count);
	must(slice_equal(buf_slice(&want), buf_slice(&got)));
	cells_release(&again);
	buf_release(&lines);
	buf_release(&want);
	buf_release(&got);
}

/* One after the other, as a session builds them. */
static void
write_apart(struct cells *c)
{
	struct forward *forward = forward_new(c->at, c->count, true);
	struct above *above = above_new();
	struct buf out = { 0 };

	for (size_t i = 0; i < c->count; i++) {
		struct strs outside = { 0 };
		struct unit_cell *cell = &c->at[i];
		size_t last = forward_reach(forward, i);

		must(last >= i && last < c->count);

		buf_clear(&out);
		unit_write_apart(&out, c->at, c->count, &cell, 1, above, i % 2,
				 &outside);
		strs_release(&outside);
		above_add(above, &c->at[i]);
	}
	above_kind(above, slice_of("x"));
	above_declares(above, slice_of("f"));
	above_free(above);
	forward_free(forward);
	buf_release(&out);
}

/* What was asked of the preprocessor is answered by whatever it wrote. */
static void
ask(const struct cells *c)
{
	char *said = mem_strndup(c->said.at, c->said.len);
	struct blocks b = { 0 };
	struct buf out = { 0 };

	for (size_t i = 0; i < c->count; i++) {
		struct slice text = c->sources[i].text;

		branches_ask(&out, text, i);
		branches_answer(said, text, i, &b);
	}
	branches_answer(buf_str(&out), c->sources[0].text, 0, &b);
	blocks_release(&b);
	buf_release(&out);
	free(said);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice input = { (const char *)data, size };
	struct cells c;

	cells_init(&c, input);
	if (c.count) {
		decide(&c);
		must_be_read_again(&c, input);
		write_apart(&c);
		ask(&c);
	}
	cells_release(&c);
	return 0;
}

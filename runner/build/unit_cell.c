/* unit_cell.c: a shared cell before anything is decided, and what its text
 * alone tells. Floor 2. */
#include "build/unit.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "build/symbols.h"
#include "build/tokens.h"

static void
set_functions(struct unit_cell *c)
{
	for (size_t i = 0; i < c->split.count; i++)
		c->functions[i] = c->split.items[i].macro_function;
}

static void
find_taken(struct unit_cell *c)
{
	for (size_t d = 0; d < c->split.ndeclarators; d++) {
		struct slice name = c->split.declarators[d].name;
		char *copy = mem_strndup(name.at, name.len);

		if (name.len && symbols_taken(copy))
			strs_add(&c->taken, copy);
		free(copy);
	}
}

void
unit_cell_init(struct unit_cell *c, const char *name, const char *label,
	       struct slice text, struct blocks *macros)
{
	*c = (struct unit_cell){ .name = name, .label = label };
	blocks_collect(macros, text);
	blocks_split(macros, &c->split, text);
	c->lifts = mem_alloc(c->split.ndeclarators, sizeof *c->lifts);
	c->functions = mem_alloc(c->split.count, sizeof *c->functions);
	set_functions(c);
	find_taken(c);
}

void
unit_cell_release(struct unit_cell *c)
{
	split_release(&c->split);
	free(c->lifts);
	free(c->functions);
	strs_release(&c->taken);
	strs_release(&c->headers);
	strs_release(&c->hidden);
}

void
unit_cell_reset(struct unit_cell *c)
{
	memset(c->lifts, 0, c->split.ndeclarators * sizeof *c->lifts);
	set_functions(c);
	strs_release(&c->headers);
	strs_release(&c->hidden);
	c->left_out = c->promote = c->no_promote = c->one_run = false;
}

bool
unit_cell_is_open(const struct unit_cell *c)
{
	for (size_t i = 0; !c->closed && i < c->split.count; i++)
		if (c->split.items[i].unclosed)
			return true;
	return false;
}

bool
unit_item_is_unended(const struct unit_cell *c, const struct item *it)
{
	const struct item *end = c->split.items + c->split.count;

	if ((it->kind != ITEM_DECLARATION && it->kind != ITEM_STATEMENT) ||
	    !it->unended || it->unclosed)
		return false;
	while (++it < end)
		if (it->kind != ITEM_DIRECTIVE)
			return false;
	return true;
}

bool
unit_cell_is_unended(const struct unit_cell *c)
{
	for (size_t i = c->split.count; i-- > 0 && !c->closed;)
		if (c->split.items[i].kind != ITEM_DIRECTIVE)
			return unit_item_is_unended(c, &c->split.items[i]);
	return false;
}

size_t
unit_count_elements(struct slice init)
{
	struct tokens ts;
	size_t n = 0;

	tokens_read(&ts, init);
	if (ts.count && tokens_is(&ts, 0, "{") && ts.match[0] == ts.count - 1) {
		for (size_t i = 1; i < ts.count - 1; n++) {
			/* A designator may go back, or leave a gap. */
			if (tokens_is(&ts, i, "[") || tokens_is(&ts, i, ".")) {
				n = 0;
				break;
			}
			while (i < ts.count - 1 && !tokens_is(&ts, i, ","))
				i = tokens_skip(&ts, i);
			i++;
		}
	}
	tokens_release(&ts);
	return n;
}

bool
unit_waits(enum lift lift)
{
	return lift != LIFT_NONE && lift != LIFT_LOCAL;
}

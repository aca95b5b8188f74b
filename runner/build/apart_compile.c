/* apart_compile.c: the compiler is asked until all is decided, or it has its
 * say. Floor 2. */
#include "build/apart_parts.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "build/names.h"
#include "build/symbols.h"
#include "build/verdicts.h"
#include "sys/clock.h"

/* Compilations for one cell: each changes a decision. */
#define ROUNDS 40

bool
apart_names_below(const struct shared *s, size_t i, struct slice name)
{
	for (size_t k = i + 1; name.len && k < s->count; k++) {
		struct slice text = s->cells[k].split.text;
		struct names all = { 0 };
		bool found;

		if (!text.len || !memmem(text.at, text.len, name.at, name.len))
			continue;
		lexer_each_name(text, apart_read_name, &all);
		found = names_find(&all, name) != NAME_NONE;
		names_release(&all);
		if (found)
			return true;
	}
	return false;
}

/* What others are to see, but cannot: its symbol is local to the plugin. */
static bool
hides_a_name(const struct work *w, const char *path, struct buf *messages)
{
	struct place p = work_places(w);
	struct symbols symbols;
	bool hides = false;

	if (symbols_read(&symbols, path) < 0)
		return false;
	while (!hides && place_next(&p)) {
		struct slice name = work_symbol(w, place_declarator(&p));

		if (place_kind(&p) == OUTLINE_NONE ||
		    !symbols_hides(&symbols, name) ||
		    !apart_names_below(w->a->shared, w->last,
				       place_declarator(&p)->name))
			continue;
		hides = true;
		buf_clear(messages);
		buf_addf(messages,
			 "%s:%d: error: " HIDES
			 "'%.*s': a macro makes it static, or it is hidden\n",
			 p.cell->label, p.item->line, (int)name.len, name.at);
	}
	symbols_release(&symbols);
	return hides;
}

static void
take_product(struct work *w, struct built *b)
{
	struct shared *s = w->a->shared;
	bool alone = w->count == 1;

	if (!alone || !b->cached || !s->messages[w->i].len) {
		for (size_t k = 0; k < w->count; k++)
			buf_clear(&s->messages[w->cells[k] - s->cells]);
		shared_hand_out(s, &b->diags, w->sources, s->count,
				alone ? work_cell(w) : NULL);
	}
	for (size_t k = 0; k < w->count; k++) {
		struct apart_cell *cell = &w->a->cells[w->cells[k] - s->cells];

		apart_forget_cell(cell);
		cell->path = mem_strdup(b->path);
		cell->command = b->command ? mem_strdup(b->command) : NULL;
		cell->row = (uint32_t)k;
		cell->tried = true;
		cell->cached = b->cached;
	}
}

/* Another round may do better: something was decided. */
static bool
learn(struct work *w, const struct diags *d, int round)
{
	if (round < ROUNDS &&
	    (work_find_above(w, d) ||
	     verdicts_take_some(w->a->shared->cells, w->a->shared->count, w->i,
				w->last, d, w->sources)))
		return true;
	if (w->whole)
		return false;
	return w->whole = true;
}

int
work_compile(struct work *w, bool *cached, struct err *e)
{
	struct shared *s = w->a->shared;
	int rc = -2;

	for (int round = 0; rc == -2; round++) {
		struct built b = { 0 };

		work_write(w);
		if (shared_compile(s, s->count, w->last + 1, w->how,
				   PRODUCT_CELL, buf_slice(&w->text),
				   &w->renames, w->sources, &b, e) < 0)
			return -1;
		*cached &= b.cached;
		if (b.path && hides_a_name(w, b.path, &s->messages[w->i])) {
			rc = 0;
		} else if (b.path) {
			take_product(w, &b);
			rc = 1;
		} else if (!learn(w, &b.diags, round)) {
			rc = 0;
			if (w->count == 1) {
				buf_clear(&s->messages[w->i]);
				shared_hand_out(s, &b.diags, w->sources,
						s->count, work_cell(w));
			}
		}
		built_release(&b);
	}
	return rc;
}

/* Why it does not compile, as it is told where all cells are one unit. */
static int
explain(struct work *w, struct err *e)
{
	struct shared *s = w->a->shared;
	struct buf apart = s->messages[w->i];
	int rc;

	s->messages[w->i] = (struct buf){ 0 };
	rc = shared_retry(s, w->i, w->how, e);
	if (rc == 1 && apart.len) {
		buf_release(&s->messages[w->i]);
		s->messages[w->i] = apart;
		return rc;
	}
	buf_release(&apart);
	return rc;
}

int
work_build(struct work *w, bool keep, bool tell, struct err *e)
{
	struct apart_cell *cell = &w->a->cells[w->i];
	int64_t began = clock_mono_ns();
	bool cached = true, known;
	char key[HASH_HEX], *learnt;
	int rc;

	known = work_decide(w, keep, key);
	rc = work_settle_names(w, e);
	if (rc == 1)
		rc = work_compile(w, &cached, e);
	if (rc == 0 && known) { /* a header has changed, perhaps */
		work_undecide(w);
		rc = work_settle_names(w, e);
		if (rc == 1)
			rc = work_compile(w, &cached, e);
	}
	if (rc == 0 && tell && explain(w, e) < 0)
		rc = -1;
	if (rc == 1 && !(known && cached)) {
		learnt = work_write_down(w);
		cache_remember(w->how->cache, key, learnt);
		free(learnt);
	}
	work_cell(w)->left_out = rc != 1;
	cell->tried = true;
	cell->cached = cached;
	cell->duration_ns = clock_mono_ns() - began;
	return rc;
}

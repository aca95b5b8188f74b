/* apart_learn.c: what the compiler decided of a cell, and what is remembered of
 * it. Floor 2. */
#include "build/apart_parts.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "build/above.h"
#include "build/lacks.h"
#include "build/symbols.h"
#include "build/verdicts.h"

static bool
has_plugin_above(const struct work *w, struct slice name)
{
	for (size_t k = w->i; k-- > 0;) {
		struct symbols symbols;
		bool has;

		if (!w->a->cells[k].path ||
		    symbols_read(&symbols, w->a->cells[k].path) < 0)
			continue;
		has = symbols_shows(&symbols, name);
		symbols_release(&symbols);
		if (has)
			return true;
	}
	return false;
}

bool
work_find_above(struct work *w, const struct diags *d)
{
	size_t before = w->found.count;

	for (size_t i = 0; i < d->count; i++) {
		struct slice name = lacks_symbol(&d->at[i]);
		char *copy = mem_strndup(name.at, name.len);

		if (name.len && !strs_has(&w->found, copy) &&
		    has_plugin_above(w, name))
			strs_add(&w->found, copy);
		free(copy);
	}
	return w->found.count > before;
}

#define FOUND "found "

char *
work_write_down(const struct work *w)
{
	const struct buf *messages = &w->a->shared->messages[w->i];
	struct buf text = { 0 };

	if (w->whole)
		buf_add_str(&text, "whole\n");
	for (size_t i = 0; i < w->found.count; i++)
		buf_addf(&text, FOUND "%s\n", w->found.at[i]);
	verdicts_write(&text, work_cell(w), 0);
	buf_add_str(&text, "messages\n");
	buf_add_slice(&text, buf_slice(messages));
	return buf_take(&text);
}

static void
read_back(struct work *w, char *text)
{
	struct buf *messages = &w->a->shared->messages[w->i];

	w->whole = !strncmp(text, "whole\n", 6);
	text += w->whole ? 6 : 0;
	for (; !strncmp(text, FOUND, strlen(FOUND));
	     text += strcspn(text, "\n") + 1) {
		const char *name = text + strlen(FOUND);
		size_t len = strcspn(name, "\n");

		/* That a label has gone, no text tells. */
		if (has_plugin_above(w, (struct slice){ name, len }))
			strs_addn(&w->found, name, len);
	}
	while (verdicts_read(&text, work_cell(w), 1))
		;
	buf_clear(messages);
	if (!strncmp(text, "messages\n", 9))
		buf_add_str(messages, text + 9);
}

void
work_undecide(struct work *w)
{
	struct shared *s = w->a->shared;

	unit_cell_reset(work_cell(w));
	guess_cell(&w->a->guesses, s->cells, w->i);
	w->whole = false;
	strs_release(&w->found);
}

/* What the cell's text would be if nothing were decided, and all else that the
 * decisions depend on. */
static void
key_of(struct work *w, char key[HASH_HEX])
{
	const struct strs *const lists[] = { w->how->cflags, w->how->ldflags,
					     w->how->libs, w->how->sanitize };
	struct hash h;

	work_write(w);
	hash_init(&h);
	hash_add_str(&h, "apart 4");
	hash_add_str(&h, w->how->cc->path);
	hash_add_str(&h, w->how->cc->version);
	hash_add_str(&h, w->how->workdir);
	for (size_t i = 0; i < countof(lists); i++) {
		hash_add_str(&h, NULL);
		for (size_t k = 0; lists[i] && k < lists[i]->count; k++)
			hash_add_str(&h, lists[i]->at[k]);
	}
	hash_add(&h, buf_str(&w->text), w->text.len);
	hash_hex(&h, key);
}

bool
work_decide(struct work *w, bool keep, char key[HASH_HEX])
{
	char *had = work_write_down(w), *known;

	work_undecide(w);
	key_of(w, key);
	known = cache_recall(w->how->cache, key);
	if (known)
		read_back(w, known);
	else if (keep)
		read_back(w, had);
	else
		buf_clear(&w->a->shared->messages[w->i]);
	free(known);
	free(had);
	return known != NULL;
}

/* Is a name made here that the cells above have made already? */
static bool
makes_again(const struct work *w)
{
	struct place p = work_places(w);

	while (place_next(&p))
		if (place_kind(&p) != OUTLINE_NONE &&
		    above_kind(w->a->above, place_declarator(&p)->name) !=
			    OUTLINE_NONE)
			return true;
	return false;
}

/* A variable that a cell above has without a value gets the value here when
 * the cell runs: it is there already when the plugin is loaded. */
static void
assign_again(struct work *w)
{
	struct unit_cell *c = work_cell(w);
	struct place p = work_places(w);

	while (place_next(&p)) {
		const struct declarator *d = place_declarator(&p);
		unsigned char *lift = &c->lifts[p.item->first + p.which];

		if (p.item->kind == ITEM_DECLARATION && *lift == LIFT_NONE &&
		    d->init.len && !d->is_unsized &&
		    above_kind(w->a->above, d->name) != OUTLINE_NONE)
			*lift = LIFT_ASSIGN;
	}
}

int
work_settle_names(struct work *w, struct err *e)
{
	int rc;

	if (!makes_again(w))
		return 1;
	if (w->count > 1)
		return 0;
	rc = shared_retry(w->a->shared, w->i, w->how, e);
	if (rc == 1)
		assign_again(w);
	return rc;
}

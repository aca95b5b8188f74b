/* apart.c: a plugin for each shared cell. Floor 2. As in shared.c the compiler
 * decides what the text cannot tell, but of one cell at a time, and what was
 * decided for a cell is remembered under the text that it would have without
 * decisions: a cell that was seen below the same declarations is not compiled
 * to be decided on. */
#include "build/apart.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "build/above.h"
#include "build/names.h"
#include "build/symbols.h"
#include "build/guess.h"
#include "build/lacks.h"
#include "build/verdicts.h"
#include "sys/clock.h"
#include "sys/proc.h"
#include "sys/workers.h"

/* Compilations for one cell: each changes a decision. */
#define ROUNDS 40
/* So many cells of which nothing is known are compiled together first: that
 * takes one call for all decisions. */
#define MANY 3

void
apart_init(struct apart *a, struct shared *s)
{
	*a = (struct apart){ .shared = s, .above = above_new() };
	guess_init(&a->guesses, s->cells, s->count);
	a->cells = mem_alloc(s->count, sizeof *a->cells);
}

static void
forget_cell(struct apart_cell *c)
{
	free(c->path);
	free(c->command);
	*c = (struct apart_cell){ 0 };
}

void
apart_release(struct apart *a)
{
	guess_release(&a->guesses);
	forward_free(a->forward);
	for (size_t i = 0; a->cells && i < a->shared->count; i++)
		forget_cell(&a->cells[i]);
	free(a->cells);
	above_free(a->above);
	*a = (struct apart){ 0 };
}

/* Does a word of the flags make a plugin impossible? */
static int
check_flags(const struct shared_how *how, struct err *e)
{
	static const char *const refused[] = { "-static", "-static-pie",
					       "-nostdlib", "-r" };
	const struct strs *lists[] = { how->cflags, how->ldflags };

	for (size_t k = 0; k < countof(lists); k++)
		for (size_t i = 0; lists[k] && i < lists[k]->count; i++)
			for (size_t r = 0; r < countof(refused); r++)
				if (!strcmp(lists[k]->at[i], refused[r]))
					return err_input(
						e,
						"the flag '%s' and shared "
						"cells do not go together in "
						"a session: each of them is a "
						"shared object",
						refused[r]);
	return 0;
}

/* one cell on its way, or some that belong together */

struct work {
	struct apart *a;
	size_t i, last;
	struct unit_cell **cells; /* those of i to last that are in it */
	size_t count;
	const struct shared_how *how;
	bool whole; /* it needs more of the cells above than it names */
	struct strs outside, renames;
	struct strs found; /* no declaration tells that a plugin above has it */
	struct buf text;
	struct diag_source *sources; /* [count + 1] */
};

static void
work_init(struct work *w, struct apart *a, size_t i,
	  const struct shared_how *how)
{
	*w = (struct work){ .a = a, .i = i, .last = i, .how = how };
	*mem_push(w->cells, w->count) = &a->shared->cells[i];
	w->sources = mem_alloc(a->shared->count + 1, sizeof *w->sources);
}

/* So that it reaches down to a cell. */
static void
work_extend(struct work *w, size_t last)
{
	w->count = 0;
	w->last = last;
	for (size_t k = w->i; k <= last; k++)
		if (!w->a->shared->cells[k].left_out)
			*mem_push(w->cells, w->count) = &w->a->shared->cells[k];
}

static void
work_release(struct work *w)
{
	free(w->cells);
	strs_release(&w->outside);
	strs_release(&w->renames);
	strs_release(&w->found);
	buf_release(&w->text);
	free(w->sources);
}

static struct unit_cell *
cell_of(const struct work *w)
{
	return &w->a->shared->cells[w->i];
}

/* Each declarator of some cells, until one says stop. */
struct place {
	struct unit_cell *const *cells; /* from this one on, */
	size_t count;			/* so many */
	struct unit_cell *cell;
	const struct item *item;
	size_t which;
};

static struct place
places(const struct work *w)
{
	return (struct place){ w->cells, w->count, NULL, NULL, 0 };
}

static bool
next_in_cell(struct place *p)
{
	const struct split *s = &p->cell->split;

	while (p->item < s->items + s->count &&
	       p->which >= p->item->ndeclarators) {
		p->item++;
		p->which = 0;
	}
	return p->item < s->items + s->count;
}

static bool
next_place(struct place *p)
{
	p->which++;
	while (!p->cell || !next_in_cell(p)) {
		if (!p->count)
			return false;
		p->count--;
		p->cell = *p->cells++;
		p->item = p->cell->split.items;
		p->which = 0;
	}
	return true;
}

static const struct declarator *
declarator_at(const struct place *p)
{
	return &p->cell->split.declarators[p->item->first + p->which];
}

static enum outline_kind
kind_at(const struct place *p)
{
	return outline_kind(p->cell, p->item, p->which);
}

/* Is it a prototype of their own? */
static bool
declares(const struct work *w, struct slice name)
{
	struct place p = places(w);

	while (next_place(&p))
		if (slice_equal(declarator_at(&p)->name, name))
			return declarator_at(&p)->is_function;
	return false;
}

static void
read_name(void *names, struct slice name)
{
	names_add(names, name);
}

/* Functions that are named, which by then are only declared, and which a cell
 * below defines: the prototype first, as C wants it. */
static void
find_below(struct work *w)
{
	const struct shared *s = w->a->shared;
	const struct above *above = w->a->above;
	struct names own = { 0 };

	for (size_t i = 0; i < w->count; i++)
		lexer_each_name(w->cells[i]->split.text, read_name, &own);
	for (size_t k = w->last + 1; k < s->count; k++) {
		struct unit_cell *below = &s->cells[k];
		struct place p = { &below, 1, NULL, NULL, 0 };

		while (next_place(&p)) {
			struct slice name = declarator_at(&p)->name;

			if (p.item->kind == ITEM_FUNCTION &&
			    names_find(&own, name) != NAME_NONE &&
			    above_kind(above, name) == OUTLINE_NONE &&
			    (above_declares(above, name) || declares(w, name)))
				strs_addn(&w->outside, name.at, name.len);
		}
	}
	names_release(&own);
}

#define OWN "cnb__own_"

/* The program that loads the plugin has names of its own, which would be found
 * first. */
static void
rename_if_taken(struct work *w, struct slice name)
{
	char *own = mem_strndup(name.at, name.len);

	if (symbols_taken(own))
		strs_addf(&w->renames, "%s=" OWN "%s", own, own);
	free(own);
}

/* The linker's name for what the cell defines: asm() may stand in another
 * declaration of it, here or above. */
static struct slice
symbol_of(const struct work *w, const struct declarator *d)
{
	struct slice symbol = outline_symbol(d);
	const char *given = above_symbol(w->a->above, d->name);
	struct place p = places(w);

	if (symbol.at == d->name.at && given)
		return slice_of(given);
	while (symbol.at == d->name.at && next_place(&p)) {
		struct slice other = outline_symbol(declarator_at(&p));

		if (slice_equal(declarator_at(&p)->name, d->name) &&
		    other.at != declarator_at(&p)->name.at)
			symbol = other;
	}
	return symbol;
}

static void
write_text(struct work *w)
{
	const struct shared *s = w->a->shared;
	struct place p = places(w);

	strs_release(&w->outside);
	strs_release(&w->renames);
	buf_clear(&w->text);
	find_below(w);
	strs_add_all(&w->outside, &w->found);
	unit_write_apart(&w->text, s->cells, s->count, w->cells, w->count,
			 w->a->above, w->whole, &w->outside);
	while (next_place(&p))
		if (kind_at(&p) != OUTLINE_NONE)
			rename_if_taken(w, symbol_of(w, declarator_at(&p)));
	for (size_t i = 0; i < w->outside.count; i++)
		rename_if_taken(w, slice_of(w->outside.at[i]));
}

/* decisions */

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

/* An assembler's label, what a macro named: the linker asks for it. */
static bool
find_above(struct work *w, const struct diags *d)
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

/* Decided so far, and messages: as one text, and back. */
static char *
write_down(const struct work *w)
{
	const struct buf *messages = &w->a->shared->messages[w->i];
	struct buf text = { 0 };

	if (w->whole)
		buf_add_str(&text, "whole\n");
	for (size_t i = 0; i < w->found.count; i++)
		buf_addf(&text, FOUND "%s\n", w->found.at[i]);
	verdicts_write(&text, cell_of(w), 0);
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
	while (verdicts_read(&text, cell_of(w), 1))
		;
	buf_clear(messages);
	if (!strncmp(text, "messages\n", 9))
		buf_add_str(messages, text + 9);
}

static void
undecide(struct work *w)
{
	struct shared *s = w->a->shared;

	unit_cell_reset(cell_of(w));
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

	write_text(w);
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

/* Begin with what was decided the last time, else with what the cell has
 * already where that is to be kept. True: it is known. */
static bool
decide(struct work *w, bool keep, char key[HASH_HEX])
{
	char *had = write_down(w), *known;

	undecide(w);
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
	struct place p = places(w);

	while (next_place(&p))
		if (kind_at(&p) != OUTLINE_NONE &&
		    above_kind(w->a->above, declarator_at(&p)->name) !=
			    OUTLINE_NONE)
			return true;
	return false;
}

/* A variable that a cell above has without a value gets the value here when
 * the cell runs: it is there already when the plugin is loaded. */
static void
assign_again(struct work *w)
{
	struct unit_cell *c = cell_of(w);
	struct place p = places(w);

	while (next_place(&p)) {
		const struct declarator *d = declarator_at(&p);
		unsigned char *lift = &c->lifts[p.item->first + p.which];

		if (p.item->kind == ITEM_DECLARATION && *lift == LIFT_NONE &&
		    d->init.len && !d->is_unsized &&
		    above_kind(w->a->above, d->name) != OUTLINE_NONE)
			*lift = LIFT_ASSIGN;
	}
}

/* 1: nothing is defined twice, as C has it where all cells are one unit. */
static int
settle_names(struct work *w, struct err *e)
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

/* building */

static bool
is_named_below(const struct shared *s, size_t i, struct slice name)
{
	for (size_t k = i + 1; name.len && k < s->count; k++) {
		struct slice text = s->cells[k].split.text;
		struct names all = { 0 };
		bool found;

		if (!text.len || !memmem(text.at, text.len, name.at, name.len))
			continue;
		lexer_each_name(text, read_name, &all);
		found = names_find(&all, name) != NAME_NONE;
		names_release(&all);
		if (found)
			return true;
	}
	return false;
}

#define HIDES "no other cell of a session can see "

/* What others are to see, but cannot: its symbol is local to the plugin. */
static bool
hides_a_name(const struct work *w, const char *path, struct buf *messages)
{
	struct place p = places(w);
	struct symbols symbols;
	bool hides = false;

	if (symbols_read(&symbols, path) < 0)
		return false;
	while (!hides && next_place(&p)) {
		struct slice name = symbol_of(w, declarator_at(&p));

		if (kind_at(&p) == OUTLINE_NONE ||
		    !symbols_hides(&symbols, name) ||
		    !is_named_below(w->a->shared, w->last,
				    declarator_at(&p)->name))
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
				alone ? cell_of(w) : NULL);
	}
	for (size_t k = 0; k < w->count; k++) {
		struct apart_cell *cell = &w->a->cells[w->cells[k] - s->cells];

		forget_cell(cell);
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
	    (find_above(w, d) ||
	     verdicts_take_some(w->a->shared->cells, w->a->shared->count, w->i,
				w->last, d, w->sources)))
		return true;
	if (w->whole)
		return false;
	return w->whole = true;
}

/* 1: it compiles; 0: it does not; -1: the system failed us. */
static int
compile(struct work *w, bool *cached, struct err *e)
{
	struct shared *s = w->a->shared;
	int rc = -2;

	for (int round = 0; rc == -2; round++) {
		struct built b = { 0 };

		write_text(w);
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
						s->count, cell_of(w));
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

/* Build the cell of `w`. `keep`: what it has decided already may be right. 1, 0
 * (it is left out), -1. */
static int
build(struct work *w, bool keep, bool tell, struct err *e)
{
	struct apart_cell *cell = &w->a->cells[w->i];
	int64_t began = clock_mono_ns();
	bool cached = true, known;
	char key[HASH_HEX], *learnt;
	int rc;

	known = decide(w, keep, key);
	rc = settle_names(w, e);
	if (rc == 1)
		rc = compile(w, &cached, e);
	if (rc == 0 && known) { /* a header has changed, perhaps */
		undecide(w);
		rc = settle_names(w, e);
		if (rc == 1)
			rc = compile(w, &cached, e);
	}
	if (rc == 0 && tell && explain(w, e) < 0)
		rc = -1;
	if (rc == 1 && !(known && cached)) {
		learnt = write_down(w);
		cache_remember(w->how->cache, key, learnt);
		free(learnt);
	}
	cell_of(w)->left_out = rc != 1;
	cell->tried = true;
	cell->cached = cached;
	cell->duration_ns = clock_mono_ns() - began;
	return rc;
}

/* Everything from cell `first` on as it would be compiled now, at the same time
 * and for the cache: what is right of it is found there. A thread does nothing
 * but wait for compilers. */
struct ahead {
	const struct shared *shared;
	const struct shared_how *how;
	struct work *works; /* [count], texts written */
	size_t count;
	atomic_size_t next;
};

static void *
compile_ahead(void *ahead)
{
	struct ahead *h = ahead;
	size_t i;

	while ((i = atomic_fetch_add(&h->next, 1)) < h->count &&
	       !proc_interrupted()) {
		struct work *w = &h->works[i];
		struct built b = { 0 };
		struct err e;

		if (w->text.len)
			shared_compile(h->shared, h->shared->count, w->i + 1,
				       h->how, PRODUCT_CELL,
				       buf_slice(&w->text), &w->renames,
				       w->sources, &b, &e);
		built_release(&b);
	}
	return NULL;
}

#define THREADS_MAX 64

static void
run_ahead(struct ahead *h)
{
	pthread_t threads[THREADS_MAX];
	size_t n = workers_processors(), started = 0;

	while (started + 1 < n && started < THREADS_MAX &&
	       pthread_create(&threads[started], NULL, compile_ahead, h) == 0)
		started++;
	compile_ahead(h);
	while (started)
		pthread_join(threads[--started], NULL);
}

static void
build_ahead(struct apart *a, size_t first, size_t count,
	    const struct shared_how *how)
{
	struct ahead h = { .shared = a->shared,
			   .how = how,
			   .count = count - first };
	struct above *built = a->above;

	a->above = above_new();
	for (size_t i = 0; i < first; i++)
		above_add(a->above, &a->shared->cells[i]);
	h.works = mem_alloc(h.count, sizeof *h.works);
	for (size_t i = first; i < count; i++) {
		work_init(&h.works[i - first], a, i, how);
		if (!a->shared->cells[i].left_out)
			write_text(&h.works[i - first]);
		above_add(a->above, &a->shared->cells[i]);
	}
	run_ahead(&h);
	for (size_t i = 0; i < h.count; i++)
		work_release(&h.works[i]);
	free(h.works);
	above_free(a->above);
	a->above = built;
}

static int
build_cell(struct apart *a, size_t i, const struct shared_how *how, bool keep,
	   bool tell, struct err *e)
{
	struct work w;
	int rc;

	work_init(&w, a, i, how);
	rc = build(&w, keep, tell, e);
	work_release(&w);
	if (rc < 0)
		return -1;
	above_add(a->above, &a->shared->cells[i]);
	a->built = i + 1;
	return rc;
}

/* What all cells together had decided is a beginning: those that do not compile
 * are left out of it. */
static int
build_together(struct apart *a, size_t i, const struct shared_how *how,
	       struct err *e)
{
	struct shared *s = a->shared;

	/* What holds of a plugin of its own is not what all cells are to
	 * remember. */
	for (size_t k = 0; k < i; k++)
		unit_cell_reset(&s->cells[k]);
	if (shared_build(s, how, e) < 0)
		return -1;
	/* Each cell hides for itself and those below. */
	for (size_t k = 0; k < s->count; k++)
		strs_release(&s->cells[k].hidden);
	/* Of those above it is known by now. */
	for (size_t k = 0; k < i; k++)
		s->cells[k].left_out = !a->cells[k].path;
	return 0;
}

/* Cells that belong together, from `i` to `last`, as one plugin. 0: each has to
 * be one of its own. */
static int
build_group(struct apart *a, size_t i, size_t last,
	    const struct shared_how *how, struct err *e)
{
	int64_t began = clock_mono_ns();
	bool cached = true;
	struct work w;
	int rc;

	if (build_together(a, i, how, e) < 0)
		return -1;
	work_init(&w, a, i, how);
	work_extend(&w, last);
	rc = w.count > 1 ? settle_names(&w, e) : 0;
	if (rc == 1)
		rc = compile(&w, &cached, e);
	work_release(&w);
	if (rc == 1) {
		a->cells[i].duration_ns = clock_mono_ns() - began;
		for (size_t k = i; k <= last; k++)
			above_add(a->above, &a->shared->cells[k]);
		a->built = last + 1;
	} else {
		for (size_t k = i; k <= last; k++)
			unit_cell_reset(&a->shared->cells[k]);
	}
	return rc;
}

/* tcc has the processor read a floating-point operand at its address itself,
 * and the linker takes what is so addressed for a function: another object's
 * variable is read where a jump stands. The first cell that has one of these;
 * `i`: there is none. */
static size_t
first_misread(const struct apart *a, size_t i, const struct shared_how *how)
{
	struct strs names = { 0 };
	struct symbols symbols;
	size_t first = i;

	if (how->cc->family != CC_TCC || !a->cells[i].path ||
	    symbols_read(&symbols, a->cells[i].path) < 0)
		return i;
	symbols_misread(&symbols, &names);
	for (size_t k = 0; k < names.count; k++) {
		const char *name = names.at[k];
		bool own = !strncmp(name, OWN, strlen(OWN));
		size_t home =
			forward_home(a->forward,
				     slice_of(own ? name + strlen(OWN) : name));

		if (home < first)
			first = home;
	}
	symbols_release(&symbols);
	strs_release(&names);
	return first;
}

/* A header of the user's, not of the system's. */
static bool
includes_own_header(const struct unit_cell *c)
{
	for (size_t i = 0; i < c->split.count; i++) {
		struct slice code = c->split.items[i].code;

		if (c->split.items[i].kind == ITEM_DIRECTIVE &&
		    memmem(code.at, code.len, "include", 7) &&
		    memchr(code.at, '"', code.len))
			return true;
	}
	return false;
}

/* Ours, or of what is linked to every object. */
static bool
is_of_frame(const char *symbol)
{
	return *symbol == '_' || !strncmp(symbol, "cnb__", 5) ||
	       !strncmp(symbol, "completed.", 10) ||
	       !strcmp(symbol, "frame_dummy") || strstr(symbol, "_tm_clones");
}

/* Of a function's `static int n` the symbol is `n.0`, or `f.n`. */
static bool
is_in_function(const char *symbol)
{
	return strchr(symbol, '.') != NULL;
}

/* Does the cells' own text have it? */
static bool
is_of_text(const struct names *text, const char *symbol)
{
	size_t dot = strcspn(symbol, ".");
	const char *last = symbol[dot] ? symbol + dot + 1 : "";

	return names_find(text, (struct slice){ symbol, dot }) != NAME_NONE ||
	       names_find(text, slice_of(last)) != NAME_NONE;
}

static void
read_texts(const struct apart *a, size_t i, struct names *text)
{
	for (size_t k = i; k < a->shared->count && a->cells[k].path &&
			   !strcmp(a->cells[k].path, a->cells[i].path);
	     k++)
		lexer_each_name(a->shared->cells[k].split.text, read_name,
				text);
}

/* Variables in the plugin of cell `i` that a header has brought, where the cell
 * names one, or a function of a header's. *names (may be NULL) gets both. */
static void
find_header_state(const struct apart *a, size_t i, struct strs *found,
		  struct strs *names)
{
	struct strs variables = { 0 }, functions = { 0 };
	struct names text = { 0 };
	struct symbols symbols;
	bool uses = false;

	if (!a->cells[i].path || symbols_read(&symbols, a->cells[i].path) < 0)
		return;
	symbols_locals(&symbols, &variables, &functions);
	symbols_release(&symbols);
	read_texts(a, i, &text);
	for (size_t k = 0; k < functions.count; k++) {
		const char *name = functions.at[k];

		if (is_of_frame(name) || is_in_function(name))
			continue;
		uses |= is_of_text(&text, name);
		if (names)
			strs_add(names, name);
	}
	for (size_t k = 0; k < variables.count; k++) {
		const char *name = variables.at[k];
		bool own = is_of_text(&text, name);

		if (is_of_frame(name) || (is_in_function(name) && own))
			continue;
		uses |= own;
		strs_add(found, name);
		if (names && !is_in_function(name))
			strs_add(names, name);
	}
	if (!uses)
		strs_release(found);
	names_release(&text);
	strs_release(&variables);
	strs_release(&functions);
}

/* A static variable of a header is one variable for all cells. The first cell
 * that has one of those that cell `i` has; `i`: there is none. *last moves to
 * the last one below that names one. */
static size_t
first_with_state(const struct apart *a, size_t i, size_t *last)
{
	struct strs own = { 0 }, names = { 0 };
	size_t first = i;

	if (i > a->headers)
		find_header_state(a, i, &own, &names);
	for (size_t k = a->headers; own.count && k < first; k++) {
		struct strs other = { 0 };

		find_header_state(a, k, &other, NULL);
		for (size_t n = 0; n < own.count; n++)
			if (strs_has(&other, own.at[n]))
				first = k;
		strs_release(&other);
	}
	/* Those below that name them would come one by one. */
	for (size_t k = 0; first < i && k < names.count; k++)
		while (*last + 1 < a->shared->count &&
		       is_named_below(a->shared, *last, slice_of(names.at[k])))
			++*last;
	strs_release(&own);
	strs_release(&names);
	return first;
}

/* What was built from cell `first` on is to be built again. */
static void
go_back_to(struct apart *a, size_t first)
{
	struct shared *s = a->shared;

	above_free(a->above);
	a->above = above_new();
	for (size_t k = 0; k < first; k++)
		above_add(a->above, &s->cells[k]);
	for (size_t k = first; k < s->count; k++) {
		forget_cell(&a->cells[k]);
		s->cells[k].left_out = false;
	}
	a->built = first;
}

/* The last cell that names what cell `i` declares. */
static size_t
last_that_names(const struct apart *a, size_t i)
{
	const struct shared *s = a->shared;
	const struct split *own = &s->cells[i].split;
	size_t last = i;

	for (size_t d = 0; d < own->ndeclarators; d++)
		while (last + 1 < s->count &&
		       is_named_below(s, last, own->declarators[d].name))
			last++;
	return last;
}

/* Cell `i` does not compile alone. If it does in the unit of all cells it shall
 * be with those that it needs, or that need it, or, if that is not enough or
 * nobody knows which, with all. 1: there is more to try. */
static int
join_others(struct apart *a, size_t i, const struct shared_how *how,
	    struct err *e)
{
	struct shared *s = a->shared;
	const char *why = buf_str(&s->messages[i]);
	bool hides = strstr(why, HIDES), lacks = strstr(why, "undefined ");
	size_t last = s->count - 1;

	if (hides)
		last = last_that_names(a, i);
	unit_cell_reset(&s->cells[i]);
	if (build_together(a, i, how, e) < 0)
		return -1;
	if (!s->cells[i].left_out) {
		if ((hides || lacks) && forward_join(a->forward, i, last))
			return 1;
		if (forward_join(a->forward, 0, s->count - 1))
			return 1;
	}
	s->cells[i].left_out = true;
	return 0;
}

int
apart_build(struct apart *a, size_t count, const struct shared_how *how,
	    struct err *e)
{
	struct shared *s = a->shared;
	const size_t begin = a->built; /* those above may have run */
	int compiled = 0;

	if (check_flags(how, e) < 0)
		return -1;
	while (a->headers < s->count &&
	       !includes_own_header(&s->cells[a->headers]))
		a->headers++;
	if (!a->forward)
		a->forward = forward_new(s->cells, s->count,
					 how->cc->family == CC_TCC);
	for (size_t i = a->built; i < count; i = a->built) {
		struct unit_cell *c = &s->cells[i];
		bool all = compiled >= MANY;
		size_t first, last, with;
		int rc;

		if (compiled == MANY) {
			compiled++;
			if (build_together(a, i, how, e) < 0)
				return -1;
			build_ahead(a, i, count, how);
		}
		if (unit_cell_is_open(c))
			c->left_out = true;
		if (c->left_out) {
			a->cells[i].tried = true;
			a->built = i + 1;
			continue;
		}
		last = forward_reach(a->forward, i);
		rc = last > i ? build_group(a, i, last, how, e) : 0;
		if (rc == 0)
			rc = build_cell(a, i, how, all, false, e);
		if (rc == 0 && begin == 0) {
			rc = join_others(a, i, how, e);
			if (rc == 1) {
				go_back_to(a, forward_reach(a->forward, 0) > i
						      ? 0
						      : i);
				continue;
			}
		}
		if (rc < 0)
			return -1;
		first = first_misread(a, i, how);
		last = a->built - 1;
		with = first_with_state(a, i, &last);
		first = with < first ? with : first;
		if (first < i && first >= begin &&
		    forward_join(a->forward, first, last)) {
			go_back_to(a, first);
			continue;
		}
		compiled += !all && !a->cells[i].cached;
	}
	return 0;
}

int
apart_retry(struct apart *a, size_t i, const struct shared_how *how,
	    struct err *e)
{
	struct shared *s = a->shared;
	struct above *all = a->above;
	size_t built = a->built;
	int rc;

	a->above = above_new();
	for (size_t k = 0; k < i; k++)
		above_add(a->above, &s->cells[k]);
	rc = build_cell(a, i, how, false, true, e);
	if (rc != 1) {
		above_free(a->above);
		a->above = all;
		a->built = built;
		return rc;
	}
	/* Those below were built without it. */
	above_free(all);
	s->cells[i].closed = true;
	for (size_t k = i + 1; k < s->count; k++) {
		forget_cell(&a->cells[k]);
		s->cells[k].left_out = false;
	}
	return 1;
}

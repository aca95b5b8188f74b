/* shared.c: the shared cells of a notebook, compiled together. Floor 2. What
 * the unit looks like is unit.c's, how it is compiled cc.c's; here stands what
 * is made of the compiler's answers. */
#include "build/shared.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "build/guess.h"
#include "build/verdicts.h"
#include "sys/clock.h"

/* Compilations for one unit: each changes a decision or leaves a cell out. */
#define ROUNDS 40
/* From this round on every cell with an error goes, not only the first. */
#define HASTY_ROUND 8

void
shared_init(struct shared *s, size_t count)
{
	*s = (struct shared){ .count = count };
	s->cells = mem_alloc(count, sizeof *s->cells);
	s->messages = mem_alloc(count, sizeof *s->messages);
}

void
shared_set(struct shared *s, size_t i, const char *name, const char *label,
	   struct slice text)
{
	unit_cell_init(&s->cells[i], name, label, text, &s->macros);
}

void
shared_set_after(struct shared *s, size_t i, const char *after,
		 const char *label, struct slice shown)
{
	s->cells[i].after = after;
	s->after_label = label;
	s->after_shown = shown;
}

size_t
shared_find_after(const struct shared *s)
{
	size_t i = 0;

	while (i < s->count && !s->cells[i].after)
		i++;
	return i;
}

void
shared_release(struct shared *s)
{
	for (size_t i = 0; i < s->count; i++) {
		unit_cell_release(&s->cells[i]);
		buf_release(&s->messages[i]);
	}
	blocks_release(&s->macros);
	free(s->cells);
	free(s->messages);
	free(s->path);
	free(s->command);
	*s = (struct shared){ 0 };
}

/* Words in front of the user's, by the compiler's family. What C forgave
 * once would change the meaning of a cell: `x = 5;` as a definition. */
static const char *const words[][7] = {
	[CC_GCC] = { "-Werror=implicit-int",
		     "-Werror=implicit-function-declaration",
		     "-ftrack-macro-expansion=0",
		     "-Wno-builtin-declaration-mismatch" },
	[CC_CLANG] = { "-Werror=implicit-int",
		       "-Werror=implicit-function-declaration",
		       "-ferror-limit=0",
		       "-Wno-incompatible-library-redeclaration",
		       "-Wno-tautological-pointer-compare" },
	[CC_TCC] = { NULL },
	[CC_OTHER] = { NULL },
};

/* What compilers know of a function of the C library is wrong of the notebook's
 * own of that name. */
void
shared_own_names(const struct shared *s, size_t upto, struct strs *flags)
{
	for (size_t i = 0; i < upto; i++)
		for (size_t k = 0; k < s->cells[i].taken.count; k++)
			if (!s->cells[i].left_out)
				strs_addf(flags, "-fno-builtin-%s",
					  s->cells[i].taken.at[k]);
}

void
shared_describe(const struct shared_how *how, enum product product,
		const struct strs *own_names, struct strs *cflags,
		struct unit *u)
{
	enum cc_family family = how->cc->family;

	*u = (struct unit){ .product = product,
			    .label = how->label,
			    .workdir = how->workdir,
			    .include_dir = how->include_dir,
			    .cflags = cflags,
			    .ldflags = how->ldflags,
			    .libs = how->libs,
			    .sanitize = how->sanitize };
	for (const char *const *w = words[family]; *w; w++)
		strs_add(cflags, *w);
	if (family == CC_GCC || family == CC_CLANG)
		strs_add_all(cflags, own_names);
	strs_add_all(cflags, how->cflags);
}

int
shared_compile(const struct shared *s, size_t count, size_t upto,
	       const struct shared_how *how, enum product product,
	       struct slice text, const struct strs *renames,
	       struct diag_source *sources, struct built *b, struct err *e)
{
	struct strs cflags = { 0 }, own_names = { 0 };
	struct unit u;
	int rc;

	shared_own_names(s, upto, &own_names);
	shared_describe(how, product, &own_names, &cflags, &u);
	u.text = text;
	u.sources = sources;
	u.nsources = count + (s->after_label != NULL);
	u.renames = renames;
	for (size_t i = 0; i < count; i++)
		sources[i] = (struct diag_source){ s->cells[i].label, NULL,
						   s->cells[i].split.text };
	sources[count] =
		(struct diag_source){ s->after_label, NULL, s->after_shown };
	rc = cc_build(how->cc, how->cache, &u, b, e);
	strs_release(&own_names);
	strs_release(&cflags);
	return rc;
}

/* The first `count` cells as one unit, compiled. *text and *sources belong to
 * *b's messages and live as long. */
static int
compile(const struct shared *s, size_t count, const struct shared_how *how,
	struct buf *text, struct diag_source *sources, struct built *b,
	struct err *e)
{
	buf_clear(text);
	unit_write(text, s->cells, count);
	return shared_compile(s, count, count, how, PRODUCT_PLUGIN,
			      buf_slice(text), NULL, sources, b, e);
}

/* leaving out */

static bool
has_error(const struct diags *d, const struct diag_source *source)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->at[i].severity >= DIAG_ERROR &&
		    d->at[i].source == source)
			return true;
	return false;
}

/* No message names a cell: how many of the first ones have to be there for the
 * unit not to compile. 0: it is not the text, but what the compiler is told. */
static int
find_culprit(struct shared *s, size_t count, const struct shared_how *how,
	     size_t *culprit, struct err *e)
{
	size_t low = 0, high = count; /* fewer than low compile, high do not */
	struct diag_source *sources = mem_alloc(count + 1, sizeof *sources);
	struct buf text = { 0 };
	int rc = 0;

	for (size_t middle = 0; rc == 0 && low < high;
	     middle = low + (high - low) / 2) {
		struct built b = { 0 };

		rc = compile(s, middle, how, &text, sources, &b, e);
		if (b.path)
			low = middle + 1;
		else
			high = middle;
		built_release(&b);
	}
	*culprit = high;
	buf_release(&text);
	free(sources);
	return rc;
}

/* As the last resort; those that are not in the unit at all count, too. */
static void
leave_out_from(struct shared *s, size_t culprit, size_t count)
{
	if (culprit > 0 && !s->cells[culprit - 1].left_out) {
		s->cells[culprit - 1].left_out = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		s->cells[i].left_out = true;
}

static int
leave_out(struct shared *s, size_t count, const struct shared_how *how,
	  const struct diags *d, const struct diag_source *sources, int round,
	  struct err *e)
{
	bool any = false;
	size_t culprit;

	for (size_t i = 0; i < count; i++)
		if (!s->cells[i].left_out && has_error(d, &sources[i])) {
			s->cells[i].left_out = any = true;
			if (round < HASTY_ROUND)
				break;
		}
	culprit = shared_find_after(s);
	if (!any && culprit < count && has_error(d, &sources[count]))
		s->cells[culprit].left_out = any = true;
	for (size_t i = 0; !any && i < count; i++)
		if (!s->cells[i].left_out && unit_cell_is_unended(&s->cells[i]))
			s->cells[i].left_out = any = true;
	if (any)
		return 0;
	if (find_culprit(s, count, how, &culprit, e) < 0)
		return -1;
	leave_out_from(s, culprit, count);
	return 0;
}

/* what is remembered */

void
shared_key(const struct shared *s, const struct shared_how *how,
	   char key[HASH_HEX], const char *what)
{
	const struct strs *const lists[] = { how->cflags, how->ldflags,
					     how->libs, how->sanitize };
	struct hash h;

	hash_init(&h);
	hash_add_str(&h, what);
	hash_add_str(&h, how->cc->path);
	hash_add_str(&h, how->cc->version);
	hash_add_str(&h, how->workdir);
	for (size_t i = 0; i < countof(lists); i++)
		for (size_t k = 0; lists[i] && k < lists[i]->count; k++)
			hash_add_str(&h, lists[i]->at[k]);
	for (size_t i = 0; i < s->count; i++) {
		hash_add_str(&h, s->cells[i].label);
		hash_add(&h, &s->cells[i].split.text.len, sizeof(size_t));
		hash_add(&h, s->cells[i].split.text.at,
			 s->cells[i].split.text.len);
		hash_add_str(&h, s->cells[i].after);
	}
	hash_hex(&h, key);
}

static void
remember(const struct shared *s, const struct shared_how *how,
	 const char key[HASH_HEX])
{
	struct buf text = { 0 };

	for (size_t i = 0; i < s->count; i++) {
		verdicts_write(&text, &s->cells[i], i);
		if (s->messages[i].len && !s->cells[i].left_out) {
			buf_addf(&text, "M %zu %zu\n", i, s->messages[i].len);
			buf_add_slice(&text, buf_slice(&s->messages[i]));
			buf_add_byte(&text, '\n');
		}
	}
	cache_remember(how->cache, key, buf_str(&text));
	buf_release(&text);
}

/* False: nothing is known, or it is damaged; decisions are as they were. */
static bool
recall(struct shared *s, const struct shared_how *how, const char key[HASH_HEX])
{
	char *text = cache_recall(how->cache, key), *p = text;
	size_t cell, len;
	int used;

	while (p && *p) {
		used = 0;
		if (sscanf(p, "M %zu %zu%n", &cell, &len, &used) == 2 && used &&
		    cell < s->count && p[used] == '\n' &&
		    strlen(p + used + 1) > len) {
			buf_clear(&s->messages[cell]);
			buf_add(&s->messages[cell], p + used + 1, len);
			p += (size_t)used + len + 2;
		} else if (!verdicts_read(&p, s->cells, s->count)) {
			break;
		}
	}
	free(text);
	return text != NULL;
}

/* building */

/* Are there warnings already? */
static bool
has_messages(const struct shared *s, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!s->cells[i].left_out && s->messages[i].len)
			return true;
	return false;
}

/* It compiles: its messages are warnings. With a product from the cache they
 * were remembered, unless other cells have changed that are not in it. */
static void
accept_product(struct shared *s, size_t count,
	       const struct diag_source *sources, struct built *b)
{
	s->cached = s->cached && b->cached;
	if (!b->cached || !has_messages(s, count)) {
		for (size_t i = 0; i < count; i++)
			if (!s->cells[i].left_out)
				buf_clear(&s->messages[i]);
		shared_hand_out(s, &b->diags, sources, count, NULL);
	}
	free(s->path);
	free(s->command);
	s->path = b->path;
	s->command = b->command;
	memcpy(s->digest, b->digest, sizeof s->digest);
	b->path = b->command = NULL;
}

static bool
all_left_out(const struct shared *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (!s->cells[i].left_out)
			return false;
	return true;
}

/* Rounds until the first `count` cells compile, each after a change. `probe` is
 * a cell that is not left out but whose messages are wanted, or NULL. 1: they
 * compile; 0: the probe does not. */
static int
settle(struct shared *s, size_t count, const struct shared_how *how,
       const struct unit_cell *probe, struct err *e)
{
	struct diag_source *sources = mem_alloc(count + 1, sizeof *sources);
	struct buf text = { 0 };
	int rc = -2;

	for (int round = 0; rc == -2; round++) {
		struct built b = { 0 };

		if (compile(s, count, how, &text, sources, &b, e) < 0) {
			rc = -1;
		} else if (b.path) {
			accept_product(s, count, sources, &b);
			rc = 1;
		} else {
			s->cached = false;
			if (round < ROUNDS &&
			    verdicts_take(s->cells, count, &b.diags, sources)) {
				built_release(&b);
				continue;
			}
			if (probe) {
				shared_hand_out(s, &b.diags, sources, count,
						probe);
				verdicts_hints(s->cells, s->count,
					       (size_t)(probe - s->cells),
					       &b.diags, s->messages);
				rc = 0;
			} else if (leave_out(s, count, how, &b.diags, sources,
					     round, e) < 0) {
				rc = -1;
			} else if (all_left_out(s)) {
				rc = 1;
			}
		}
		built_release(&b);
	}
	buf_release(&text);
	free(sources);
	return rc;
}

/* A text with something left open would swallow the cells below it. */
static void
leave_out_open(struct shared *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (unit_cell_is_open(&s->cells[i]))
			s->cells[i].left_out = true;
}

/* As things were decided before. 1: it compiles, or there is nothing to
 * compile; 0: it does not. */
static int
try_once(struct shared *s, const struct shared_how *how, struct err *e)
{
	struct diag_source *sources = mem_alloc(s->count + 1, sizeof *sources);
	struct buf text = { 0 };
	struct built b = { 0 };
	int rc = 1;

	if (!all_left_out(s))
		rc = compile(s, s->count, how, &text, sources, &b, e);
	if (rc == 0 && b.path) {
		accept_product(s, s->count, sources, &b);
		rc = 1;
	}
	built_release(&b);
	buf_release(&text);
	free(sources);
	return rc;
}

static void
guess_all(struct shared *s)
{
	struct guesses g;

	guess_init(&g, s->cells, s->count);
	for (size_t i = 0; i < s->count; i++)
		guess_cell(&g, s->cells, i);
	guess_release(&g);
}

int
shared_build(struct shared *s, const struct shared_how *how, struct err *e)
{
	int64_t began = clock_mono_ns();
	char key[HASH_HEX];
	int rc = 0;

	s->cached = true;
	if (shared_learn(s, how, e) < 0)
		return -1;
	shared_key(s, how, key, "shared 7");
	/* What was decided once may be wrong by now: a header has changed. */
	if (!s->forget && recall(s, how, key) &&
	    (rc = try_once(s, how, e)) == 0)
		for (size_t i = 0; i < s->count; i++)
			unit_cell_reset(&s->cells[i]);
	if (rc == 0 && !s->path) {
		guess_all(s);
		leave_out_open(s);
		rc = all_left_out(s) ? 1 : settle(s, s->count, how, NULL, e);
	}
	if (rc > 0 && !s->cached)
		remember(s, how, key);
	s->duration_ns = clock_mono_ns() - began;
	return rc < 0 ? -1 : 0;
}

int
shared_retry(struct shared *s, size_t i, const struct shared_how *how,
	     struct err *e)
{
	struct unit_cell *c = &s->cells[i];
	char *path = s->path, *command = s->command;
	int rc;

	s->path = s->command = NULL;
	c->left_out = false;
	buf_clear(&s->messages[i]);
	rc = settle(s, i + 1, how, c, e);
	if (rc != 1)
		c->left_out = true;
	else
		c->closed = true;
	/* What it compiled to would be a unit without the cells below. */
	free(s->path);
	free(s->command);
	s->path = path;
	s->command = command;
	return rc;
}

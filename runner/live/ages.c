/* ages.c: a notebook's cells against those that its session had. Floor 5. Which
 * of them the session has to run is held.c's to know: it compares what they are
 * compiled to. */
#include "live/ages.h"

#include <stdlib.h>
#include <string.h>
#include "base/hash.h"
#include "base/mem.h"
#include "exec/params.h"

/* How a cell takes part; a print begins with it. */
enum share {
	SHARE_HOST = 'h', /* in the order of the states */
	SHARE_OWN = 'p',  /* a process of its own */
	SHARE_NONE = '-',
};

static enum share
share_of(const struct cell_info *c)
{
	if (cell_info_is_skipped(c) || c->kind == KIND_EMPTY)
		return SHARE_NONE;
	return c->kind == KIND_TABLE || c->kind == KIND_SHARED ? SHARE_HOST
							       : SHARE_OWN;
}

static void
hash_strs(struct hash *h, const struct strs *list)
{
	for (size_t i = 0; i < list->count; i++)
		hash_add_str(h, list->at[i]);
	hash_add_str(h, NULL);
}

/* Lists that make another cell of it when they are others. */
static void
hash_options(struct hash *h, const struct cell_options *o)
{
	const struct strs *lists[] = { &o->args,    &o->env,  &o->cflags,
				       &o->ldflags, &o->libs, &o->sanitize,
				       &o->run };
	const char *words[] = { o->stdin_text, o->stdin_file, o->cc,
				o->use_plugin, o->use_cell,   o->file };

	for (size_t i = 0; i < countof(lists); i++)
		hash_strs(h, lists[i]);
	for (size_t i = 0; i < countof(words); i++)
		hash_add_str(h, words[i]);
	hash_add_str(h, o->plain ? "plain" : NULL);
}

/* Of all texts that become files: programs may read any of them. */
static void
files_print(const struct cell_list *cells, char hex[HASH_HEX])
{
	struct hash h;

	hash_init(&h);
	for (size_t i = 0; i < cells->count; i++) {
		const struct cell_info *c = &cells->at[i];

		if (c->kind == KIND_FILE || c->options->file)
			hash_add(&h, c->cell->source.at, c->cell->source.len);
	}
	hash_hex(&h, hex);
}

/* The text of a table cell stands elsewhere, and its own is no C. */
static void
hash_text(struct hash *h, const struct cell_info *c)
{
	char *text;

	if (c->kind == KIND_TABLE)
		return;
	text = option_blanked(c->cell->source);
	hash_add(h, text, c->cell->source.len);
	free(text);
}

static void
hash_params(struct hash *h, const struct notebook *nb)
{
	for (size_t i = 0; i < nb->nparams; i++) {
		hash_add_str(h, nb->params[i].key);
		hash_add_str(h, nb->params[i].value);
	}
}

static void
add_print(struct strs *prints, const struct cell_list *cells,
	  const struct cell_info *c, const char *files)
{
	enum share share = share_of(c);
	char hex[HASH_HEX];
	struct hash h;

	hash_init(&h);
	hash_add_str(&h, cell_kind_name(c->kind));
	hash_add_str(&h, c->name);
	hash_options(&h, c->options);
	hash_text(&h, c);
	if (share == SHARE_OWN)
		hash_add_str(&h, files);
	if (params_may_reach(c))
		hash_params(&h, cells->nb);
	hash_hex(&h, hex);
	strs_addf(prints, "%c%s", share, hex);
}

static void
add_prints(struct strs *prints, const struct cell_list *cells)
{
	char files[HASH_HEX];

	files_print(cells, files);
	for (size_t i = 0; i < cells->count; i++)
		add_print(prints, cells, &cells->at[i], files);
}

void
ages_tell(struct answer *a, const struct cell_list *cells)
{
	for (size_t i = 0; i < cells->count; i++)
		strs_add(&a->ids, cells->at[i].cell->id);
	add_prints(&a->prints, cells);
}

/* The session's cell with that id; its count where it has none. */
static size_t
find(const struct answer *a, const char *id)
{
	size_t i = 0;

	while (i < a->ids.count && strcmp(a->ids.at[i], id) != 0)
		i++;
	return i;
}

static size_t
next_in_host(const struct answer *a, size_t i)
{
	while (i < a->prints.count && a->prints.at[i][0] != SHARE_HOST)
		i++;
	return i;
}

/* It stands in another state, or is another itself. */
static enum cell_age
age_apart(const struct answer *a, const struct cell_info *c, const char *print)
{
	size_t i = find(a, c->cell->id);

	if (i == a->ids.count || a->ages.data[i] == AGE_NEW)
		return AGE_NEW;
	return strcmp(a->prints.at[i], print) ? AGE_CHANGED : AGE_STALE;
}

static enum cell_age
age_of_own(const struct answer *a, const struct cell_info *c, const char *print)
{
	size_t i = find(a, c->cell->id);

	if (i < a->ids.count && !strcmp(a->prints.at[i], print))
		return (enum cell_age)a->ages.data[i];
	return age_apart(a, c, print);
}

/* Who said it may be no session of ours. */
static bool
is_well_formed(const struct answer *a)
{
	if (a->ids.count != a->prints.count || a->ids.count != a->gaps.count ||
	    a->ids.count != a->ages.len)
		return false;
	for (size_t i = 0; i < a->ages.len; i++)
		if ((unsigned char)a->ages.data[i] > AGE_NONE)
			return false;
	return true;
}

void
ages_compare(struct buf *ages, struct strs *gaps, const struct cell_list *cells,
	     const struct answer *a)
{
	struct strs now = { 0 };
	size_t at;
	bool same = true;

	if (!is_well_formed(a))
		return;
	at = next_in_host(a, 0);
	add_prints(&now, cells);
	for (size_t i = 0; i < cells->count; i++) {
		const struct cell_info *c = &cells->at[i];
		const char *print = now.at[i], *gap = "";
		enum cell_age age = AGE_NONE;

		if (print[0] == SHARE_OWN)
			age = age_of_own(a, c, print);
		if (print[0] == SHARE_HOST) {
			same = same && at < a->prints.count &&
			       !strcmp(a->prints.at[at], print);
			age = same ? (enum cell_age)a->ages.data[at]
				   : age_apart(a, c, print);
			if (same)
				gap = a->gaps.at[at];
			at = next_in_host(a, at + 1);
		}
		buf_add_byte(ages, (char)age);
		strs_add(gaps, gap);
	}
	strs_release(&now);
}

/* edition.c: what the cells of a notebook are made of, to tell whether they are
 * the same at the next call. Floor 5. */
#include "live/edition.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/hash.h"
#include "base/mem.h"
#include "exec/run.h"
#include "sys/fs.h"

void
edition_free(struct edition *ed)
{
	if (!ed)
		return;
	for (size_t i = 0; ed->keys && i < ed->cells.count; i++)
		free(ed->keys[i]);
	free(ed->keys);
	free(ed->skipped);
	params_release(&ed->params);
	cell_list_release(&ed->cells);
	notebook_release(&ed->nb);
	free(ed);
}

void
edition_find_skipped(struct edition *ed)
{
	ed->skipped = mem_alloc(ed->cells.count + 1, sizeof *ed->skipped);
	for (size_t i = 0; i < ed->cells.count; i++)
		ed->skipped[i] = cell_info_is_skipped(&ed->cells.at[i]);
}

int
edition_number_of(const struct edition *ed, const char *id)
{
	for (size_t i = 0; i < ed->cells.count; i++)
		if (!strcmp(ed->cells.at[i].cell->id, id))
			return (int)i + 1;
	return 0;
}

static void
hash_strs(struct hash *k, const struct strs *list)
{
	for (size_t i = 0; i < list->count; i++)
		hash_add_str(k, list->at[i]);
	hash_add_str(k, NULL);
}

/* Of a longer file it is known by its size and its time whether it is another.
 */
#define HASHED_MAX (INT64_C(16) << 20)

/* What is no file is what it is at each time. */
static void
hash_file(struct hash *k, const char *dir, const char *name)
{
	char *path = path_join(dir, name);
	struct buf text = { 0 };
	struct stat st;

	if (fs_read_file(path, HASHED_MAX, &text) == 0) {
		hash_add(k, buf_str(&text), text.len);
		hash_add_str(k, NULL);
	} else if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		buf_addf(&text, "%jd %" PRId64, (intmax_t)st.st_size,
			 fs_mtime_ns(&st));
		hash_add_str(k, buf_str(&text));
	}
	buf_release(&text);
	free(path);
}

/* What it is run with, beside its code. */
static void
hash_options(struct hash *k, const struct run *r, const struct cell_info *c)
{
	const struct cell_options *o = c->options;

	hash_strs(k, &o->args);
	hash_strs(k, &o->env);
	hash_add_str(k, o->stdin_text);
	if (o->stdin_file)
		hash_file(k, r->how->workdir, o->stdin_file);
}

/* What it may be told when it asks for a parameter. */
static void
hash_params(struct hash *k, const struct run *r, const struct edition *ed,
	    const struct cell_info *c)
{
	if (!params_may_reach(c))
		return;
	hash_strs(k, r->how->params);
	for (size_t i = 0; i < ed->nb.nparams; i++) {
		hash_add_str(k, ed->nb.params[i].key);
		hash_add_str(k, ed->nb.params[i].value);
	}
}

/* The plugin tells all of a host cell's code, headers included; its text, where
 * it does not compile. */
static int
hash_code(struct hash *k, struct run *r, const struct cell_info *c, bool *known,
	  struct err *e)
{
	const char *shared = NULL;
	char *table = NULL;
	int rc = 0;

	if (c->kind == KIND_SHARED)
		rc = sharedcell_path(r, c, &shared, e);
	if (c->kind == KIND_TABLE)
		rc = cellrun_plugin(r, c, &table, e);
	if (rc < 0 && e->class == ERR_INPUT)
		rc = 0;
	hash_add_str(k, shared ? shared : table);
	hash_add_str(k, c->options->use_cell);
	if (cell_info_is_in_host(c))
		*known &= shared || (table && c->plugin_is_source);
	if (!shared && !table)
		hash_add(k, c->cell->source.at, c->cell->source.len);
	free(table);
	return rc;
}

int
edition_find_keys(struct edition *ed, struct run *r, struct err *e)
{
	struct hash files;
	char hex[HASH_HEX];

	ed->known = true;
	/* The files that the notebook writes are part of all programs. */
	hash_init(&files);
	for (size_t i = 0; i < ed->cells.count; i++) {
		const struct cell_info *c = &ed->cells.at[i];

		if (c->kind == KIND_FILE || c->options->file)
			hash_add(&files, c->cell->source.at,
				 c->cell->source.len);
	}
	hash_hex(&files, hex);
	ed->keys = mem_alloc(ed->cells.count + 1, sizeof *ed->keys);
	for (size_t i = 0; i < ed->cells.count; i++) {
		const struct cell_info *c = &ed->cells.at[i];
		char own[HASH_HEX];
		struct hash k;

		hash_init(&k);
		hash_add_str(&k, cell_kind_name(c->kind));
		hash_add_str(&k, c->name);
		hash_options(&k, r, c);
		hash_params(&k, r, ed, c);
		if (!cell_info_is_in_host(c))
			hash_add_str(&k, hex);
		if (hash_code(&k, r, c, &ed->known, e) < 0)
			return -1;
		ed->known &= !c->options->stdin_file;
		hash_hex(&k, own);
		ed->keys[i] = mem_strdup(own);
	}
	return 0;
}

/* compdb.c: the cells' C as files, with a compile_commands.json. Floor 4. A
 * program's file is its text, a table cell's is the plugin's own. A shared cell
 * is a file whose lines are the cell's, with a header in front that holds what
 * the cells above it are:
 *
 *	NAME.c		the cell
 *	NAME.above.h	in front of it: the unit up to there
 *	NAME.unit.h	the cell as a part of the unit, for those below
 */
#include "exec/compdb.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "build/command.h"
#include "build/shared.h"
#include "build/standalone.h"
#include "format/json.h"
#include "sys/fs.h"

struct compdb {
	struct run *run;
	char *dir;
	struct buf json;
	struct json_out out;
	struct err *e;
};

/* To a file that is wrapped in functions, a result is a value of no use, and a
 * variable that is computed stands twice. */
static const char *const shared_words[] = {
	"-Werror=implicit-int", "-Werror=implicit-function-declaration",
	"-Wno-unused-value",	"-Wno-unused-variable",
	"-Wno-unused-function", "-Wno-return-type",
};

static char *
file_path(const struct compdb *db, const char *name, const char *suffix)
{
	struct buf b = { 0 };

	buf_addf(&b, "%s/%s%s", db->dir, name, suffix);
	return buf_take(&b);
}

static int
put_file(struct compdb *db, const char *name, const char *suffix,
	 const struct buf *text)
{
	char *path = file_path(db, name, suffix);
	int rc = fs_write(path, buf_slice(text), db->e);

	free(path);
	return rc;
}

/* ---- compile_commands.json ---- */

static void
add_entry(struct compdb *db, const char *file, const struct unit *u,
	  const struct strs *argv)
{
	struct json_out *j = &db->out;

	json_open(j, '{');
	json_key(j, "directory");
	json_str(j, u->workdir);
	json_key(j, "file");
	json_str(j, file);
	json_key(j, "arguments");
	json_open(j, '[');
	for (size_t i = 0; i < argv->count; i++)
		json_str(j, argv->at[i]);
	json_str(j, "-c");
	json_str(j, file);
	json_close(j, ']');
	json_close(j, '}');
}

/* `above` (NULL: none) is included in front. */
static int
add_command(struct compdb *db, const char *file, const char *cc_name,
	    const struct unit *u, const char *above)
{
	const struct cc *cc =
		workshop_find_cc(&db->run->workshop, cc_name, db->e);
	struct strs argv = { 0 };
	struct command c;

	if (!cc || command_init(&c, cc, NULL, u, db->e) < 0)
		return -1;
	command_argv_reading(&c, &argv);
	for (size_t i = 0; above && i < countof(shared_words); i++)
		strs_add(&argv, shared_words[i]);
	if (above) {
		strs_add(&argv, "-include");
		strs_add(&argv, above);
	}
	add_entry(db, file, u, &argv);
	strs_release(&argv);
	command_release(&c);
	return 0;
}

/* ---- programs and plugins ---- */

static int
add_cell(struct compdb *db, const struct cell_info *c, const char *file,
	 const char *workdir)
{
	struct workshop *w = &db->run->workshop;
	const struct run_settings *how = db->run->how;
	struct strs cflags = { 0 };
	struct unit u = { .workdir = workdir,
			  .cflags = &cflags,
			  .libs = &c->options->libs,
			  .sanitize = &c->options->sanitize,
			  .include_dir = how->home->include_dir };
	int rc;

	strs_add_all(&cflags, &c->options->cflags);
	if (how->cflags)
		strs_add_all(&cflags, how->cflags);
	rc = add_command(db, file, workshop_cc_name(w, c->options), &u, NULL);
	strs_release(&cflags);
	return rc;
}

static int
add_program(struct compdb *db, const struct cell_info *c)
{
	char *text = option_blanked(c->cell->source);
	char *path = file_path(db, c->name, ".c");
	struct buf b = { 0 };
	int rc;

	buf_add(&b, text, c->cell->source.len);
	buf_add_byte(&b, '\n');
	rc = put_file(db, c->name, ".c", &b);
	if (rc == 0)
		rc = add_cell(db, c, path, db->run->how->workdir);
	buf_release(&b);
	free(path);
	free(text);
	return rc;
}

/* A plugin stands once, however many cells name it. */
static int
add_plugin(struct compdb *db, size_t i)
{
	const struct cell_list *l = db->run->cells;
	char *path = path_absolute(l->at[i].plugin_path), *dir;
	int rc;

	for (size_t k = 0; k < i; k++)
		if (l->at[k].plugin_path && l->at[k].plugin_is_source &&
		    !strcmp(l->at[k].plugin_path, l->at[i].plugin_path)) {
			free(path);
			return 0;
		}
	dir = path_dir(path);
	rc = add_cell(db, &l->at[i], path, dir);
	free(dir);
	free(path);
	return rc;
}

/* ---- shared cells ---- */

static void
add_include(const struct compdb *db, struct buf *out, const char *name)
{
	buf_addf(out, "#include \"%s/%s.unit.h\"\n", db->dir, name);
}

/* The files of one cell; `above` is the name of the one above it. */
static int
put_shared(struct compdb *db, const struct unit_cell *c, size_t number,
	   const char *above)
{
	struct buf main = { 0 }, before = { 0 }, unit = { 0 };
	int rc;

	add_include(db, &before, above);
	standalone_write(&main, &before, c);
	buf_add_byte(&before, '\n');
	buf_add_str(&unit, "#pragma once\n");
	add_include(db, &unit, above);
	if (!c->left_out)
		unit_write_cell(&unit, c, number, false);
	rc = put_file(db, c->name, ".c", &main);
	if (rc == 0)
		rc = put_file(db, c->name, ".above.h", &before);
	if (rc == 0)
		rc = put_file(db, c->name, ".unit.h", &unit);
	buf_release(&main);
	buf_release(&before);
	buf_release(&unit);
	return rc;
}

static int
add_shared(struct compdb *db)
{
	struct shared_how how;
	const struct shared *s = sharedcells_unit(db->run, &how, db->e);
	struct unit u = { .workdir = db->run->how->workdir };
	struct buf front = { 0 };
	const char *above = "";
	int rc;

	if (!s)
		return 0;
	u.cflags = how.cflags;
	u.libs = how.libs;
	u.sanitize = how.sanitize;
	buf_add_str(&front, "#pragma once\n");
	unit_write_front(&front, s->cells, s->count);
	rc = put_file(db, above, ".unit.h", &front);
	for (size_t i = 0; i < s->count && rc == 0; i++) {
		const struct unit_cell *c = &s->cells[i];
		char *file = file_path(db, c->name, ".c");
		char *header = file_path(db, c->name, ".above.h");

		rc = put_shared(db, c, i + 1, above);
		if (rc == 0)
			rc = add_command(db, file, sharedcells_cc(db->run), &u,
					 header);
		above = c->name;
		free(file);
		free(header);
	}
	buf_release(&front);
	return rc;
}

/* ---- all of it ---- */

static int
add_all(struct compdb *db)
{
	const struct cell_list *l = db->run->cells;
	int rc = 0;

	json_begin(&db->out, &db->json, 1, 0);
	json_open(&db->out, '[');
	for (size_t i = 0; i < l->count && rc == 0; i++) {
		const struct cell_info *c = &l->at[i];

		if (c->kind == KIND_PROGRAM)
			rc = add_program(db, c);
		else if (c->kind == KIND_TABLE && c->plugin_path &&
			 c->plugin_is_source)
			rc = add_plugin(db, i);
	}
	if (rc == 0)
		rc = add_shared(db);
	json_close(&db->out, ']');
	buf_add_byte(&db->json, '\n');
	return rc;
}

/* A folder of the notebook's own in the cache. */
static char *
usual_dir(const struct run *r)
{
	char *path = path_absolute(r->cells->nb->path);
	char hex[HASH_HEX];
	struct buf b = { 0 };
	struct hash h;

	hash_init(&h);
	hash_add_str(&h, path);
	hash_hex(&h, hex);
	buf_addf(&b, "%s/" CACHE_CELLS "/%.8s-%s", r->workshop.cache.dir, hex,
		 r->cells->nb->name);
	free(path);
	return buf_take(&b);
}

int
compdb_write(struct run *r, const char *dir, char **path, struct err *e)
{
	struct compdb db = { .run = r, .e = e };
	int rc;

	/* This opens the cache too. */
	if (!workshop_find_cc(&r->workshop, r->how->cc, e))
		return -1;
	db.dir = dir ? path_absolute(dir) : usual_dir(r);
	rc = fs_mkdirs(db.dir, 0777, e);
	if (rc == 0)
		rc = add_all(&db);
	if (rc == 0)
		rc = put_file(&db, "compile_commands", ".json", &db.json);
	if (rc == 0)
		*path = file_path(&db, "compile_commands", ".json");
	buf_release(&db.json);
	free(db.dir);
	return rc;
}

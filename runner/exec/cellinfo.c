/* cellinfo.c: the code cells of a notebook, understood. Floor 4, because it
 * joins what the model and the lexer know; it builds and runs nothing. */
#include "exec/cellinfo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include "base/lexer.h"
#include "base/mem.h"
#include "build/source.h"
#include "model/option_fit.h"
#include "sys/fs.h"

/* The notebook's options, the cell's metadata's, those of its text. */
static struct option_text *
all_options(struct cell_list *l, const struct cell_info *c, size_t *n)
{
	const struct notebook *nb = l->nb;
	struct option_text *all = NULL;

	*n = 0;
	for (size_t i = 0; i < nb->noptions; i++)
		*mem_push(all, *n) = nb->options[i];
	for (size_t i = 0; i < c->cell->noptions; i++)
		*mem_push(all, *n) = c->cell->options[i];
	option_scan(&l->arena, c->cell->source, &all, n);
	return all;
}

/* What the options of the cell above were made from. */
struct above {
	struct option_text *texts;
	size_t count;
};

static const struct option_text *
next_but_name(const struct option_text *at, const struct option_text *end)
{
	while (at < end && !strcmp(at->key, option_key_name(OPT_NAME)))
		at++;
	return at;
}

static bool
same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* Do they say the same of all but the name? */
static bool
same_options(const struct above *above, const struct option_text *texts,
	     size_t n)
{
	const struct option_text *a = above->texts, *a_end = a + above->count;
	const struct option_text *b = texts, *b_end = b + n;

	for (;; a++, b++) {
		a = next_but_name(a, a_end);
		b = next_but_name(b, b_end);
		if (a == a_end || b == b_end)
			return a == a_end && b == b_end;
		if (strcmp(a->key, b->key) != 0 ||
		    !same_text(a->value, b->value) || a->place != b->place ||
		    a->line != b->line || a->legacy != b->legacy)
			return false;
	}
}

/* Most cells of a large notebook ask for nothing, or for the same: one set of
 * options, several times as large as the rest of what we know of a cell, is
 * kept for all of them. */
static void
keep_options(struct cell_list *l, struct cell_info *c, struct cell_options *o,
	     struct above *above, struct option_text *texts, size_t n)
{
	const struct cell_info *before = c > l->at ? c - 1 : NULL;

	c->given_name = o->name;
	o->name = NULL;
	if (before && before->kind == c->kind &&
	    same_options(above, texts, n)) {
		cell_options_release(o);
		c->options = before->options;
		free(texts);
		return;
	}
	c->options = mem_alloc(1, sizeof *o);
	*c->options = *o;
	*mem_push(l->options, l->noptions) = c->options;
	free(above->texts);
	*above = (struct above){ texts, n };
}

/* The cell's kind and its options depend on each other: those that make the
 * kind are read first, then those that it has no use for are left out. */
static int
read_options(struct cell_list *l, struct cell_info *c, struct above *above,
	     struct strs *warnings, struct err *e)
{
	struct cell_options own, *o = &own;
	size_t n, all;
	struct option_text *texts = all_options(l, c, &n);
	struct strs again = { 0 };
	int rc;

	cell_options_init(o);
	rc = option_apply(o, texts, n, warnings, e);
	if (rc == 0) {
		c->kind = source_kind(&l->arena, c->cell->source, o, &c->why);
		all = n;
		rc = option_fit(texts, &n, c->kind, o->run.count > 0, warnings,
				e);
		if (rc == 0 && n < all) {
			cell_options_release(o);
			rc = option_apply(o, texts, n, &again, e);
		}
	}
	strs_release(&again);
	keep_options(l, c, o, above, texts, n);
	return rc;
}

static const char *
name_of(const struct cell_info *c)
{
	if (c->given_name)
		return c->given_name;
	if (c->cell->meta_name && cell_name_ok(c->cell->meta_name))
		return c->cell->meta_name;
	if (c->options->use_cell)
		return c->options->use_cell;
	return c->cell->id;
}

/* In a longer one no function is looked for, and no compiler would end. */
#define TABLE_FILE_MOST (INT64_C(64) << 20)

/* A notebook by others may lead to a pipe, a device, or what has no end. */
static bool
may_be_plugin(struct cell_list *l, struct cell_info *c, const char *path,
	      bool source)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return false;
	if (S_ISREG(st.st_mode) && (!source || st.st_size <= TABLE_FILE_MOST))
		return true;
	if (!c->plugin_fault)
		c->plugin_fault =
			arena_printf(&l->arena,
				     S_ISREG(st.st_mode)
					     ? "'%s' is longer than 64 MiB"
					     : "'%s' is no file",
				     path);
	return false;
}

/* dir/plugin.c, else dir/plugin.so; or `place` itself if it is that file. */
static bool
find_plugin_at(struct cell_list *l, struct cell_info *c, const char *place)
{
	static const char *const suffixes[] = { ".c", ".so" };

	for (size_t i = 0; i < countof(suffixes); i++) {
		char *file, *path;

		file = mem_grow(NULL, strlen(c->options->use_plugin) + 4, 1);
		sprintf(file, "%s%s", c->options->use_plugin, suffixes[i]);
		path = fs_is_dir(place) ? path_join(place, file)
		       : !strcmp(path_base(place), file) ? mem_strdup(place)
							 : NULL;
		free(file);
		if (path && may_be_plugin(l, c, path, i == 0)) {
			c->plugin_path = arena_str(&l->arena, path);
			free(path);
			c->plugin_is_source = i == 0;
			return true;
		}
		free(path);
	}
	return false;
}

/* Where the cell right above found it, if that is the same. */
static bool
find_plugin_above(const struct cell_list *l, struct cell_info *c)
{
	const struct cell_info *above = c > l->at ? c - 1 : NULL;

	if (!above || above->kind != KIND_TABLE || !above->plugin_path ||
	    strcmp(above->options->use_plugin, c->options->use_plugin) != 0)
		return false;
	c->plugin_path = above->plugin_path;
	c->plugin_is_source = above->plugin_is_source;
	return true;
}

static void
find_plugin(struct cell_list *l, struct cell_info *c)
{
	const struct notebook *nb = l->nb;
	static const char *const usual[] = { "../cells", "." };
	const char *const *places = nb->plugins ? nb->plugins : usual;
	size_t n = nb->plugins ? nb->nplugins : countof(usual);
	char *dir =
		!strcmp(nb->path, "-") ? mem_strdup(".") : path_dir(nb->path);

	for (size_t i = 0; i < n && path_stays(c->options->use_plugin); i++) {
		char *place = path_join(dir, places[i]);
		bool found = find_plugin_at(l, c, place);

		free(place);
		if (found)
			break;
	}
	free(dir);
}

static int
by_name(const void *a, const void *b)
{
	const struct cell_info *x = *(const struct cell_info *const *)a;
	const struct cell_info *y = *(const struct cell_info *const *)b;
	int order = strcmp(x->name, y->name);

	return order ? order : x->cell->number - y->cell->number;
}

static int
check_names(const struct cell_list *l, struct err *e)
{
	const struct cell_info **sorted = mem_alloc(l->count, sizeof *sorted);
	int rc = 0;

	for (size_t i = 0; i < l->count; i++)
		sorted[i] = &l->at[i];
	qsort(sorted, l->count, sizeof *sorted, by_name);
	for (size_t i = 1; i < l->count && rc == 0; i++)
		if (!strcmp(sorted[i - 1]->name, sorted[i]->name))
			rc = err_input(e,
				       "cannot use '%s': cells %d and %d are "
				       "both named '%s'; name one of them with "
				       "//| name:",
				       l->nb->path, sorted[i - 1]->cell->number,
				       sorted[i]->cell->number,
				       sorted[i]->name);
	free(sorted);
	return rc;
}

/* A plugin's source, read once for all cells that it has. */
struct table_file {
	char *path; /* as the first of them has it */
	off_t size;
	struct timespec mtime;
	struct buf text;
	struct table_function {
		char *cell;
		struct slice text; /* part of the file's */
	} * functions;
	size_t nfunctions;
};

static struct table_file *
file_of(struct cell_list *l, const char *path)
{
	struct table_file *f;

	for (size_t i = 0; i < l->nfiles; i++)
		if (!strcmp(l->files[i]->path, path))
			return l->files[i];
	f = mem_alloc(1, sizeof *f);
	f->path = mem_strdup(path);
	*mem_push(l->files, l->nfiles) = f;
	return f;
}

static void
table_file_free(struct table_file *f)
{
	for (size_t i = 0; i < f->nfunctions; i++)
		free(f->functions[i].cell);
	free(f->functions);
	free(f->path);
	buf_release(&f->text);
	free(f);
}

/* Read it again if it is another by now. */
static bool
refresh(struct table_file *f)
{
	struct stat st;

	if (stat(f->path, &st) < 0)
		return false;
	if (f->text.data && st.st_size == f->size &&
	    st.st_mtim.tv_sec == f->mtime.tv_sec &&
	    st.st_mtim.tv_nsec == f->mtime.tv_nsec)
		return true;
	for (size_t i = 0; i < f->nfunctions; i++)
		free(f->functions[i].cell);
	f->nfunctions = 0;
	buf_clear(&f->text);
	f->size = st.st_size;
	f->mtime = st.st_mtim;
	return fs_read_file(f->path, TABLE_FILE_MOST, &f->text) == 0;
}

/* The definition of the function that a cell names; length 0: not found. */
static struct slice
function_of(struct table_file *f, const char *cell)
{
	struct slice found = { "", 0 };

	for (size_t i = 0; i < f->nfunctions; i++)
		if (!strcmp(f->functions[i].cell, cell))
			return f->functions[i].text;
	if (!source_table_cell(buf_slice(&f->text), cell, &found, NULL))
		found.len = 0;
	*mem_push(f->functions, f->nfunctions) =
		(struct table_function){ mem_strdup(cell), found };
	return found;
}

/* Is it the same C, but for blanks and comments? */
static bool
is_same_code(struct slice a, struct slice b)
{
	struct lexer la, lb;
	struct token ta, tb;

	lexer_init(&la, a);
	lexer_init(&lb, b);
	do {
		ta = lexer_next_code(&la);
		tb = lexer_next_code(&lb);
	} while (ta.kind != TOK_END && ta.kind == tb.kind &&
		 slice_equal(token_text(a, ta), token_text(b, tb)));
	return ta.kind == TOK_END && tb.kind == TOK_END;
}

/* What stands below a table cell's options is for readers: it is to be what
 * runs. */
static void
compare_code(const struct cell_info *c, struct strs *warnings)
{
	char *copy = option_blanked(c->cell->source);
	struct slice shown = { copy, c->cell->source.len }, code = { "", 0 };
	struct lexer l;

	lexer_init(&l, shown);
	if (lexer_next_code(&l).kind != TOK_END && refresh(c->file))
		code = function_of(c->file, c->options->use_cell);
	if (code.len && !is_same_code(shown, code))
		strs_addf(warnings,
			  "its text is not that of '%s' in '%s', which runs; "
			  "'cnb run -i --show-code' writes that one here",
			  c->options->use_cell, c->plugin_path);
	free(copy);
}

static void
take_warnings(struct cell_list *l, const struct cell_info *c,
	      struct strs *warnings)
{
	for (size_t i = 0; i < warnings->count; i++)
		strs_addf(&l->warnings, "'%s': cell %d: %s", l->nb->path,
			  c->cell->number, warnings->at[i]);
	strs_release(warnings);
}

static int
understand(struct cell_list *l, struct cell_info *c, struct above *above,
	   struct err *e)
{
	struct strs warnings = { 0 };
	int rc;

	c->ipynb_line = c->cell->nlines ? c->cell->line_in_file[0] : 0;
	rc = read_options(l, c, above, &warnings, e);
	option_scan_below(&l->arena, c->cell->source, &warnings);
	take_warnings(l, c, &warnings);
	if (rc < 0)
		return err_prefix(e,
				  "cannot use '%s': cell %d (at line %d of the "
				  "file): ",
				  l->nb->path, c->cell->number, c->ipynb_line);
	c->name = name_of(c);
	if (c->kind == KIND_TABLE && !find_plugin_above(l, c))
		find_plugin(l, c);
	if (c->plugin_path && c->plugin_is_source)
		c->file = file_of(l, c->plugin_path);
	if (c->file)
		compare_code(c, &warnings);
	take_warnings(l, c, &warnings);
	return 0;
}

int
cell_list_init(struct cell_list *l, const struct notebook *nb, struct err *e)
{
	struct above above = { 0 };
	int rc = 0;

	*l = (struct cell_list){ .nb = nb };
	arena_init(&l->arena);
	l->at = mem_alloc(nb->ncode, sizeof *l->at);
	for (size_t i = 0; i < nb->ncells && rc == 0; i++) {
		struct cell_info *c = l->at + l->count;

		if (nb->cells[i].type != NB_CODE)
			continue;
		c->cell = &nb->cells[i];
		l->count++;
		rc = understand(l, c, &above, e);
	}
	free(above.texts);
	return rc < 0 ? -1 : check_names(l, e);
}

void
cell_list_release(struct cell_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->at[i].given_name);
	free(l->at);
	for (size_t i = 0; i < l->noptions; i++) {
		cell_options_release(l->options[i]);
		free(l->options[i]);
	}
	free(l->options);
	for (size_t i = 0; i < l->nfiles; i++)
		table_file_free(l->files[i]);
	free(l->files);
	strs_release(&l->warnings);
	arena_release(&l->arena);
	*l = (struct cell_list){ 0 };
}

bool
cell_info_has_tag(const struct cell_info *c, const char *tag)
{
	for (size_t i = 0; i < c->cell->ntags; i++)
		if (!strcmp(c->cell->tags[i], tag))
			return true;
	return strs_has(&c->options->tags, tag);
}

bool
cell_info_is_excused(const struct cell_info *c)
{
	return cell_info_has_tag(c, "raises-exception");
}

bool
cell_info_is_skipped(const struct cell_info *c)
{
	return cell_info_has_tag(c, "skip-execution");
}

bool
cell_info_is_compiled(const struct cell_info *c)
{
	return c->kind == KIND_PROGRAM && !c->options->run.count;
}

bool
cell_info_is_in_host(const struct cell_info *c)
{
	return c->kind == KIND_TABLE || c->kind == KIND_SHARED;
}

char *
cell_info_source(const struct cell_info *c, size_t *len)
{
	struct slice text = c->cell->source, function = { "", 0 };

	if (c->file && refresh(c->file))
		function = function_of(c->file, c->options->use_cell);
	if (function.len)
		text = function;
	*len = text.len;
	return mem_strndup(text.at, text.len);
}

void
cell_info_place(const struct cell_info *c, const struct notebook *nb,
		struct buf *messages)
{
	struct buf label = { 0 };
	const char *at;
	long line = 0;

	buf_addf(&label, "%s:%s:", nb->name, c->name);
	for (at = buf_str(messages); line <= 0 && (at = strstr(at, label.data));
	     at++)
		line = strtol(at + label.len, NULL, 10);
	if (line > 0 && (size_t)line <= c->cell->nlines)
		buf_addf(messages, "%s:%d: line %ld of cell '%s'\n", nb->path,
			 c->cell->line_in_file[line - 1], line, c->name);
	buf_release(&label);
}

/* workshop.c: the compilers and the cache of one run. Floor 4. */
#include "exec/workshop.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/mem.h"
#include "build/memo.h"
#include "sys/fs.h"

/* A plugin that was built for some cells. */
struct made {
	char *source;
	struct stat st;
	const struct cell_options *options; /* of the first of them */
	char *path, *command;
};

void
workshop_init(struct workshop *w, const struct run_settings *how)
{
	*w = (struct workshop){ .how = how };
}

void
workshop_forget(struct workshop *w)
{
	for (size_t i = 0; i < w->nmade; i++) {
		free(w->made[i].source);
		free(w->made[i].path);
		free(w->made[i].command);
	}
	free(w->made);
	w->made = NULL;
	w->nmade = 0;
}

void
workshop_release(struct workshop *w)
{
	for (size_t i = 0; i < w->nccs; i++) {
		cc_release(&w->ccs[i].cc);
		free(w->ccs[i].name);
	}
	free(w->ccs);
	for (size_t i = 0; i < w->nahead; i++)
		built_release(&w->ahead[i].built);
	free(w->ahead);
	workshop_forget(w);
	if (w->cache_open) {
		cache_trim(&w->cache);
		cache_close(&w->cache);
	}
	*w = (struct workshop){ 0 };
}

bool
workshop_compare(struct workshop *w, bool begin)
{
	w->cache.still = begin && w->cache_open && w->cache.memo;
	if (w->cache.still)
		cache_was_removed(&w->cache);
	return w->cache.still && memo_holds(w->cache.memo);
}

bool
workshop_is_current(const struct workshop *w)
{
	return !w->cache_open || !w->cache.memo ||
	       memo_is_current(w->cache.memo);
}

void
workshop_each_file(const struct workshop *w,
		   void (*each)(void *self, const char *path), void *self)
{
	if (w->cache_open && w->cache.memo)
		memo_each_file(w->cache.memo, each, self);
}

const char *
workshop_cc(const struct workshop *w)
{
	return w->nccs ? w->ccs[0].cc.version : NULL;
}

static bool
same_name(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

const struct cc *
workshop_find_cc(struct workshop *w, const char *name, struct err *e)
{
	char *path = NULL;
	struct cc cc;
	bool found;

	if (!w->cache_open) {
		if (cache_open(&w->cache, e) < 0)
			return NULL;
		w->cache_open = true;
		if (w->how->apart)
			cache_remember_answers(&w->cache);
	}
	for (size_t i = 0; i < w->nccs; i++)
		if (same_name(w->ccs[i].name, name))
			return &w->ccs[i].cc;
	/* What a notebook names is found from where its cells start. */
	if (name && strchr(name, '/'))
		path = path_join(w->how->workdir, name);
	found = cc_find_cached(&cc, &w->cache, path ? path : name, e) == 0;
	free(path);
	if (!found)
		return NULL;
	*mem_push(w->ccs, w->nccs) =
		(struct named_cc){ .name = name ? mem_strdup(name) : NULL,
				   .cc = cc };
	return &w->ccs[w->nccs - 1].cc;
}

const char *
workshop_cc_name(const struct workshop *w, const struct cell_options *o)
{
	return o->cc ? o->cc : w->how->cc;
}

void
workshop_expect(struct workshop *w, size_t count)
{
	w->ahead = mem_alloc(count, sizeof *w->ahead);
	w->nahead = count;
	w->expecting = true;
}

/* What was built for the cell before; NULL: nothing, or it is being done. */
static struct built_ahead *
ahead_of(struct workshop *w, int number)
{
	struct built_ahead *a = &w->ahead[number];

	return !w->expecting && (size_t)number < w->nahead && a->done ? a
								      : NULL;
}

/* True: nothing has run since, so it still holds. */
static bool
take_ahead(struct workshop *w, int number, struct built *b)
{
	struct built_ahead *a = ahead_of(w, number);

	if (!a || !w->nothing_runs)
		return false;
	*b = a->built;
	*a = (struct built_ahead){ 0 };
	return true;
}

/* It was found in the cache because it was built ahead: that is told once. */
static void
tell_ahead(struct workshop *w, int number, struct built *b)
{
	struct built_ahead *a = ahead_of(w, number);

	if (!a || !b->cached || !a->built.path || a->built.cached)
		return;
	b->cached = false;
	b->duration_ns = a->built.duration_ns;
	a->done = false;
}

/* A unit with all its words: the cell's, then those of the command line, which
 * thus win. A cell that names its compiler keeps it. NULL: there is none. */
static const struct cc *
complete(struct workshop *w, const struct cell_options *o, struct unit *u,
	 struct strs *cflags, struct err *e)
{
	const struct cc *cc = workshop_find_cc(w, workshop_cc_name(w, o), e);

	if (!cc)
		return NULL;
	strs_add_all(cflags, &o->cflags);
	if (w->how->cflags)
		strs_add_all(cflags, w->how->cflags);
	u->cflags = cflags;
	u->ldflags = &o->ldflags;
	u->libs = &o->libs;
	u->sanitize = &o->sanitize;
	u->include_dir = w->how->home->include_dir;
	return cc;
}

static int
build(struct workshop *w, const struct cell_options *o, struct unit *u,
      struct built *b, struct err *e)
{
	struct strs cflags = { 0 };
	const struct cc *cc = complete(w, o, u, &cflags, e);
	int rc = cc ? cc_build(cc, &w->cache, u, b, e) : -1;

	strs_release(&cflags);
	return rc;
}

/* `label` and `text` are what it borrows. */
static struct unit
program_unit(const struct workshop *w, const struct notebook *nb,
	     const struct cell_info *c, struct buf *label, const char *text)
{
	struct unit u = { .product = PRODUCT_PROGRAM,
			  .workdir = w->how->workdir,
			  .text = { text, c->cell->source.len } };

	buf_addf(label, "%s:%s", nb->name, c->name);
	u.label = label->data;
	u.front = c->options->plain ? NULL : w->how->home->front;
	u.runtime = w->how->home->runtime;
	return u;
}

int
workshop_program(struct workshop *w, const struct notebook *nb,
		 const struct cell_info *c, struct built *b, struct err *e)
{
	char *text = option_blanked(c->cell->source);
	struct buf label = { 0 };
	struct unit u = program_unit(w, nb, c, &label, text);
	int rc = take_ahead(w, c->cell->number, b)
			 ? 0
			 : build(w, c->options, &u, b, e);

	tell_ahead(w, c->cell->number, b);
	w->refused = rc == 0 && !b->path ? c->cell->number : 0;
	buf_release(&label);
	free(text);
	return rc;
}

char *
workshop_look(struct workshop *w, const struct notebook *nb,
	      const struct cell_info *c)
{
	char *text = option_blanked(c->cell->source);
	struct buf label = { 0 };
	struct unit u = program_unit(w, nb, c, &label, text);
	struct built b = { 0 };
	char *path = NULL;
	struct strs cflags = { 0 };
	struct err e;
	const struct cc *cc = complete(w, c->options, &u, &cflags, &e);

	if (cc && cc_look(cc, &w->cache, &u, &b)) {
		path = b.path;
		b.path = NULL;
	}
	built_release(&b);
	strs_release(&cflags);
	buf_release(&label);
	free(text);
	return path;
}

static bool
same_words(const struct strs *a, const struct strs *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->at[i], b->at[i]) != 0)
			return false;
	return true;
}

/* Do they ask for the same build? */
static bool
same_build(const struct cell_options *a, const struct cell_options *b)
{
	return a == b ||
	       (same_name(a->cc, b->cc) && same_words(&a->cflags, &b->cflags) &&
		same_words(&a->ldflags, &b->ldflags) &&
		same_words(&a->libs, &b->libs) &&
		same_words(&a->sanitize, &b->sanitize));
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static const struct made *
find_made(const struct workshop *w, const char *source,
	  const struct cell_options *o, const struct stat *st)
{
	for (size_t i = 0; i < w->nmade; i++)
		if (!strcmp(w->made[i].source, source) &&
		    same_file(&w->made[i].st, st) &&
		    same_build(w->made[i].options, o))
			return &w->made[i];
	return NULL;
}

const char *
workshop_made(const struct workshop *w, const char *source,
	      const struct cell_options *o, const struct stat *st,
	      const char **command)
{
	const struct made *m = find_made(w, source, o, st);

	if (w->expecting || !m)
		return NULL;
	*command = m->command;
	return m->path;
}

static int
build_plugin(struct workshop *w, const char *source,
	     const struct cell_options *o, int number, struct built *b,
	     struct err *e)
{
	char *path = path_absolute(source), *dir = path_dir(path);
	struct unit u = { .product = PRODUCT_PLUGIN,
			  .label = path_base(path),
			  .file = path,
			  .workdir = dir };
	int rc = take_ahead(w, number, b) ? 0 : build(w, o, &u, b, e);

	tell_ahead(w, number, b);
	free(dir);
	free(path);
	return rc;
}

int
workshop_plugin(struct workshop *w, const char *source,
		const struct cell_options *o, int number, struct built *b,
		struct err *e)
{
	const struct made *made;
	struct stat st = { 0 };
	int rc;

	if (w->expecting || stat(source, &st) < 0)
		return build_plugin(w, source, o, number, b, e);
	made = find_made(w, source, o, &st);
	if (made) {
		*b = (struct built){ .path = mem_strdup(made->path),
				     .messages = mem_strdup(""),
				     .command = mem_strdup(made->command),
				     .cached = true };
		return 0;
	}
	rc = build_plugin(w, source, o, number, b, e);
	if (rc == 0 && b->path)
		*mem_push(w->made, w->nmade) =
			(struct made){ mem_strdup(source), st, o,
				       mem_strdup(b->path),
				       mem_strdup(b->command) };
	return rc;
}

int
workshop_host(struct workshop *w, const char *name,
	      const struct strs *sanitizers, struct built *b, struct err *e)
{
	const struct cc *cc = workshop_find_cc(w, name, e);
	struct strs cflags = { 0 }, ldflags = { 0 };
	struct unit u = { .product = PRODUCT_PROGRAM,
			  .label = "cnb-host",
			  .workdir = "/",
			  .text = slice_of("extern int cnb__host;\n"),
			  .cflags = &cflags,
			  .ldflags = &ldflags,
			  .sanitize = sanitizers };
	int rc;

	if (!cc)
		return -1;
	strs_add(&cflags, "-pthread");
	/* What it exports to the cells, and what the runtime does. */
	strs_add(&cflags, "-rdynamic");
	strs_add(&ldflags, w->how->home->host_object);
	strs_add(&ldflags, "-ldl");
	strs_add(&ldflags, "-lm");
	rc = cc_build(cc, &w->cache, &u, b, e);
	strs_release(&cflags);
	strs_release(&ldflags);
	return rc;
}

/* sharedcell.c: a shared cell runs as a row of the plugin that it is in.
 * Floor 4. Their state lives in the host; past.c brings it back where it was
 * lost. */
#include "exec/sharedcell_parts.h"

#include "build/upshot.h"
#include "sys/fs.h"

/* In the plugin's table. Asked for one cell after the other: counted from the
 * last. */
static uint32_t
row_of(struct sharedcells *s, size_t i)
{
	while (s->counted > i)
		s->rows -= !sharedcells_lack(s, --s->counted);
	for (; s->counted < i; s->counted++)
		s->rows += !sharedcells_lack(s, s->counted);
	return (uint32_t)s->rows;
}

void
sharedcells_tell(struct run *r, struct sharedcells *s, size_t i, bool failed)
{
	struct event ev = { .kind = EV_BUILT };

	ev.built.cc = workshop_cc(&r->workshop);
	ev.built.failed = failed;
	ev.built.cached = s->cached;
	ev.built.messages = s->analysed ? buf_slice(&s->unit.messages[i])
					: slice_of(upshot_of(&s->upshot, i));
	if (!s->told) {
		ev.built.duration_ns = s->duration_ns;
		ev.built.command =
			s->analysed ? s->unit.command : s->upshot.command;
	}
	s->told = true;
	emit(&r->emitter, s->infos[i]->cell->number, ev);
}

/* What was built must be there, or it is not the cell that is at fault. */
static int
load_built(struct run *r, const char *path, const struct loaded **loaded,
	   struct err *e)
{
	int rc = (sharedcells_are_apart(r) ? hostcell_load_shared
					   : hostcell_load)(r, path, loaded, e);

	if (rc < 0 && e->class == ERR_INPUT && !fs_exists(path))
		err_system(e,
			   "'%s' is gone: somebody has removed the build "
			   "cache; run the cell again",
			   path);
	return rc;
}

/* All plugins down to that of the i-th cell. One above that cannot be loaded is
 * its own cell's failure. */
static int
load_down_to(struct run *r, size_t i, const struct loaded **loaded,
	     struct err *e)
{
	const struct sharedcells *s = r->shared;
	size_t k = hostcell_below(r, s->id, r->nloaded), after = 0;
	bool all = true;
	int rc = 0;

	for (k = k < i ? k : i; k <= i; k++) {
		const char *path = s->apart.cells[k].path;

		rc = path || k == i ? load_built(r, path, loaded, e) : -1;
		if (rc < 0 && path && k < i && e->class != ERR_INPUT)
			return -1;
		/* In this order: who is asked of the first ones counts on it.
		 * Some may be one plugin. */
		all &= rc == 0 && (size_t)(*loaded - r->loaded) >= after;
		if (!all)
			continue;
		after = (size_t)(*loaded - r->loaded);
		hostcell_note_below(r, *loaded, s->id, k + 1);
	}
	return rc;
}

/* One plugin for all cells; or one for each cell down to it, whether they ran
 * or not. */
int
sharedcell_load(struct run *r, const struct cell_info *c,
		const struct loaded **loaded, uint32_t *row, struct err *e)
{
	struct sharedcells *s = r->shared;
	size_t i = sharedcells_index(s, c);

	*row = sharedcells_are_apart(r) ? s->apart.cells[i].row : row_of(s, i);
	if (!sharedcells_are_apart(r))
		return load_built(r, sharedcells_plugin(s), loaded, e);
	return load_down_to(r, i, loaded, e);
}

/* NULL: it does not compile. */
static const char *
plugin_for(const struct run *r, size_t i)
{
	return sharedcells_are_apart(r) ? r->shared->apart.cells[i].path
					: sharedcells_plugin(r->shared);
}

const char *
sharedcell_ahead(struct run *r, const struct cell_info *c, size_t loaded)
{
	const struct sharedcells *s = r->shared;
	size_t last = s ? sharedcells_index(s, c) : 0;
	const char *missing = NULL;

	for (size_t i = s ? hostcell_below(r, s->id, loaded) : 0;
	     s && i <= last; i++) {
		const char *path = plugin_for(r, i);

		if (!path || hostcell_has(r, path, loaded))
			continue;
		if (i < last)
			return NULL;
		missing = path;
	}
	return missing;
}

int
sharedcell_path(struct run *r, const struct cell_info *c, const char **path,
		struct err *e)
{
	if (sharedcells_ensure(r, e) < 0)
		return -1;
	*path = r->shared->apart.cells[sharedcells_index(r->shared, c)].path;
	return 0;
}

/* A cell that did not compile is tried once more: a cell above may have written
 * a header. 1: it compiles now. */
static int
try_again(struct run *r, size_t i, struct cell_result *res, struct err *e)
{
	struct sharedcells *s = r->shared;
	int rc = sharedcells_retry(r, s, i, e);

	if (rc == 1 && sharedcells_are_apart(r))
		return sharedcells_build_rest(r, s, e) < 0 ? -1 : 1;
	if (rc == 1) {
		if (sharedcells_rebuild(r, s, e) < 0)
			return -1;
		s = r->shared;
		if (!sharedcells_lack(s, i))
			return 1;
		rc = 0;
	}
	if (rc == 0) {
		verdict_of_build(&res->verdict, buf_str(&s->unit.messages[i]));
		/* For editors, not to be saved: saving moves it. */
		cell_info_place(s->infos[i], r->cells->nb,
				&s->unit.messages[i]);
		sharedcells_tell(r, s, i, true);
	}
	return rc;
}

const char *
sharedcell_ready(struct run *r, const struct cell_info *c, uint32_t *row)
{
	struct sharedcells *s = r->shared;
	size_t i;

	if (!s || sharedcells_are_apart(r))
		return NULL;
	i = sharedcells_index(s, c);
	if (sharedcells_lack(s, i))
		return NULL;
	*row = row_of(s, i);
	return sharedcells_plugin(s);
}

void
sharedcell_tell(struct run *r, const struct cell_info *c)
{
	sharedcells_tell(r, r->shared, sharedcells_index(r->shared, c), false);
}

/* Is it that one of them needs what nobody has, which not every linker tells?
 * No cell of theirs has run then. */
static bool
must_fall_apart(const struct run *r, const struct err *e)
{
	return !sharedcells_are_apart(r) && !r->shared->loaded &&
	       e->class == ERR_INPUT && r->lacks_name;
}

/* With a plugin each, as in a session, it stops only those that need it. */
static int
fall_apart(struct run *r, const struct cell_info *c, struct cell_result *res,
	   struct err *e)
{
	size_t i;

	if (sharedcells_part(r, e) < 0)
		return -1;
	i = sharedcells_index(r->shared, c);
	return sharedcells_lack(r->shared, i) ? try_again(r, i, res, e) : 1;
}

int
sharedcell_run(struct run *r, const struct cell_info *c,
	       struct cell_result *res, struct err *e)
{
	const struct loaded *l;
	uint32_t row;
	size_t i;
	int rc;

	if (sharedcells_ensure(r, e) < 0)
		return cellrun_unbuilt(res, e);
	i = sharedcells_index(r->shared, c);
	if (sharedcells_lack(r->shared, i)) {
		rc = try_again(r, i, res, e);
		if (rc <= 0)
			return rc;
	}
	sharedcells_tell(r, r->shared, i, false);
	rc = past_restore(r, c, plugin_for(r, i), e);
	if (rc == 0)
		rc = sharedcell_load(r, c, &l, &row, e);
	if (rc < 0 && must_fall_apart(r, e)) {
		rc = fall_apart(r, c, res, e);
		if (rc <= 0)
			return rc;
		rc = sharedcell_load(r, c, &l, &row, e);
	}
	if (rc == 0) {
		r->shared->loaded = true;
		rc = hostcell_call(r, c, l, row, res, e);
	}
	return rc < 0 ? cellrun_unbuilt(res, e) : 0;
}

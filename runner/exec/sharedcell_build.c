/* sharedcell_build.c: the shared cells of a notebook become one plugin, or one
 * each, when the first of them is reached. Floor 4. What is decided about the
 * cells' text is build/'s; here it is put together, once for a run. */
#include "exec/sharedcell_parts.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "build/upshot.h"
#include "exec/params.h"

void
sharedcells_free(struct sharedcells *s)
{
	if (!s)
		return;
	for (size_t i = 0; s->analysed && i < s->count; i++) {
		free(s->labels[i]);
		free(s->texts[i]);
	}
	free(s->labels);
	free(s->texts);
	free(s->infos);
	upshot_release(&s->upshot);
	apart_release(&s->apart);
	shared_release(&s->unit);
	strs_release(&s->cflags);
	strs_release(&s->ldflags);
	strs_release(&s->libs);
	free(s);
}

void
sharedcells_tell_again(struct sharedcells *s)
{
	if (!s)
		return;
	s->told = false;
	s->cached = true;
	s->duration_ns = 0;
}

/* The words of one cell, unless an earlier one had the very same: each has the
 * notebook's own in it. */
static void
add_words(struct strs *all, const struct strs *words, const struct strs *before)
{
	bool same = before && before->count == words->count;

	for (size_t i = 0; same && i < words->count; i++)
		same = !strcmp(words->at[i], before->at[i]);
	if (!same)
		strs_add_all(all, words);
}

static const char *
standard_of(const struct cell_options *o)
{
	const char *found = NULL;

	for (size_t i = 0; i < o->cflags.count; i++)
		if (!strncmp(o->cflags.at[i], "-std=", 5))
			found = o->cflags.at[i];
	return found;
}

static int
disagree(const struct cell_list *l, const struct cell_info *a,
	 const struct cell_info *b, const char *what, const char *first,
	 const char *second, struct err *e)
{
	return err_input(e,
			 "cannot use '%s': its shared cells are compiled "
			 "together, but '%s' asks for the %s '%s' and '%s' for "
			 "'%s'",
			 l->nb->path, a->name, what, first, b->name, second);
}

int
sharedcells_check(const struct cell_list *l, struct err *e)
{
	const struct cell_info *with_cc = NULL, *with_std = NULL;

	for (size_t i = 0; i < l->count; i++) {
		const struct cell_info *c = &l->at[i];
		const char *std = standard_of(c->options);

		if (c->kind != KIND_SHARED)
			continue;
		if (c->options->cc && with_cc &&
		    strcmp(c->options->cc, with_cc->options->cc) != 0)
			return disagree(l, with_cc, c, "compiler",
					with_cc->options->cc, c->options->cc,
					e);
		if (std && with_std &&
		    strcmp(std, standard_of(with_std->options)) != 0)
			return disagree(l, with_std, c, "standard",
					standard_of(with_std->options), std, e);
		if (c->options->cc)
			with_cc = c;
		if (std)
			with_std = c;
	}
	return 0;
}

static size_t
count_shared(const struct cell_list *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->count; i++)
		n += l->at[i].kind == KIND_SHARED;
	return n;
}

static struct sharedcells *
collect(struct run *r)
{
	struct sharedcells *s = mem_alloc(1, sizeof *s);
	const struct cell_options *o, *before = NULL;

	s->id = ++r->nshared;
	s->infos = mem_alloc(count_shared(r->cells), sizeof *s->infos);
	for (size_t i = 0; i < r->cells->count; i++) {
		const struct cell_info *c = &r->cells->at[i];

		if (c->kind != KIND_SHARED)
			continue;
		s->infos[s->count++] = c;
		o = c->options;
		if (o != before) {
			add_words(&s->cflags, &o->cflags,
				  before ? &before->cflags : NULL);
			add_words(&s->ldflags, &o->ldflags,
				  before ? &before->ldflags : NULL);
			add_words(&s->libs, &o->libs,
				  before ? &before->libs : NULL);
		}
		before = o;
	}
	if (r->how->cflags)
		strs_add_all(&s->cflags, r->how->cflags);
	return s;
}

/* What is assigned behind the parameters cell. */
static void
add_params(const struct params *p, struct sharedcells *s)
{
	for (size_t i = 0; p && i < s->count; i++) {
		if (s->infos[i] != p->cell)
			continue;
		s->unit.cells[i].assigned = &p->assigned;
		s->unit.cells[i].literals = &p->literals;
		if (p->code.len)
			shared_set_after(&s->unit, i, p->code.data, p->label,
					 buf_slice(&p->shown));
	}
}

/* Cut them up. */
static void
analyse(const struct run *r, struct sharedcells *s)
{
	s->analysed = true;
	shared_init(&s->unit, s->count);
	s->labels = mem_alloc(s->count, sizeof *s->labels);
	s->texts = mem_alloc(s->count, sizeof *s->texts);
	for (size_t i = 0; i < s->count; i++) {
		const struct cell_info *c = s->infos[i];
		struct buf label = { 0 };

		buf_addf(&label, "%s:%s", r->cells->nb->name, c->name);
		s->labels[i] = buf_take(&label);
		s->texts[i] = option_blanked(c->cell->source);
		shared_set(&s->unit, i, c->name, s->labels[i],
			   (struct slice){ s->texts[i], c->cell->source.len });
	}
	add_params(r->how->injected, s);
}

/* The compiler that one of them names, else that of the command line. */
const char *
sharedcells_cc(const struct run *r)
{
	for (size_t i = 0; i < r->cells->count; i++)
		if (r->cells->at[i].kind == KIND_SHARED &&
		    r->cells->at[i].options->cc)
			return r->cells->at[i].options->cc;
	return r->how->cc;
}

bool
sharedcells_are_apart(const struct run *r)
{
	return r->how->apart || r->fell_apart;
}

static int
how_to_build(struct run *r, const struct sharedcells *s, struct shared_how *how,
	     struct err *e)
{
	*how = (struct shared_how){ .label = r->cells->nb->name,
				    .cache = &r->workshop.cache,
				    .workdir = r->how->workdir,
				    .include_dir = r->how->home->include_dir,
				    .cflags = &s->cflags,
				    .ldflags = &s->ldflags,
				    .libs = &s->libs,
				    .sanitize =
					    &s->infos[0]->options->sanitize };
	how->cc = workshop_find_cc(&r->workshop, sharedcells_cc(r), e);
	return how->cc ? 0 : -1;
}

static int
build_together(const struct run *r, struct sharedcells *s,
	       const struct shared_how *how, struct err *e)
{
	if (!s->analysed)
		analyse(r, s);
	if (shared_build(&s->unit, how, e) < 0)
		return -1;
	s->cached = s->unit.cached;
	s->duration_ns = s->unit.duration_ns;
	return 0;
}

static int
build_apart(const struct run *r, struct sharedcells *s,
	    const struct shared_how *how, struct err *e)
{
	analyse(r, s);
	if (shared_learn(&s->unit, how, e) < 0)
		return -1;
	apart_init(&s->apart, &s->unit);
	s->unit.cached = true;
	if (apart_build(&s->apart, s->count, how, e) < 0)
		return -1;
	s->cached = true;
	for (size_t i = 0; i < s->count; i++) {
		s->cached &= s->apart.cells[i].cached;
		s->duration_ns += s->apart.cells[i].duration_ns;
	}
	return 0;
}

/* All that their upshot depends on. */
static void
make_key(const struct run *r, const struct sharedcells *s,
	 const struct shared_how *how, char key[HASH_HEX])
{
	const struct params *p = r->how->injected;
	struct hash h;

	upshot_key(&h, how);
	for (size_t i = 0; i < s->count; i++) {
		upshot_key_cell(&h, s->infos[i]->name,
				s->infos[i]->cell->source);
		if (p && s->infos[i] == p->cell) {
			upshot_key_cell(&h, p->label, buf_slice(&p->code));
			upshot_key_words(&h, &p->assigned);
			upshot_key_words(&h, &p->literals);
		}
	}
	hash_hex(&h, key);
}

static int
build(struct run *r, struct sharedcells *s, struct err *e)
{
	struct shared_how how;
	char key[HASH_HEX];

	if (how_to_build(r, s, &how, e) < 0)
		return -1;
	if (sharedcells_are_apart(r))
		return build_apart(r, s, &how, e);
	make_key(r, s, &how, key);
	if (!s->analysed && upshot_recall(&s->upshot, s->count, &how, key)) {
		s->cached = true;
		s->duration_ns = s->upshot.duration_ns;
		return 0;
	}
	if (build_together(r, s, &how, e) < 0)
		return -1;
	upshot_remember(&s->unit, &how, key);
	return 0;
}

int
sharedcells_retry(struct run *r, struct sharedcells *s, size_t i, struct err *e)
{
	struct shared_how how;

	if (how_to_build(r, s, &how, e) < 0)
		return -1;
	if (sharedcells_are_apart(r))
		return apart_retry(&s->apart, i, &how, e);
	return shared_retry(&s->unit, i, &how, e);
}

int
sharedcells_ensure(struct run *r, struct err *e)
{
	struct sharedcells *s;

	if (r->shared)
		return 0;
	s = collect(r);
	if (build(r, s, e) < 0) {
		sharedcells_free(s);
		return -1;
	}
	r->shared = s;
	return 0;
}

const struct shared *
sharedcells_unit(struct run *r, struct shared_how *how, struct err *e)
{
	struct sharedcells *s = r->shared;

	if (!s || how_to_build(r, s, how, e) < 0 ||
	    (!s->analysed && build_together(r, s, how, e) < 0))
		return NULL;
	return &s->unit;
}

void
sharedcells_build_ahead(struct run *r, struct err *e)
{
	sharedcells_ensure(r, e);
}

size_t
sharedcells_index(const struct sharedcells *s, const struct cell_info *c)
{
	size_t from = 0, to = s->count;

	while (from + 1 < to) {
		size_t mid = from + (to - from) / 2;

		if (s->infos[mid]->cell->number <= c->cell->number)
			from = mid;
		else
			to = mid;
	}
	return from;
}

bool
sharedcells_lack(const struct sharedcells *s, size_t i)
{
	return s->analysed && s->unit.cells[i].left_out;
}

const char *
sharedcells_plugin(const struct sharedcells *s)
{
	return s->analysed ? s->unit.path : s->upshot.path;
}

int
sharedcells_build_rest(struct run *r, struct sharedcells *s, struct err *e)
{
	struct shared_how how;

	if (how_to_build(r, s, &how, e) < 0)
		return -1;
	return apart_build(&s->apart, s->count, &how, e);
}

/* Everything anew, with a cell that compiles by now. */
int
sharedcells_rebuild(struct run *r, struct sharedcells *old, struct err *e)
{
	struct sharedcells *s = collect(r);

	analyse(r, s);
	s->unit.forget = true;
	for (size_t i = 0; i < s->count; i++)
		s->unit.cells[i].closed = old->unit.cells[i].closed;
	if (build(r, s, e) < 0) {
		sharedcells_free(s);
		return -1;
	}
	s->told = true;
	r->shared = s;
	sharedcells_free(old);
	/* The old plugin's code and variables are those of other cells now. */
	past_forget_copies(r);
	past_end_host(r);
	return 0;
}

int
sharedcells_part(struct run *r, struct err *e)
{
	struct sharedcells *together = r->shared;
	int rc;

	r->fell_apart = true;
	r->shared = NULL;
	rc = sharedcells_ensure(r, e);
	if (rc == 0)
		r->shared->told = together->told;
	sharedcells_free(together);
	return rc;
}

/* The sentence of the first error about what is assigned. */
static int
refuse_param(const struct run *r, const struct params *p, const char *messages,
	     struct err *e)
{
	struct buf label = { 0 };
	static const char short_for_it[] = " is too short for it";
	const char *at, *error;
	size_t i, len;

	buf_addf(&label, "%s:", p->label);
	at = strstr(messages, buf_str(&label));
	error = at ? strstr(at, "error: ") : NULL;
	if (!error) {
		buf_release(&label);
		return 0; /* the cell itself is at fault, and will say so */
	}
	i = params_at_line(p, atoi(at + label.len));
	buf_release(&label);
	error += strlen("error: ");
	len = strcspn(error, "\n");
	/* static assertion failed: "v is too short for it" */
	if ((at = memmem(error, len, short_for_it, strlen(short_for_it)))) {
		while (at[-1] != '"')
			at--;
		error = at;
		len = strcspn(error, "\"");
	}
	return err_input(e, "cannot set parameter '%s' of '%s' to '%s': %.*s",
			 p->names.at[i], r->cells->nb->path, p->values.at[i],
			 (int)len, error);
}

int
sharedcells_check_params(struct run *r, struct err *e)
{
	const struct params *p = r->how->injected;
	size_t i;

	if (!p || !p->code.len)
		return 0;
	if (sharedcells_ensure(r, e) < 0)
		return -1;
	i = sharedcells_index(r->shared, p->cell);
	if (!sharedcells_lack(r->shared, i))
		return 0;
	if (sharedcells_retry(r, r->shared, i, e) < 0)
		return -1;
	return refuse_param(r, p, buf_str(&r->shared->unit.messages[i]), e);
}

int
sharedcells_build(struct run *r, struct strs *products, int *failed,
		  struct err *e)
{
	struct sharedcells *s;

	if (!count_shared(r->cells))
		return 0;
	if (sharedcells_ensure(r, e) < 0)
		return -1;
	s = r->shared;
	for (size_t i = 0; i < s->count; i++) {
		bool out = sharedcells_lack(s, i);
		int rc = out ? sharedcells_retry(r, s, i, e) : 0;

		if (rc == 1 && sharedcells_are_apart(r)) {
			rc = sharedcells_build_rest(r, s, e);
			out = false;
		}
		if (rc < 0)
			return -1;
		sharedcells_tell(r, s, i, out);
		*failed += out;
		if (sharedcells_are_apart(r) && !out)
			strs_addf(products, "%s\t%s", s->infos[i]->name,
				  s->apart.cells[i].path);
	}
	if (!sharedcells_are_apart(r) && sharedcells_plugin(s))
		strs_addf(products, "shared\t%s", sharedcells_plugin(s));
	return 0;
}

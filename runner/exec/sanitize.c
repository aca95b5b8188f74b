/* sanitize.c: the sanitizers of a run. Floor 4. Which words they are on the
 * compiler's command line is build/command.c's to know. */
#include "exec/sanitize.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "exec/run.h"
#include "sys/fs.h"

/* What -fsanitize= calls them; all other names are checks for undefined
 * behaviour ("bounds", "shift"). */
static const char *const runtimes[] = { "address", "thread", "leak", "memory",
					"hwaddress" };

/* Two runtimes that cannot be in one process. */
static const char *const exclusive[][2] = {
	{ "thread", "address" },
	{ "thread", "leak" },
};

/* ---- asking ---- */

/* Kinds that are compiled by us. */
static bool
is_compiled(const struct cell_info *c)
{
	return cell_info_is_compiled(c) || c->kind == KIND_SHARED ||
	       c->kind == KIND_TABLE;
}

static void
add_once(struct strs *list, const char *name)
{
	if (!strs_has(list, name))
		strs_add(list, name);
}

static void
add_all_once(struct strs *list, const struct strs *more)
{
	for (size_t i = 0; more && i < more->count; i++)
		add_once(list, more->at[i]);
}

/* One name of -fsanitize=a,b. */
static void
add_flag(struct strs *list, const char *name, size_t len)
{
	for (size_t i = 0; i < countof(runtimes); i++)
		if (strlen(runtimes[i]) == len &&
		    !memcmp(runtimes[i], name, len)) {
			add_once(list, runtimes[i]);
			return;
		}
	add_once(list, "undefined");
}

/* `cflags: -fsanitize=thread` asks for the same as `sanitize: thread`. */
static void
add_flags(struct strs *list, const struct strs *words)
{
	static const char option[] = "-fsanitize=";

	for (size_t i = 0; words && i < words->count; i++) {
		const char *at = words->at[i];

		if (strncmp(at, option, strlen(option)) != 0)
			continue;
		for (at += strlen(option); *at; at += *at == ',') {
			size_t n = strcspn(at, ",");

			if (n)
				add_flag(list, at, n);
			at += n;
		}
	}
}

/* ---- contradictions ---- */

/* Who asked for what in the host. */
struct claim {
	const struct cell_info *cell;
	const char *what;
};

static int
refuse(const struct cell_list *l, struct claim a, struct claim b, struct err *e)
{
	const char *path = l->nb->path;

	if (a.cell == b.cell)
		return err_input(e,
				 "cannot use '%s': cell '%s' asks for the "
				 "sanitizers '%s' and '%s', which exclude each "
				 "other",
				 path, a.cell->name, a.what, b.what);
	return err_input(e,
			 "cannot use '%s': '%s' and '%s' run in one process, "
			 "but ask for the sanitizers '%s' and '%s', which "
			 "exclude each other",
			 path, a.cell->name, b.cell->name, a.what, b.what);
}

/* Does one of the claims name `what`? NULL: no. */
static const struct claim *
find_claim(const struct claim *claims, size_t count, const char *what)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(claims[i].what, what))
			return &claims[i];
	return NULL;
}

static int
check_claims(const struct cell_list *l, const struct claim *claims,
	     size_t count, struct err *e)
{
	for (size_t i = 0; i < countof(exclusive); i++) {
		const struct claim *a =
			find_claim(claims, count, exclusive[i][0]);
		const struct claim *b =
			find_claim(claims, count, exclusive[i][1]);

		if (a && b)
			return a < b ? refuse(l, *a, *b, e)
				     : refuse(l, *b, *a, e);
	}
	return 0;
}

static int
check_cell(const struct cell_list *l, const struct cell_info *c, struct err *e)
{
	const struct strs *list = &c->options->sanitize;
	struct claim *claims = mem_alloc(list->count + 1, sizeof *claims);
	int rc;

	for (size_t i = 0; i < list->count; i++)
		claims[i] = (struct claim){ c, list->at[i] };
	rc = check_claims(l, claims, list->count, e);
	free(claims);
	return rc;
}

static int
check_host(const struct cell_list *l, struct err *e)
{
	struct claim *claims = NULL;
	const struct cell_info *with_cc = NULL;
	size_t count = 0;
	int rc = 0;

	for (size_t i = 0; i < l->count && rc == 0; i++) {
		const struct cell_info *c = &l->at[i];
		const struct cell_options *o = c->options;

		if (!cell_info_is_in_host(c) || !o->sanitize.count)
			continue;
		for (size_t k = 0; k < o->sanitize.count; k++)
			*mem_push(claims, count) =
				(struct claim){ c, o->sanitize.at[k] };
		if (o->cc && with_cc &&
		    strcmp(o->cc, with_cc->options->cc) != 0)
			rc = err_input(e,
				       "cannot use '%s': '%s' and '%s' run in "
				       "one process with sanitizers, but name "
				       "the compilers '%s' and '%s'",
				       l->nb->path, with_cc->name, c->name,
				       with_cc->options->cc, o->cc);
		if (o->cc)
			with_cc = c;
	}
	for (size_t i = 0; i < count && rc == 0; i++)
		if (!strcmp(claims[i].what, "memory") ||
		    !strcmp(claims[i].what, "hwaddress"))
			rc = err_input(e,
				       "cannot use '%s': cell '%s' asks for "
				       "-fsanitize=%s, which only a program "
				       "cell can have",
				       l->nb->path, claims[i].cell->name,
				       claims[i].what);
	if (rc == 0)
		rc = check_claims(l, claims, count, e);
	free(claims);
	return rc;
}

/* ---- settling ---- */

/* `none` in one shared cell and a sanitizer in another. */
static int
check_none(const struct cell_list *l, struct err *e)
{
	const struct cell_info *with = NULL, *without = NULL;

	for (size_t i = 0; i < l->count; i++) {
		const struct cell_info *c = &l->at[i];
		const struct strs *list = &c->options->sanitize;

		if (c->kind != KIND_SHARED || !list->count)
			continue;
		if (strs_has(list, "none"))
			without = without ? without : c;
		else
			with = with ? with : c;
	}
	if (!with || !without)
		return 0;
	return err_input(e,
			 "cannot use '%s': its shared cells are compiled "
			 "together, but '%s' asks for the sanitizer '%s' and "
			 "'%s' for none",
			 l->nb->path, with->name, with->options->sanitize.at[0],
			 without->name);
}

/* Its options are those of the cell above, which have been settled. */
static bool
is_settled(const struct cell_list *l, size_t i)
{
	return i && l->at[i].options == l->at[i - 1].options;
}

static bool
shared_say_none(const struct cell_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->at[i].kind == KIND_SHARED &&
		    strs_has(&l->at[i].options->sanitize, "none"))
			return true;
	return false;
}

static void
unite_shared(struct cell_list *l)
{
	struct strs all = { 0 };

	for (size_t i = 0; i < l->count; i++)
		if (l->at[i].kind == KIND_SHARED)
			add_all_once(&all, &l->at[i].options->sanitize);
	for (size_t i = 0; i < l->count; i++)
		if (l->at[i].kind == KIND_SHARED && !is_settled(l, i)) {
			strs_release(&l->at[i].options->sanitize);
			strs_add_all(&l->at[i].options->sanitize, &all);
		}
	strs_release(&all);
}

int
sanitize_settle(struct cell_list *l, const struct strs *given,
		const struct strs *cflags, struct err *e)
{
	bool none = shared_say_none(l);

	if (check_none(l, e) < 0)
		return -1;
	for (size_t i = 0; i < l->count; i++) {
		struct cell_info *c = &l->at[i];
		struct strs *own = &c->options->sanitize;

		if (!is_compiled(c) || is_settled(l, i))
			continue;
		if (strs_has(own, "none") || (none && c->kind == KIND_SHARED))
			strs_release(own);
		else if (!own->count && given)
			strs_add_all(own, given);
		add_flags(own, &c->options->cflags);
		add_flags(own, cflags);
		if (check_cell(l, c, e) < 0)
			return -1;
	}
	if (check_host(l, e) < 0)
		return -1;
	unite_shared(l);
	return 0;
}

enum findings_use
sanitize_use(const struct cell_info *c)
{
	const struct cell_options *o = c->options;

	if (o->expect.kind == EXPECT_SANITIZER)
		return FINDINGS_FAIL;
	if (is_compiled(c) && o->sanitize.count)
		return FINDINGS_FAIL;
	/* Commands of the author's own: their exit status decides. */
	if (c->kind == KIND_SHELL || o->run.count)
		return FINDINGS_NAME;
	return FINDINGS_PASSED_OVER;
}

/* The runtimes put their shadow memory where they expect nothing else. Newer
 * kernels spread mappings wider than those of gcc 12 and clang 14 can take. */
#define RANDOM_BITS_MOST 28

bool
sanitize_fixes_addresses(const struct strs *list)
{
	struct buf text = { 0 };
	bool wide = false;

	if ((strs_has(list, "thread") || strs_has(list, "address") ||
	     strs_has(list, "memory")) &&
	    fs_read("/proc/sys/vm/mmap_rnd_bits", &text, NULL) == 0)
		wide = atoi(buf_str(&text)) > RANDOM_BITS_MOST;
	buf_release(&text);
	return wide;
}

/* ---- the host ---- */

/* What the cells of the host ask for, and by which compiler. */
static void
host_needs(const struct run *r, struct strs *list, const char **cc)
{
	*cc = NULL;
	for (size_t i = 0; r->cells && i < r->cells->count; i++) {
		const struct cell_info *c = &r->cells->at[i];

		if (!cell_info_is_in_host(c) || !c->options->sanitize.count)
			continue;
		add_all_once(list, &c->options->sanitize);
		if (c->options->cc)
			*cc = c->options->cc;
	}
	if (!*cc)
		*cc = r->how->cc;
}

int
sanitize_host(struct run *r, char **path, struct err *e)
{
	struct strs list = { 0 };
	struct built b = { 0 };
	const char *cc;
	int rc = 0;

	host_needs(r, &list, &cc);
	if (!list.count) {
		*path = mem_strdup(r->how->home->host);
		return 0;
	}
	r->supervisor.fixed_addresses = sanitize_fixes_addresses(&list);
	rc = workshop_host(&r->workshop, cc, &list, &b, e);
	if (rc == 0 && !b.path)
		rc = err_system(e,
				"cannot link a process for cells with "
				"sanitizers:\n%s",
				b.messages);
	*path = b.path;
	b.path = NULL;
	built_release(&b);
	strs_release(&list);
	return rc;
}

/* apart_reach.c: which cells have to be one plugin, as it shows when they are
 * built: the linker would get one variable wrong, or a header has brought each
 * its own. Floor 2. */
#include "build/apart_parts.h"

#include <string.h>
#include "build/names.h"
#include "build/symbols.h"

size_t
apart_first_misread(const struct apart *a, size_t i,
		    const struct shared_how *how)
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

bool
apart_includes_own_header(const struct unit_cell *c)
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
		lexer_each_name(a->shared->cells[k].split.text, apart_read_name,
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

size_t
apart_first_with_state(const struct apart *a, size_t i, size_t *last)
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
		       apart_names_below(a->shared, *last,
					 slice_of(names.at[k])))
			++*last;
	strs_release(&own);
	strs_release(&names);
	return first;
}

size_t
apart_last_that_names(const struct apart *a, size_t i)
{
	const struct shared *s = a->shared;
	const struct split *own = &s->cells[i].split;
	size_t last = i;

	for (size_t d = 0; d < own->ndeclarators; d++)
		while (last + 1 < s->count &&
		       apart_names_below(s, last, own->declarators[d].name))
			last++;
	return last;
}

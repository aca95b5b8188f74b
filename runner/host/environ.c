/* environ.c: environment variables of one cell after the other. Floor 2, in
 * cnb-host.
 *
 * Between cells each variable that any cell of the notebook asks for has a
 * value that one of them wants: libraries read their variables when they are
 * loaded (OMP_NUM_THREADS), and that happens between cells. It knows nothing
 * of the variables that no cell's `env` names. */
#include "host/environ.h"

#include <stdlib.h>
#include <string.h>

struct variable {
	char *name;
	char *own;     /* outside of `env`; NULL: not set */
	char *between; /* between cells */
	char *given;   /* to the cell that runs; NULL: not set */
};

static struct variable *variables;
static size_t nvariables;

static char *
copy_of(const char *text)
{
	return text ? strdup(text) : NULL;
}

static void
set(char **at, const char *text)
{
	char *copy = copy_of(text);

	free(*at);
	*at = copy;
}

static void
place(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static bool
same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* The variable of that name; one not seen before has the value that cnb
 * inherited. NULL: no memory. */
static struct variable *
find(const char *name, const char *inherited)
{
	struct variable *v;

	for (size_t i = 0; i < nvariables; i++)
		if (!strcmp(variables[i].name, name))
			return &variables[i];
	v = realloc(variables, (nvariables + 1) * sizeof *v);
	if (!v)
		return NULL;
	variables = v;
	v += nvariables;
	*v = (struct variable){ .name = copy_of(name),
				.own = copy_of(inherited),
				.between = copy_of(getenv(name)) };
	if (!v->name)
		return NULL;
	nvariables++;
	return v;
}

/* A value that may be missing: u32 1 and the text, or u32 0. */
static const char *
get_value(struct wire_get *g)
{
	return wire_get_u32(g) ? wire_get_str(g) : NULL;
}

void
environ_begin(struct wire_get *g)
{
	uint32_t n = wire_get_u32(g);

	for (uint32_t i = 0; i < n && !g->bad; i++) {
		const char *name = wire_get_str(g);
		const char *inherited = get_value(g), *asked = get_value(g);
		struct variable *v = g->bad ? NULL : find(name, inherited);

		if (!v)
			continue;
		set(&v->given, asked ? asked : v->own);
		place(name, v->given);
	}
}

void
environ_end(void)
{
	for (size_t i = 0; i < nvariables; i++) {
		struct variable *v = &variables[i];
		const char *now = getenv(v->name);

		if (!same(now, v->given))
			set(&v->own, now);
		place(v->name, v->between);
	}
}

/* sanitize.c: the sanitizers of a run. Floor 3. Which words they are on the
 * compiler's command line is build/command.c's to know. */
#include "exec/sanitize.h"

#include <string.h>

/* Kinds that are compiled by us. */
static bool
is_compiled(const struct cell_info *c)
{
	return (c->kind == KIND_PROGRAM && !c->options.run.count) ||
	       c->kind == KIND_SHARED || c->kind == KIND_TABLE;
}

void
sanitize_settle(struct cell_list *cells, const struct strs *given)
{
	for (size_t i = 0; i < cells->count; i++) {
		struct cell_info *c = &cells->at[i];
		struct strs *own = &c->options.sanitize;

		if (strs_has(own, "none"))
			strs_release(own);
		else if (given && !own->count && is_compiled(c))
			strs_add_all(own, given);
	}
}

/* `cflags: -fsanitize=thread` asks for the same. */
static bool
has_flag(const struct strs *words)
{
	for (size_t i = 0; words && i < words->count; i++)
		if (!strncmp(words->at[i], "-fsanitize=", 11))
			return true;
	return false;
}

enum findings_use
sanitize_use(const struct cell_info *c, const struct run_settings *how)
{
	const struct cell_options *o = &c->options;

	if (o->expect.kind == EXPECT_SANITIZER)
		return FINDINGS_FAIL;
	if (is_compiled(c) && (o->sanitize.count || has_flag(&o->cflags) ||
			       has_flag(how->cflags)))
		return FINDINGS_FAIL;
	/* Commands of the author's own: their exit status decides. */
	if (c->kind == KIND_SHELL || o->run.count)
		return FINDINGS_NAME;
	return FINDINGS_PASSED_OVER;
}

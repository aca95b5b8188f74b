/* source.h: what a cell's C text is, read from its tokens (SPEC 2). */
#ifndef CNB_SOURCE_H
#define CNB_SOURCE_H

#include <stdbool.h>
#include "base/slice.h"
#include "model/notebook.h"
#include "model/option.h"

/* Does the text define `main` at file scope? A whole program. Prototypes,
 * calls, members and macros named main do not count; `int main(void)`, `main()
 * {`, K&R parameters, attributes, and `main` behind #if do. *line (may be
 * NULL) is where. */
bool source_defines_main(struct slice text, int *line);
/* The first line that is one of shell (`!command`), outside every bracket; 0:
 * there is none. */
int source_shell_line(struct slice text);

/* The definition of function `name` at file scope, from its first token (a
 * comment that stands directly above, without a blank line, included) to its
 * closing brace. len 0: not there. */
struct slice source_function(struct slice text, const char *name);

/* The function that row `cell` of the plugin table names, in a plugin's C
 * text: of a row `{ "cell", fn, ...}` or `{.name = "cell", .run = fn}`. Writes
 * the function's definition to *definition; false if none is found. */
bool source_table_cell(struct slice text, const char *cell,
		       struct slice *definition, int *line);

/* A cell that starts with `%%word argument` (blank and `//` lines may stand
 * above it, for options): the word, the rest of its line without blanks around
 * it, and the text from the next line on. All point into `text`. */
struct magic {
	struct slice word, argument, body;
};
bool source_magic(struct slice text, struct magic *m);

/* What kind of cell it is, with the reason in words for `cnb list -v`
 * ("defines main at line 3"), a static or arena string. */
struct arena;
enum cell_kind source_kind(struct arena *a, struct slice text,
			   const struct cell_options *o, const char **why);

#endif

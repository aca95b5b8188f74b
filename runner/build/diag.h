/* diag.h: what a compiler and its linker wrote, as messages with places. gcc,
 * clang and tcc agree on `FILE:LINE:COL: severity: text` under LC_MESSAGES=C.
 * A text that came over a pipe has no file that the compiler could quote, so
 * excerpt and caret are drawn here, from the unit's own text. */
#ifndef CNB_DIAG_H
#define CNB_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "base/slice.h"

enum diag_severity {
	DIAG_PLAIN, /* a line that is no message, kept as it is */
	DIAG_NOTE,
	DIAG_WARNING,
	DIAG_ERROR,
	DIAG_FATAL,
	DIAG_COUNT
};

/* A text under the name that its messages bear. */
struct diag_source {
	const char *label; /* as the compiler names it: its #line, or a path */
	const char *shown; /* to be printed instead; NULL: the label */
	struct slice text; /* line 1 is the label's line 1 */
};

/* What the parser knows of the build; all borrowed. */
struct diag_context {
	const struct diag_source *sources; /* the first stands for scratch
					    * objects in linker messages */
	size_t nsources;
	const char *workdir; /* linkers put it in front of labels; or NULL */
};

/* gcc tells no column beyond that one, so none is told of any compiler. */
#define DIAG_COLUMNS 4096

struct diag {
	enum diag_severity severity;
	const struct diag_source *source; /* NULL: elsewhere, a header */
	char *file;	  /* as it is to be printed; NULL: DIAG_PLAIN */
	int line, column; /* from 1; column counts bytes, 0: not known, or past
			   * DIAG_COLUMNS */
	char *text;	  /* of the message, or the whole line */
};

struct diags {
	struct diag *at;
	size_t count;
};

void diags_release(struct diags *d);
/* Of one source, as many errors are taken, and as many others: the texts of
 * some are as many mistakes as lines, and nobody reads on. */
#define DIAG_MOST 1000
/* Append the messages in `output`. Excerpts that the compiler drew from our
 * sources are left out, as are its counts ("2 errors generated."); scratch
 * objects and the work directory in linker messages become the label. The
 * sources must live as long as the messages. */
void diags_parse(struct diags *d, const struct diag_context *c,
		 struct slice output);
/* How many are errors, fatal ones too. */
size_t diags_errors(const struct diags *d);

/* Append one message, with excerpt and caret if it has a source. Each line
 * ends with a newline; control characters are made visible. */
void diag_render(struct buf *out, const struct diag *d);
void diags_render(struct buf *out, const struct diags *d);

#endif

/* shared.h: the shared cells of a notebook, compiled together.
 *
 * The compiler decides what the text alone cannot tell. Its errors are read, a
 * decision is changed (a declaration's initialiser moves to where the cell
 * runs, a header is included, a macro begins a function), and the unit is
 * compiled once more. A cell that still does not compile is left out, so that
 * those above it, and those below that do not need it, run. What was decided
 * is remembered in the cache, so that the second time nothing is compiled. */
#ifndef CNB_SHARED_H
#define CNB_SHARED_H

#include "build/cc.h"
#include "build/unit.h"

/* How to compile; everything is borrowed. */
struct shared_how {
	const struct cc *cc;
	struct cache *cache;
	const char *label; /* of the notebook */
	const char *workdir;
	const char *include_dir; /* of cell.h; NULL: none */
	const struct strs *cflags, *ldflags, *libs, *sanitize;
};

struct shared {
	struct unit_cell *cells; /* [count] */
	struct blocks macros;	 /* of the cells set so far */
	const char *after_label; /* NULL: nothing runs behind a cell */
	struct slice after_shown;
	size_t count;
	bool forget; /* set before building: what was decided earlier no
		      * longer counts */
	char *path;  /* of the plugin; NULL: no cell compiles */
	struct buf *messages; /* [count], rendered: warnings, or why it is left
			       * out */
	char *command;
	char digest[HASH_HEX]; /* of the text that it was built from */
	bool cached;	       /* nothing was compiled */
	int64_t duration_ns;
};

/* Prepare `count` cells, set in their order; names, labels and texts are
 * borrowed. */
void shared_init(struct shared *s, size_t count);
void shared_set(struct shared *s, size_t i, const char *name, const char *label,
		struct slice text);
/* One cell may have more to run behind it: see unit.h, struct unit_cell.
 * Messages about it bear `label` and show lines of `shown`. */
void shared_set_after(struct shared *s, size_t i, const char *after,
		      const char *label, struct slice shown);
/* Which cell that is; `count`: none. */
size_t shared_find_after(const struct shared *s);
void shared_release(struct shared *s);

/* Ask the preprocessor what macros in them stand for, and cut them by that.
 * shared_build() does it first. -1: the system failed us. */
int shared_learn(struct shared *s, const struct shared_how *how, struct err *e);

/* All that a decision about its cells depends on, and what it is. */
void shared_key(const struct shared *s, const struct shared_how *how,
		char key[HASH_HEX], const char *what);

/* Compile as many of them as compile. 0, also where none does; -1 where the
 * system failed us, as cc_build(). */
int shared_build(struct shared *s, const struct shared_how *how, struct err *e);

/* Try cell `i`, which was left out, once more behind the good cells above it.
 * 1: it compiles now; 0: it does not, and its messages are new; -1 as above. */
int shared_retry(struct shared *s, size_t i, const struct shared_how *how,
		 struct err *e);

/* For those who compile its cells in other ways (apart.h, upshot.h). Append the
 * words for the compiler that go with names of the first `upto` cells; describe
 * what is built with these, but for its text: u->cflags is *cflags, filled
 * here.
 */
void shared_own_names(const struct shared *s, size_t upto, struct strs *flags);
void shared_describe(const struct shared_how *how, enum product product,
		     const struct strs *own_names, struct strs *cflags,
		     struct unit *u);
/* Compile `text`, with sources[count + 1] filled here, as shared_build() does;
 * the names in it are those of the first `upto` cells; *renames may be NULL. */
int shared_compile(const struct shared *s, size_t count, size_t upto,
		   const struct shared_how *how, enum product product,
		   struct slice text, const struct strs *renames,
		   struct diag_source *sources, struct built *b, struct err *e);
/* Hand messages out to the cells that they are about, or to one of them. */
void shared_hand_out(struct shared *s, const struct diags *d,
		     const struct diag_source *sources, size_t count,
		     const struct unit_cell *only);

#endif

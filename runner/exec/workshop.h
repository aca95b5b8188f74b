/* workshop.h: the compilers and the cache of one run, and how each kind of cell
 * becomes something that can be run. */
#ifndef CNB_WORKSHOP_H
#define CNB_WORKSHOP_H

#include "build/cache.h"
#include "build/cc.h"
#include "exec/cellinfo.h"
#include "exec/session.h"

/* What was built before its cell was reached. */
struct built_ahead {
	bool done;
	struct built built;
};

struct workshop {
	const struct run_settings *how;
	struct cache cache;
	bool cache_open;
	struct named_cc {
		char *name; /* as asked for; NULL: the default */
		struct cc cc;
	} * ccs;
	size_t nccs;
	struct built_ahead *ahead; /* [nahead], by the number of the cell; NULL:
				    * nothing was */
	size_t nahead;
	bool expecting; /* it is being filled: by several threads, a place each
			 */
	bool nothing_runs; /* what failed ahead need not be tried again */
	int refused; /* number of the program that did not compile, if the last
		      * one did not; 0 */
	struct made *made; /* plugins built so far */
	size_t nmade;
};

void workshop_init(struct workshop *w, const struct run_settings *how);
void workshop_release(struct workshop *w);
/* The cells that plugins were built for go, or what these include may have
 * changed: another run begins. */
void workshop_forget(struct workshop *w);

/* Of a session: what was built is only looked at (begin), or cells run again.
 * True: no file that anything built rests on has changed since the last time.
 */
bool workshop_compare(struct workshop *w, bool begin);

/* Has none changed by now? Nothing else is done. */
bool workshop_is_current(const struct workshop *w);

/* Every file that what was built rests on, as far as that is known. */
void workshop_each_file(const struct workshop *w,
			void (*each)(void *self, const char *path), void *self);

/* The version of the first compiler that was used, or NULL. */
const char *workshop_cc(const struct workshop *w);

/* The compiler of that name (NULL: the default), found once; opens the cache
 * too. Valid until the next call; NULL and *e if there is none. */
const struct cc *workshop_find_cc(struct workshop *w, const char *name,
				  struct err *e);

/* The compiler that a cell's program or plugin asks for; NULL: the default. */
const char *workshop_cc_name(const struct workshop *w,
			     const struct cell_options *o);

/* From here until `expecting` is cleared, builds are ahead of their cells. */
void workshop_expect(struct workshop *w, size_t count);

/* Build a program cell, or the plugin of a table cell; what was built ahead of
 * it counts as built now. As cc_build(): 0 with b->path NULL is a text that
 * does not compile.. A plugin is built
 * once in a run, unless its source changes: what it includes may change only
 * from run to run. */
int workshop_program(struct workshop *w, const struct notebook *nb,
		     const struct cell_info *c, struct built *b, struct err *e);
/* What a program cell was built to, if no file that it read has changed, to be
 * free()d; NULL: it would have to be built, or it read one that was written in
 * the same moment. */
char *workshop_look(struct workshop *w, const struct notebook *nb,
		    const struct cell_info *c);
/* A cnb-host with the runtime of these sanitizers, by that compiler (NULL: the
 * default). */
int workshop_host(struct workshop *w, const char *cc,
		  const struct strs *sanitizers, struct built *b,
		  struct err *e);
/* The plugin of cell `number`, 0: of none. */
int workshop_plugin(struct workshop *w, const char *source,
		    const struct cell_options *o, int number, struct built *b,
		    struct err *e);
/* The same where it was built before from a source that was as `st` says; else
 * NULL. Both live as long as the workshop. */
struct stat;
const char *workshop_made(const struct workshop *w, const char *source,
			  const struct cell_options *o, const struct stat *st,
			  const char **command);

#endif

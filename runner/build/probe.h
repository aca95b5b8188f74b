/* probe.h: which macros make what stands at file scope. `TEST(x) { ... }` and
 * `DEFINE_LIST(int)` look like statements; the preprocessor knows better. */
#ifndef CNB_PROBE_H
#define CNB_PROBE_H

#include "build/cc.h"
#include "build/unit.h"

/* probe_needed(): is there any use that may be a macro's? probe_macros(): learn
 * into *macros what they expand to, by running the compiler's preprocessor.
 * Nothing is learnt where it fails: the compilation will say why. True: there
 * is something new, and the cells have to be split again. -1 (and *e): the
 * system failed us, or we are interrupted. *files gets what the preprocessor
 * read. */
struct probe_files {
	struct strs paths;
	bool unknown; /* it did not say, or failed */
};
bool probe_needed(const struct unit_cell *cells, size_t count,
		  const struct blocks *macros);
int probe_macros(const struct unit_cell *cells, size_t count,
		 struct blocks *macros, const struct cc *cc,
		 struct cache *cache, const struct unit *how,
		 struct probe_files *files, struct err *e);

#endif

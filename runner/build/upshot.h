/* upshot.h: what became of the shared cells of a notebook, kept in the cache
 * under the texts as they stand there. Where nothing has changed, a run learns
 * from it what they are compiled to, and cuts none of them into items. It holds
 * as long as the product: as no flag, no compiler and no file that this read is
 * another one, and cnb is the same. There is none of cells that are not all
 * good, or that ask for the time. */
#ifndef CNB_UPSHOT_H
#define CNB_UPSHOT_H

#include "base/hash.h"
#include "build/shared.h"

struct upshot {
	char *path;	     /* of the plugin; NULL: there is no upshot */
	char *command;	     /* that made it */
	int64_t duration_ns; /* of finding it */
	/* Warnings, in the order of the cells. */
	struct upshot_said {
		size_t cell;
		char *text;
	} * said;
	size_t nsaid;
};

/* A key: begun, then each cell added in its order, with what else is compiled
 * with it, then hash_hex(). */
void upshot_key(struct hash *h, const struct shared_how *how);
void upshot_key_cell(struct hash *h, const char *name, struct slice text);
void upshot_key_words(struct hash *h, const struct strs *words);

/* False: the `count` cells have to be built. */
bool upshot_recall(struct upshot *o, size_t count, const struct shared_how *how,
		   const char key[HASH_HEX]);
/* "" where nothing was said of it. */
const char *upshot_of(const struct upshot *o, size_t cell);
void upshot_release(struct upshot *o);

/* They were built: keep what came of it, if that can be kept. */
void upshot_remember(const struct shared *s, const struct shared_how *how,
		     const char key[HASH_HEX]);

#endif

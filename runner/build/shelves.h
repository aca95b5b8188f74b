/* shelves.h: the folders of the cache, and who has it open. For the cache's own
 * files. */
#ifndef CNB_SHELVES_H
#define CNB_SHELVES_H

#include "build/cache.h"

enum shelf { PRODUCTS, MANIFESTS, NOTES, SCRATCH, USERS, SHELF_COUNT };

/* Of a file there, or of the folder itself (NULL); to be free()d. */
char *shelf_path(const struct cache *c, enum shelf shelf, const char *name);
/* Append a name that nobody else uses. */
void shelf_name(struct buf *out);

/* From here on what is used of the cache stays, whoever empties it; waits for
 * one who is about it. Where nothing can be written there is nothing to do. */
void shelves_enter(struct cache *c);
void shelves_leave(struct cache *c);

#endif

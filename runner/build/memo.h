/* memo.h: what the cache has answered, kept in memory for a session, which asks
 * the same again at each call. An answer holds as long as no file that any of
 * them rests on has changed: to know that takes one stat() for each file,
 * however many units read it. Any thread may ask. */
#ifndef CNB_MEMO_H
#define CNB_MEMO_H

#include <stdbool.h>
#include "base/hash.h"
#include "base/text.h"

struct memo;

struct memo *memo_new(void);
void memo_free(struct memo *m);

/* Has no file changed, and does no product rest on unknown ones? Else all is
 * forgotten: ask the cache again. */
bool memo_holds(struct memo *m);
/* The same, and nothing is forgotten. */
bool memo_is_current(struct memo *m);
/* A product of unknown files was made. */
void memo_unsure(struct memo *m);

/* The two texts of a key, copies to be free()d (b may be NULL); false: it is
 * not known. */
bool memo_find(struct memo *m, const char key[HASH_HEX], char **a, char **b);
void memo_add(struct memo *m, const char key[HASH_HEX], const char *a,
	      const char *b);
/* From here on the answers rest on this file: before it is looked at. */
void memo_rests_on(struct memo *m, struct slice path);
/* All of those; `each` must not ask. */
void memo_each_file(struct memo *m, void (*each)(void *self, const char *path),
		    void *self);

#endif

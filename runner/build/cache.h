/* cache.h: what was compiled before, kept by content.
 *
 * An entry is found in two steps. The key is a hash of everything that is
 * known before compiling: the text, the flags, the compiler, variables that
 * the compiler reads. Under the key stands a manifest: the files that the
 * compiler and the linker read, and a product for each state of them. A
 * product's file name is unique to its content's inputs, so that dlopen()
 * never meets another file under an old name. Files are written aside and
 * renamed: two builders never see half a file. */
#ifndef CNB_CACHE_H
#define CNB_CACHE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/hash.h"
#include "base/text.h"

#define CACHE_MAX_BYTES (INT64_C(1) << 30) /* trimmed by age beyond this */

/* A folder in the cache's for what is no product: the cells as files. It goes
 * with the rest when the cache is emptied. */
#define CACHE_CELLS "cells"

struct cache {
	char *dir; /* $CNB_CACHE_DIR, or $XDG_CACHE_HOME/cnb, or ~/.cache/cnb */
	bool temporary;	   /* there is no home to keep it in: ours alone, in
			    * $TMPDIR, and removed by cache_close() */
	int64_t max_bytes; /* CACHE_MAX_BYTES, unless a test wants less */
	int user;	   /* a locked file that says it is open; -1: none */
	char *user_path;
	struct memo *memo; /* NULL: answers are not kept in memory */
	bool still;	   /* no cell runs: they count */
};

/* Makes the directory (0700) where it is missing. As long as it is open, nobody
 * removes what is used of it. */
int cache_open(struct cache *c, struct err *e);
void cache_close(struct cache *c);
/* Has somebody removed its folder since? Then it is made again, as far as that
 * goes, and all answers are forgotten: what was built is gone. While nobody
 * else uses the cache. */
bool cache_was_removed(struct cache *c);

/* Keep answers in memory from here on: see memo.h. */
void cache_remember_answers(struct cache *c);

/* A product of the key whose files are all unchanged: its path and the
 * compiler's messages, both to be free()d. False: not there. */
bool cache_find(struct cache *c, const char key[HASH_HEX], char **path,
		char **messages);

/* A path in the cache's directory, not yet used by anyone, for the compiler
 * to write to; to be free()d. NULL and *e if the directory is not writable. */
char *cache_scratch(struct cache *c, const char *suffix, struct err *e);

/* Take the file at `scratch` in as the product of `key` that read `deps`
 * (absolute paths; those that are gone are passed over): renamed to its final
 * path, which is returned, to be free()d. It is not to be found again if deps
 * is NULL (not known), or if one of them changed after `since_ns` (by the clock
 * of cache_now_ns(), taken before the compiler began): it may have read the old
 * text. */
char *cache_store(struct cache *c, const char key[HASH_HEX],
		  const char *scratch, const char *suffix,
		  const struct strs *deps, int64_t since_ns,
		  const char *messages, struct err *e);
/* The clock that stamps files. */
int64_t cache_now_ns(void);

/* A small text kept under a key that says all it depends on: what a compiler
 * calls itself, what was learnt from a failure. cache_recall(): to be free()d,
 * NULL where there is none. Not to be able to remember is no error. */
char *cache_recall(struct cache *c, const char key[HASH_HEX]);
void cache_remember(struct cache *c, const char key[HASH_HEX],
		    const char *text);

/* Remove the oldest products beyond max_bytes; at most now and then, and never
 * what was used lately, by anyone. */
void cache_trim(struct cache *c);
/* Remove everything but what others who have it open may have used, as products
 * or as places to write to; *freed and *kept get the bytes. */
int cache_clean(struct cache *c, int64_t *freed, int64_t *kept, struct err *e);

#endif

/* cc.h: the user's compiler: found, named, called, its messages read. */
#ifndef CNB_CC_H
#define CNB_CC_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/text.h"
#include "build/cache.h"
#include "build/diag.h"

enum cc_family { CC_GCC, CC_CLANG, CC_TCC, CC_OTHER };

struct cc {
	char *path;    /* absolute, symbolic links kept */
	char *version; /* "gcc 12.2.0" */
	enum cc_family family;
	int64_t size, mtime_ns; /* of the file behind the links */
};

/* `name` is a path or a name in PATH ("ccache gcc" is not: one word); NULL
 * means $CC, else cc. "cannot compile: no compiler 'foo' in PATH". */
int cc_find(struct cc *cc, const char *name, struct err *e);
/* The same, with the answer to `--version` kept in the cache: starts nothing
 * when the compiler was met before. */
int cc_find_cached(struct cc *cc, struct cache *cache, const char *name,
		   struct err *e);
void cc_release(struct cc *cc);
/* Who it is, in so far as a file can tell. */
struct hash;
void cc_hash(struct hash *h, const struct cc *cc);
/* What it is to find in its environment, NAME=VALUE. */
void cc_environment(struct strs *env);

enum product {
	PRODUCT_PROGRAM,
	PRODUCT_PLUGIN,
	PRODUCT_CELL, /* a plugin that shares names with those loaded before it:
		       * who was there first is meant (RTLD_GLOBAL) */
};

/* One thing to build. Everything is borrowed. */
struct unit {
	enum product product;
	const char *label; /* "x.ipynb:join" or a path, shown in messages */
	const char *file;  /* compile this file where it stands, or NULL: */
	struct slice text; /* compile this text, named `label` by #line */
	const struct diag_source
		*sources; /* the texts that `text` names by
			   * #line lines of its own: then it gets no other,
			   * and excerpts come from these. NULL: it is one */
	size_t nsources;
	const char *digest;  /* of a text that was built before, in its place:
			      * for cc_look() alone; or NULL */
	const char *workdir; /* the compiler's directory; "x.h" is found here */
	const struct strs *cflags, *ldflags, *libs, *sanitize;
	const struct strs
		*renames;	 /* OLD=NEW, symbols in the object; or NULL */
	const char *include_dir; /* of cell.h; NULL: none */
	const char *front;   /* an object linked in front of a program, or NULL;
			      * left out where it cannot be linked */
	const char *runtime; /* the same, where sanitizers are asked for */
};

struct built {
	char *path;	    /* of the product, NULL: failed */
	char *messages;	    /* the compiler's, rendered with excerpts; "" */
	char *command;	    /* as typed in a shell; a text is read from `-` */
	struct diags diags; /* what `messages` was drawn from; where it was
			     * cached, read from it if the unit has sources.
			     * Valid as long as the unit's texts are */
	char digest[HASH_HEX]; /* of the text */
	bool cached;
	int64_t duration_ns;
};
void built_release(struct built *b);

/* Build `u` or find it in the cache. -1 only where the system failed us
 * (no compiler, disk full, pkg-config's refusal is ERR_INPUT); a text that does
 * not compile is 0 with b->path NULL. Interrupted by a signal: -1. */
int cc_build(const struct cc *cc, struct cache *cache, const struct unit *u,
	     struct built *b, struct err *e);

/* As cc_build(), but nothing is built: b->path is NULL where it would have to
 * be. False: it is not there. */
bool cc_look(const struct cc *cc, struct cache *cache, const struct unit *u,
	     struct built *b);

#endif

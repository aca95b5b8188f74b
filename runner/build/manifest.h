/* manifest.h: the text in which the cache keeps, for one key, the products that
 * were made, and of which files. A line says what it is; then one record for
 * each state of the files that was met, newest first:
 *
 *	product SIZE NAME
 *	messages LENGTH, a newline, so many bytes, a newline
 *	dep SIZE MTIME_NS SHA256 PATH	(any number of them; "-": not hashed)
 *	end
 */
#ifndef CNB_MANIFEST_H
#define CNB_MANIFEST_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/hash.h"
#include "base/text.h"

#define MANIFEST_MAGIC "cnb-cache 1\n"

/* Parts of the manifest's text. */
struct record {
	struct slice all;
	struct slice product; /* name */
	int64_t size;	      /* of the product */
	struct slice messages;
	struct slice deps; /* its dep lines */
};

/* Take the first line off; false: this is no manifest. */
bool manifest_begins(struct slice *text);
/* The next record; false at the end, or where it is not ours to read. */
bool manifest_take(struct slice *rest, struct record *r);
/* Are its files what they were? By size and time, and by content where only
 * the time has changed. */
bool manifest_holds(const struct record *r);
/* Tell `each` of the path of every file. */
void manifest_each_dep(const struct record *r,
		       void (*each)(void *self, struct slice path), void *self);

/* Append the dep lines of files (absolute paths; those that are gone are passed
 * over), and what they hold to *name. -1: one of them cannot be vouched for, or
 * changed after `since` (cache_now_ns()). */
int manifest_add_deps(struct buf *out, struct hash *name,
		      const struct strs *deps, int64_t since);

#endif

/* manifest.c: reads and writes what products were made of. Floor 2. It knows
 * files and their hashes, not where a cache keeps them. */
#include "build/manifest.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/fs.h"

#define HASHED_MAX (256 * 1024) /* larger files: by time and size */

static int
hash_file(const char *path, char hex[HASH_HEX])
{
	struct buf text = { 0 };
	struct hash h;
	int rc = fs_read(path, &text, NULL);

	hash_init(&h);
	hash_add(&h, buf_str(&text), text.len);
	hash_hex(&h, hex);
	buf_release(&text);
	return rc;
}

/* Is the file what it was? By size and time, and by content where only its
 * time has changed. */
static bool
dep_unchanged(const char *path, int64_t size, int64_t mtime, const char *hex)
{
	struct stat st;
	char now[HASH_HEX];

	if (stat(path, &st) < 0 || st.st_size != size || !S_ISREG(st.st_mode))
		return false;
	if (fs_mtime_ns(&st) == mtime)
		return true;
	return st.st_size <= HASHED_MAX && hash_file(path, now) == 0 &&
	       !strcmp(now, hex);
}

static bool
take(struct slice *rest, const char *prefix)
{
	size_t n = strlen(prefix);

	if (!slice_starts(*rest, prefix))
		return false;
	rest->at += n;
	rest->len -= n;
	return true;
}

bool
manifest_begins(struct slice *text)
{
	return take(text, MANIFEST_MAGIC);
}

/* The bytes up to the next newline, which is taken off too. */
static bool
take_line(struct slice *rest, struct slice *line)
{
	const char *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;

	if (!end)
		return false;
	*line = (struct slice){ rest->at, (size_t)(end - rest->at) };
	rest->len -= line->len + 1;
	rest->at = end + 1;
	return true;
}

/* `SIZE NAME`; a newline stands behind it. */
static bool
parse_product(struct slice line, struct record *r)
{
	char *end;

	/* What has no digit in its line has some in the next one, maybe. */
	if (!line.len || !isdigit((unsigned char)line.at[0]))
		return false;
	r->size = strtoll(line.at, &end, 10);
	if (*end != ' ')
		return false;
	r->product.at = end + 1;
	r->product.len = (size_t)(line.at + line.len - r->product.at);
	return r->product.len && !memchr(r->product.at, '/', r->product.len);
}

bool
manifest_take(struct slice *rest, struct record *r)
{
	const char *start = rest->at;
	struct slice line;
	size_t len;

	if (!take(rest, "product ") || !take_line(rest, &line) ||
	    !parse_product(line, r) || !take(rest, "messages ") ||
	    !take_line(rest, &line))
		return false;
	len = (size_t)strtoul(line.at, NULL, 10);
	if (!line.len || len >= rest->len || rest->at[len] != '\n')
		return false;
	r->messages = (struct slice){ rest->at, len };
	rest->at += len + 1;
	rest->len -= len + 1;
	r->deps.at = rest->at;
	while (slice_starts(*rest, "dep "))
		if (!take_line(rest, &line))
			return false;
	r->deps.len = (size_t)(rest->at - r->deps.at);
	if (!take(rest, "end\n"))
		return false;
	r->all = (struct slice){ start, (size_t)(rest->at - start) };
	return true;
}

/* `SIZE MTIME SHA256 PATH` */
static bool
dep_line_unchanged(struct slice line)
{
	char hex[HASH_HEX], *copy = mem_strndup(line.at, line.len);
	int64_t size, mtime;
	int at = 0;
	bool same;

	same = sscanf(copy, "dep %" SCNd64 " %" SCNd64 " %64s %n", &size,
		      &mtime, hex, &at) == 3 &&
	       at > 0 && dep_unchanged(copy + at, size, mtime, hex);
	free(copy);
	return same;
}

bool
manifest_holds(const struct record *r)
{
	struct slice deps = r->deps, line;

	while (take_line(&deps, &line))
		if (!dep_line_unchanged(line))
			return false;
	return true;
}

void
manifest_each_dep(const struct record *r,
		  void (*each)(void *self, struct slice path), void *self)
{
	struct slice deps = r->deps, line;

	while (take_line(&deps, &line)) {
		/* The path is behind the fourth space, to the end. */
		for (int i = 0; i < 4 && line.len; i++) {
			const char *space = memchr(line.at, ' ', line.len);
			size_t n = space ? (size_t)(space + 1 - line.at)
					 : line.len;

			line.at += n;
			line.len -= n;
		}
		each(self, line);
	}
}

/* One dep line, and what the file holds to the product's name. -1: it cannot
 * be vouched for. */
static int
add_dep(struct buf *out, struct hash *name, const char *path, int64_t since)
{
	char hex[HASH_HEX] = "-";
	struct stat st;
	size_t line = out->len;

	/* A path with a newline cannot be written down. */
	if (strchr(path, '\n'))
		return -1;
	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	if (st.st_size <= HASHED_MAX && hash_file(path, hex) < 0)
		return -1;
	/* Last, so that a change during the hashing is seen. */
	if (stat(path, &st) < 0 || fs_mtime_ns(&st) > since)
		return -1;
	buf_addf(out, "dep %jd %" PRId64 " %s %s\n", (intmax_t)st.st_size,
		 fs_mtime_ns(&st), hex, path);
	hash_add_str(name, path);
	if (hex[1])
		hash_add_str(name, hex);
	else
		hash_add_str(name, out->data + line);
	return 0;
}

int
manifest_add_deps(struct buf *out, struct hash *name, const struct strs *deps,
		  int64_t since)
{
	for (size_t i = 0; i < deps->count; i++)
		if (add_dep(out, name, deps->at[i], since) < 0)
			return -1;
	return 0;
}

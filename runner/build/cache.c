/* cache.c: what was compiled before, kept by content. Floor 2. It knows files
 * and hashes, and nothing of compilers.
 *
 *	DIR/products/HASH[.so]	what was built
 *	DIR/manifests/KEY	what was built of which files
 *	DIR/notes/KEY		small texts
 *	DIR/scratch/		being written
 *	DIR/users/		who has it open
 *
 * Nothing is ever written in place, so a reader needs no lock. Of two who
 * write one manifest at once the later wins; what the other knew is built
 * once more. */
#include "build/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>
#include "base/mem.h"
#include "build/manifest.h"
#include "build/memo.h"
#include "build/shelves.h"
#include "sys/clock.h"
#include "sys/fs.h"

#define RECORDS_MAX 8			/* states kept in one manifest */
#define MANIFEST_MAX (64 * 1024 * 1024) /* a larger one is not ours */

#define ADVICE "set CNB_CACHE_DIR to a folder that can be written"

static const char *const shelf_names[SHELF_COUNT] = {
	[PRODUCTS] = "products", [MANIFESTS] = "manifests", [NOTES] = "notes",
	[SCRATCH] = "scratch",	 [USERS] = "users",
};

/* ---- the directory ---- */

char *
shelf_path(const struct cache *c, enum shelf shelf, const char *name)
{
	struct buf b = { 0 };

	buf_addf(&b, "%s/%s", c->dir, shelf_names[shelf]);
	if (name)
		buf_addf(&b, "/%s", name);
	return buf_take(&b);
}

static int
make_shelves(const struct cache *c, struct err *e)
{
	int rc = 0;

	for (int i = 0; rc == 0 && i < SHELF_COUNT; i++) {
		char *path = shelf_path(c, (enum shelf)i, NULL);

		if (!fs_is_dir(path))
			rc = fs_mkdirs(path, 0700, e);
		free(path);
	}
	return rc;
}

static bool
is_set(const char *variable)
{
	return variable && *variable;
}

/* Where the cache is to be; *chosen: the user named it, so it must be there. */
static char *
wanted_dir(bool *chosen)
{
	const char *own = getenv("CNB_CACHE_DIR");
	const char *xdg = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");

	*chosen = true;
	if (is_set(own))
		return path_absolute(own);
	/* The XDG base directory specification: relative ones are invalid. */
	if (is_set(xdg) && *xdg == '/')
		return path_join(xdg, "cnb");
	*chosen = false;
	if (is_set(home) && *home == '/')
		return path_join(home, ".cache/cnb");
	return NULL;
}

static char *
temporary_dir(void)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = path_join(is_set(tmp) ? tmp : "/tmp", "cnb-cache-XXXXXX");

	if (mkdtemp(dir))
		return dir;
	free(dir);
	return NULL;
}

int
cache_open(struct cache *c, struct err *e)
{
	struct err why = { ERR_SYSTEM, "there is no home directory" };
	bool chosen;

	*c = (struct cache){ .dir = wanted_dir(&chosen),
			     .max_bytes = CACHE_MAX_BYTES };
	c->user = -1;
	if (c->dir && make_shelves(c, &why) == 0) {
		shelves_enter(c);
		return 0;
	}
	if (chosen) {
		err_system(e,
			   "cannot write to the build cache '%s': %s; " ADVICE,
			   c->dir, why.text);
		cache_close(c);
		return -1;
	}
	free(c->dir);
	c->dir = temporary_dir();
	if (c->dir) {
		c->temporary = true;
		if (make_shelves(c, &why) == 0)
			return 0;
		cache_close(c);
	}
	return err_system(e, "no place for the build cache: %s; " ADVICE,
			  why.text);
}

void
cache_close(struct cache *c)
{
	memo_free(c->memo);
	if (!c->dir)
		return;
	shelves_leave(c);
	if (c->temporary)
		fs_remove_tree(c->dir);
	free(c->dir);
	*c = (struct cache){ .user = -1 };
}

bool
cache_was_removed(struct cache *c)
{
	if (fs_exists(c->user_path ? c->user_path : c->dir))
		return false;
	if (make_shelves(c, NULL) == 0 && !c->temporary) {
		shelves_leave(c);
		shelves_enter(c);
	}
	if (c->memo)
		memo_unsure(c->memo);
	return true;
}

void
shelf_name(struct buf *out)
{
	unsigned char bytes[12] = { 0 };

	if (getrandom(bytes, sizeof bytes, 0) < 0)
		memcpy(bytes, &(int64_t){ clock_real_ns() }, sizeof(int64_t));
	buf_addf(out, "%d-", (int)getpid());
	for (size_t i = 0; i < sizeof bytes; i++)
		buf_addf(out, "%02x", bytes[i]);
}

char *
cache_scratch(struct cache *c, const char *suffix, struct err *e)
{
	struct buf name = { 0 };
	char *path;
	int fd;

	shelf_name(&name);
	buf_add_str(&name, suffix);
	path = shelf_path(c, SCRATCH, buf_str(&name));
	buf_release(&name);
	fd = fs_create(path, O_WRONLY | O_EXCL, 0600);
	/* Somebody removed its folder while it is open. */
	if (fd < 0 && errno == ENOENT && make_shelves(c, NULL) == 0)
		fd = fs_create(path, O_WRONLY | O_EXCL, 0600);
	if (fd < 0) {
		err_system(e,
			   "cannot write to the build cache '%s': %s; " ADVICE,
			   c->dir, strerror(errno));
		free(path);
		return NULL;
	}
	close(fd);
	/* It was to show that we may write; the linker makes its own. */
	unlink(path);
	return path;
}

/* Put bytes at `path`, aside and then renamed; -1 with errno. */
static int
put_file(struct cache *c, const char *path, struct slice bytes)
{
	char *aside = cache_scratch(c, "", NULL);
	int fd = -1, rc = -1, saved;

	if (!aside)
		return -1;
	fd = fs_create(aside, O_WRONLY | O_EXCL, 0600);
	if (fd >= 0) {
		rc = fs_write_fd(fd, bytes.at, bytes.len);
		if (fs_close(fd) < 0)
			rc = -1;
		if (rc == 0)
			rc = rename(aside, path);
	}
	saved = errno;
	if (rc < 0)
		unlink(aside);
	errno = saved;
	free(aside);
	return rc;
}

/* "Used now": what is old goes first. */
static bool
touch(const char *path)
{
	return utimensat(AT_FDCWD, path, NULL, 0) == 0;
}

/* ---- products ---- */

/* The manifest's text behind its first line; false where there is none. */
static bool
read_manifest(const char *path, struct buf *text, struct slice *records)
{
	struct stat st;

	if (stat(path, &st) < 0 || st.st_size > MANIFEST_MAX ||
	    fs_read(path, text, NULL) < 0)
		return false;
	*records = buf_slice(text);
	return manifest_begins(records);
}

/* Is it there, and whole? A power cut can leave a name without its bytes. */
static bool
product_usable(const char *path, int64_t size)
{
	struct stat st;

	/* A cache that we may only read still serves. */
	return (touch(path) || access(path, R_OK) == 0) &&
	       stat(path, &st) == 0 && st.st_size == size;
}

void
cache_remember_answers(struct cache *c)
{
	if (!c->memo)
		c->memo = memo_new();
}

static void
rest_on(void *memo, struct slice path)
{
	memo_rests_on(memo, path);
}

static bool
find(struct cache *c, const char key[HASH_HEX], char **path, char **messages)
{
	char *manifest = shelf_path(c, MANIFESTS, key);
	struct buf text = { 0 };
	struct slice rest;
	struct record r;
	bool found = false;

	if (!read_manifest(manifest, &text, &rest))
		goto out;
	while (!found && manifest_take(&rest, &r)) {
		char *name, *product;

		/* Before it is looked at, so that what changes meanwhile is
		 * seen the next time. */
		manifest_each_dep(&r, rest_on, c->memo);
		if (!manifest_holds(&r))
			continue;
		name = mem_strndup(r.product.at, r.product.len);
		product = shelf_path(c, PRODUCTS, name);
		free(name);
		if (product_usable(product, r.size)) {
			touch(manifest);
			*path = product;
			*messages = mem_strndup(r.messages.at, r.messages.len);
			memo_add(c->memo, key, *path, *messages);
			found = true;
		} else {
			free(product);
		}
	}
out:
	buf_release(&text);
	free(manifest);
	return found;
}

bool
cache_find(struct cache *c, const char key[HASH_HEX], char **path,
	   char **messages)
{
	if (c->still && memo_find(c->memo, key, path, messages))
		return true;
	return find(c, key, path, messages);
}

int64_t
cache_now_ns(void)
{
	struct timespec now;

	/* Files bear the time of the last tick, so a finer clock would call
	 * one that was written a moment ago newer than now. */
	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* The new record in front of those of other states. */
static void
write_manifest(struct cache *c, const char *key, struct slice record,
	       const char *product)
{
	char *path = shelf_path(c, MANIFESTS, key);
	struct buf old = { 0 }, text = { 0 };
	struct slice rest;
	struct record r;

	buf_add_str(&text, MANIFEST_MAGIC);
	buf_add_slice(&text, record);
	if (read_manifest(path, &old, &rest))
		for (int n = 1; n < RECORDS_MAX && manifest_take(&rest, &r);)
			if (!slice_is(r.product, product)) {
				buf_add_slice(&text, r.all);
				n++;
			}
	/* Without it the product is built again: no reason to fail. */
	put_file(c, path, buf_slice(&text));
	buf_release(&old);
	buf_release(&text);
	free(path);
}

/* Move the scratch file to its name, unless a like one is there already. */
static int
shelve(const char *scratch, const char *path, struct err *e)
{
	if (touch(path)) {
		unlink(scratch);
		return 0;
	}
	if (rename(scratch, path) == 0)
		return 0;
	return err_system(e, "cannot write '%s': %s", path, strerror(errno));
}

char *
cache_store(struct cache *c, const char key[HASH_HEX], const char *scratch,
	    const char *suffix, const struct strs *deps, int64_t since_ns,
	    const char *messages, struct err *e)
{
	struct buf lines = { 0 }, record = { 0 }, name = { 0 };
	char hex[HASH_HEX], *path = NULL;
	struct hash h;
	struct stat st;
	bool known;

	if (stat(scratch, &st) < 0) {
		err_system(e, "cannot read '%s': %s", scratch, strerror(errno));
		return NULL;
	}
	hash_init(&h);
	hash_add_str(&h, key);
	for (size_t i = 0; deps && i < deps->count; i++)
		memo_rests_on(c->memo, slice_of(deps->at[i]));
	known = deps && manifest_add_deps(&lines, &h, deps, since_ns) == 0;
	if (!known) {
		hash_add_str(&h, path_base(scratch));
		memo_unsure(c->memo);
	}
	hash_hex(&h, hex);
	buf_addf(&name, "%s%s", hex, suffix);
	path = shelf_path(c, PRODUCTS, buf_str(&name));
	if (shelve(scratch, path, e) < 0) {
		free(path);
		path = NULL;
	} else if (known) {
		/* Another's product of the same inputs may differ in size. */
		stat(path, &st);
		buf_addf(&record, "product %jd %s\nmessages %zu\n%s\n",
			 (intmax_t)st.st_size, buf_str(&name), strlen(messages),
			 messages);
		buf_add_slice(&record, buf_slice(&lines));
		buf_add_str(&record, "end\n");
		memo_add(c->memo, key, path, messages);
		write_manifest(c, key, buf_slice(&record), buf_str(&name));
	}
	buf_release(&lines);
	buf_release(&record);
	buf_release(&name);
	return path;
}

/* ---- notes ---- */

char *
cache_recall(struct cache *c, const char key[HASH_HEX])
{
	char *path = shelf_path(c, NOTES, key), *text = NULL;
	struct buf b = { 0 };

	if (c->still && memo_find(c->memo, key, &text, NULL)) {
		free(path);
		return text;
	}
	if (fs_read(path, &b, NULL) == 0) {
		touch(path);
		text = buf_take(&b);
		memo_add(c->memo, key, text, NULL);
	}
	buf_release(&b);
	free(path);
	return text;
}

void
cache_remember(struct cache *c, const char key[HASH_HEX], const char *text)
{
	char *path = shelf_path(c, NOTES, key);

	put_file(c, path, slice_of(text));
	memo_add(c->memo, key, text, NULL);
	free(path);
}

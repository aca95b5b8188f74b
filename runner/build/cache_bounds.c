/* cache_bounds.c: what goes from the cache, and what must stay because someone
 * has it open. Floor 2. */
#include "build/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "base/mem.h"
#include "build/shelves.h"
#include "sys/clock.h"
#include "sys/fs.h"

#define BLOCK 4096		       /* what a small file takes */
#define TRIM_EVERY_S 3600	       /* look at the size this often */
#define TRIM_SAFE_S 3600	       /* what was used since then stays */
#define TRIM_KEEP(max) ((max) / 5 * 4) /* room for a while to come */

/* ---- who has it open ---- */

/* Each who has the cache open holds a lock on a file in users/: the kernel ends
 * it with its process. The folder itself is the gate: who enters passes it with
 * others, who empties the cache closes it, so that nobody enters between the
 * look at who is there and what is done then. */
static int
pass_gate(const struct cache *c, int how)
{
	char *dir = shelf_path(c, USERS, NULL);
	int fd = fs_open(dir, O_RDONLY | O_DIRECTORY);

	free(dir);
	if (fd >= 0 && fs_lock(fd, how) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int
close_gate(const struct cache *c)
{
	return pass_gate(c, LOCK_EX);
}

void
shelves_enter(struct cache *c)
{
	int gate = pass_gate(c, LOCK_SH);
	struct buf name = { 0 };

	shelf_name(&name);
	c->user_path = shelf_path(c, USERS, buf_str(&name));
	buf_release(&name);
	c->user = fs_create(c->user_path, O_RDWR | O_EXCL, 0600);
	if (c->user >= 0)
		fs_lock(c->user, LOCK_SH | LOCK_NB);
	if (gate >= 0)
		close(gate);
}

void
shelves_leave(struct cache *c)
{
	if (c->user_path && c->user >= 0) {
		unlink(c->user_path);
		close(c->user);
	}
	free(c->user_path);
	c->user_path = NULL;
	c->user = -1;
}

/* Since when one of the others has it open; INT64_MAX: there is none. Files of
 * those who died go. The gate is closed. */
static int64_t
earliest_user(const struct cache *c)
{
	char *dir = shelf_path(c, USERS, NULL);
	struct strs names = { 0 };
	int64_t earliest = INT64_MAX;

	fs_list(dir, "", &names);
	for (size_t i = 0; i < names.count; i++) {
		char *path = path_join(dir, names.at[i]);
		int fd = fs_open(path, O_RDWR);
		struct stat st;

		if (fd < 0 || (c->user_path && !strcmp(path, c->user_path)))
			;
		else if (fs_lock(fd, LOCK_EX | LOCK_NB) == 0)
			unlink(path);
		else if (fstat(fd, &st) == 0 && fs_mtime_ns(&st) < earliest)
			earliest = fs_mtime_ns(&st);
		if (fd >= 0)
			close(fd);
		free(path);
	}
	strs_release(&names);
	free(dir);
	return earliest;
}

/* ---- what goes ---- */

struct entry {
	char *path;
	int64_t bytes;
	int64_t used_ns;
};

struct entries {
	struct entry *at;
	size_t count;
	int64_t bytes;
};

static void
list_shelf(const char *dir, struct entries *all)
{
	DIR *d = opendir(dir);
	struct dirent *name;
	struct stat st;

	while (d && (name = readdir(d))) {
		if (name->d_name[0] == '.' ||
		    fstatat(dirfd(d), name->d_name, &st, AT_SYMLINK_NOFOLLOW) <
			    0 ||
		    !S_ISREG(st.st_mode))
			continue;
		*mem_push(all->at, all->count) = (struct entry){
			.path = path_join(dir, name->d_name),
			.bytes = (st.st_size + BLOCK - 1) / BLOCK * BLOCK,
			.used_ns = fs_mtime_ns(&st),
		};
		all->bytes += all->at[all->count - 1].bytes;
	}
	if (d)
		closedir(d);
}

static void
list_entries(const struct cache *c, struct entries *all)
{
	for (int i = 0; i < USERS; i++) {
		char *dir = shelf_path(c, (enum shelf)i, NULL);

		list_shelf(dir, all);
		free(dir);
	}
}

static void
release_entries(struct entries *all)
{
	for (size_t i = 0; i < all->count; i++)
		free(all->at[i].path);
	free(all->at);
}

static int
by_age(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->used_ns > y->used_ns) - (x->used_ns < y->used_ns);
}

/* The oldest go until the rest fits. Someone may have used an entry since it
 * was listed: its time is read once more. */
static void
remove_oldest(struct entries *all, int64_t keep, int64_t now_ns)
{
	int64_t limit = now_ns - TRIM_SAFE_S * NS_PER_S;

	qsort(all->at, all->count, sizeof *all->at, by_age);
	for (size_t i = 0; i < all->count && all->bytes > keep; i++) {
		struct entry *old = &all->at[i];
		struct stat st;

		if (stat(old->path, &st) == 0 && fs_mtime_ns(&st) < limit &&
		    unlink(old->path) == 0)
			all->bytes -= old->bytes;
	}
}

void
cache_trim(struct cache *c)
{
	char *stamp = path_join(c->dir, "trimmed");
	int64_t now = clock_real_ns();
	struct entries all = { 0 };
	struct stat st;
	int fd = -1, gate;

	if (c->temporary || (stat(stamp, &st) == 0 && fs_mtime_ns(&st) <= now &&
			     now - fs_mtime_ns(&st) < TRIM_EVERY_S * NS_PER_S))
		goto out;
	fd = fs_create(stamp, O_RDWR, 0600);
	/* Whoever holds the lock does the work for all. */
	if (fd < 0 || fs_lock(fd, LOCK_EX | LOCK_NB) < 0)
		goto out;
	futimens(fd, NULL);
	gate = close_gate(c);
	if (gate >= 0) {
		earliest_user(c);
		close(gate);
	}
	list_entries(c, &all);
	if (all.count && all.bytes > c->max_bytes)
		remove_oldest(&all, TRIM_KEEP(c->max_bytes), now);
out:
	if (fd >= 0)
		close(fd);
	release_entries(&all);
	free(stamp);
}

int
cache_clean(struct cache *c, int64_t *freed, int64_t *kept, struct err *e)
{
	int gate = close_gate(c);
	int64_t since_ns = earliest_user(c);
	struct entries all = { 0 };
	int rc = 0;
	char *cells;

	*freed = *kept = 0;
	list_entries(c, &all);
	for (size_t i = 0; i < all.count; i++) {
		if (all.at[i].used_ns >= since_ns)
			*kept += all.at[i].bytes;
		else if (unlink(all.at[i].path) == 0)
			*freed += all.at[i].bytes;
		else if (errno != ENOENT && rc == 0)
			rc = err_system(e, "cannot remove '%s': %s",
					all.at[i].path, strerror(errno));
	}
	release_entries(&all);
	if (gate >= 0)
		close(gate);
	cells = path_join(c->dir, CACHE_CELLS);
	if (fs_is_dir(cells) && fs_remove_tree(cells) < 0 && rc == 0)
		rc = err_system(e, "cannot remove '%s': %s", cells,
				strerror(errno));
	free(cells);
	return rc;
}

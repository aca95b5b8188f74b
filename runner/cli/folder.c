/* folder.c: what each of several notebooks is called in one folder. Floor 6. */
#include "cli/folder.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "sys/fs.h"

bool
folder_is(const char *output)
{
	size_t len = output ? strlen(output) : 0;

	return len && (output[len - 1] == '/' || fs_is_dir(output));
}

/* x for a/x.ipynb. */
static struct slice
name_of(const char *notebook)
{
	const char *base =
		strcmp(notebook, "-") ? path_base(notebook) : "stdin";
	const char *dot = strrchr(base, '.');

	return (struct slice){ base, dot && dot > base ? (size_t)(dot - base)
						       : strlen(base) };
}

static bool
is_shared(const struct folder *f, struct slice name)
{
	for (size_t i = 0; i < f->shared.count; i++)
		if (slice_is(name, f->shared.at[i]))
			return true;
	return false;
}

/* The folders that a notebook was named with, each with a slash behind it;
 * nothing that would lead out of ours. */
static void
add_way(struct buf *out, const char *notebook)
{
	const char *end;

	for (; (end = strchr(notebook, '/')); notebook = end + 1) {
		struct slice part = { notebook, (size_t)(end - notebook) };

		if (part.len && !slice_is(part, ".") && !slice_is(part, "..")) {
			buf_add_slice(out, part);
			buf_add_byte(out, '/');
		}
	}
}

char *
folder_path(const struct folder *f, const char *notebook)
{
	struct slice name = name_of(notebook);
	struct buf out = { 0 };
	size_t len = strlen(f->dir);

	buf_addf(&out, "%s%s", f->dir,
		 len && f->dir[len - 1] == '/' ? "" : "/");
	if (is_shared(f, name))
		add_way(&out, notebook);
	buf_addf(&out, "%.*s.%s", (int)name.len, name.at,
		 format_suffix(f->format));
	return buf_take(&out);
}

struct named {
	const char *notebook;
	struct slice name;
	char *path;
};

static int
by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	size_t n = x->name.len < y->name.len ? x->name.len : y->name.len;
	int order = memcmp(x->name.at, y->name.at, n);

	return order ? order
	       : x->name.len != y->name.len
		       ? (x->name.len > y->name.len) * 2 - 1
		       : strcmp(x->notebook, y->notebook);
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct named *)a)->path,
		      ((const struct named *)b)->path);
}

static void
find_shared(struct folder *f, struct named *all, size_t n)
{
	qsort(all, n, sizeof *all, by_name);
	for (size_t i = 1; i < n; i++)
		if (slice_equal(all[i].name, all[i - 1].name) &&
		    strcmp(all[i].notebook, all[i - 1].notebook) != 0 &&
		    !is_shared(f, all[i].name))
			strs_addn(&f->shared, all[i].name.at, all[i].name.len);
}

static int
check_paths(struct named *all, size_t n, struct err *e)
{
	qsort(all, n, sizeof *all, by_path);
	for (size_t i = 1; i < n; i++)
		if (!strcmp(all[i].path, all[i - 1].path) &&
		    strcmp(all[i].notebook, all[i - 1].notebook) != 0)
			return err_input(e,
					 "cannot write '%s': it would be both "
					 "'%s' and '%s'",
					 all[i].path, all[i - 1].notebook,
					 all[i].notebook);
	return 0;
}

static int
make_folders(const struct folder *f, const struct named *all, size_t n,
	     struct err *e)
{
	int rc = fs_is_dir(f->dir) ? 0 : fs_mkdirs(f->dir, 0777, e);

	for (size_t i = 0; i < n && rc == 0; i++)
		if (is_shared(f, name_of(all[i].notebook))) {
			char *dir = path_dir(all[i].path);

			rc = fs_is_dir(dir) ? 0 : fs_mkdirs(dir, 0777, e);
			free(dir);
		}
	return rc;
}

int
folder_init(struct folder *f, const char *dir, enum format format,
	    const struct strs *all, struct err *e)
{
	struct named *named = mem_alloc(all->count, sizeof *named);
	int rc;

	*f = (struct folder){ .dir = dir, .format = format };
	for (size_t i = 0; i < all->count; i++)
		named[i] =
			(struct named){ all->at[i], name_of(all->at[i]), NULL };
	find_shared(f, named, all->count);
	for (size_t i = 0; i < all->count; i++)
		named[i].path = folder_path(f, named[i].notebook);
	rc = check_paths(named, all->count, e);
	if (rc == 0)
		rc = make_folders(f, named, all->count, e);
	for (size_t i = 0; i < all->count; i++)
		free(named[i].path);
	free(named);
	return rc;
}

void
folder_release(struct folder *f)
{
	strs_release(&f->shared);
}

/* path.c: names of files. Floor 1. Declared in fs.h. */
#include "sys/fs.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"

#define LINKS_MAX 40 /* as the kernel's */

char *
path_join(const char *dir, const char *name)
{
	struct buf b = { 0 };

	if (*name != '/' && strcmp(dir, ".") != 0 && *dir) {
		buf_add_str(&b, dir);
		if (b.data[b.len - 1] != '/')
			buf_add_byte(&b, '/');
	}
	buf_add_str(&b, name);
	return buf_take(&b);
}

char *
path_dir(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return mem_strdup(".");
	return slash == path ? mem_strdup("/")
			     : mem_strndup(path, (size_t)(slash - path));
}

const char *
path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Drop the last part of an absolute path under construction. */
static void
drop_part(struct buf *b)
{
	while (b->len && b->data[b->len - 1] != '/')
		b->len--;
	if (b->len)
		b->len--;
	if (b->data)
		b->data[b->len] = '\0';
}

char *
path_absolute(const char *path)
{
	struct buf all = { 0 }, b = { 0 };
	char *save = NULL, *part;

	if (*path != '/') {
		char *cwd = getcwd(NULL, 0);

		if (!cwd)
			return mem_strdup(path);
		buf_addf(&all, "%s/", cwd);
		free(cwd);
	}
	buf_add_str(&all, path);
	for (part = strtok_r(all.data, "/", &save); part;
	     part = strtok_r(NULL, "/", &save)) {
		if (!strcmp(part, ".."))
			drop_part(&b);
		else if (strcmp(part, ".") != 0)
			buf_addf(&b, "/%s", part);
	}
	if (!b.len)
		buf_add_byte(&b, '/');
	buf_release(&all);
	return buf_take(&b);
}

bool
path_stays(const char *path)
{
	const char *at = path;

	while (at) {
		size_t n = strcspn(at, "/");

		if (n == 2 && !strncmp(at, "..", 2))
			return false;
		at = at[n] ? at + n + 1 : NULL;
	}
	return *path != '/';
}

char *
path_real(const char *path)
{
	return realpath(path, NULL);
}

/* A link's text is meant from the folder that the link is in. */
static char *
follow(const char *link)
{
	char text[PATH_MAX], *dir, *to;
	ssize_t n = readlink(link, text, sizeof text - 1);

	if (n < 0)
		return NULL;
	text[n] = '\0';
	dir = path_dir(link);
	to = path_join(dir, text);
	free(dir);
	return to;
}

char *
path_end_of_links(const char *path)
{
	char *end = follow(path), *next;

	for (int n = 0; end && (next = follow(end)); n++) {
		free(end);
		end = next;
		if (n == LINKS_MAX) {
			free(end);
			end = NULL;
		}
	}
	return end;
}

static bool
is_program(const char *path)
{
	return access(path, X_OK) == 0 && !fs_is_dir(path);
}

char *
path_find_program(const char *name)
{
	const char *path = getenv("PATH");
	char *found = NULL;

	if (strchr(name, '/'))
		return is_program(name) ? path_absolute(name) : NULL;
	if (!path || !*path)
		path = "/usr/local/bin:/usr/bin:/bin";
	while (!found && *name) {
		size_t n = strcspn(path, ":");
		char *dir = mem_strndup(path, n);
		char *full = path_join(*dir ? dir : ".", name);

		if (is_program(full))
			found = path_absolute(full);
		free(full);
		free(dir);
		if (!path[n])
			break;
		path += n + 1;
	}
	return found;
}

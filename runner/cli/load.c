/* load.c: a notebook from its path to its understood cells. Floor 6. */
#include "cli/load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "cli/commands.h"
#include "exec/sanitize.h"
#include "format/nbformat.h"
#include "sys/fs.h"

/* A notebook of a hundred thousand cells may have something in each. */
#define MOST_WARNINGS 20

static void
warn_all(const struct strs *warnings, const struct notebook *nb)
{
	size_t n = warnings->count;

	if (n > MOST_WARNINGS)
		n = MOST_WARNINGS - 1;
	for (size_t i = 0; i < n; i++)
		command_say("cnb: warning: %s", warnings->at[i]);
	if (n < warnings->count)
		command_say("cnb: warning: '%s': %zu more like these", nb->name,
			    warnings->count - n);
}

int
load_text(struct notebook *nb, const char *path, struct buf *text,
	  struct err *e)
{
	int rc;

	notebook_init(nb);
	rc = nbformat_read_file(nb, path, text, e);
	if (rc == 0)
		warn_all(&nb->warnings, nb);
	return rc;
}

int
load_notebook(struct notebook *nb, const char *path, struct err *e)
{
	struct buf text = { 0 };
	int rc;

	notebook_init(nb);
	rc = fs_read(path, &text, e);
	if (rc == 0)
		rc = load_text(nb, path, &text, e);
	buf_release(&text);
	return rc;
}

int
load_cells(struct cell_list *cells, const struct notebook *nb, struct err *e)
{
	int rc = cell_list_init(cells, nb, e);

	if (rc == 0)
		warn_all(&cells->warnings, nb);
	return rc;
}

int
load_sanitizers(struct cell_list *cells, const char *given,
		const struct strs *cflags, struct err *e)
{
	struct strs list = { 0 };
	int rc = given ? option_sanitizers(&list, given, e) : 0;

	if (rc < 0)
		err_prefix(e, "--sanitize: ");
	if (strs_has(&list, "none"))
		strs_release(&list);
	if (rc == 0)
		rc = sanitize_settle(cells, &list, cflags, e);
	strs_release(&list);
	return rc;
}

int
load_check_language(const struct notebook *nb, const char *verb, struct err *e)
{
	if (!strcmp(nb->language, "c"))
		return 0;
	return err_input(e, "cannot %s '%s': it is written in %s, not in C",
			 verb, nb->path, nb->language);
}

char *
load_workdir(const char *given, const char *notebook, struct err *e)
{
	char *dir = given		     ? path_absolute(given)
		    : !strcmp(notebook, "-") ? path_absolute(".")
					     : NULL;

	if (!dir) {
		char *path = path_absolute(notebook);

		dir = path_dir(path);
		free(path);
	}
	errno = 0;
	if (fs_is_dir(dir))
		return dir;
	if (errno && errno != ENOENT && errno != ENOTDIR)
		err_system(e, "cannot work in '%s': %s", given ? given : dir,
			   strerror(errno));
	else
		err_input(e, "cannot work in '%s': it is no folder",
			  given ? given : dir);
	free(dir);
	return NULL;
}

char *
load_cc(const char *given)
{
	const char *name = given ? given : getenv("CC");

	if (!name || !*name)
		return given ? mem_strdup(given) : NULL;
	return strchr(name, '/') ? path_absolute(name) : mem_strdup(name);
}

struct nbformat_injected
load_injected(const struct params *p)
{
	struct nbformat_injected in = { .instead = p->instead };

	if (!p->cell || p->hidden || !p->shown.len)
		return in;
	in.after = p->cell->cell;
	in.source = (struct slice){ p->shown.data, p->shown.len - 1 };
	return in;
}

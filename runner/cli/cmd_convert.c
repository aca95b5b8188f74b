/* cmd_convert.c: `cnb convert FROM TO`: a notebook as a C file, a C file as a
 * notebook, by their suffixes. Floor 6. It runs nothing. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "cli/commands.h"
#include "cli/csource.h"
#include "cli/document.h"
#include "cli/load.h"
#include "sys/fs.h"
#include "sys/lock.h"

const struct opt cmd_convert_opts[] = { { 0 } };

/* One that cannot be seen must not be taken for none: its outputs would go. */
static int
look_for(const char *path, bool *there, struct err *e)
{
	struct stat st;

	*there = stat(path, &st) == 0;
	if (*there || errno == ENOENT || errno == ENOTDIR)
		return 0;
	return fs_err(e, errno, "read", path);
}

/* The notebook that a C file holds; one that is there already gives it the
 * outputs of cells that are still the same. */
static int
read_c(struct buf *out, const char *from, const char *to, struct err *e)
{
	struct buf text = { 0 };
	struct notebook old;
	bool has_old = false;
	int rc = 0;

	notebook_init(&old);
	if (!csource_is_path(to))
		rc = look_for(to, &has_old, e);
	if (rc == 0)
		rc = fs_read(from, &text, e);
	if (rc == 0 && has_old)
		rc = load_notebook(&old, to, e);
	if (rc == 0)
		rc = csource_read(out, from, buf_slice(&text),
				  has_old ? &old : NULL, e);
	notebook_release(&old);
	buf_release(&text);
	return rc;
}

static int
convert_to(struct buf *out, struct buf *notebook, const char *from,
	   const char *to, struct err *e)
{
	const struct record *records[1];
	enum format format = FORMAT_IPYNB;
	struct record r = { .nb = NULL };
	struct notebook nb;
	int rc;

	notebook_init(&nb);
	rc = strcmp(to, "-") ? format_of_path(to, &format, e) : 0;
	if (rc == 0)
		rc = load_text(&nb, from, notebook, e);
	if (rc == 0) {
		record_init(&r, &nb);
		nbformat_recorded(&r, &nb);
		records[0] = &r;
		rc = document_write(out, format, records, 1,
				    (struct nbformat_save){ 0 }, e);
		record_release(&r);
	}
	notebook_release(&nb);
	return rc;
}

static int
convert(const char *from, const char *to)
{
	struct lock lock = { .fd = -1 };
	struct buf notebook = { 0 }, out = { 0 };
	struct err e;
	int rc, status;

	rc = strcmp(to, "-") ? lock_take(&lock, to, &e) : 0;
	if (rc == 0)
		rc = csource_is_path(from) ? read_c(&notebook, from, to, &e)
					   : fs_read(from, &notebook, &e);
	if (rc == 0)
		rc = convert_to(&out, &notebook, from, to, &e);
	status =
		rc < 0 ? command_fail(&e) : command_output(to, buf_slice(&out));
	lock_release(&lock);
	buf_release(&notebook);
	buf_release(&out);
	return status;
}

int
cmd_convert(const struct command *cmd, int argc, char **argv)
{
	struct strs paths = { 0 };
	int status = command_args(cmd, NULL, argc, argv, &paths);

	if (status < 0)
		status = convert(paths.at[0], paths.at[1]);
	strs_release(&paths);
	return status;
}

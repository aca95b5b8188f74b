/* input.c: what a cell finds on standard input, and the files that notebook
 * texts become. Floor 3. */
#include "exec/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "sys/fs.h"
#include "sys/terminal.h"

/* A file without a name: no writer to wait for, and it can be read in pieces
 * by several processes, as a redirected file can. */
static int
text_input(const char *text, struct err *e)
{
	int fd = memfd_create("stdin", MFD_CLOEXEC);

	if (fd < 0 || fs_write_fd(fd, text, strlen(text)) < 0 ||
	    lseek(fd, 0, SEEK_SET) < 0) {
		if (fd >= 0)
			close(fd);
		return err_system(e, "cannot prepare standard input: %s",
				  strerror(errno));
	}
	return fd;
}

static int
file_input(const struct run *r, const char *name, struct err *e)
{
	char *path = path_join(r->how->workdir, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		err_input(e, "cannot read '%s' for standard input: %s", name,
			  strerror(errno));
	free(path);
	return fd;
}

bool
input_is_none(const struct run *r, const struct cell_info *c)
{
	return !c->options.stdin_text && !c->options.stdin_file &&
	       r->how->input_fd < 0 &&
	       (c->options.background || !terminal_is_ours());
}

int
input_open(const struct run *r, const struct cell_info *c, bool *terminal,
	   struct err *e)
{
	int fd;

	*terminal = false;
	if (c->options.stdin_text)
		return text_input(c->options.stdin_text, e);
	if (c->options.stdin_file)
		return file_input(r, c->options.stdin_file, e);
	if (r->how->input_fd >= 0)
		fd = fcntl(r->how->input_fd, F_DUPFD_CLOEXEC, 3);
	else if (!c->options.background && (*terminal = terminal_is_ours()))
		fd = fcntl(0, F_DUPFD_CLOEXEC, 3);
	else
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_system(e, "cannot open standard input: %s",
				  strerror(errno));
	return fd;
}

/* The name behind `%%file`, and the text from the next line on. */
static struct slice
split_magic(struct slice source, struct slice *name)
{
	const char *newline = memchr(source.at, '\n', source.len);
	size_t first = newline ? (size_t)(newline - source.at) : source.len;
	struct slice line = { source.at, first };
	size_t skip = first < source.len ? first + 1 : first;
	const char *blank = memchr(line.at, ' ', line.len);

	*name = (struct slice){ "", 0 };
	if (blank)
		*name = slice_trim((struct slice){
			blank, line.len - (size_t)(blank - line.at) });
	return (struct slice){ source.at + skip, source.len - skip };
}

static int
write_file(const struct run_settings *how, const char *name, struct slice bytes,
	   struct err *e)
{
	char *path = path_join(how->workdir, name), *dir = path_dir(path);
	int rc = fs_mkdirs(dir, 0777, e);

	if (rc == 0)
		rc = fs_write(path, bytes, e);
	free(dir);
	free(path);
	return rc;
}

int
files_write(const struct run_settings *how, const struct cell_info *c,
	    struct err *e)
{
	struct slice source = c->cell->source, name;
	char *text, *copy;
	int rc;

	if (c->options.file) {
		text = option_blanked(source);
		rc = write_file(how, c->options.file,
				(struct slice){ text, source.len }, e);
		free(text);
		return rc;
	}
	if (c->kind != KIND_FILE)
		return 0;
	source = split_magic(source, &name);
	if (!name.len)
		return err_input(e,
				 "cell '%s' names no file: write %%%%file "
				 "NAME",
				 c->name);
	copy = strndup(name.at, name.len);
	rc = write_file(how, copy, source, e);
	free(copy);
	return rc;
}

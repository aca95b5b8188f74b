/* input.c: what a cell finds on standard input, and the files that notebook
 * texts become. Floor 4. */
#include "exec/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "build/source.h"
#include "sys/clock.h"
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

/* Somebody may have to open it to write to it first: the cell's time is for
 * that, too. */
static int
file_input(const struct run *r, const char *name, int64_t timeout_ms,
	   struct err *e)
{
	char *path = path_join(r->how->workdir, name);
	int64_t until_ns = timeout_ms ? clock_after_ms(timeout_ms) : INT64_MAX;
	int fd = fs_open_input(path, until_ns);

	if (fd < 0 && errno == EINTR)
		err_system(e, "interrupted");
	else if (fd < 0 && errno == ETIMEDOUT)
		err_input(e,
			  "cannot read '%s' for standard input: it is a fifo, "
			  "and nobody has opened it to write to it",
			  name);
	else if (fd < 0)
		err_input(e, "cannot read '%s' for standard input: %s", name,
			  strerror(errno));
	free(path);
	return fd;
}

/* Runs that go on at the same time cannot share it. */
static bool
has_terminal(const struct run *r, const struct cell_info *c)
{
	return !c->options->background &&
	       (!r->repeating || r->how->lanes == 1) && terminal_is_ours();
}

bool
input_is_none(const struct run *r, const struct cell_info *c)
{
	return !c->options->stdin_text && !c->options->stdin_file &&
	       r->how->input_fd < 0 && !has_terminal(r, c);
}

int
input_open(const struct run *r, const struct cell_info *c, struct task *t,
	   struct err *e)
{
	int fd;

	t->terminal = false;
	if (c->options->stdin_text)
		return text_input(c->options->stdin_text, e);
	if (c->options->stdin_file)
		return file_input(r, c->options->stdin_file, t->timeout_ms, e);
	if (r->how->input_fd >= 0)
		fd = fcntl(r->how->input_fd, F_DUPFD_CLOEXEC, 3);
	else if ((t->terminal = has_terminal(r, c)))
		fd = fcntl(0, F_DUPFD_CLOEXEC, 3);
	else
		fd = fs_open("/dev/null", O_RDONLY);
	if (fd < 0)
		return err_system(e, "cannot open standard input: %s",
				  strerror(errno));
	return fd;
}

/* A cell's text that becomes a file. */
struct file_text {
	char *name; /* NULL: it becomes none */
	bool append;
	struct buf text;
};

static void
file_text_release(struct file_text *t)
{
	free(t->name);
	buf_release(&t->text);
}

/* `-a NAME`, "NAME" */
static struct slice
read_name(struct slice words, bool *append)
{
	static const char *const flags[] = { "-a ", "--append " };

	for (size_t i = 0; i < countof(flags); i++) {
		size_t n = strlen(flags[i]);

		if (!slice_starts(words, flags[i]))
			continue;
		*append = true;
		words = slice_trim(
			(struct slice){ words.at + n, words.len - n });
		break;
	}
	if (words.len > 2 && (words.at[0] == '"' || words.at[0] == '\'') &&
	    words.at[words.len - 1] == words.at[0])
		words = (struct slice){ words.at + 1, words.len - 2 };
	return words;
}

/* A notebook's cell does not end its last line; a file does. */
static struct buf
lines(char *text, size_t len)
{
	struct buf b = { 0 };

	buf_add(&b, text, len);
	if (len && text[len - 1] != '\n')
		buf_add_byte(&b, '\n');
	free(text);
	return b;
}

static struct file_text
file_text(const struct cell_info *c)
{
	struct slice source = c->cell->source, name;
	struct file_text t = { 0 };
	struct magic m;

	if (c->options->file) {
		t.name = mem_strdup(c->options->file);
		t.text = lines(option_blanked(source), source.len);
	} else if (c->kind == KIND_FILE && source_magic(source, &m)) {
		name = read_name(m.argument, &t.append);
		t.name = mem_strndup(name.at, name.len);
		t.text = lines(mem_strndup(m.body.at, m.body.len), m.body.len);
	}
	return t;
}

/* The notebook, or the link to it that it was named by: who writes there loses
 * it. Another link to it would only be replaced. */
static bool
is_notebook(const struct notebook *nb, const char *path)
{
	struct stat it, whole, link;

	if (lstat(path, &it) < 0 || stat(nb->path, &whole) < 0 ||
	    lstat(nb->path, &link) < 0 || it.st_dev != whole.st_dev)
		return false;
	return it.st_ino == whole.st_ino || it.st_ino == link.st_ino;
}

static bool
has_text(const char *path, struct slice bytes)
{
	struct buf there = { 0 };
	bool same = fs_read_file(path, (int64_t)bytes.len, &there) == 0 &&
		    slice_equal(buf_slice(&there), bytes);

	buf_release(&there);
	return same;
}

/* As files_write(). */
static int
write_file(const struct run *r, const char *name, struct slice bytes,
	   struct err *e)
{
	char *path = path_join(r->how->workdir, name), *dir = path_dir(path);
	int rc = fs_mkdirs(dir, 0777, e);

	if (rc == 0 && is_notebook(r->cells->nb, path))
		rc = err_input(e, "cannot write '%s': it is the notebook",
			       path);
	if (rc == 0 && !has_text(path, bytes))
		rc = fs_write(path, bytes, e) < 0 ? -1 : 1;
	free(dir);
	free(path);
	return rc;
}

/* What the cells down to `c` put into the file that `c` appends to, from the
 * last one that begins it anew: so it is the same however often they run. */
static int
gather(const struct run *r, const struct cell_info *c, const char *name,
       struct buf *whole, struct err *e)
{
	bool begun = false;

	for (int i = 0; i < c->cell->number; i++) {
		struct file_text t = file_text(&r->cells->at[i]);

		if (t.name && !strcmp(t.name, name)) {
			begun |= !t.append;
			if (!t.append)
				buf_clear(whole);
			buf_add(whole, t.text.data, t.text.len);
		}
		file_text_release(&t);
	}
	if (begun)
		return 0;
	return err_input(e,
			 "cell '%s' appends to '%s', which no cell above it "
			 "writes",
			 c->name, name);
}

/* A build alone changes nothing outside of the work directory: whoever only
 * builds a notebook has not agreed to what it does. */
static void
tell_left_out(const struct run *r, const struct cell_info *c, const char *name)
{
	struct event ev = { .kind = EV_BUILT };
	struct buf text = { 0 };

	buf_addf(&text,
		 "cnb: warning: cell '%s': '%s' is outside of the work "
		 "directory: a run writes it, a build does not\n",
		 c->name, name);
	ev.built.messages = buf_slice(&text);
	emit(&r->emitter, c->cell->number, ev);
	buf_release(&text);
}

/* What cell `i` writes, without what leads to it in vain; NULL: nothing. */
static char *
file_written(const struct cell_list *cells, size_t i)
{
	const struct cell_info *c = &cells->at[i];
	struct file_text t = { 0 };
	const char *name;
	char *found;

	if (c->kind == KIND_FILE || c->options->file)
		t = file_text(c);
	name = t.name;
	while (name && !strncmp(name, "./", 2))
		name += 2;
	found = name ? mem_strdup(name) : NULL;
	file_text_release(&t);
	return found;
}

/* The cell that had the last word of that file when the cell at `turn` had its
 * turn: the nearest above it; or, all of them having been written before
 * anything was built, the last one. *others: more than one writes it. */
static size_t
who_wrote(char **names, size_t count, size_t turn, const char *name,
	  bool *others)
{
	size_t found = count, writers = 0;

	for (size_t i = 0; i < count; i++) {
		if (!names[i] || strcmp(names[i], name) != 0)
			continue;
		if (i < turn || found >= turn)
			found = i;
		writers++;
	}
	*others = writers > 1;
	return found;
}

void
files_each(const struct cell_list *cells, const char *workdir,
	   void (*each)(void *self, const char *path), void *self)
{
	for (size_t i = 0; i < cells->count; i++) {
		char *name = file_written(cells, i), *path;

		if (!name)
			continue;
		path = path_join(workdir, name);
		each(self, path);
		free(path);
		free(name);
	}
}

/* What is compiled from them is to be later than they are. */
static int
settle(int rc, bool wrote)
{
	if (wrote)
		clock_await_tick();
	return rc < 0 ? -1 : 0;
}

int
files_write_for(const struct run *r, size_t turn, struct err *e)
{
	size_t count = r->cells->count;
	bool others, wrote = false;
	char **names;
	int rc = 0;

	if (r->nfiles < 2)
		return 0;
	names = mem_alloc(count, sizeof *names);
	for (size_t i = 0; i < count; i++)
		names[i] = file_written(r->cells, i);
	for (size_t i = 0; i < count && rc >= 0; i++)
		if (names[i] &&
		    who_wrote(names, count, turn, names[i], &others) == i &&
		    others) {
			rc = files_write(r, &r->cells->at[i], e);
			wrote |= rc > 0;
		}
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
	return settle(rc, wrote);
}

int
files_write_first(const struct run *r, size_t count, struct err *e)
{
	bool wrote = false;
	int rc = 0;

	for (size_t i = 0; i < count && rc >= 0; i++) {
		rc = files_write(r, &r->cells->at[i], e);
		wrote |= rc > 0;
	}
	return settle(rc, wrote);
}

static int
write_text(const struct run *r, const struct cell_info *c,
	   const struct file_text *t, struct err *e)
{
	struct buf whole = { 0 };
	int rc = t->append ? gather(r, c, t->name, &whole, e) : 0;

	if (rc == 0 && r->workshop.nothing_runs && !path_stays(t->name)) {
		tell_left_out(r, c, t->name);
	} else if (rc == 0) {
		rc = write_file(r, t->name,
				buf_slice(t->append ? &whole : &t->text), e);
		if (rc < 0)
			err_prefix(e, "cell '%s': ", c->name);
	}
	buf_release(&whole);
	return rc;
}

int
files_write(const struct run *r, const struct cell_info *c, struct err *e)
{
	struct file_text t = file_text(c);
	int rc = 0;

	if (t.name && !*t.name)
		rc = err_input(e,
			       "cell '%s' names no file: write %%%%file NAME",
			       c->name);
	else if (t.name)
		rc = write_text(r, c, &t, e);
	file_text_release(&t);
	return rc;
}

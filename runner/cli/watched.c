/* watched.c: files and their folders, for `cnb watch`. Floor 6. */
#include "cli/watched.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/mem.h"
#include "sys/fs.h"

/* The path by which changes.c tells of it; its folder is watched. */
static char *
watch_folder(struct watched *w, const char *path, struct err *e)
{
	char *dir = path_dir(path), *file = path_join(dir, path_base(path));

	if (changes_add(&w->changes, dir, e) < 0) {
		free(file);
		file = NULL;
	}
	free(dir);
	return file;
}

/* Who writes through a link is seen only where it leads. */
static int
watch_notebook(struct watched *w, const char *path, struct err *e)
{
	char *real = path_real(path);
	const char *ways[] = { path, real };
	int rc = 0;

	for (size_t i = 0; i < countof(ways) && rc == 0; i++) {
		char *file = ways[i] ? watch_folder(w, ways[i], e) : NULL;

		if (file && !strs_has(&w->notebook, file))
			strs_add(&w->notebook, file);
		rc = file || !ways[i] ? 0 : -1;
		free(file);
	}
	free(real);
	return rc;
}

int
watched_open(struct watched *w, const char *notebook, struct err *e)
{
	*w = (struct watched){ 0 };
	if (changes_open(&w->changes, e) < 0)
		return -1;
	return watch_notebook(w, notebook, e);
}

void
watched_close(struct watched *w)
{
	for (size_t i = 0; i < w->nfiles; i++)
		free(w->files[i].path);
	free(w->files);
	strs_release(&w->notebook);
	strs_release(&w->written);
	changes_close(&w->changes);
}

static struct watched_file *
find(const struct watched *w, const char *path)
{
	for (size_t i = 0; i < w->nfiles; i++)
		if (!strcmp(w->files[i].path, path))
			return &w->files[i];
	return NULL;
}

/* Whether a longer one is another is told by its size and its time. */
#define READ_MOST (INT64_C(64) << 20)

/* One that is gone, or is no file to be read again, is as an empty one. */
static struct print
print_of(const char *path)
{
	struct buf text = { 0 };
	struct print p;
	struct stat st;

	print_init(&p);
	if (fs_read_file(path, READ_MOST, &text) < 0 && errno == EFBIG &&
	    stat(path, &st) == 0)
		buf_addf(&text, "%jd %" PRId64, (intmax_t)st.st_size,
			 fs_mtime_ns(&st));
	print_add(&p, buf_slice(&text));
	buf_release(&text);
	return p;
}

void
watched_renew(struct watched *w)
{
	struct err e;

	/* The link may lead elsewhere by now. */
	watch_notebook(w, w->notebook.at[0], &e);
	strs_release(&w->written);
	for (size_t i = 0; i < w->nfiles; i++)
		w->files[i].from = INT_MAX;
}

/* Of one that may not be there: its folder is. */
static char *
real_place(const char *path)
{
	char *dir = path_dir(path), *real = path_real(dir);
	char *place = path_join(real ? real : dir, path_base(path));

	free(dir);
	free(real);
	return place;
}

void
watched_leave_out(struct watched *w, const char *path)
{
	char *place = real_place(path);

	strs_add(&w->written, place);
	free(place);
}

static bool
is_written_by_cells(const struct watched *w, const char *path)
{
	char *place = w->written.count ? real_place(path) : NULL;
	bool found = place && strs_has(&w->written, place);

	free(place);
	return found;
}

int
watched_add(struct watched *w, const char *path, int from, struct err *e)
{
	char *file = watch_folder(w, path, e);
	struct watched_file *f;

	if (!file)
		return -1;
	f = find(w, file);
	if (!f) {
		f = mem_push(w->files, w->nfiles);
		*f = (struct watched_file){ .path = file, .from = INT_MAX };
		f->print = print_of(file);
	} else {
		free(file);
	}
	if (from < f->from)
		f->from = from;
	return 0;
}

void
watched_look(struct watched *w)
{
	for (size_t i = 0; i < w->nfiles; i++) {
		struct watched_file *f = &w->files[i];

		if (f->saved)
			f->print = print_of(f->path);
		f->saved = false;
	}
}

/* Headers in these folders count before it is known who includes them. */
static bool
is_header(const char *path)
{
	size_t n = strlen(path);

	return n > 2 && !strcmp(path + n - 2, ".h");
}

struct watched_news
watched_read(struct watched *w)
{
	struct watched_news news = { 0 };
	struct strs paths = { 0 };

	if (!changes_read(&w->changes, &paths)) {
		for (size_t i = 0; i < w->nfiles; i++)
			w->files[i].saved = true;
		news = (struct watched_news){ true, w->nfiles > 0 };
	}
	for (size_t i = 0; i < paths.count; i++) {
		struct watched_file *f = find(w, paths.at[i]);

		if (strs_has(&w->notebook, paths.at[i]))
			news.notebook = true;
		else if (is_written_by_cells(w, paths.at[i]))
			continue;
		else if (f)
			f->saved = news.others = true;
		else
			news.others |= is_header(paths.at[i]);
	}
	strs_release(&paths);
	return news;
}

bool
watched_is_other(struct watched *w, int number)
{
	for (size_t i = 0; i < w->nfiles; i++) {
		struct watched_file *f = &w->files[i];
		struct print now;

		if (!f->saved || f->from > number)
			continue;
		now = print_of(f->path);
		if (!print_same(&f->print, &now))
			return true;
		f->saved = false; /* as it was */
	}
	return false;
}

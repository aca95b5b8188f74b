/* changes.c: inotify(7) on folders. Floor 1. A file that is replaced is another
 * one: only its folder sees that it came. */
#include "sys/changes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/fs.h"

/* Who writes in the folder all the time is not to keep us: the rest is read
 * when we are asked again. */
#define READS_MOST 16
/* A folder whose files are removed may be the next to go. */
#define LOOKS 50

int
changes_open(struct changes *c, struct err *e)
{
	*c = (struct changes){ .fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK) };
	if (c->fd < 0)
		return err_system(e, "cannot watch files: %s", strerror(errno));
	return 0;
}

void
changes_close(struct changes *c)
{
	for (size_t i = 0; i < c->ndirs; i++)
		free(c->dirs[i].path);
	free(c->dirs);
	if (c->fd >= 0)
		close(c->fd);
	*c = (struct changes){ .fd = -1 };
}

/* Which folder it is, is looked at first: one that is put in its place
 * meanwhile is watched, and taken for another. */
static bool
watch(struct changes *c, struct changed_dir *d)
{
	struct stat st = { 0 };

	d->doubts = 0;
	stat(d->path, &st);
	d->dev = st.st_dev;
	d->ino = st.st_ino;
	d->id = inotify_add_watch(c->fd, d->path,
				  IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM |
					  IN_DELETE | IN_MOVE_SELF |
					  IN_ONLYDIR);
	return d->id >= 0;
}

static void
unwatch(struct changes *c, struct changed_dir *d)
{
	inotify_rm_watch(c->fd, d->id);
	d->id = -1;
}

int
changes_add(struct changes *c, const char *dir, struct err *e)
{
	for (size_t i = 0; i < c->ndirs; i++)
		if (!strcmp(c->dirs[i].path, dir))
			return 0;
	*mem_push(c->dirs, c->ndirs) =
		(struct changed_dir){ .path = mem_strdup(dir) };
	if (!watch(c, &c->dirs[c->ndirs - 1]))
		return err_system(e, "cannot watch '%s': %s", dir,
				  strerror(errno));
	return 0;
}

static void
take(struct changes *c, const struct inotify_event *event, struct strs *paths)
{
	for (size_t i = 0; i < c->ndirs; i++) {
		struct changed_dir *d = &c->dirs[i];

		if (d->id != event->wd)
			continue;
		if (event->mask & IN_MOVE_SELF) {
			/* Its name may lead elsewhere by now. */
			unwatch(c, d);
		} else if (event->mask & IN_IGNORED) {
			d->id = -1;
		} else if (event->mask & (IN_CLOSE_WRITE | IN_MOVED_TO)) {
			char *path = path_join(d->path, event->name);

			strs_add(paths, path);
			free(path);
			d->doubts = 0;
		} else {
			d->doubts = LOOKS;
		}
	}
}

bool
changes_lost(const struct changes *c)
{
	for (size_t i = 0; i < c->ndirs; i++)
		if (c->dirs[i].id < 0 || c->dirs[i].doubts)
			return true;
	return false;
}

/* The folder that is watched keeps its number to itself. */
static bool
is_other(const struct changed_dir *d)
{
	struct stat now;

	return stat(d->path, &now) < 0 || now.st_dev != d->dev ||
	       now.st_ino != d->ino;
}

bool
changes_retry(struct changes *c)
{
	bool any = false;

	for (size_t i = 0; i < c->ndirs; i++) {
		struct changed_dir *d = &c->dirs[i];

		if (d->id >= 0 && d->doubts > 0) {
			d->doubts--;
			if (is_other(d))
				unwatch(c, d);
		}
		if (d->id < 0)
			any |= watch(c, d);
	}
	return any;
}

bool
changes_read(struct changes *c, struct strs *paths)
{
	_Alignas(struct inotify_event) char room[16384];
	ssize_t n;
	bool all = true;

	for (int i = 0; i < READS_MOST; i++) {
		n = read(c->fd, room, sizeof room);
		if (n <= 0)
			break;
		for (char *p = room; p < room + n;) {
			const struct inotify_event *event = (const void *)p;

			if (event->mask & IN_Q_OVERFLOW)
				all = false;
			else
				take(c, event, paths);
			p += sizeof *event + event->len;
		}
	}
	return all;
}

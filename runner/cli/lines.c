/* lines.c: JSON lines, written one by one. Floor 6. A line is one write: who
 * reads a pipe, or a file that grows, sees whole lines. */
#include "cli/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "sys/fs.h"

static void
put(void *self, struct slice line)
{
	struct lines *s = self;

	if (!s->failure && fs_write_reader(s->fd, line.at, line.len) < 0)
		s->failure = errno;
}

int
lines_open(struct lines *s, const char *path, struct err *e)
{
	*s = (struct lines){ .path = path };
	jsonl_init(&s->json, put, s);
	s->fd = !strcmp(path, "-") ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
		: fs_is_special(path)
			? fs_open_special(path)
			: fs_create(path, O_WRONLY | O_TRUNC, 0666);
	if (s->fd < 0)
		return err_system(e, "cannot write '%s': %s", path,
				  strerror(errno));
	return 0;
}

int
lines_close(struct lines *s, struct err *e)
{
	bool standard = !strcmp(s->path, "-");

	jsonl_release(&s->json);
	if (s->fd >= 0 && fs_close(s->fd) < 0 && !s->failure && !standard)
		s->failure = errno;
	s->fd = -1;
	if (!s->failure)
		return 0;
	err_system(e, "cannot write %s%s%s: %s", standard ? "" : "'",
		   standard ? "to standard output" : s->path,
		   standard ? "" : "'", strerror(s->failure));
	if (standard && s->failure == EPIPE)
		e->text[0] = '\0';
	return -1;
}

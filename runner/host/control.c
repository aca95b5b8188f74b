/* control.c: which descriptor leads to cnb. The spare ones are duplicates of
 * the socket itself: its inode tells them from whatever a cell may have opened
 * under their numbers, and each can stand in for it. Floor 2, in cnb-host. */
#include "host/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <unistd.h>
#include "host/crash.h"
#include "host/wire.h"

/* High, so that a cell's files get the numbers they would get in a program. */
static const int heights[] = { 251, 120, 60, 20, 3 };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct {
	_Atomic int fd;
	int spare[WIRE_FDS];
	dev_t dev;
	ino_t ino;
} control = { .fd = -1, .spare = { -1, -1, -1 } };

bool
control_is(const struct stat *st)
{
	return st->st_dev == control.dev && st->st_ino == control.ino;
}

static bool
is_socket(int fd)
{
	struct stat st;

	return fd >= 0 && !fstat(fd, &st) && control_is(&st);
}

static int
duplicate(int fd)
{
	size_t i;
	int copy = -1;

	for (i = 0; i < COUNT(heights) && copy < 0; i++)
		copy = fcntl(fd, F_DUPFD_CLOEXEC, heights[i]);
	return copy;
}

int
control_init(int fd)
{
	struct stat st;
	int high;

	if (fstat(fd, &st))
		return -1;
	if (!S_ISSOCK(st.st_mode)) {
		errno = ENOTSOCK;
		return -1;
	}
	high = duplicate(fd);
	if (high < 0)
		return -1;
	close(fd);
	control.dev = st.st_dev;
	control.ino = st.st_ino;
	control.fd = high;
	crash_report_to(high);
	control_reserve();
	return 0;
}

int
control_fd(void)
{
	int fd = control.fd;
	size_t i;

	if (is_socket(fd))
		return fd;
	for (i = 0; i < COUNT(control.spare); i++) {
		fd = control.spare[i];
		if (is_socket(fd)) {
			/* It stays a spare one as well, until the next
			 * control_make_room(). */
			control.fd = fd;
			crash_report_to(fd);
			return fd;
		}
	}
	return -1;
}

void
control_reserve(void)
{
	size_t i;

	for (i = 0; i < COUNT(control.spare); i++)
		if (control.spare[i] < 0)
			control.spare[i] = duplicate(control.fd);
}

void
control_make_room(void)
{
	size_t i;
	int fd = control_fd();

	for (i = 0; i < COUNT(control.spare); i++) {
		if (control.spare[i] != fd && is_socket(control.spare[i]))
			close(control.spare[i]);
		control.spare[i] = -1;
	}
}

void
control_drop(void)
{
	int fd = control_fd();

	control_make_room();
	if (fd >= 0)
		close(fd);
	control.fd = -1;
}

/* control.c: which descriptor leads to cnb. The spare ones are duplicates of
 * the socket itself: its inode tells them from whatever a cell may have opened
 * under their numbers, and each can stand in for it. Floor 2, in cnb-host. */
#include "host/control.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <unistd.h>
#include "host/bare.h"
#include "host/crash.h"
#include "host/descriptors.h"
#include "host/hot.h"
#include "host/wire.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct {
	_Atomic int fd;
	int spare[WIRE_FDS];
	dev_t dev;
	ino_t ino;
	struct rlimit lowered; /* by a cell, if it is raised now */
	bool is_raised, is_roomy;
} control HOT = { .fd = -1, .spare = { -1, -1, -1 } };

bool
control_is(const struct stat *st)
{
	return st->st_dev == control.dev && st->st_ino == control.ino;
}

static bool
is_socket(int fd)
{
	struct stat st;

	return fd >= 0 && (descriptors_are_sure() ||
			   (!bare_fstat(fd, &st) && control_is(&st)));
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
	high = descriptors_raise(fd, 0);
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
			control.spare[i] = descriptors_raise(control.fd, 0);
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

/* Only what is higher than any number of ours stays as it is. */
void
control_raise_limit(void)
{
	const rlim_t enough = 2 * (rlim_t)DESCRIPTORS_HIGH;
	struct rlimit now, wish;

	if (getrlimit(RLIMIT_NOFILE, &now))
		return;
	control.is_roomy = now.rlim_cur >= enough;
	if (control.is_roomy)
		return;
	/* Beyond the hard limit only root may go. */
	wish.rlim_cur = wish.rlim_max =
		now.rlim_max > enough ? now.rlim_max : enough;
	if (setrlimit(RLIMIT_NOFILE, &wish)) {
		wish.rlim_cur = wish.rlim_max = now.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &wish))
			return;
	}
	control.lowered = now;
	control.is_raised = true;
}

bool
control_is_roomy(void)
{
	return control.is_roomy;
}

void
control_lower_limit(void)
{
	if (control.is_raised)
		setrlimit(RLIMIT_NOFILE, &control.lowered);
	control.is_raised = false;
}

unsigned
control_check(void)
{
	int fd = control_fd();
	unsigned n = fd >= 0;
	size_t i;

	for (i = 0; i < COUNT(control.spare); i++) {
		if (!is_socket(control.spare[i]))
			control.spare[i] = -1;
		/* One that stands in is not counted twice. */
		n += control.spare[i] >= 0 && control.spare[i] != fd;
	}
	return n;
}

void
control_drop(void)
{
	size_t i;

	for (i = 0; i < COUNT(control.spare); i++) {
		if (control.spare[i] != control.fd &&
		    is_socket(control.spare[i]))
			bare_close(control.spare[i]);
		control.spare[i] = -1;
	}
	if (is_socket(control.fd))
		bare_close(control.fd);
	control.fd = -1;
}

/* descriptors.c: which descriptors are open, and whose they are. Floor 2, in
 * cnb-host. Allocates nothing. */
#include "host/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "host/bare.h"
#include "host/hot.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const int heights[] = { DESCRIPTORS_HIGH, 120, 60, 20, 11 };
#define BELOW 8 /* ours, the socket */

static const struct {
	const char *path;
	int flags;
} places[OWN_COUNT] = {
	[OWN_PEAK] = { "/proc/self/clear_refs", O_WRONLY },
	[OWN_TASKS] = { "/proc/self/task", O_RDONLY | O_DIRECTORY },
	[OWN_TIMERS] = { "/proc/self/timers", O_RDONLY },
	[OWN_MAPS] = { "/proc/self/maps", O_RDONLY },
	[OWN_BESIDE] = { "", O_RDONLY }, /* see open_low() */
	[OWN_PARENT] = { "", 0 },
	[OWN_FILES] = { "/proc/self/fd", O_RDONLY | O_DIRECTORY },
};

static struct {
	int fd;	   /* 0: never opened, or forgotten */
	bool seen; /* since cells' code ran: it is what it was */
	dev_t dev;
	ino_t ino;
} own[OWN_COUNT] HOT;

int
descriptors_raise(int fd, int below)
{
	size_t i;
	int copy = -1;

	for (i = 0; i < COUNT(heights) && copy < 0; i++)
		copy = fcntl(fd, F_DUPFD_CLOEXEC, heights[i] - below);
	return copy;
}

/* All pidfds have one inode, with eventfds and their like, before Linux 6.9. */
static bool
is_pidfd(int fd)
{
	return bare(SYS_pidfd_send_signal, fd, 0, 0, 0, 0, 0) != -EBADF;
}

static bool
is_still(enum own which, const struct stat *st)
{
	return st->st_dev == own[which].dev && st->st_ino == own[which].ino &&
	       (which != OWN_PARENT || is_pidfd(own[which].fd));
}

static struct {
	bool sure; /* see descriptors_trust() */
	bool ours; /* what descriptors_are_ours() said last, */
	long open; /* of so many; 0: not known */
} trust HOT;

void
descriptors_trust(bool sure)
{
	int i;

	trust.sure = sure;
	for (i = 0; i < OWN_COUNT && !sure; i++)
		own[i].seen = false;
}

bool
descriptors_are_sure(void)
{
	return trust.sure;
}

static bool
has(enum own which, struct stat *st)
{
	own[which].seen = own[which].fd > 0 &&
			  bare_fstat(own[which].fd, st) == 0 &&
			  is_still(which, st);
	return own[which].seen;
}

static int
open_low(enum own which)
{
	char path[64];
	int parent = (int)getppid();

	if (which == OWN_PARENT)
		return (int)syscall(SYS_pidfd_open, parent, 0);
	if (which != OWN_BESIDE)
		return open(places[which].path,
			    places[which].flags | O_CLOEXEC);
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent,
		 parent);
	return open(path, places[which].flags | O_CLOEXEC);
}

static int
open_own(enum own which, struct stat *st)
{
	int low = open_low(which), high;

	if (low < 0)
		return -1;
	high = descriptors_raise(low, BELOW);
	close(low);
	if (high < 0 || fstat(high, st) < 0)
		return -1;
	own[which].fd = high;
	own[which].seen = true;
	own[which].dev = st->st_dev;
	own[which].ino = st->st_ino;
	return high;
}

int
own_fd(enum own which, struct stat *st)
{
	struct stat unused;

	if (!st && trust.sure && own[which].fd > 0)
		return own[which].fd;
	if (!st)
		st = &unused;
	return has(which, st) ? own[which].fd : open_own(which, st);
}

void
own_open(void)
{
	struct rlimit files;
	int i;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 &&
	    files.rlim_cur <= DESCRIPTORS_HIGH)
		return;
	for (i = 0; i < OWN_COUNT; i++)
		own_fd((enum own)i, NULL);
}

bool
own_is(int fd, const struct stat *st)
{
	int i;

	for (i = 0; i < OWN_COUNT; i++)
		if (own[i].fd == fd && is_still((enum own)i, st))
			return true;
	return false;
}

void
own_part(void)
{
	struct stat st;
	int i;

	/* What is so already stays on a page that is not touched. */
	for (i = 0; i < OWN_COUNT; i++)
		if (own[i].fd > 0 && !own[i].seen && !has((enum own)i, &st))
			own[i].fd = 0;
}

void
own_forget(void)
{
	int i;

	for (i = 0; i < OWN_COUNT; i++) {
		if (own[i].fd > 0)
			close(own[i].fd);
		own[i].fd = 0;
	}
}

struct entry { /* what getdents64() fills in */
	uint64_t ino;
	int64_t off;
	unsigned short size;
	unsigned char type;
	char name[];
};

bool
descriptors_any(bool (*look)(int fd, void *data), void *data)
{
	static char list[4096] __attribute__((aligned(16)));
	int dir = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool found = false;
	long n = 0;

	if (dir < 0)
		return true;
	while (!found &&
	       (n = syscall(SYS_getdents64, dir, list, sizeof list)) > 0) {
		const struct entry *e;
		long at;

		for (at = 0; at < n && !found; at += e->size) {
			int fd;

			e = (const void *)(list + at);
			fd = e->name[0] == '.' ? dir : atoi(e->name);
			found = fd != dir && look(fd, data);
		}
	}
	close(dir);
	return found || n < 0;
}

bool
descriptors_are_ours(unsigned known)
{
	struct stat st;
	long ours = 3 + (long)known;
	int i;

	if (trust.sure)
		return trust.ours;
	for (i = 0; i < OWN_FILES; i++) {
		/* Whatever has its number now is not to be trusted. */
		if (!own[i].seen && !has((enum own)i, &st))
			own[i].fd = 0;
		ours += own[i].fd > 0;
	}
	trust.open = own_fd(OWN_FILES, &st) < 0 ? 0 : (long)st.st_size;
	trust.ours = trust.open == ours + 1;
	return trust.ours;
}

bool
descriptors_have_room(void)
{
	return trust.open > 0 && trust.open < DESCRIPTORS_HIGH;
}

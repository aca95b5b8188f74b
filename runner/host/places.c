/* places.c: where in each open file a process is. Floor 2, in cnb-host.
 *
 * An offset belongs to the open file, which forked processes have in common,
 * and so do locks of one kind; those of the other kind belong to the process
 * that took them. Neither can be given to a copy. */
#include "host/places.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>
#include "host/control.h"
#include "host/hot.h"
#include "host/room.h"

#define MESSAGE_QUEUES 0x19800202 /* mq_overview(7) mounts them */
/* Majors of the kernel's list of devices (admin-guide/devices.txt). */
enum { MEM = 1, TTY = 4, TTY_AUX = 5, PTY_FIRST = 136, PTY_LAST = 143 };
#define PTMX 2 /* minor of TTY_AUX */
/* The clock that files have their times from does not stand still longer. */
#define TICK_NS 10000000
#define NAP_NS 100000

/* A file in memory has no other time when it is written to as memory: what is
 * in it is compared, if that is no more. */
static const long in_memory[] = { TMPFS_MAGIC, RAMFS_MAGIC, HUGETLBFS_MAGIC };
#define CONTENT_MOST (16 << 20)

/* A descriptor of a cell. */
struct place {
	int fd, flags;
	off_t offset;
	bool watched, in_memory;
	off_t size;
	struct timespec written, changed;
	uint64_t content; /* content_of(), where it is in memory */
};

static struct {
	struct room room; /* struct place[count] */
	uint32_t count;
	bool watched;
} places HOT;

void
places_begin(bool watched)
{
	places.count = 0;
	places.watched = watched;
}

uint32_t
places_count(void)
{
	return places.count;
}

static struct place *
place_at(uint32_t i)
{
	return (struct place *)(void *)places.room.at + i;
}

/* Nothing waits in it to be read. */
static bool
is_plain_device(dev_t device)
{
	unsigned major = major(device), minor = minor(device);

	if (major == TTY_AUX)
		return minor != PTMX;
	return major == MEM || major == TTY ||
	       (major >= PTY_FIRST && major <= PTY_LAST);
}

/* A way of its own into what a descriptor has, or tells of itself. A cell may
 * have used up all others. */
static int
open_beside(const char *folder, int fd)
{
	char path[40];
	int found;

	snprintf(path, sizeof path, "/proc/self/%s/%d", folder, fd);
	found = open(path, O_RDONLY | O_CLOEXEC);
	if (found < 0 && errno == EMFILE) {
		control_make_room();
		found = open(path, O_RDONLY | O_CLOEXEC);
	}
	return found;
}

/* What the process has locked, or has a lease of, is said line by line. True
 * also if nothing is said. */
static bool
may_be_locked(int fd)
{
	int info = open_beside("fdinfo", fd);
	char text[512];
	ssize_t n;

	if (info < 0)
		return true;
	n = read(info, text, sizeof text - 1);
	close(info);
	text[n > 0 ? n : 0] = '\0';
	return n <= 0 || strstr(text, "\nlock:") != NULL;
}

static const char *
what_is(int fd, const struct stat *st)
{
	struct statfs fs;

	if (S_ISFIFO(st->st_mode))
		return "a pipe";
	if (S_ISSOCK(st->st_mode))
		return "a socket";
	if (!(st->st_mode & S_IFMT))
		return "not a file";
	if ((S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode)) &&
	    !is_plain_device(st->st_rdev))
		return "a device";
	if (S_ISREG(st->st_mode) && fstatfs(fd, &fs) == 0 &&
	    (unsigned)fs.f_type == MESSAGE_QUEUES)
		return "a message queue";
	if ((S_ISREG(st->st_mode) || S_ISDIR(st->st_mode)) && may_be_locked(fd))
		return "a file that is locked";
	return NULL;
}

static bool
is_before(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec < b->tv_sec ||
	       (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

/* Until what is written to the file gives it another time. */
static void
await_tick(const struct stat *st)
{
	const struct timespec nap = { .tv_nsec = NAP_NS };
	struct timespec now;
	int i;

	for (i = 0; i < TICK_NS / NAP_NS; i++) {
		clock_gettime(CLOCK_REALTIME_COARSE, &now);
		if (is_before(&st->st_mtim, &now) &&
		    is_before(&st->st_ctim, &now))
			return;
		nanosleep(&nap, NULL);
	}
}

/* A file without a name is nobody else's: whoever writes to it does. */
static bool
is_watched(const struct stat *st, int flags)
{
	return places.watched && S_ISREG(st->st_mode) &&
	       (!st->st_nlink ||
		((flags & O_ACCMODE) != O_RDONLY && !(flags & O_APPEND)));
}

static bool
is_in_memory(int fd)
{
	struct statfs fs;
	size_t i;

	if (fstatfs(fd, &fs))
		return false;
	for (i = 0; i < sizeof in_memory / sizeof *in_memory; i++)
		if (in_memory[i] == (long)fs.f_type)
			return true;
	return false;
}

/* A number that stands for all bytes of the file. 0, or -1: they cannot be
 * read. */
static int
content_of(int fd, uint64_t *content)
{
	static uint64_t piece[BUFSIZ / sizeof(uint64_t)]
		__attribute__((aligned(4096)));
	int file = open_beside("fd", fd);
	ssize_t n, i;

	*content = 0;
	if (file < 0)
		return -1;
	while ((n = read(file, piece, sizeof piece)) > 0) {
		memset((char *)piece + n, 0, sizeof piece - (size_t)n);
		for (i = 0; i * (ssize_t)sizeof *piece < n; i++) {
			*content ^= piece[i];
			*content = (*content << 29 | *content >> 35) *
				   0x9e3779b97f4a7c15;
		}
	}
	close(file);
	DROP_PAGES(piece, sizeof piece);
	return n < 0 ? -1 : 0;
}

/* What will tell later whether somebody wrote to it. */
static int
watch(struct place *p, const struct stat *st, char *why, size_t cap)
{
	p->watched = true;
	p->in_memory = is_in_memory(p->fd);
	if (p->in_memory &&
	    (p->size > CONTENT_MOST || content_of(p->fd, &p->content))) {
		snprintf(why, cap, "descriptor %d is a file in memory%s", p->fd,
			 p->size > CONTENT_MOST ? ", and large" : "");
		return -1;
	}
	await_tick(st);
	return 0;
}

int
places_add(int fd, const struct stat *st, char *why, size_t cap)
{
	const char *what = what_is(fd, st);
	struct place *p;
	off_t offset;

	if (what) {
		snprintf(why, cap, "descriptor %d is %s", fd, what);
		return -1;
	}
	offset = S_ISCHR(st->st_mode) ? -1 : lseek(fd, 0, SEEK_CUR);
	if (offset < 0)
		return 0;
	if (room_reserve(&places.room, (places.count + 1) * sizeof *p)) {
		snprintf(why, cap, "no memory is left");
		return -1;
	}
	p = place_at(places.count++);
	*p = (struct place){ .fd = fd,
			     .flags = fcntl(fd, F_GETFL),
			     .offset = offset,
			     .size = st->st_size,
			     .written = st->st_mtim,
			     .changed = st->st_ctim };
	return is_watched(st, p->flags) ? watch(p, st, why, cap) : 0;
}

bool
places_watched(void)
{
	uint32_t i;

	for (i = 0; i < places.count; i++)
		if (place_at(i)->watched)
			return true;
	return false;
}

static bool
is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool
is_written(const struct place *p)
{
	uint64_t content;
	struct stat st;

	if (!p->watched)
		return false;
	if (fstat(p->fd, &st) < 0 || st.st_size != p->size ||
	    !is_same_time(&st.st_mtim, &p->written) ||
	    !is_same_time(&st.st_ctim, &p->changed))
		return true;
	return p->in_memory &&
	       (content_of(p->fd, &content) || content != p->content);
}

int
places_find_written(void)
{
	uint32_t i;

	for (i = 0; i < places.count; i++)
		if (is_written(place_at(i)))
			return place_at(i)->fd;
	return -1;
}

void
places_put_back(void)
{
	uint32_t i;

	for (i = 0; i < places.count; i++) {
		const struct place *p = place_at(i);

		lseek(p->fd, p->offset, SEEK_SET);
		fcntl(p->fd, F_SETFL, p->flags);
	}
}

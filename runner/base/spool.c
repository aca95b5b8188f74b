/* spool.c: large buffers in a file. Floor 0: to who uses them they are memory.
 *
 * There is one file for all, of which each buffer has some extents; where they
 * stand in the file does not matter, for in memory they are mapped one behind
 * the other. The blocks are asked for before they are mapped: a disk that is
 * full must be an error here, not SIGBUS at the first write. */
#include "base/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/mem.h"

#define EXTENT_MIN (size_t)(4 << 20)
#define EXTENT_MAX (size_t)(8 << 20)
/* After so many bytes they are rested, or after more where there are many: a
 * system call for each of them must be worth it. */
#define REST_BYTES (size_t)(8 << 20)
#define REST_BYTES_EACH (size_t)(64 << 10)

struct extent {
	off_t at;
	size_t len;
};

struct spool {
	struct spool *next, **before; /* of all */
	struct extent *extents;
	size_t count;
	pid_t owner; /* of the file; a copy of it only reads */
	char *map;
	size_t size; /* of all extents */
};

/* A buffer that is to go into the file once it is large. */
static struct spool later;

static struct {
	int fd; /* -1: there is none */
	pid_t owner;
	int users; /* buffers that have a part of it */
	off_t end;
	struct spool *all; /* and those of the process that we are a copy of */
	size_t count;	   /* of those */
	size_t seen;	   /* bytes since they were rested */
	int failure;	   /* the first one's errno */
	bool told;
	char dir[256];
} file = { .fd = -1 };

static int
open_in(const char *dir)
{
	char name[sizeof file.dir + 16];
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);

	snprintf(file.dir, sizeof file.dir, "%s", dir);
	if (fd >= 0 || errno == ENOENT || errno == EACCES || errno == EROFS)
		return fd;
	/* A file system that has none without a name. */
	snprintf(name, sizeof name, "%s/cnb.XXXXXX", file.dir);
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

static void
open_file(void)
{
	const char *own = getenv("TMPDIR");

	/* A copy of us has its own. */
	if (file.fd >= 0 && file.owner == getpid())
		return;
	if (file.fd >= 0)
		close(file.fd);
	file.owner = getpid();
	file.users = 0;
	file.end = 0;
	file.fd = -1;
	if (own && *own == '/')
		file.fd = open_in(own);
	if (file.fd < 0 && !(own && *own == '/'))
		file.fd = open_in("/var/tmp");
	if (file.fd < 0 && !(own && *own == '/'))
		file.fd = open_in("/tmp");
}

void
spool_rest(void)
{
	file.seen = 0;
	for (struct spool *s = file.all; s; s = s->next)
		madvise(s->map, s->size, MADV_DONTNEED);
}

void
spool_seen(size_t bytes)
{
	file.seen += bytes;
	if (file.seen >= REST_BYTES &&
	    file.seen >= REST_BYTES_EACH * file.count)
		spool_rest();
}

const char *
spool_find(struct slice text, char byte)
{
	while (text.len) {
		size_t n = text.len < SPOOL_STEP ? text.len : SPOOL_STEP;
		const char *found = memchr(text.at, byte, n);

		spool_seen(found ? (size_t)(found - text.at) : n);
		if (found)
			return found;
		text.at += n;
		text.len -= n;
	}
	return NULL;
}

bool
spool_equal(struct slice a, struct slice b)
{
	bool same = a.len == b.len;

	while (same && a.len) {
		size_t n = a.len < SPOOL_STEP ? a.len : SPOOL_STEP;

		same = memcmp(a.at, b.at, n) == 0;
		spool_seen(2 * n);
		a.at += n;
		b.at += n;
		a.len -= n;
	}
	return same;
}

static int
fail(int why)
{
	if (!file.failure)
		file.failure = why;
	return -1;
}

/* All extents in a row, at a place with room for them -> NULL: there is none,
 * with errno. */
static char *
map_all(const struct spool *s, size_t size)
{
	char *map = mmap(NULL, size, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0),
	     *at = map;

	if (map == MAP_FAILED)
		return NULL;
	for (size_t i = 0; i < s->count; i++) {
		if (mmap(at, s->extents[i].len, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_FIXED, file.fd,
			 s->extents[i].at) == MAP_FAILED) {
			int why = errno;

			munmap(map, size);
			errno = why;
			return NULL;
		}
		at += s->extents[i].len;
	}
	return map;
}

static void
give_back(struct extent x)
{
	fallocate(file.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, x.at,
		  (off_t)x.len);
}

/* One extent more, as large as all before, within limits: of blocks that are
 * there. */
static int
find_blocks(struct extent *x, size_t size, size_t need)
{
	size_t least = EXTENT_MIN, most;
	int why;

	while (size + least < need)
		least *= 2;
	most = size > EXTENT_MAX ? EXTENT_MAX : size;
	*x = (struct extent){ file.end, most > least ? most : least };
	why = posix_fallocate(file.fd, x->at, (off_t)x->len);
	if (why && x->len > least) {
		give_back(*x);
		x->len = least;
		why = posix_fallocate(file.fd, x->at, (off_t)x->len);
	}
	if (why)
		give_back(*x);
	return why;
}

static int
extend(struct spool *s, size_t need)
{
	struct extent x;
	char *map;
	int why = find_blocks(&x, s->size, need);

	if (why)
		return fail(why);
	*mem_push(s->extents, s->count) = x;
	map = map_all(s, s->size + x.len);
	if (!map) {
		why = errno;
		s->count--;
		give_back(x);
		return fail(why);
	}
	if (s->map)
		munmap(s->map, s->size);
	s->map = map;
	s->size += x.len;
	file.end += (off_t)x.len;
	spool_seen(x.len);
	return 0;
}

static void
free_spool(struct spool *s)
{
	if (s->map)
		munmap(s->map, s->size);
	*s->before = s->next;
	if (s->next)
		s->next->before = s->before;
	file.count--;
	if (s->owner == getpid()) {
		for (size_t i = 0; i < s->count; i++)
			give_back(s->extents[i]);
		if (!--file.users) {
			close(file.fd);
			file.fd = -1;
		}
	}
	free(s->extents);
	free(s);
}

int
spool_grow(struct buf *b, size_t need)
{
	struct spool *s = b->spool;
	bool fresh = s == &later;

	if (need > SIZE_MAX / 4)
		mem_die();
	if (fresh) {
		open_file();
		if (file.fd < 0)
			return fail(errno);
		s = mem_alloc(1, sizeof *s);
		s->owner = getpid();
		file.users++;
		s->next = file.all;
		s->before = &file.all;
		if (s->next)
			s->next->before = &s->next;
		file.all = s;
		file.count++;
	}
	if (s->owner != getpid() || extend(s, need) < 0) {
		if (fresh)
			free_spool(s);
		return -1;
	}
	if (fresh) {
		if (b->len)
			memcpy(s->map, b->data, b->len);
		s->map[b->len] = '\0';
		free(b->data);
	}
	b->spool = s;
	b->data = s->map;
	b->cap = s->size;
	return 0;
}

void
spool_release(struct buf *b)
{
	if (b->spool == &later)
		free(b->data);
	else
		free_spool(b->spool);
}

void
spool_leave(struct buf *b)
{
	struct spool *s = b->spool;
	char *copy;

	b->spool = NULL;
	if (s == &later)
		return;
	copy = mem_grow(NULL, b->len + 1, 1);
	memcpy(copy, b->data, b->len + 1);
	b->data = copy;
	b->cap = b->len + 1;
	free_spool(s);
}

void
buf_spool(struct buf *b)
{
	if (!b->spool)
		b->spool = &later;
}

bool
spool_failure(struct err *e)
{
	if (!file.failure || file.told)
		return false;
	file.told = true;
	err_system(e, "cannot keep output in '%s': %s", file.dir,
		   strerror(file.failure));
	return true;
}

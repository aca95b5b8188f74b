/* room.h: memory apart from the heap, which a cell's code may have smashed:
 * for what the host must still be able to read afterwards. */
#ifndef CNB_ROOM_H
#define CNB_ROOM_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

struct room {
	char *at; /* page-aligned; NULL before the first room_reserve() */
	size_t cap;
};

#define ROOM_LEAST 4096

/* Make it at least `size` bytes; keeps what is there, may move it; new bytes
 * are zero. 0, or -1 with errno. */
static inline int
room_reserve(struct room *r, size_t size)
{
	size_t cap = r->cap ? r->cap : ROOM_LEAST;
	void *at;

	if (size <= r->cap)
		return 0;
	while (cap < size) {
		if (cap > SIZE_MAX / 2) {
			errno = ENOMEM;
			return -1;
		}
		cap *= 2;
	}
	if (r->at)
		at = mremap(r->at, r->cap, cap, MREMAP_MAYMOVE);
	else
		at = mmap(NULL, cap, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		return -1;
	r->at = (char *)at;
	r->cap = cap;
	return 0;
}

static inline void
room_release(struct room *r)
{
	if (r->at)
		munmap(r->at, r->cap);
	r->at = NULL;
	r->cap = 0;
}

#endif

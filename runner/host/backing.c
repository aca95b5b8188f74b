/* backing.c: see backing.h. Floor 2, in cnb-host. */
#include "host/backing.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "host/bare.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U /* Linux 6.3 */
#endif
#define BLOCK 512     /* of st_blocks */
#define NAME_MOST 200 /* of 249 that may be */

/* More than a file may have is no error, but a signal. */
static bool
may_write(size_t size)
{
	struct rlimit most;

	return getrlimit(RLIMIT_FSIZE, &most) == 0 && size <= most.rlim_cur;
}

static int
make_file(const char *whose)
{
	char name[NAME_MOST];
	int fd;

	snprintf(name, sizeof name, "cnb-data:%s", whose);
	fd = memfd_create(name, MFD_CLOEXEC | MFD_NOEXEC_SEAL);
	if (fd < 0 && errno == EINVAL)
		fd = memfd_create(name, MFD_CLOEXEC);
	return fd;
}

/* A system may be set to keep such a file in large pages: then each would take
 * some megabytes. */
static bool
is_small(int fd, size_t size)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (size_t)st.st_blocks * BLOCK <= size;
}

void
backing_give(uintptr_t begin, uintptr_t end, const char *whose)
{
	/* Written to where it changes: its page is shared by copies. */
	static bool too_large;
	const size_t size = end - begin;
	int fd;

	if (too_large || !may_write(size))
		return;
	fd = make_file(whose);
	if (fd < 0)
		return;
	/* Past libc, where sanitizers would mind the gaps between variables,
	 * or forget them. The kernel looks at limits before it takes away what
	 * is there: that fails, or is done. */
	if (bare(SYS_write, fd, (long)begin, (long)size, 0, 0, 0) ==
	    (long)size) {
		if (is_small(fd, size))
			bare(SYS_mmap, (long)begin, (long)size,
			     PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED,
			     fd, 0);
		else
			too_large = true;
	}
	close(fd);
}

/* peer.c: what /proc says of threads that are not ours. Floor 1. */
#include "sys/peer.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "sys/procfs.h"

static void
forget(struct peer *p)
{
	if (!p->tid)
		return;
	close(p->dir);
	if (p->comm >= 0)
		close(p->comm);
	p->tid = 0;
}

void
peers_release(struct peers *p)
{
	for (int i = 0; i < PEERS; i++)
		forget(&p->at[i]);
}

/* The process it belongs to; 0: it is gone. */
static pid_t
process_of(int dir)
{
	char text[1024];
	int64_t pid;
	ssize_t n = -1;
	int fd = openat(dir, "status", O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		n = read(fd, text, sizeof text);
		close(fd);
	}
	pid = procfs_number((struct slice){ text, n > 0 ? (size_t)n : 0 },
			    "Tgid:");
	return pid > 0 ? (pid_t)pid : 0;
}

static bool
meet(struct peer *p, pid_t tid)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/%d", (int)tid);
	p->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->dir < 0)
		return false;
	p->pid = process_of(p->dir);
	if (!p->pid) {
		close(p->dir);
		return false;
	}
	p->comm = openat(p->dir, "comm", O_RDONLY | O_CLOEXEC);
	p->tid = tid;
	return true;
}

/* Of a thread that is gone nothing can be looked up any more. */
static bool
look(const struct peer *p, int fd, struct stat *st)
{
	char path[32];

	snprintf(path, sizeof path, "fd/%d", fd);
	return fstatat(p->dir, path, st, 0) == 0;
}

/* Its place, or that of the one not asked for the longest. */
static struct peer *
place_of(struct peers *p, pid_t tid)
{
	struct peer *oldest = &p->at[0];

	for (int i = 0; i < PEERS; i++) {
		struct peer *one = &p->at[i];

		if (one->tid == tid)
			return one;
		if (one->used < oldest->used)
			oldest = one;
	}
	return oldest;
}

const struct peer *
peers_look(struct peers *p, pid_t tid, int fd, struct stat *st)
{
	struct peer *one = place_of(p, tid);

	one->used = ++p->clock;
	if (one->tid == tid && look(one, fd, st))
		return one;
	forget(one);
	return meet(one, tid) && look(one, fd, st) ? one : NULL;
}

void
peer_name(const struct peer *p, char name[16])
{
	char text[16];
	ssize_t n = p->comm >= 0 ? pread(p->comm, text, sizeof text, 0) : -1;

	procfs_name((struct slice){ text, n > 0 ? (size_t)n : 0 }, name);
}

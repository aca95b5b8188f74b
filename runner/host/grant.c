/* grant.c: is the cell that ended one of those after which nothing needs to be
 * looked at from outside? Floor 2, in cnb-host. It knows processes beside this
 * one and clocks, not what a cell is. */
#include "host/grant.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "host/control.h"
#include "host/descriptors.h"
#include "host/hot.h"

#define COPIES 64

static struct {
	bool holds;
	int64_t since_ns; /* the cell before this one ended, or this one began
			   */
	pid_t copies[COPIES]; /* the last ones */
	unsigned next;
} grant HOT;

void
grant_know_copy(pid_t pid)
{
	grant.copies[grant.next++ % COPIES] = pid;
}

static int64_t
now_ns(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void
grant_begin(void)
{
	grant.holds = false;
	grant.since_ns = now_ns();
}

bool
grant_holds(void)
{
	return grant.holds;
}

static bool
is_known(pid_t pid, pid_t own)
{
	if (pid == own)
		return true;
	for (unsigned i = 0; i < COPIES; i++)
		if (grant.copies[i] == pid)
			return true;
	return false;
}

/* Whoever lost its parent is our parent's: of a cell that left processes behind
 * one is there, also where they were not to be waited for. */
static bool
is_alone(pid_t own)
{
	char list[1024], *at = list, *end;
	int fd = own_fd(OWN_BESIDE, NULL);
	ssize_t n = fd < 0 ? -1 : pread(fd, list, sizeof list - 1, 0);

	/* The kernel fills what it is given, unless it has no more to say. */
	if (n <= 0 || n > (ssize_t)sizeof list / 2)
		return false;
	list[n] = '\0';
	for (;; at = end) {
		pid_t pid = (pid_t)strtol(at, &end, 10);

		if (end == at)
			return true;
		if (!is_known(pid, own))
			return false;
	}
}

static bool
is_unchanged(const struct grant *g)
{
	struct stat st;

	return !*g->file ||
	       (stat(g->file, &st) == 0 && st.st_dev == (dev_t)g->dev &&
		st.st_ino == (ino_t)g->ino && st.st_size == (off_t)g->size &&
		st.st_mtim.tv_sec == (time_t)g->sec &&
		st.st_mtim.tv_nsec == (long)g->nsec);
}

bool
grant_decide(const struct wire_done *done, const struct grant *g, pid_t own)
{
	int64_t since = grant.since_ns;

	grant.since_ns = done->ended_ns;
	grant.holds = g->asked && done->kept && done->how == WIRE_RETURNED &&
		      !done->status && control_is_roomy() &&
		      descriptors_have_room() && is_unchanged(g) &&
		      is_alone(own) &&
		      now_ns() - since < (int64_t)WIRE_BRIEF_MS * 1000000;
	return grant.holds;
}

/* sweep.c: to signal, or to end, what lives below the keeper. Floor 1. */
#include "sys/sweep.h"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/clock.h"

#define SWEEP_NS (2 * NS_PER_S)
#define SWEEP_PAUSE_US 200
/* The end of a few is waited for, so long; of many it is looked for. */
#define SWEEP_FEW 8
#define SWEEP_FEW_MS 10
/* From this round on what still runs is stopped first, so that it cannot fork
 * faster than we kill. */
#define SWEEP_STOP_ROUND 3

/* So many are taken for a fork bomb: among them, each step that we make takes
 * as many times longer. */
#define SWEEP_BOMB 256
/* Beside those to be spared, so many are looked at for their groups. */
#define SWEEP_GROUPS 16

/* The families that it names as the pids that they are now. */
static void
expand(const struct whom *w, struct pids *kept)
{
	struct pids family = { 0 };

	for (size_t i = 0; i < w->spare.count; i++) {
		if (w->spare.at[i] > 0) {
			pids_add(kept, w->spare.at[i]);
			continue;
		}
		tree_family(getpid(), &w->still, -w->spare.at[i], &family);
		pids_add_all(kept, &family);
	}
	pids_release(&family);
}

/* Who is meant now; of a bomb only some. */
static void
find_meant(const struct whom *w, struct pids *found)
{
	struct pids kept = { 0 };
	size_t n = 0;

	expand(w, &kept);
	if (w->family)
		tree_family(getpid(), &w->still, w->family, found);
	else
		tree_some_descendants(getpid(), &w->still, found,
				      kept.count + SWEEP_BOMB);
	for (size_t i = 0; i < found->count; i++)
		if (!pids_has(&kept, found->at[i]))
			found->at[n++] = found->at[i];
	found->count = n;
	pids_release(&kept);
}

static bool
holds_one_of(pid_t group, const struct pids *kept)
{
	for (size_t i = 0; i < kept->count; i++)
		if (getpgid(kept->at[i]) == group)
			return true;
	return false;
}

/* Whole groups first: one call kills all of a group, and none of it can fork
 * meanwhile, however fast. One that holds somebody to be spared is left to be
 * killed one by one, unless there are too many for that. */
static void
kill_groups(const struct whom *w, bool all)
{
	struct pids found = { 0 }, kept = { 0 }, done = { 0 };

	expand(w, &kept);
	tree_some_descendants(getpid(), &w->still, &found,
			      kept.count + SWEEP_GROUPS);
	for (size_t i = 0; i < found.count; i++) {
		pid_t group = getpgid(found.at[i]);

		if (group <= 1 || group == getpgrp() ||
		    pids_has(&kept, found.at[i]) || pids_has(&done, group))
			continue;
		pids_add(&done, group);
		if (all ? !pids_has(&kept, group) : !holds_one_of(group, &kept))
			kill(-group, SIGKILL);
	}
	pids_release(&found);
	pids_release(&kept);
	pids_release(&done);
}

/* They fork faster than they can be killed one by one. Where we may, we stop
 * them at one word, and those to be spared with them for that moment; else we
 * take the processor from them, and where they are not root's, they get no more
 * processes. */
static void
hold_down(const struct whom *w, struct cgroup *cells, const struct pids *found)
{
	const struct rlimit none = { 0, 0 };

	cgroup_freeze(cells, true);
	setpriority(PRIO_PROCESS, 0, -20);
	for (size_t i = 0; i < found->count; i++)
		prlimit(found->at[i], RLIMIT_NPROC, &none, NULL);
	if (w->family)
		kill(-w->family, SIGKILL);
	else
		kill_groups(w, true);
}

void
sweep_signal(const struct whom *w, int sig)
{
	struct pids found = { 0 };

	find_meant(w, &found);
	for (size_t i = 0; i < found.count; i++)
		kill(found.at[i], sig);
	pids_release(&found);
}

/* One round. A few are waited for by their descriptors, which are there before
 * they die and their numbers may be another's. */
static void
kill_all(const struct pids *found, bool stop)
{
	struct pollfd ends[SWEEP_FEW];
	nfds_t n = 0;

	for (size_t i = 0; i < found->count; i++) {
		int fd =
			found->count > SWEEP_FEW
				? -1
				: (int)syscall(SYS_pidfd_open, found->at[i], 0);

		if (fd >= 0)
			ends[n++] =
				(struct pollfd){ .fd = fd, .events = POLLIN };
	}
	for (size_t i = 0; i < found->count && stop; i++)
		kill(found->at[i], SIGSTOP);
	for (size_t i = 0; i < found->count; i++)
		kill(found->at[i], SIGKILL);
	for (nfds_t i = 0; i < n; i++) {
		poll(&ends[i], 1, SWEEP_FEW_MS);
		close(ends[i].fd);
	}
	if (found->count && !n)
		usleep(SWEEP_PAUSE_US);
}

int
sweep(const struct whom *w, struct cgroup *cells, void (*reap)(void))
{
	int64_t until = clock_mono_ns() + SWEEP_NS;
	struct pids found = { 0 };
	int nice = getpriority(PRIO_PROCESS, 0), left;
	bool bomb = false;

	if (w->family)
		kill(-w->family, SIGKILL);
	for (int round = 0;; round++) {
		find_meant(w, &found);
		left = (int)found.count;
		if (left > 1 && !round && !w->family)
			kill_groups(w, false);
		if (left >= SWEEP_BOMB) {
			hold_down(w, cells, &found);
			bomb = true;
		}
		kill_all(&found, round >= SWEEP_STOP_ROUND);
		reap();
		if (!left || clock_mono_ns() > until)
			break;
	}
	pids_release(&found);
	if (bomb) {
		cgroup_freeze(cells, false);
		setpriority(PRIO_PROCESS, 0, nice);
	}
	return left;
}

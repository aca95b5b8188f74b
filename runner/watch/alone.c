/* alone.c: a walk down a line of single children. Floor 3. */
#include "watch/alone.h"

void
alone_release(struct alone *a)
{
	for (size_t i = 0; i < KEEPER_NESTS + 2; i++)
		tree_look_away(&a->looks[i]);
	a->count = 0;
}

/* The host waits for its children itself, and does not count them. */
static bool
look(struct alone *a, size_t i, pid_t pid, const struct keeper *k, bool is_host,
     struct pids *below)
{
	return tree_look(&a->looks[i], pid, is_host ? NULL : k->reaped,
			 &k->still, below);
}

bool
alone_is(struct alone *a, const struct keeper *k, const struct pids *nests,
	 pid_t host, struct pids *all)
{
	struct pids below = { 0 };
	pid_t pid = k->pid;
	bool is = false;

	a->count = 0;
	all->count = 0;
	while (a->count < KEEPER_NESTS + 2 &&
	       look(a, a->count++, pid, k, pid == host, &below)) {
		if (pid == host || below.count != 1) {
			is = pid == host && !below.count;
			break;
		}
		pid = below.at[0];
		if (pid != host && !pids_has(nests, pid))
			break;
		pids_add(all, pid);
	}
	pids_release(&below);
	is = is && alone_stays(a, k);
	if (!is)
		a->count = 0;
	return is;
}

bool
alone_was(const struct alone *a, pid_t host)
{
	return a->count > 1 && a->looks[a->count - 1].pid == host;
}

bool
alone_stays(struct alone *a, const struct keeper *k)
{
	struct pids below = { 0 };
	size_t last = a->count - 1;
	bool stays = a->count > 1;

	/* The host first, and upwards: whoever is orphaned meanwhile comes to
	 * one that is still to be looked at. */
	for (size_t i = a->count; stays && i-- > 0;) {
		bool there = look(a, i, a->looks[i].pid, k, i == last, &below);

		if (i == last) /* else it is gone */
			stays = !there || !below.count;
		else if (below.count)
			stays = there && below.count == 1 &&
				below.at[0] == a->looks[i + 1].pid;
		else
			stays = there && i + 1 == last;
	}
	pids_release(&below);
	return stays;
}

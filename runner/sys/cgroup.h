/* cgroup.h: a control group of version 2 (cgroups(7)) around what the keeper
 * starts, where the system lets us make one: below our own group, as root or
 * where it was delegated to us. All that is in it dies at one word, however it
 * forks, whatever its sessions and groups are. Where there is none, the tree
 * of processes has to do; nothing depends on it. */
#ifndef CNB_CGROUP_H
#define CNB_CGROUP_H

#include <stdbool.h>
#include <sys/types.h>

struct cgroup {
	int fd; /* of its folder; -1: there is none */
	char *path;
};

/* Make one, and remove those of keepers that did not live to do so. */
void cgroup_make(struct cgroup *g);
/* fork(), the child in the group if there is one. */
pid_t cgroup_fork(struct cgroup *g);
/* None of it runs until it is thawed again, so that none can fork; SIGKILL
 * comes through. */
void cgroup_freeze(const struct cgroup *g, bool frozen);
/* SIGKILL to all that is in it; what forks meanwhile dies too. */
void cgroup_kill(const struct cgroup *g);
/* Those who were in it must be dead and waited for. */
void cgroup_remove(struct cgroup *g);

#endif

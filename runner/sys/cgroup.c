/* cgroup.c: see cgroup.h. Floor 1. */
#include "sys/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/buf.h"
#include "sys/fs.h"
#include "sys/procfs.h"

#define PREFIX "cnb-"
/* The last of a group may be on its way out for a moment. */
#define REMOVE_TRIES 50
#define REMOVE_PAUSE_US 1000

/* The folder of our own group; NULL: not to be seen from here. */
static char *
own_folder(void)
{
	struct buf mounts = { 0 }, groups = { 0 };
	char *folder = NULL;

	if (fs_read("/proc/self/mountinfo", &mounts, NULL) == 0 &&
	    fs_read("/proc/self/cgroup", &groups, NULL) == 0)
		folder = procfs_cgroup(buf_slice(&mounts), buf_slice(&groups));
	buf_release(&mounts);
	buf_release(&groups);
	return folder;
}

/* A keeper that was killed could not remove its own. Of one that lives the
 * number is taken. */
static void
remove_stale(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		long pid;

		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0)
			continue;
		pid = strtol(entry->d_name + strlen(PREFIX), NULL, 10);
		if (pid > 0 && kill((pid_t)pid, 0) < 0 && errno == ESRCH)
			unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
	}
	if (dir)
		closedir(dir);
}

void
cgroup_make(struct cgroup *g)
{
	char *folder = own_folder();
	struct buf path = { 0 };

	*g = (struct cgroup){ .fd = -1 };
	if (!folder)
		return;
	remove_stale(folder);
	buf_addf(&path, "%s/" PREFIX "%d", folder, (int)getpid());
	free(folder);
	g->path = buf_take(&path);
	if (mkdir(g->path, 0755) == 0)
		g->fd = open(g->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Linux 5.14 has the file; before, a group would be of no use. */
	if (g->fd >= 0 && faccessat(g->fd, "cgroup.kill", W_OK, 0) < 0)
		cgroup_remove(g);
}

pid_t
cgroup_fork(struct cgroup *g)
{
	struct clone_args args = { .flags = CLONE_INTO_CGROUP,
				   .exit_signal = SIGCHLD };
	long pid;

	if (g->fd < 0)
		return fork();
	args.cgroup = (uint64_t)g->fd;
	pid = syscall(SYS_clone3, &args, sizeof args);
	/* Whatever is against it: where there are two ways, the plain one. */
	return pid < 0 ? fork() : (pid_t)pid;
}

static void
tell(const struct cgroup *g, const char *file, const char *word)
{
	int fd = -1;

	if (g->fd >= 0)
		fd = openat(g->fd, file, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	while (write(fd, word, strlen(word)) < 0 && errno == EINTR)
		;
	close(fd);
}

void
cgroup_freeze(const struct cgroup *g, bool frozen)
{
	tell(g, "cgroup.freeze", frozen ? "1" : "0");
}

void
cgroup_kill(const struct cgroup *g)
{
	tell(g, "cgroup.kill", "1");
}

void
cgroup_remove(struct cgroup *g)
{
	for (int i = 0; g->fd >= 0 && i < REMOVE_TRIES; i++) {
		if (rmdir(g->path) == 0 || errno != EBUSY)
			break;
		usleep(REMOVE_PAUSE_US);
	}
	if (g->fd >= 0)
		close(g->fd);
	free(g->path);
	*g = (struct cgroup){ .fd = -1 };
}

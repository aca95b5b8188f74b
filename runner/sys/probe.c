/* probe.c: what the kernel, and whoever confines us, grants. Floor 1. It knows
 * what is asked for, not what for. */
#include "sys/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/personality.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sys/clock.h"
#include "sys/fs.h"
#include "sys/notify.h"

/* Try it in a child, whose exit status is the errno. */
static int
in_child(int (*attempt)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(attempt() < 0 ? errno & 0xff : 0);
	if (pid < 0)
		return errno;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}

static int
install_notify(void)
{
	return notify_install(NOTIFY_STDERR);
}

int
probe_notify(void)
{
	return in_child(install_notify);
}

int
probe_children(void)
{
	return access("/proc/thread-self/children", R_OK) < 0 ? errno : 0;
}

/* Look at a child that waits to be killed. */
static int
at_child(int (*look)(pid_t child, const void *at))
{
	static const char there[] = "there";
	pid_t pid = fork();
	int why;

	if (pid == 0) {
		for (;;)
			pause();
	}
	if (pid < 0)
		return errno;
	why = look(pid, there) < 0 ? errno : 0;
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return why;
}

static int
read_memory(pid_t child, const void *at)
{
	union {
		const void *in;
		void *out;
	} where = { .in = at };
	char byte;
	struct iovec here = { &byte, 1 }, there = { where.out, 1 };

	return process_vm_readv(child, &here, 1, &there, 1, 0) == 1 ? 0 : -1;
}

int
probe_memory(void)
{
	return at_child(read_memory);
}

static int
read_syscall(pid_t child, const void *at)
{
	char path[64], byte;
	int fd, rc;

	(void)at;
	snprintf(path, sizeof path, "/proc/%d/syscall", (int)child);
	fd = fs_open(path, O_RDONLY);
	if (fd < 0)
		return -1;
	rc = fs_read_whole(fd, &byte, 1) ? 0 : -1;
	close(fd);
	return rc;
}

int
probe_syscall(void)
{
	return at_child(read_syscall);
}

static int
fix_addresses(void)
{
	return personality(ADDR_NO_RANDOMIZE);
}

int
probe_addresses(void)
{
	return in_child(fix_addresses);
}

int64_t
probe_fork_ns(void)
{
	int64_t began = clock_mono_ns();
	int ends[2];
	pid_t pid;
	char byte;
	bool told;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0)
		_exit(fs_write_fd(ends[1], "x", 1) == 0 ? 0 : 1);
	close(ends[1]);
	told = pid > 0 && fs_read_whole(ends[0], &byte, 1);
	began = clock_mono_ns() - began;
	close(ends[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return told ? began : -1;
}

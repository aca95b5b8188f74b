/* floor.c: the least that any runner does, for comparison.
 *
 *	floor calls PLUGIN N	load the table, call its first cell N times with
 *				standard output a pipe, and read what it wrote
 *	floor starts N PROGRAM	start a program N times and read what it writes
 *	floor write HOW BYTES	write lines of 64 bytes: HOW is stdio, lines
 *				(stdio, a line at a time), write, or child (a
 *				child of ours uses write)
 *	floor fork BYTES	print what one fork takes, with so much memory
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "cell.h"

static _Noreturn void
die(const char *what)
{
	perror(what);
	exit(1);
}

static size_t
read_some(int fd)
{
	char chunk[65536];
	ssize_t n = read(fd, chunk, sizeof chunk);

	if (n < 0)
		die("read");
	return (size_t)n;
}

static int
calls(const char *path, long n)
{
	const struct cell_table *(*table)(void);
	void *handle = dlopen(path, RTLD_NOW), *found;
	struct cell c = { .size = sizeof c };
	int fds[2];
	size_t total = 0;

	if (!handle || !(found = dlsym(handle, "cell_table"))) {
		fprintf(stderr, "%s\n", dlerror());
		return 1;
	}
	memcpy(&table, &found, sizeof found);
	if (pipe(fds) < 0 || dup2(fds[1], 1) < 0)
		die("pipe");
	for (long i = 0; i < n; i++) {
		table()->defs[0].run(&c);
		fflush(stdout);
		total += read_some(fds[0]);
	}
	fprintf(stderr, "%zu bytes\n", total);
	return 0;
}

static int
starts(long n, char *program)
{
	for (long i = 0; i < n; i++) {
		int fds[2], status;
		pid_t pid;

		if (pipe(fds) < 0)
			die("pipe");
		pid = fork();
		if (pid < 0)
			die("fork");
		if (pid == 0) {
			char *argv[] = { program, NULL };

			dup2(fds[1], 1);
			close(fds[0]);
			close(fds[1]);
			execv(program, argv);
			_exit(127);
		}
		close(fds[1]);
		while (read_some(fds[0]))
			;
		close(fds[0]);
		waitpid(pid, &status, 0);
		if (status)
			return 1;
	}
	return 0;
}

#define LINE "the quick brown fox jumps over the lazy dog, and then sleeps 64"

static void
write_lines(long bytes)
{
	for (; bytes > 0; bytes -= 64)
		if (write(1, LINE "\n", 64) != 64)
			die("write");
}

static int
writes(const char *how, long bytes)
{
	if (!strcmp(how, "stdio") || !strcmp(how, "lines")) {
		if (!strcmp(how, "lines"))
			setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
		for (; bytes > 0; bytes -= 64)
			puts(LINE);
	} else if (!strcmp(how, "write")) {
		write_lines(bytes);
	} else {
		pid_t pid = fork();

		if (pid == 0) {
			write_lines(bytes);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
	return 0;
}

/* One fork of so much memory: seconds. */
static int
forks(size_t bytes)
{
	char *p = malloc(bytes);
	struct timespec began, now;
	pid_t pid;

	if (!p)
		die("malloc");
	memset(p, 1, bytes);
	clock_gettime(CLOCK_MONOTONIC, &began);
	pid = fork();
	if (pid == 0)
		_exit(p[bytes - 1] != 1);
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (pid < 0)
		die("fork");
	printf("%.6f\n", (double)(now.tv_sec - began.tv_sec) +
				 (double)(now.tv_nsec - began.tv_nsec) / 1e9);
	waitpid(pid, NULL, 0);
	free(p);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "fork"))
		return forks((size_t)atol(argv[2]));
	if (argc == 4 && !strcmp(argv[1], "calls"))
		return calls(argv[2], atol(argv[3]));
	if (argc == 4 && !strcmp(argv[1], "starts"))
		return starts(atol(argv[2]), argv[3]);
	if (argc == 4 && !strcmp(argv[1], "write"))
		return writes(argv[2], atol(argv[3]));
	fprintf(stderr, "usage: see the top of floor.c\n");
	return 2;
}

/* families.c: cells with children, parents and groups that they do not treat
 * as a good program does. Each is named for what it does wrong. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cell.h"

/* Where a cell notes the pids of those it leaves behind: argv[1]. */
static void
note(struct cell *c, pid_t pid)
{
	FILE *f = c->argc > 1 ? fopen(c->argv[1], "ae") : NULL;

	if (!f)
		return;
	fprintf(f, "%d\n", (int)pid);
	fclose(f);
}

static _Noreturn void
sleep_for_ever(void)
{
	for (;;)
		pause();
}

static int
forks_with_unflushed_text(struct cell *c)
{
	(void)c;
	printf("half a line, ");
	if (fork() == 0)
		exit(0);
	wait(NULL);
	puts("the other half");
	return 0;
}

static int
child_falls_off_the_end(struct cell *c)
{
	(void)c;
	puts("before");
	if (fork() == 0) {
		puts("child");
		return 0;
	}
	wait(NULL);
	puts("parent");
	return 0;
}

static int
child_fails(struct cell *c)
{
	int status;

	(void)c;
	if (fork() == 0)
		return 9;
	wait(&status);
	printf("the child exited with %d\n", WEXITSTATUS(status));
	return 0;
}

static int
child_crashes(struct cell *c)
{
	int status;

	(void)c;
	if (fork() == 0)
		abort();
	wait(&status);
	printf("the child died of signal %d\n", WTERMSIG(status));
	return 0;
}

/* Its child writes when the cell has long ended: at the latest when the next
 * cell has made the file argv[2]. */
static int
child_writes_late(struct cell *c)
{
	pid_t pid = fork();

	if (pid == 0) {
		while (access(c->argv[2], F_OK) < 0)
			usleep(1000);
		puts("late, but mine");
		fflush(stdout);
		_exit(0);
	}
	puts("on time");
	return 0;
}

/* ... and this is the next one; it ends when the child has. */
static int
lets_the_child_write(struct cell *c)
{
	int fd = open(c->argv[2], O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	close(fd);
	while (wait(NULL) > 0)
		;
	puts("second cell");
	return 0;
}

static int
child_holds_the_pipe(struct cell *c)
{
	pid_t pid = fork();

	if (pid == 0)
		sleep_for_ever();
	note(c, pid);
	puts("gone, but my child stays");
	return 0;
}

static int
kills_its_parent(struct cell *c)
{
	(void)c;
	puts("before the parent's end");
	kill(getppid(), SIGKILL);
	sleep_for_ever();
}

static int
kills_its_group(struct cell *c)
{
	(void)c;
	puts("before the group's end");
	kill(0, SIGKILL);
	sleep_for_ever();
}

static int
terminates_everybody_above(struct cell *c)
{
	(void)c;
	kill(getppid(), SIGTERM);
	kill(getppid(), SIGINT);
	kill(getppid(), SIGHUP);
	puts("they did not mind");
	return 0;
}

static int
waits_for_all(struct cell *c)
{
	int n = 0;

	(void)c;
	for (int i = 0; i < 3; i++)
		if (fork() == 0)
			_exit(0);
	while (wait(NULL) > 0)
		n++;
	printf("%d children, then %s\n", n, strerror(errno));
	return 0;
}

static int
leaves_200_children(struct cell *c)
{
	for (int i = 0; i < 200; i++) {
		pid_t pid = fork();

		if (pid == 0)
			sleep_for_ever();
		note(c, pid);
	}
	puts("200 left");
	return 0;
}

/* A daemon by the book: its parent is gone, its session and group its own, its
 * descriptors closed. */
static void
daemonize(struct cell *c, int stopped)
{
	int ready[2];
	char byte;

	if (pipe(ready) < 0)
		return;
	if (fork() == 0) {
		setsid();
		if (fork())
			_exit(0);
		note(c, getpid());
		for (int fd = 0; fd < 1024; fd++)
			if (fd != ready[1])
				close(fd);
		if (write(ready[1], "x", 1) < 0)
			_exit(1);
		close(ready[1]);
		signal(SIGTERM, SIG_IGN);
		signal(SIGHUP, SIG_IGN);
		if (stopped)
			raise(SIGSTOP);
		sleep_for_ever();
	}
	close(ready[1]);
	while (read(ready[0], &byte, 1) > 0)
		;
	close(ready[0]);
}

static int
leaves_a_daemon(struct cell *c)
{
	daemonize(c, 0);
	puts("a daemon is left");
	return 0;
}

/* Everything at once, and the cell itself goes on for ever. */
static int
never_ends_and_has_daemons(struct cell *c)
{
	pid_t pid;

	signal(SIGTERM, SIG_IGN);
	daemonize(c, 0);
	daemonize(c, 1);
	pid = fork();
	if (pid == 0) {
		signal(SIGTERM, SIG_IGN);
		sleep_for_ever();
	}
	note(c, pid);
	note(c, getpid());
	note(c, getppid());
	puts("all are there");
	sleep_for_ever();
}

static void *
stay(void *arg)
{
	sleep_for_ever();
	return arg;
}

static int
leaves_a_thread(struct cell *c)
{
	pthread_t t;

	(void)c;
	pthread_create(&t, NULL, stay, NULL);
	return 0;
}

static int
leaves_a_zombie(struct cell *c)
{
	(void)c;
	if (fork() == 0)
		_exit(0);
	return 0;
}

static int
ignores_sigterm(struct cell *c)
{
	(void)c;
	signal(SIGTERM, SIG_IGN);
	puts("deaf");
	sleep_for_ever();
}

static int
spins(struct cell *c)
{
	(void)c;
	for (volatile unsigned i = 0; i < 2; i ^= 1)
		;
	return 0;
}

static int
stops_itself(struct cell *c)
{
	(void)c;
	puts("stopped");
	raise(SIGSTOP);
	puts("went on");
	sleep_for_ever();
}

static int
blocks_all_signals(struct cell *c)
{
	sigset_t all;

	(void)c;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	sleep_for_ever();
}

static const struct cell_def cells[] = {
	{ "forks-with-unflushed-text", forks_with_unflushed_text, NULL },
	{ "child-falls-off-the-end", child_falls_off_the_end, NULL },
	{ "child-fails", child_fails, NULL },
	{ "child-crashes", child_crashes, NULL },
	{ "child-writes-late", child_writes_late, NULL },
	{ "lets-the-child-write", lets_the_child_write, NULL },
	{ "child-holds-the-pipe", child_holds_the_pipe, NULL },
	{ "kills-its-parent", kills_its_parent, NULL },
	{ "kills-its-group", kills_its_group, NULL },
	{ "terminates-everybody-above", terminates_everybody_above, NULL },
	{ "waits-for-all", waits_for_all, NULL },
	{ "leaves-200-children", leaves_200_children, NULL },
	{ "leaves-a-daemon", leaves_a_daemon, NULL },
	{ "never-ends-and-has-daemons", never_ends_and_has_daemons, NULL },
	{ "leaves-a-thread", leaves_a_thread, NULL },
	{ "leaves-a-zombie", leaves_a_zombie, NULL },
	{ "ignores-sigterm", ignores_sigterm, NULL },
	{ "spins", spins, NULL },
	{ "stops-itself", stops_itself, NULL },
	{ "blocks-all-signals", blocks_all_signals, NULL },
};
CELL_TABLE(cells);

//| cflags: -pthread
/* A thread forks: its child has one thread, pthread_atfork is kept. */
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int in_child;

static void before(void) { puts("before"); }
static void parent(void) { puts("in the parent"); }
static void child(void) { in_child = 1; }

static int tasks(void)
{
	DIR *d = opendir("/proc/self/task");
	int n = 0;

	for (struct dirent *e; (e = readdir(d));)
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

static void *forks(void *arg)
{
	int status, up[2];

	pipe(up);
	if (fork() == 0) {
		char c;

		read(up[0], &c, 1);
		printf("child %d, %d thread\n", in_child, tasks());
		pthread_exit(NULL);
	}
	write(up[1], "x", 1);
	wait(&status);
	printf("status %d, %d threads here\n", WEXITSTATUS(status), tasks());
	return arg;
}

int main(void)
{
	pthread_t t;

	pthread_atfork(before, parent, child);
	pthread_create(&t, NULL, forks, NULL);
	pthread_join(t, NULL);
}

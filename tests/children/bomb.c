/* bomb.c: bomb HOW NUMBER makes processes or threads until it may not. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void *
stay(void *arg)
{
	for (;;)
		pause();
	return arg;
}

/* -> how many; errno says why not more. */
static int
processes(int number)
{
	int i;

	for (i = 0; i < number; i++) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid == 0)
			stay(NULL);
	}
	return i;
}

static int
threads(int number)
{
	pthread_t t;
	int i;

	for (i = 0; i < number; i++) {
		errno = pthread_create(&t, NULL, stay, NULL);
		if (errno)
			break;
	}
	return i;
}

static void
say(int made)
{
	char text[200];
	int n = snprintf(text, sizeof text, "%d made, then: %s\n", made,
			 strerror(errno));

	if (write(1, text, (size_t)n) < 0)
		_exit(1);
}

/* Each of them waits until all are there. Idle: they get what others leave. */
static void
together(int number, int idle)
{
	int gate[2], i;
	char byte;

	if (pipe(gate) < 0)
		return;
	for (i = 0; i < number; i++)
		if (fork() == 0) {
			close(gate[1]);
			if (read(gate[0], &byte, 1) < 0)
				_exit(1);
			if (idle)
				sched_setscheduler(0, SCHED_IDLE,
						   &(struct sched_param){ 0 });
			say(processes(1000));
			stay(NULL);
		}
	close(gate[1]);
}

static void
one_after_the_other(int number)
{
	int made = 0;

	for (int i = 0; i < number; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		if (pid > 0)
			made++;
		waitpid(pid, NULL, 0);
	}
	printf("%d made\n", made);
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	int number = argc == 3 ? atoi(argv[2]) : 0;

	if (!number)
		return 2;
	if (!strcmp(argv[1], "processes"))
		say(processes(number));
	else if (!strcmp(argv[1], "threads"))
		say(threads(number));
	else if (!strcmp(argv[1], "together"))
		together(number, 0);
	else if (!strcmp(argv[1], "starved"))
		together(number, 1);
	else
		one_after_the_other(number);
	stay(NULL);
}

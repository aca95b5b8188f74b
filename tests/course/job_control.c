/* Groups and sessions. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int status;

	printf("leader of a group: %d\n", getpgrp() == getpid());
	signal(SIGUSR1, SIG_IGN);
	if (fork() == 0) {
		signal(SIGUSR1, SIG_DFL);
		kill(0, SIGUSR1);
		_exit(1);
	}
	wait(&status);
	printf("child killed by %d\n", WTERMSIG(status));
	if (fork() == 0) {
		printf("new session: %d\n", setsid() == getpid());
		printf("a group of its own: %d\n", getpgrp() == getpid());
		return 0;
	}
	wait(&status);
}

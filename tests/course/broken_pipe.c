/* Nobody reads: SIGPIPE kills, or write() says EPIPE. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int fds[2], status;

	pipe(fds);
	close(fds[0]);
	if (fork() == 0) {
		write(fds[1], "x", 1);
		_exit(0);
	}
	wait(&status);
	printf("killed by signal %d\n", WTERMSIG(status));
	signal(SIGPIPE, SIG_IGN);
	printf("%zd %s\n", write(fds[1], "x", 1), strerror(errno));
}

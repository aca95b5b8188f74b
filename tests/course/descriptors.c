/* The lowest free number, CLOEXEC, all of them closed. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int a = open("/dev/null", O_RDONLY), b = dup(a);
	int c = fcntl(a, F_DUPFD, 10), d = open("/dev/null", O_RDONLY | O_CLOEXEC);

	printf("%d %d %d %d\n", a, b, c, d);
	fflush(stdout);
	system("cd /proc/self/fd && for n in 0 1 2 3 4 5 10; do test -e $n && echo open $n; done");
	for (int i = 3; i < 1024; i++)
		close(i);
	printf("next is %d\n", open("/dev/null", O_RDONLY));
	if (fork() == 0)
		return 5;
	int status;
	wait(&status);
	printf("child %d\n", WEXITSTATUS(status));
}

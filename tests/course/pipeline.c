/* sort | uniq -c by hand, the last command's status told. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(int in, int out, int unused, char *const argv[])
{
	pid_t pid = fork();

	if (pid)
		return pid;
	dup2(in, 0);
	dup2(out, 1);
	close(unused);
	execvp(argv[0], argv);
	_exit(127);
}

int main(void)
{
	int a[2], b[2], status;

	pipe2(a, 02000000);
	pipe2(b, 02000000);
	start(a[0], b[1], a[1], (char *[]){ "sort", NULL });
	pid_t last = start(b[0], 1, b[1], (char *[]){ "uniq", "-c", NULL });
	close(a[0]);
	close(b[0]);
	close(b[1]);
	dprintf(a[1], "pear\napple\npear\nfig\npear\n");
	close(a[1]);
	waitpid(last, &status, 0);
	while (wait(NULL) > 0)
		;
	printf("status %d\n", status);
}

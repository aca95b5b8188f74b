/* Every way to become another program, and what it says when it cannot. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void way(int i)
{
	char *const argv[] = { "sh", "-c", "echo v $0 $X", "arg", NULL };
	char *const envp[] = { "X=y", "PATH=/bin:/usr/bin", NULL };

	switch (i) {
	case 0: execl("/bin/echo", "echo", "l", NULL); break;
	case 1: execlp("echo", "echo", "lp", NULL); break;
	case 2: execle("/bin/sh", "sh", "-c", "echo le $X", NULL, envp); break;
	case 3: execv("/bin/sh", argv); break;
	case 4: execvpe("sh", argv, envp); break;
	case 5: fexecve(open("/bin/sh", O_RDONLY), argv, envp); break;
	case 6: execl("/nowhere/x", "x", NULL); break;
	case 7: execl("/etc/passwd", "x", NULL); break;
	case 8: execl("/tmp", "x", NULL); break;
	}
	printf("cannot: %s\n", strerror(errno));
	_exit(fflush(stdout));
}

int main(void)
{
	for (int i = 0; i < 9; i++) {
		fflush(stdout);
		if (fork() == 0)
			way(i);
		wait(NULL);
	}
}

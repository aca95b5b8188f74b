/* fronted.c: a program for test_front.c. Its own functions have the names of
 * functions that the object in front of it would like to call. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* not <unistd.h>, which has those names */
extern char **environ;
int fork(void);
int execlp(const char *file, const char *arg, ...);

int read(int x) { return puts("my read"), x; }
int open(int x) { return puts("my open"), x; }
int close(int x) { return puts("my close"), x; }
int pause(void) { return puts("my pause"); }
int backtrace(int x) { return puts("my backtrace"), x; }
int sendmsg(int x) { return puts("my sendmsg"), x; }
int die, stack, crash, peek, begin, finish, registers;

static int
deep(int n)
{
	volatile char room[1000];

	room[0] = (char)n;
	return deep(n + room[0]) + room[1];
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int i;

	if (!strcmp(what, "fork")) {
		printf("one\n");
		if (fork() == 0)
			exit(0);
		wait(NULL);
	} else if (!strcmp(what, "environment")) {
		for (i = 0; environ[i]; i++)
			if (strstr(environ[i], "CNB_CRASH"))
				puts(environ[i]);
		execlp("sh", "sh", "-c", "ls /proc/self/fd | wc -l", NULL);
	} else if (!strcmp(what, "crash")) {
		printf("before\n");
		*(volatile int *)8 = 1;
	} else if (!strcmp(what, "overflow")) {
		return deep(1);
	} else {
		printf("%d", read(open(close(backtrace(1)))) + sendmsg(1));
	}
	return 0;
}

/* How children end, as the parent sees it. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void exits(void) { exit(300); }
static void aborts(void) { abort(); }
static void faults(void) { *(volatile int *)0 = 1; }
static void divides(void) { volatile int z = 0; z = 1 / z; }
static void kills(void) { raise(SIGKILL); }
static void returns(void) { }
static void stops(void) { raise(SIGSTOP); _exit(4); }

int main(void)
{
	void (*const ways[])(void) = { exits, aborts, faults, divides,
				       kills, returns, stops };

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		pid_t pid = fork();
		int s;

		if (pid == 0) {
			ways[i]();
			_exit(0);
		}
		while (waitpid(pid, &s, WUNTRACED) == pid && WIFSTOPPED(s)) {
			printf("stopped by %d\n", WSTOPSIG(s));
			kill(pid, SIGCONT);
		}
		if (WIFEXITED(s))
			printf("exited with %d\n", WEXITSTATUS(s));
		else
			printf("killed by %s\n", strsignal(WTERMSIG(s)));
	}
	printf("no more: %d %s\n", wait(NULL), strerror(errno));
}

/* What a shell's child has: nothing blocked, nothing ignored. */
#include <signal.h>
#include <stdio.h>

int main(void)
{
	sigset_t set;

	sigprocmask(SIG_BLOCK, NULL, &set);
	for (int i = 1; i < 65; i++) {
		struct sigaction sa;

		if (sigismember(&set, i))
			printf("%d is blocked\n", i);
		if (i != SIGKILL && !sigaction(i, NULL, &sa) &&
		    sa.sa_handler == SIG_IGN)
			printf("%d is ignored\n", i);
	}
	printf("end\n");
}

/* Three levels of processes, each waits for its own. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int grow(int level)
{
	int sum = 1, status;

	for (int i = 0; i < level; i++) {
		pid_t pid = fork();

		if (pid == 0)
			exit(grow(level - 1));
		waitpid(pid, &status, 0);
		sum += WEXITSTATUS(status);
	}
	return sum;
}

int main(void)
{
	printf("%d processes\n", grow(3));
}

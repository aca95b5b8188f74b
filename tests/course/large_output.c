/* More than a pipe holds, to both streams, from two processes. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	if (fork() == 0) {
		for (int i = 0; i < 20000; i++)
			fprintf(stderr, "error %d\n", i);
		return 0;
	}
	wait(NULL);
	for (int i = 0; i < 20000; i++)
		printf("line %d\n", i);
}

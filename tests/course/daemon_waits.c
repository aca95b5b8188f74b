/* A grandchild whose parent is gone writes before the end. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int up[2];
	char c;

	pipe(up);
	if (fork() == 0) {
		if (fork() == 0) {
			close(up[0]);
			printf("grandchild\n");
			fflush(stdout);
			_exit(0);
		}
		_exit(0);
	}
	close(up[1]);
	wait(NULL);
	read(up[0], &c, 1);
	printf("all gone\n");
}

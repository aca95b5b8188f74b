/* A line printed before fork() appears once, text without its newline twice. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	printf("a whole line\n");
	printf("half a line, ");
	if (fork() == 0) {
		printf("child\n");
		return 7;
	}
	int status;
	wait(&status);
	printf("parent, child returned %d\n", WEXITSTATUS(status));
	return 0;
}

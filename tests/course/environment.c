//| env: ONE=1 TWO="2 2"
/* The environment, here and in a child. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv, char **envp)
{
	int ours = 0;

	(void)argc;
	(void)argv;
	for (char **e = envp; *e; e++)
		ours += !strncmp(*e, "CNB_CRASH", 9);
	printf("ONE=%s TWO=%s, not of the shell: %d\n", getenv("ONE"),
	       getenv("TWO"), ours);
	setenv("THREE", "3", 1);
	unsetenv("ONE");
	fflush(stdout);
	return system("echo child: $ONE $TWO $THREE; env | grep -c CRASH");
}

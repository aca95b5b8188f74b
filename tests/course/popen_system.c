/* Commands through the shell. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

int main(void)
{
	char line[100];
	FILE *p = popen("echo one; echo two; exit 3", "r");

	while (fgets(line, sizeof line, p))
		printf("read %s", line);
	printf("status %d\n", WEXITSTATUS(pclose(p)));
	p = popen("tr a-z A-Z", "w");
	fprintf(p, "written\n");
	pclose(p);
	printf("system %d\n", WEXITSTATUS(system("echo from system; exit 5")));
	printf("no command: %d\n", WEXITSTATUS(system("no-such-command-x 2>/dev/null")));
}

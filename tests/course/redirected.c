/* stdout goes elsewhere and comes back. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/redirected.XXXXXX", text[100] = "";
	int file = mkstemp(name), old = dup(1);

	printf("descriptors %d %d\n", file, old);
	dup2(file, 1);
	printf("into the file\n");
	system("echo from a child");
	fflush(stdout);
	dup2(old, 1);
	pread(file, text, sizeof text - 1, 0);
	printf("the file holds: %s", text);
	unlink(name);
	printf("%s", freopen("/dev/null", "w", stderr) ? "" : "no\n");
	fprintf(stderr, "into nothing\n");
}

/* stdio and write(2) mixed, buffers chosen by the program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	printf("waits for its newline ");
	write(1, "written at once\n", 16);
	printf("now\n");
	setvbuf(stderr, NULL, _IOLBF, 100);
	fprintf(stderr, "to stderr\n");
	setvbuf(stdout, NULL, _IOFBF, 8192);
	printf("full buffer\n");
	write(1, "before the full buffer\n", 23);
	fflush(stdout);
	fwrite("\0binary\xff\n", 1, 9, stdout);
	return 0;
}

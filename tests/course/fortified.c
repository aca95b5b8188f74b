//| cflags: -O2 -D_FORTIFY_SOURCE=2
/* The library notices. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	char small[4];

	(void)argv;
	printf("begin\n");
	memset(small, 'x', (size_t)argc + 7);
	return small[0];
}

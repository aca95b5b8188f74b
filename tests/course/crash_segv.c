/* It ends as programs do that follow a bad pointer. */
#include <stdio.h>

int main(void)
{
	puts("before");
	return *(volatile int *)8;
}

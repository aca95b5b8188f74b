//| cflags: -static
/* Nothing of ours can be linked in. */
#include <stdio.h>

int main(void)
{
	printf("static\n");
	return 4;
}

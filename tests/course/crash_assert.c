/* An assertion fails; what was printed before is there. */
#include <assert.h>
#include <stdio.h>

int main(void)
{
	int four = 4;

	printf("not a whole line");
	assert(four == 5);
}

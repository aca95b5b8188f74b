/* What longjmp brings back, volatile or not. */
#include <setjmp.h>
#include <stdio.h>

static jmp_buf a;

static void jump(int n)
{
	if (n == 0)
		longjmp(a, 0);
	longjmp(a, n);
}

int main(void)
{
	volatile int round = 0;
	int value = setjmp(a);

	printf("setjmp gave %d\n", value);
	if (round < 3)
		jump(round++);
	return value;
}

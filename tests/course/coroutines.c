/* Two stacks that take turns. */
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

static ucontext_t home, other;

static void counts(int from)
{
	for (int i = 0; i < 3; i++) {
		printf("there %d\n", from + i);
		swapcontext(&other, &home);
	}
}

int main(void)
{
	getcontext(&other);
	other.uc_stack.ss_sp = malloc(65536);
	other.uc_stack.ss_size = 65536;
	other.uc_link = &home;
	makecontext(&other, (void (*)(void))counts, 1, 10);
	for (int i = 0; i < 4; i++) {
		printf("here %d\n", i);
		swapcontext(&home, &other);
	}
}

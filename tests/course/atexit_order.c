/* Who runs at the beginning and at the end, and what is flushed. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void first(void) { puts("registered first, runs last"); }
static void second(void) { puts("registered second"); }
static void third(int status, void *arg) { printf("on_exit %d %s\n", status, (char *)arg); }

__attribute__((constructor)) static void begin(void) { puts("constructor"); }
__attribute__((destructor)) static void end(void) { puts("destructor"); }

int main(void)
{
	atexit(first);
	atexit(second);
	on_exit(third, "arg");
	printf("no newline at the end");
	fflush(stdout);
	write(1, " (written)\n", 11);
	exit(3);
}

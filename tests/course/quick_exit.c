/* quick_exit: its own handlers, nothing flushed but whole lines. */
#include <stdio.h>
#include <stdlib.h>

static void quick(void) { puts("at quick exit"); }
static void never(void) { puts("never"); }

int main(void)
{
	at_quick_exit(quick);
	atexit(never);
	puts("begin");
	quick_exit(2);
}

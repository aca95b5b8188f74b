/* under_valgrind.h: for the few tests whose subject valgrind takes over. */
#ifndef CNB_TEST_UNDER_VALGRIND_H
#define CNB_TEST_UNDER_VALGRIND_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static inline bool
under_valgrind(void)
{
	char line[1000];
	FILE *f = fopen("/proc/self/maps", "r");
	bool found = false;

	while (f && !found && fgets(line, sizeof line, f))
		found = strstr(line, "vgpreload") != NULL;
	if (f)
		fclose(f);
	return found;
}

#endif

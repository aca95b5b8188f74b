/* resident.h: how much memory the test itself has, in KiB (proc(5)); -1: that
 * cannot be told. */
#ifndef CNB_TEST_RESIDENT_H
#define CNB_TEST_RESIDENT_H

#include <stdio.h>

static inline long
resident_kb(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[128];
	long kb = -1;

	while (f && kb < 0 && fgets(line, sizeof line, f))
		sscanf(line, "VmRSS: %ld", &kb);
	if (f)
		fclose(f);
	return kb;
}

#endif

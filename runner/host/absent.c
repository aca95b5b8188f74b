/* absent.c: what the start-up code of every object looks for, and as a rule
 * nobody has. The dynamic linker finds it here at once, instead of nowhere in
 * all objects that a session has loaded, one for each cell. Floor 2, in
 * cnb-host, which exports these names. */
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define EXPORTED __attribute__((visibility("default")))

void __gmon_start__(void);
void _ITM_registerTMCloneTable(void *table, size_t size);
void _ITM_deregisterTMCloneTable(void *table);

/* Of a profiled program, which the host is not. */
EXPORTED void
__gmon_start__(void)
{
}

/* Of the library for transactional memory, if a cell has brought it. */
EXPORTED void
_ITM_registerTMCloneTable(void *table, size_t size)
{
	void (*next)(void *, size_t);
	void *found = dlsym(RTLD_NEXT, "_ITM_registerTMCloneTable");

	memcpy(&next, &found, sizeof next);
	if (next)
		next(table, size);
}

EXPORTED void
_ITM_deregisterTMCloneTable(void *table)
{
	void (*next)(void *);
	void *found = dlsym(RTLD_NEXT, "_ITM_deregisterTMCloneTable");

	memcpy(&next, &found, sizeof next);
	if (next)
		next(table);
}

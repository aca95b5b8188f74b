/* owners.c: to which cells the threads of the host belong. Floor 3. It is told
 * by the threads themselves, as they begin. */
#include "watch/owners.h"

#include <stdbool.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/slice.h"

static bool
is_thread(pid_t tid)
{
	return tid > 0 && tid < OWNERS_MAX;
}

void
owners_clear(struct owners *o)
{
	for (size_t i = 0; i < countof(o->block); i++)
		free(o->block[i]);
	*o = (struct owners){ 0 };
}

void
owners_set(struct owners *o, pid_t tid, int cell)
{
	int **block;

	if (!is_thread(tid))
		return;
	block = &o->block[tid / OWNERS_BLOCK];
	if (!*block)
		*block = mem_alloc(OWNERS_BLOCK, sizeof **block);
	(*block)[tid % OWNERS_BLOCK] = cell;
}

int
owners_find(const struct owners *o, pid_t tid)
{
	const int *block = is_thread(tid) ? o->block[tid / OWNERS_BLOCK] : NULL;

	return block ? block[tid % OWNERS_BLOCK] : 0;
}

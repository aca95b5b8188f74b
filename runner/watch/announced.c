/* announced.c: the account of announced bytes. Floor 3. Which thread's bytes
 * are those that came is not known, and need not be: that a thread announces
 * anew says that its last write is over. */
#include "watch/announced.h"

#include <stdlib.h>
#include "base/mem.h"

#define MAX_THREADS 1024
#define MAX_LENGTH (UINT64_C(1) << 40) /* also of one that does not say */

static void
clear(struct announced *a)
{
	a->count = 0;
	a->sum = a->received = 0;
}

void
announced_release(struct announced *a)
{
	free(a->all);
	*a = (struct announced){ 0 };
}

/* Its write is over: so many of the bytes that came were its own. */
static bool
settle(struct announced *a, size_t i)
{
	uint64_t len = a->all[i].len;
	bool whole = a->received >= len;

	a->received -= whole ? len : a->received;
	a->sum -= len;
	a->all[i] = a->all[--a->count];
	/* What is left must be of the others. */
	if (a->received > a->sum) {
		a->received = a->sum;
		whole = false;
	}
	return whole;
}

bool
announced_add(struct announced *a, pid_t tid, uint64_t len)
{
	bool sure = true;

	for (size_t i = 0; i < a->count; i++)
		if (a->all[i].tid == tid) {
			sure = settle(a, i);
			break;
		}
	if (a->count == MAX_THREADS) {
		clear(a);
		sure = false;
	}
	if (len > MAX_LENGTH)
		len = MAX_LENGTH;
	*mem_push(a->all, a->count) = (struct announcement){ tid, len };
	a->sum += len;
	return sure;
}

bool
announced_take(struct announced *a, uint64_t len)
{
	a->received += len;
	if (a->received < a->sum)
		return true;
	if (a->received == a->sum) {
		clear(a);
		return true;
	}
	a->received = a->sum;
	clear(a);
	return false;
}

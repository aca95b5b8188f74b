/* names.c: a table of identifiers (floor 2): open addressing, never shrinks. */
#include "build/names.h"

#include <stdint.h>
#include <stdlib.h>
#include "base/mem.h"

/* FNV-1a */
static size_t
hash_of(struct slice name)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (unsigned char)name.at[i]) * UINT64_C(1099511628211);
	return (size_t)(h ^ h >> 32);
}

void
names_release(struct names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free(n->at[i]);
	free(n->at);
	free(n->slots);
	*n = (struct names){ 0 };
}

/* The slot that holds the name, or the free one where it belongs. */
static size_t
slot_of(const struct names *n, struct slice name)
{
	size_t i = hash_of(name) & (n->nslots - 1);

	while (n->slots[i] && !slice_is(name, n->at[n->slots[i] - 1]))
		i = (i + 1) & (n->nslots - 1);
	return i;
}

static void
grow(struct names *n)
{
	free(n->slots);
	n->nslots = n->nslots ? n->nslots * 2 : 64;
	n->slots = mem_alloc(n->nslots, sizeof *n->slots);
	for (size_t i = 0; i < n->count; i++)
		n->slots[slot_of(n, slice_of(n->at[i]))] = i + 1;
}

size_t
names_find(const struct names *n, struct slice name)
{
	size_t slot = n->nslots ? slot_of(n, name) : 0;

	return n->nslots && n->slots[slot] ? n->slots[slot] - 1 : NAME_NONE;
}

size_t
names_add(struct names *n, struct slice name)
{
	size_t slot;

	if (n->count * 2 >= n->nslots)
		grow(n);
	slot = slot_of(n, name);
	if (!n->slots[slot]) {
		*mem_push(n->at, n->count) = mem_strndup(name.at, name.len);
		n->slots[slot] = n->count;
	}
	return n->slots[slot] - 1;
}

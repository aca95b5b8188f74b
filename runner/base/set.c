/* set.c: a set of strings, hashed into a table that is never more than half
 * full. Floor 0. It forgets nothing before set_release(). */
#include "base/set.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

#define FIRST_CAP 16 /* a power of two, as all of them */

/* FNV-1a: the strings are short, and nobody gains by making them collide. */
static uint64_t
hash_of(const char *text)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return h ^ h >> 29;
}

/* Where `text` is, or would be. */
static size_t
place_of(const struct set *s, const char *text)
{
	size_t i = (size_t)hash_of(text) & (s->cap - 1);

	while (s->at[i] && strcmp(s->at[i], text) != 0)
		i = (i + 1) & (s->cap - 1);
	return i;
}

static void
grow(struct set *s)
{
	struct set old = *s;

	s->cap = old.cap ? old.cap * 2 : FIRST_CAP;
	s->at = mem_alloc(s->cap, sizeof *s->at);
	for (size_t i = 0; i < old.cap; i++)
		if (old.at[i])
			s->at[place_of(s, old.at[i])] = old.at[i];
	free(old.at);
}

void
set_init(struct set *s)
{
	*s = (struct set){ 0 };
}

void
set_release(struct set *s)
{
	for (size_t i = 0; i < s->cap; i++)
		free(s->at[i]);
	free(s->at);
	set_init(s);
}

bool
set_has(const struct set *s, const char *text)
{
	return s->cap && s->at[place_of(s, text)];
}

bool
set_add(struct set *s, const char *text)
{
	size_t i;

	if (s->count * 2 >= s->cap)
		grow(s);
	i = place_of(s, text);
	if (s->at[i])
		return false;
	s->at[i] = mem_strdup(text);
	s->count++;
	return true;
}

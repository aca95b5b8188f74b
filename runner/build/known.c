/* known.c: names and what they stand for (floor 2). */
#include "build/known.h"

#include <stdlib.h>
#include "base/mem.h"

void
known_release(struct known *s)
{
	names_release(&s->names);
	free(s->kinds);
	*s = (struct known){ 0 };
}

void
known_declare(struct known *s, struct slice name, enum name_kind kind)
{
	size_t count = s->names.count, n = names_add(&s->names, name);

	if (n == count)
		*mem_push(s->kinds, count) = NAME_UNKNOWN;
	s->kinds[n] = (unsigned char)kind;
}

enum name_kind
known_kind(const struct known *s, struct slice name)
{
	size_t n = names_find(&s->names, name);

	return n == NAME_NONE ? NAME_UNKNOWN : (enum name_kind)s->kinds[n];
}

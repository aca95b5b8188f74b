/* arena.h: memory that is given back all at once. */
#ifndef CNB_ARENA_H
#define CNB_ARENA_H

#include <stddef.h>
#include "base/slice.h"

struct arena_block;
struct arena {
	struct arena_block *head;
};

void arena_init(struct arena *a);
void arena_release(struct arena *a);
/* Zeroed, aligned for a type of that size; lives until arena_release(). */
void *arena_alloc(struct arena *a, size_t count, size_t size);
char *arena_str(struct arena *a, const char *text);
/* A NUL-terminated copy of `len` bytes. */
char *arena_dup(struct arena *a, const char *bytes, size_t len);
char *arena_printf(struct arena *a, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif

/* arena.c: memory that is given back all at once. Floor 0. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include "base/buf.h"
#include "base/mem.h"

#define BLOCK_SIZE 16384

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) char data[];
};

void
arena_init(struct arena *a)
{
	a->head = NULL;
}

void
arena_release(struct arena *a)
{
	while (a->head) {
		struct arena_block *next = a->head->next;

		free(a->head);
		a->head = next;
	}
}

static void *
take(struct arena *a, size_t need, size_t align)
{
	struct arena_block *b = a->head;
	size_t size = need > BLOCK_SIZE ? need : BLOCK_SIZE;
	size_t at = b ? (b->used + align - 1) & -align : 0;

	if (!b || at > b->size || b->size - at < need) {
		b = mem_alloc(1, sizeof *b + size);
		b->size = size;
		b->next = a->head;
		at = 0;
		/* A large block of its own goes behind the current one, whose
		 * room would be lost otherwise. */
		if (a->head && need > BLOCK_SIZE) {
			b->next = a->head->next;
			a->head->next = b;
		} else {
			a->head = b;
		}
	}
	b->used = at + need;
	return b->data + at;
}

void *
arena_alloc(struct arena *a, size_t count, size_t size)
{
	/* A type's size is a multiple of its alignment. */
	size_t align = size & -size;

	if (size && count > (SIZE_MAX / 2) / size)
		mem_die();
	if (align > alignof(max_align_t))
		align = alignof(max_align_t);
	return take(a, count * size, align ? align : 1);
}

char *
arena_dup(struct arena *a, const char *bytes, size_t len)
{
	char *copy = arena_alloc(a, len + 1, 1);

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

char *
arena_str(struct arena *a, const char *text)
{
	return arena_dup(a, text, strlen(text));
}

char *
arena_printf(struct arena *a, const char *format, ...)
{
	struct buf b = { 0 };
	va_list args;
	char *copy;

	va_start(args, format);
	buf_addvf(&b, format, args);
	va_end(args);
	copy = arena_dup(a, buf_str(&b), b.len);
	buf_release(&b);
	return copy;
}

/* mem.c: allocation that cannot fail. Floor 0. When memory is out, no caller
 * could do better than say so and end; the one line is written here. */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void (*last_will)(void);

void
mem_before_death(void (*last)(void))
{
	last_will = last;
}

_Noreturn void
mem_die(void)
{
	static const char line[] = "cnb: out of memory\n";
	ssize_t ignored = write(2, line, sizeof line - 1);

	(void)ignored;
	if (last_will)
		last_will();
	_exit(3);
}

void *
mem_alloc(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);

	if (!p)
		mem_die();
	return p;
}

void *
mem_grow(void *old, size_t count, size_t size)
{
	void *p;

	if (size && count > SIZE_MAX / size)
		mem_die();
	p = realloc(old, count && size ? count * size : 1);
	if (!p)
		mem_die();
	return p;
}

char *
mem_strndup(const char *bytes, size_t len)
{
	char *copy = mem_grow(NULL, len + 1, 1);

	if (len)
		memcpy(copy, bytes, len);
	copy[len] = '\0';
	return copy;
}

char *
mem_strdup(const char *text)
{
	return mem_strndup(text, strlen(text));
}

void *
mem_push_(void *array, size_t count, size_t size)
{
	/* Full at 0, 1, 2, 4, ...: the capacity needs no field, and of the many
	 * arrays that stay at one element each takes no more. */
	if ((count & (count - 1)) == 0)
		return mem_grow(array, count ? count * 2 : 1, size);
	return array;
}

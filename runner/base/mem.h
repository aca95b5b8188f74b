/* mem.h: allocation that cannot fail: out of memory dies with one line. */
#ifndef CNB_MEM_H
#define CNB_MEM_H

#include <stddef.h>

/* Zeroed memory for the caller to free(). Sizes are checked for overflow. */
void *mem_alloc(size_t count, size_t size);
/* Like realloc(); new bytes are not zeroed. */
void *mem_grow(void *old, size_t count, size_t size);
char *mem_strdup(const char *text);
char *mem_strndup(const char *bytes, size_t len);

/* Make room for one more element at the end of `array` (an lvalue), growing
 * in powers of two from 8: `*mem_push(v, n) = x;` */
#define mem_push(array, count)                                                 \
	((array) = mem_push_((array), (count), sizeof *(array)),               \
	 &(array)[(count)++])
void *mem_push_(void *array, size_t count, size_t size);

_Noreturn void mem_die(void);
/* What is still to be done then, without memory; NULL: nothing. */
void mem_before_death(void (*last)(void));

#endif

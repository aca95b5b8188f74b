/* headers.c: the C library's headers by the names in them. Floor 2. */
#include "build/headers.h"

#include <string.h>

/* Names of the headers that a cell may use without including them. Sorted by
 * header; what is a type, a macro or a function makes no difference. */
static const struct header {
	const char *name;
	const char *names; /* separated and ended by blanks */
} headers[] = {
	{ "stdio.h",
	  " printf fprintf sprintf snprintf vprintf vfprintf vsprintf "
	  "vsnprintf dprintf scanf fscanf sscanf puts fputs putchar putc "
	  "fputc getchar getc fgetc gets fgets ungetc getline getdelim fopen "
	  "fdopen freopen fclose fflush fread fwrite fseek ftell rewind feof "
	  "ferror clearerr perror fileno popen pclose remove rename tmpfile "
	  "setvbuf setbuf open_memstream fmemopen stdin stdout stderr FILE "
	  "EOF BUFSIZ SEEK_SET SEEK_CUR SEEK_END _IOFBF _IOLBF _IONBF "
	  "asprintf vasprintf fpos_t fgetpos fsetpos " },
	{ "stdlib.h",
	  " malloc calloc realloc free aligned_alloc posix_memalign exit "
	  "_Exit abort atexit quick_exit at_quick_exit getenv setenv unsetenv "
	  "putenv system atoi atol atoll atof strtol strtoul strtoll strtoull "
	  "strtod strtof strtold rand srand rand_r random srandom drand48 "
	  "srand48 lrand48 qsort qsort_r bsearch abs labs llabs div ldiv "
	  "lldiv div_t ldiv_t RAND_MAX EXIT_SUCCESS EXIT_FAILURE mkstemp "
	  "mkdtemp realpath " },
	{ "string.h",
	  " memcpy memmove memset memcmp memchr strlen strnlen strcpy strncpy "
	  "strcat strncat strcmp strncmp strcoll strchr strrchr strstr strpbrk "
	  "strspn strcspn strtok strtok_r strerror strsignal strdup strndup "
	  "strsep stpcpy memmem " },
	{ "stdint.h",
	  " int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t "
	  "intptr_t uintptr_t intmax_t uintmax_t int_fast8_t int_fast16_t "
	  "int_fast32_t int_fast64_t uint_fast8_t uint_fast16_t "
	  "uint_fast32_t uint_fast64_t int_least8_t int_least16_t "
	  "int_least32_t int_least64_t uint_least8_t uint_least16_t "
	  "uint_least32_t uint_least64_t INT8_MIN INT8_MAX INT16_MIN "
	  "INT16_MAX INT32_MIN INT32_MAX INT64_MIN INT64_MAX UINT8_MAX "
	  "UINT16_MAX UINT32_MAX UINT64_MAX INTPTR_MAX UINTPTR_MAX SIZE_MAX "
	  "INT64_C UINT64_C INTMAX_MAX UINTMAX_MAX " },
	{ "stdbool.h", " bool true false " },
	{ "stddef.h", " size_t ptrdiff_t wchar_t max_align_t NULL offsetof " },
};

/* -> where it stands in the names of a header, whole; NULL: it does not. What
 * is quoted in a diagnostic need not be a name. */
static const char *
find_name(const struct header *h, const char *name, size_t len)
{
	const char *at = h->names + 1;

	if (!len || memchr(name, ' ', len))
		return NULL;
	for (; (at = memmem(at, strlen(at), name, len)); at++)
		if (at[-1] == ' ' && at[len] == ' ')
			return at;
	return NULL;
}

const char *
header_of(const char *name, size_t len)
{
	for (size_t i = 0; i < countof(headers); i++)
		if (find_name(&headers[i], name, len))
			return headers[i].name;
	return NULL;
}

size_t
header_number(const char *header)
{
	size_t i = 0;

	while (i < countof(headers) && strcmp(headers[i].name, header) != 0)
		i++;
	return i;
}

const char *
header_numbered(size_t number)
{
	return number < countof(headers) ? headers[number].name : NULL;
}

#define NAMES_MAX 10000 /* bytes of names in a header's row */

size_t
header_name_number(const char *name)
{
	size_t len = strlen(name);

	for (size_t h = 0; h < countof(headers); h++) {
		const char *at = find_name(&headers[h], name, len);

		if (at)
			return h * NAMES_MAX + (size_t)(at - headers[h].names);
	}
	return countof(headers) * NAMES_MAX;
}

struct slice
header_name_numbered(size_t number)
{
	size_t h = number / NAMES_MAX, at = number % NAMES_MAX;
	const char *all = h < countof(headers) ? headers[h].names : "";

	if (!at || at >= strlen(all) || all[at - 1] != ' ')
		return (struct slice){ "", 0 };
	return (struct slice){ all + at, strcspn(all + at, " ") };
}

/* headers.h: which header of the C library has a name that a cell may use
 * without including it. */
#ifndef CNB_HEADERS_H
#define CNB_HEADERS_H

#include "base/slice.h"

/* "stdio.h" of `printf`; NULL: none of those known here. */
const char *header_of(const char *name, size_t len);

/* Headers, and the names in them, as numbers for the cache: the other way round
 * NULL, and length 0, where there is no such number. */
size_t header_number(const char *header);
const char *header_numbered(size_t number);
size_t header_name_number(const char *name);
struct slice header_name_numbered(size_t number);

#endif

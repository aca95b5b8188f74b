/* print.h: the fingerprint of bytes that come in parts: two texts with one
 * fingerprint are taken for the same. It is fast, and good against accidents,
 * not against people: for those there is base/hash.h. */
#ifndef CNB_PRINT_H
#define CNB_PRINT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/slice.h"

struct print {
	uint64_t a, b, len;
	char rest[8]; /* the last len % 8 bytes */
};
void print_init(struct print *p);
void print_add(struct print *p, struct slice bytes);
bool print_same(const struct print *x, const struct print *y);

#endif

/* hash.h: SHA-256 (FIPS 180-4), the name of contents in the build cache. */
#ifndef CNB_HASH_H
#define CNB_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_HEX 65 /* 64 hexadecimal digits and a NUL */

struct hash {
	uint32_t state[8];
	uint64_t length; /* bytes so far */
	unsigned char block[64];
};

void hash_init(struct hash *h);
void hash_add(struct hash *h, const void *bytes, size_t len);
/* Add a string with its length in front, so that no two lists of strings
 * give the same bytes. NULL differs from "". */
void hash_add_str(struct hash *h, const char *text);
/* Ends the computation; the hash must be init'ed before further use. */
void hash_hex(struct hash *h, char hex[HASH_HEX]);

#endif

/* utf8.h: checking and repairing UTF-8 (RFC 3629: no surrogates, no overlong
 * forms, nothing above U+10FFFF). */
#ifndef CNB_UTF8_H
#define CNB_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

/* How many bytes at the front are valid UTF-8. */
size_t utf8_valid_prefix(const char *bytes, size_t len);
static inline bool
utf8_is_valid(const char *bytes, size_t len)
{
	return utf8_valid_prefix(bytes, len) == len;
}
/* The length of the sequence at the front (`len` > 0); 0: there is none that is
 * valid, and *bad is how many bytes of it U+FFFD stands for. */
size_t utf8_sequence(const char *bytes, size_t len, size_t *bad);
/* Decode one code point of valid UTF-8; returns its length in bytes (1..4). */
size_t utf8_decode(const char *bytes, size_t len, uint32_t *point);
/* Would a reader not see it as it is? Control characters, and those of Unicode
 * that turn the order of what is shown, break lines or take no room:
 * bidirectional embeddings, overrides and isolates, zero-width space, soft
 * hyphen, fillers, byte order mark, tags. What scripts need to be written
 * (joiners, direction marks) is seen. */
bool utf8_is_unseen(uint32_t point);
/* Append `point` as UTF-8; a surrogate or a too large one becomes U+FFFD. */
void utf8_encode(struct buf *out, uint32_t point);
/* Append the bytes, each maximal invalid subpart replaced by U+FFFD. */
void utf8_repair(struct buf *out, const char *bytes, size_t len);
/* The text with that done: itself where it is valid, else in *own, an empty
 * buffer that the caller is to release. */
struct slice utf8_valid(struct slice text, struct buf *own);
/* How many bytes at the end are the start of a sequence that more bytes could
 * complete (0..3). */
size_t utf8_incomplete_tail(const char *bytes, size_t len);
/* Terminal columns of valid UTF-8 without control characters. */
size_t utf8_columns(const char *bytes, size_t len);

#endif

/* text.h: small readings of text: words, nearest names, durations, sizes. */
#ifndef CNB_TEXT_H
#define CNB_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"

/* A growing list of strings, each owned by the list. `at[count]` is NULL once
 * anything was added, so `at` serves as an argv. */
struct strs {
	char **at;
	size_t count;
};
void strs_init(struct strs *s);
void strs_release(struct strs *s);
void strs_add(struct strs *s, const char *text);
void strs_addn(struct strs *s, const char *bytes, size_t len);
void strs_addf(struct strs *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void strs_add_all(struct strs *s, const struct strs *from);
bool strs_has(const struct strs *s, const char *text);

/* Append the words of `text`, split at blanks as a POSIX shell does it with
 * quotes and backslashes, without expansions. -1: a quote left open. */
int text_words(struct strs *words, const char *text, struct err *e);
/* Append `word` quoted so that a shell reads it back as it is. */
void text_quote(struct buf *out, const char *word);
/* The same of a file's name, which a command must not take for an option. */
void text_quote_path(struct buf *out, const char *path);

/* The name of `names` (`count` of them; NULLs are passed over) nearest to
 * `given`, or NULL where none is near enough to be meant. */
const char *text_nearest(const char *given, const char *const *names,
			 size_t count);

/* "500ms", "10s", "2m", "1h", "1.5s", a bare number is seconds; 0 is none.
 * -> milliseconds */
int text_duration(const char *text, int64_t *ms, struct err *e);
/* "64M", "1G", "512K", a bare number is bytes (K, M, G are powers of 1024)
 * -> bytes */
int text_size(const char *text, int64_t *bytes, struct err *e);
/* The other way round, exactly: "64 MiB", "1000 bytes". */
void text_add_size(struct buf *out, int64_t bytes);

/* Append nanoseconds as people read them: "1.2 ms", "3.40 s", "2 min 05 s". */
void text_add_duration(struct buf *out, int64_t ns);

/* Append base64 (RFC 4648) without line breaks. */
void text_base64(struct buf *out, const void *bytes, size_t len);
/* Append what base64 says; line breaks in it are passed over. False: it is
 * none, and some may have been appended. */
bool text_unbase64(struct buf *out, struct slice coded);
/* Append `len` bytes of `bytes` with what a reader would not see
 * (utf8_is_unseen(), but tab and newline) made visible, control characters as
 * \xNN, others as <U+NNNN>, and invalid UTF-8 replaced. */
void text_visible(struct buf *out, const char *bytes, size_t len);
/* The same in one line: newlines become \x0a. */
void text_visible_line(struct buf *out, struct slice text);

#endif

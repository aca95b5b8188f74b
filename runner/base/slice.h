/* slice.h: bytes that somebody else owns. */
#ifndef CNB_SLICE_H
#define CNB_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define countof(array) (sizeof(array) / sizeof((array)[0]))

/* `len` bytes at `at`; not NUL-terminated, may hold NUL, may be empty. It is
 * valid as long as its owner says. */
struct slice {
	const char *at;
	size_t len;
};

static inline struct slice
slice_of(const char *text)
{
	return (struct slice){ text, strlen(text) };
}

static inline bool
slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline bool
slice_is(struct slice a, const char *text)
{
	return slice_equal(a, slice_of(text));
}

static inline bool
slice_starts(struct slice a, const char *prefix)
{
	size_t n = strlen(prefix);

	return a.len >= n && memcmp(a.at, prefix, n) == 0;
}

/* Without blanks, tabs and line ends at both sides. */
static inline struct slice
slice_trim(struct slice s)
{
	while (s.len && strchr(" \t\r\n\f\v", s.at[0]) && s.at[0])
		s.at++, s.len--;
	while (s.len && s.at[s.len - 1] &&
	       strchr(" \t\r\n\f\v", s.at[s.len - 1]))
		s.len--;
	return s;
}

/* The first line, cut off *rest with the newline that ends it; it is not part
 * of what is returned. */
static inline struct slice
slice_cut_line(struct slice *rest)
{
	const char *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;
	struct slice line = { rest->at,
			      end ? (size_t)(end - rest->at) : rest->len };
	size_t used = line.len + (end != NULL);

	rest->at += used;
	rest->len -= used;
	return line;
}

#endif

/* json.h: the wall around JSON. Nothing else includes libcjson.
 *
 * Three things: a checking reader that cuts text into slices (for notebooks,
 * whose bytes must survive), a writer, and libcjson's tree for the small
 * objects that cnb interprets. */
#ifndef CNB_JSON_H
#define CNB_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

#define JSON_MAX_DEPTH 512

enum json_type {
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};
const char *json_type_name(enum json_type type); /* "an object", "a string" */

/* A value in a checked text: its slice, without the blanks around it. */
struct json {
	enum json_type type;
	struct slice text;
};

/* Check that `text` is one JSON value (RFC 8259), valid UTF-8, no deeper than
 * JSON_MAX_DEPTH, without raw control characters in strings. -1 with line and
 * column in the sentence. `duplicates` (may be NULL) gets one sentence for
 * each key that an object repeats (after the first few, one for the rest). */
struct strs;
int json_check(struct slice text, struct json *root, struct strs *duplicates,
	       struct err *e);
/* Line and column, from 1, of a place in a text. Columns are characters. */
void json_place(struct slice text, size_t at, int *line, int *column);

/* Walk over a value that json_check() accepted: no more errors. */
struct json_walk {
	const char *at, *end;
	bool keyed; /* over an object */
};
struct json_walk json_enter(struct json container);
/* The next member or element; false at the end. `key` (may be NULL for an
 * array) is the key's text with its quotes. */
bool json_next(struct json_walk *w, struct slice *key, struct json *value);

/* The same without looking for the value's end, for a single pass over much:
 * json_step() gives the type and the place (length 0). Then comes either
 * json_take(), which completes the value, or a walk over what json_dive()
 * gives, to its end, and json_rise(). */
bool json_step(struct json_walk *w, struct slice *key, struct json *value);
void json_take(struct json_walk *w, struct json *value);
struct json_walk json_dive(const struct json_walk *w);
void json_rise(struct json_walk *w, const struct json_walk *inner);
/* Go on behind `end`, the known end of the value that json_step() gave. */
void json_jump(struct json_walk *w, const char *end);

/* The last member of that key; false if there is none. */
bool json_find(struct json object, const char *key, struct json *value);
bool json_key_is(struct slice quoted_key, const char *key);
/* Levels of objects and arrays in a checked text; 0 for a plain value. */
int json_depth(struct slice text);

/* Append a string's characters with its escapes undone. \u0000 becomes a NUL
 * byte, a lone surrogate U+FFFD. */
void json_unescape(struct buf *out, struct slice quoted);
char *json_text(struct arena *a, struct json string);
/* Append a string, or the strings of a list joined, as notebooks hold text;
 * false: it is neither, and some may have been appended. */
bool json_joined(struct buf *out, struct json value);
/* Does a text hold an escape that no C text can: \u0000, or a surrogate
 * without its other half? `*at` is where, counted from the text's beginning. */
enum json_fault { JSON_FINE, JSON_NUL, JSON_LONE_SURROGATE };
enum json_fault json_fault(struct slice text, size_t *at);

/* Small objects that cnb interprets. They are copied; free them. */
struct json_tree;
struct json_tree *json_tree_new(struct json object);
void json_tree_free(struct json_tree *t);
/* Of a member: NULL / `otherwise` if it is not there or of another type. The
 * text lives as long as the tree. */
const char *json_tree_str(const struct json_tree *t, const char *key);
int json_tree_int(const struct json_tree *t, const char *key, int otherwise);
/* Milliseconds as nanoseconds; -1 if it is no number >= 0. */
int64_t json_tree_ms(const struct json_tree *t, const char *key);
/* The value as one line without blanks, numbers spelled as they were. */
char *json_compact(struct arena *a, struct json value);

/* Append "..." with what JSON needs escaped; invalid UTF-8 becomes U+FFFD.
 * False: there was some. */
bool json_quote(struct buf *out, const char *bytes, size_t len);

/* How values are laid out. */
struct json_style {
	bool pretty;	      /* a line for each member and element */
	struct slice newline; /* pretty: "\n" or "\r\n" */
	struct slice margin;  /* pretty: in front of every line */
	struct slice unit;    /* pretty: in front of it for each level */
	struct slice comma;   /* "," and the blanks that follow it in a line */
	struct slice colon;   /* with the blanks around it, as ": " */
};

/* A writer that keeps commas and indentation. indent -1: all in one line,
 * as `{"a": 1}`. */
struct json_out {
	struct buf *out;
	struct json_style style;
	int depth;
	bool first, keyed;
};
void json_begin(struct json_out *j, struct buf *out, int indent, int base);
/* The style's slices are borrowed. */
void json_begin_style(struct json_out *j, struct buf *out,
		      const struct json_style *style);
void json_open(struct json_out *j, char bracket);  /* '{' or '[' */
void json_close(struct json_out *j, char bracket); /* '}' or ']' */
void json_key(struct json_out *j, const char *key);
void json_key_raw(struct json_out *j, struct slice quoted_key);
void json_str(struct json_out *j, const char *text); /* NULL: null */
bool json_bytes(struct json_out *j, const char *bytes, size_t len);
void json_base64(struct json_out *j, const char *bytes, size_t len);
/* A list of strings, split where Jupyter splits: after \n, \r, \r\n, \v, \f,
 * U+001C to U+001E, U+0085, U+2028 and U+2029 (Python's str.splitlines). */
void json_lines(struct json_out *j, const char *bytes, size_t len);
/* The same text in pieces, each of which ends with a whole line but the last.
 */
struct json_lines {
	struct json_out *j;
	struct buf between; /* what stands between two lines */
	bool open;	    /* a line is not at its end */
};
void json_lines_begin(struct json_lines *l, struct json_out *j);
void json_lines_add(struct json_lines *l, const char *bytes, size_t len);
void json_lines_end(struct json_lines *l);
void json_int(struct json_out *j, int64_t value);
/* As milliseconds with three decimals; <0: null */
void json_ms(struct json_out *j, int64_t ns);
/* "2026-11-23T20:08:12.123456Z" of nanoseconds since 1970; <=0: null */
void json_time(struct json_out *j, int64_t ns);
/* What json_time() writes, or another kernel: "...08:12+02:00"; 0: no time. */
int64_t json_parse_time(const char *text);
void json_bool(struct json_out *j, bool value);
void json_null(struct json_out *j);
void json_raw(struct json_out *j, struct slice text);	/* as it is */
void json_value(struct json_out *j, struct json value); /* laid out anew */

#endif

/* nbformat_splice.h: changes to a notebook's text as replacements of small
 * parts of it, everything else staying the bytes it was. New members take the
 * layout of their neighbours, and the place that sorted keys give them. */
#ifndef CNB_NBFORMAT_SPLICE_H
#define CNB_NBFORMAT_SPLICE_H

#include "format/json.h"
#include "model/notebook.h"

struct splices;

/* Writes the value of a splice. */
typedef void splice_value(struct json_out *j, const void *self,
			  const void *item);

/* `self` is handed to every splice_value. */
struct splices *splices_new(const struct notebook *nb, const void *self);
void splices_free(struct splices *s);

/* Set the member `key` of the object at `object`: its value at `old` (not
 * there: 0, 0) becomes what `value` writes. If `known` is given, it is the
 * place of a large member, which then need not be read. `key` is a literal. */
void splice_set(struct splices *s, struct span object, struct span known,
		const char *key, struct span old, splice_value *value,
		const void *item);
/* Remove the member `key`, each time that it stands there; an object that had
 * no other becomes {}. */
void splice_remove(struct splices *s, struct span object, const char *key);
/* Write one more element of a list behind the one at `element`. */
void splice_append(struct splices *s, struct span element, splice_value *value,
		   const void *item);
/* How many members an object has; how many with another key than `key`. */
size_t splice_count(struct splices *s, struct span object);
size_t splice_count_others(struct splices *s, struct span object,
			   const char *key);

/* Append the text up to `upto` with the splices that begin before it. Splices
 * come in any order, but none in front of what was written. */
void splices_apply(struct splices *s, size_t upto, struct buf *out);

#endif

/* tail.h: the newest output of a cell that wrote more than its limit: a queue
 * of outputs that forgets its oldest bytes. */
#ifndef CNB_TAIL_H
#define CNB_TAIL_H

#include <stdint.h>
#include "model/record.h"

struct tail;

/* Keeps `max_bytes` bytes in at most `max_pieces` pieces. */
struct tail *tail_new(int64_t max_bytes, size_t max_pieces);
void tail_free(struct tail *t);
/* `who` made the write; NULL: there is no timeline; `omit`: there is, but it is
 * past its limit. */
void tail_add_text(struct tail *t, enum stream stream, struct slice bytes,
		   const struct author *who, bool omit);
void tail_add_display(struct tail *t, const char *mime, struct slice bytes);
/* How many bytes it has forgotten. */
int64_t tail_dropped(const struct tail *t);
/* Take the oldest piece out, into *o for the caller to release; false: the
 * tail is empty. Text whose beginning was forgotten begins with a whole
 * character. */
bool tail_take(struct tail *t, struct output *o);

#endif

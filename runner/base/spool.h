/* spool.h: buffers that lie in a file when they are large: memory that can be
 * given back to the system although it is still needed. The file has no name,
 * and is gone with its process.
 *
 * It stands in $TMPDIR, else in /var/tmp, else in /tmp: a place that is itself
 * in memory would gain nothing. Where it cannot be had, or is full, the buffer
 * goes on in memory, and nothing is lost: spool_failure() says so. */
#ifndef CNB_SPOOL_H
#define CNB_SPOOL_H

#include <stdbool.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

/* Smaller ones stay in memory. */
#define SPOOL_FROM (size_t)(1 << 20)

/* From now on the buffer goes into the file when it gets large. */
void buf_spool(struct buf *b);
/* What is mapped of all such buffers is no longer our memory, until it is
 * looked at again. It happens by itself as they grow, and as a buffer with a
 * flow hands on what was made of them. */
void spool_rest(void);
/* So many bytes more of such buffers have been written or looked at; now and
 * then they are rested, so that this costs no more the more buffers there are.
 */
void spool_seen(size_t bytes);
/* The same for who only looks: no more than SPOOL_STEP bytes at a time. The
 * first such byte of a text; NULL: there is none. */
#define SPOOL_STEP (size_t)(4 << 20)
const char *spool_find(struct slice text, char byte);
bool spool_equal(struct slice a, struct slice b);
/* The first failure to use a file, since the last call: a sentence. */
bool spool_failure(struct err *e);

/* For buf.c. Room for `need` bytes in all; -1: there is none in a file. */
int spool_grow(struct buf *b, size_t need);
void spool_release(struct buf *b);
/* From the file into memory. */
void spool_leave(struct buf *b);

#endif

/* buf.h: a growing run of bytes. Running out of memory ends the program. */
#ifndef CNB_BUF_H
#define CNB_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include "base/slice.h"

/* `data` is NUL-terminated at `len` once anything was added, and NULL before.
 * Zero bytes inside are fine. */
struct buf {
	char *data;
	size_t len;
	size_t cap;
	struct buf_flow *flow; /* NULL: it holds all that was added */
	struct spool *spool;   /* see base/spool.h; NULL: it is in memory */
};

/* A buffer with a flow holds little: what is more is handed on, oldest first,
 * when room is asked for. Its last BUF_KEPT bytes stay, for who looks at how
 * the text ended. Who keeps a place in the text holds it meanwhile. */
#define BUF_KEPT 16
struct buf_flow {
	void (*take)(struct buf_flow *flow, struct slice bytes);
	int held; /* > 0: nothing is handed on */
};
/* Hand on everything. */
void buf_flush(struct buf *b);
static inline void
buf_hold(struct buf *b, int more)
{
	if (b->flow)
		b->flow->held += more;
}

void buf_init(struct buf *b);
void buf_release(struct buf *b);
/* Empty, with the memory kept. */
void buf_clear(struct buf *b);
void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *bytes, size_t len);
static inline void
buf_add_byte(struct buf *b, char byte)
{
	if (b->cap - b->len > 1) {
		b->data[b->len++] = byte;
		b->data[b->len] = '\0';
	} else {
		buf_add(b, &byte, 1);
	}
}
void buf_add_str(struct buf *b, const char *text);
void buf_add_slice(struct buf *b, struct slice s);
void buf_addf(struct buf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buf_addvf(struct buf *b, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
/* The text, NUL-terminated (never NULL), for the caller to free(); the buffer
 * is empty afterwards. */
char *buf_take(struct buf *b);
/* The text so far, NUL-terminated, never NULL; valid until the next change. */
const char *buf_str(const struct buf *b);
struct slice buf_slice(const struct buf *b);

#endif

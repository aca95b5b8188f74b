/* buf.c: a growing run of bytes. Floor 0. */
#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/spool.h"

void
buf_init(struct buf *b)
{
	*b = (struct buf){ 0 };
}

void
buf_release(struct buf *b)
{
	if (b->spool)
		spool_release(b);
	else
		free(b->data);
	buf_init(b);
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

/* Large enough that a system call for each costs nothing, small enough to stay
 * in the processor's cache. */
#define FLOW_BYTES (size_t)(256 * 1024)
/* For less nothing is weighed, if there is room. */
#define SMALL 4096
/* What malloc() gives at least: of many cells' outputs that is enough. */
#define LITTLE 24

static void
hand_on(struct buf *b, size_t kept)
{
	size_t n = b->len - kept;

	b->flow->take(b->flow, (struct slice){ b->data, n });
	spool_seen(n);
	memmove(b->data, b->data + n, kept);
	b->len = kept;
	b->data[kept] = '\0';
}

void
buf_flush(struct buf *b)
{
	if (b->flow && b->len)
		hand_on(b, 0);
}

static bool
flows(const struct buf *b)
{
	return b->flow && !b->flow->held;
}

void
buf_reserve(struct buf *b, size_t more)
{
	size_t need, cap = b->cap;

	if (flows(b) && b->len >= FLOW_BYTES)
		hand_on(b, BUF_KEPT);
	if (more > SIZE_MAX / 2 - b->len - 1)
		mem_die();
	need = b->len + more + 1;
	if (need <= b->cap)
		return;
	if (b->spool && need > SPOOL_FROM) {
		if (spool_grow(b, need) == 0)
			return;
		spool_leave(b);
	}
	if (!cap)
		cap = need <= LITTLE ? LITTLE : 64;
	while (cap < need)
		cap *= 2;
	b->data = mem_grow(b->data, cap, 1);
	b->data[b->len] = '\0'; /* also where nothing will be added */
	b->cap = cap;
}

/* What is large goes its way without being copied. -> what is left of it */
static struct slice
pass_on(struct buf *b, struct slice s)
{
	buf_flush(b);
	while (s.len > BUF_KEPT) {
		size_t n = s.len - BUF_KEPT;

		n = n < SPOOL_STEP ? n : SPOOL_STEP;
		b->flow->take(b->flow, (struct slice){ s.at, n });
		spool_seen(n);
		s.at += n;
		s.len -= n;
	}
	return s;
}

void
buf_add(struct buf *b, const void *bytes, size_t len)
{
	struct slice s = { bytes, len };

	if (len && len < b->cap - b->len && len < SMALL) {
		memcpy(b->data + b->len, bytes, len);
		b->len += len;
		b->data[b->len] = '\0';
		return;
	}
	if (flows(b) && s.len > FLOW_BYTES)
		s = pass_on(b, s);
	buf_reserve(b, s.len);
	while (s.len) {
		size_t n = s.len;

		if (b->spool && n > SPOOL_STEP) {
			n = SPOOL_STEP;
			spool_seen(n);
		}
		memcpy(b->data + b->len, s.at, n);
		b->len += n;
		s.at += n;
		s.len -= n;
	}
	b->data[b->len] = '\0';
}

void
buf_add_str(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void
buf_add_slice(struct buf *b, struct slice s)
{
	buf_add(b, s.at, s.len);
}

void
buf_addvf(struct buf *b, const char *format, va_list args)
{
	va_list again;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0)
		return;
	buf_reserve(b, (size_t)n);
	vsnprintf(b->data + b->len, (size_t)n + 1, format, args);
	b->len += (size_t)n;
}

void
buf_addf(struct buf *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_addvf(b, format, args);
	va_end(args);
}

char *
buf_take(struct buf *b)
{
	char *text;

	if (b->spool)
		spool_leave(b);
	buf_reserve(b, 0);
	text = b->data;
	text[b->len] = '\0';
	buf_init(b);
	return text;
}

const char *
buf_str(const struct buf *b)
{
	return b->data ? b->data : "";
}

struct slice
buf_slice(const struct buf *b)
{
	return (struct slice){ buf_str(b), b->len };
}

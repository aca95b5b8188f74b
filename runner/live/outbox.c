/* outbox.c: frames on their way to a client. Floor 5. */
#include "live/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/mem.h"

/* A descriptor of its own, for the loop may watch the client's for what it
 * says. */
struct outbox *
outbox_new(struct loop *loop, int fd)
{
	struct outbox *o = mem_alloc(1, sizeof *o);

	o->loop = loop;
	o->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	o->gone = o->fd < 0;
	return o;
}

static void
look_no_more(struct outbox *o)
{
	if (o->waits)
		loop_remove(o->loop, o->fd);
	o->waits = false;
}

void
outbox_free(struct outbox *o)
{
	if (!o)
		return;
	look_no_more(o);
	if (o->fd >= 0)
		close(o->fd);
	buf_release(&o->bytes);
	free(o);
}

void
outbox_drop(struct outbox *o)
{
	look_no_more(o);
	buf_clear(&o->bytes);
	o->sent = 0;
	o->gone = true;
}

/* Once it is the larger part: to move the rest takes a while. */
static void
forget_sent(struct outbox *o)
{
	size_t left = o->bytes.len - o->sent;

	if (o->sent < left)
		return;
	if (left)
		memmove(o->bytes.data, o->bytes.data + o->sent, left);
	o->bytes.len = left;
	o->sent = 0;
}

static void on_room(void *self, int fd);

static void
flush(struct outbox *o)
{
	while (o->sent < o->bytes.len) {
		ssize_t n = send(o->fd, o->bytes.data + o->sent,
				 o->bytes.len - o->sent,
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN) {
			outbox_drop(o);
			return;
		}
		if (n < 0)
			break;
		o->sent += (size_t)n;
		o->went += (uint64_t)n;
	}
	forget_sent(o);
	if (!o->bytes.len) {
		look_no_more(o);
	} else if (!o->waits) {
		loop_add_room(o->loop, o->fd, on_room, o);
		o->waits = true;
	}
}

static void
on_room(void *self, int fd)
{
	(void)fd;
	flush(self);
}

void
outbox_put(struct outbox *o, enum frame kind, struct slice bytes)
{
	uint32_t head[2] = { kind, (uint32_t)bytes.len };

	if (o->gone)
		return;
	if (bytes.len > FRAME_MOST) {
		outbox_drop(o);
		return;
	}
	buf_add(&o->bytes, head, sizeof head);
	buf_add_slice(&o->bytes, bytes);
	/* Who is behind is told when there is room. */
	if (!o->waits)
		flush(o);
}

size_t
outbox_left(const struct outbox *o)
{
	return o->bytes.len - o->sent;
}

bool
outbox_is_full(const struct outbox *o)
{
	return outbox_left(o) > OUTBOX_FULL;
}

void
outbox_push(struct outbox *o, int64_t until_ns)
{
	if (!o->gone && loop_has_room(o->fd, until_ns))
		flush(o);
}

/* callers.c: letters that are on their way to a session. Floor 5. It does not
 * know what stands in them. */
#include "live/callers.h"

#include <assert.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>
#include "live/door.h"
#include "sys/clock.h"

/* Who cannot be let in for want of something is looked for again so late. */
#define WANT_NS (100 * NS_PER_MS)

void
callers_init(struct callers *c, struct loop *loop)
{
	*c = (struct callers){ .loop = loop };
	for (size_t i = 0; i < CALLERS_MOST; i++)
		c->all[i].fd = -1;
}

static struct caller *
find(struct callers *c, int fd)
{
	for (size_t i = 0; i < CALLERS_MOST; i++)
		if (c->all[i].fd == fd)
			return &c->all[i];
	return NULL;
}

static void
forget(struct callers *c, struct caller *one)
{
	loop_remove(c->loop, one->fd);
	buf_release(&one->bytes);
	*one = (struct caller){ .fd = -1 };
}

static void
let_go(struct callers *c, struct caller *one)
{
	int fd = one->fd;

	forget(c, one);
	close(fd);
}

void
callers_release(struct callers *c)
{
	for (size_t i = 0; i < CALLERS_MOST; i++)
		if (c->all[i].fd >= 0)
			let_go(c, &c->all[i]);
}

bool
callers_are_full(const struct callers *c)
{
	for (size_t i = 0; i < CALLERS_MOST; i++)
		if (!c->all[i].done)
			return false;
	return true;
}

/* Also while cells run for another. */
static void
on_caller(void *self, int fd)
{
	struct callers *c = self;
	struct caller *one = find(c, fd);
	int rc;

	assert(one);
	rc = frame_gather(fd, &one->bytes);
	one->done = rc > 0;
	if (rc > 0) /* what it says next is not for us */
		loop_remove(c->loop, fd);
	else if (rc < 0)
		let_go(c, one);
	if (rc > 0 && c->heard)
		c->heard(c->self);
}

/* Who has yet to say all, for longest; first of those who have said nothing. */
static struct caller *
longest_silent(struct callers *c)
{
	struct caller *found = NULL;

	for (size_t i = 0; i < CALLERS_MOST; i++) {
		struct caller *one = &c->all[i];
		bool later = found && (!found->bytes.len == !one->bytes.len
					       ? one->turn > found->turn
					       : one->bytes.len != 0);

		if (one->fd >= 0 && !one->done && !later)
			found = one;
	}
	return found;
}

bool
callers_hear_again(struct callers *c, int fd)
{
	struct caller *one = find(c, -1), *silent;

	if (!one && (silent = longest_silent(c))) {
		let_go(c, silent);
		one = silent;
	}
	if (!one)
		return false;
	*one = (struct caller){ .fd = fd,
				.since_ns = clock_mono_ns(),
				.turn = ++c->turns };
	loop_add(c->loop, fd, on_caller, c);
	return true;
}

/* Somebody stands at the door, and there is no room. */
static void
make_room(struct callers *c, int listener)
{
	struct caller *one;
	int64_t left = 0;

	while ((one = longest_silent(c))) {
		left = one->since_ns + CALLER_SILENT_NS - clock_mono_ns();
		if (left > 0)
			break;
		/* What it has said by now counts. */
		if (loop_has_news(one->fd, 0))
			on_caller(c, one->fd);
		if (one->fd >= 0 && one->done)
			continue;
		if (one->fd >= 0)
			let_go(c, one);
		return;
	}
	loop_pause(c->loop, listener, one ? left : WANT_NS);
}

void
callers_accept(struct callers *c, int listener)
{
	int fd;

	if (!find(c, -1) && loop_has_news(listener, 0))
		make_room(c, listener);
	if (!find(c, -1))
		return;
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	/* For want of a descriptor, or of memory, it stands there still. */
	if (fd < 0 && errno != EAGAIN && errno != EINTR &&
	    errno != ECONNABORTED)
		make_room(c, listener);
	if (fd < 0)
		return;
	if (!door_is_ours(fd) || !callers_hear_again(c, fd))
		close(fd);
}

static bool
asks(const struct caller *one, int of_kind)
{
	enum frame kind;
	struct slice bytes;

	if (!one->done || of_kind < 0)
		return one->done;
	bytes = frame_open(&one->bytes, &kind);
	return kind == FRAME_ASK && letter_kind(bytes) == of_kind;
}

bool
callers_ask(const struct callers *c, int of_kind)
{
	for (size_t i = 0; i < CALLERS_MOST; i++)
		if (asks(&c->all[i], of_kind))
			return true;
	return false;
}

bool
callers_wait(const struct callers *c)
{
	for (size_t i = 0; i < CALLERS_MOST; i++)
		if (c->all[i].fd >= 0)
			return true;
	return false;
}

void
callers_put_off(struct callers *c)
{
	for (size_t i = 0; i < CALLERS_MOST; i++) {
		struct caller *one = &c->all[i];

		if (one->put_off || !asks(one, LETTER_RUN))
			continue;
		/* Nothing was said to it before: there is room for that. */
		frame_send(one->fd, FRAME_WAIT, slice_of(""), slice_of(""));
		one->put_off = true;
	}
}

int
callers_take(struct callers *c, int of_kind, struct buf *frame)
{
	struct caller *first = NULL;
	int fd;

	for (size_t i = 0; i < CALLERS_MOST; i++)
		if (asks(&c->all[i], of_kind) &&
		    (!first || c->all[i].turn < first->turn))
			first = &c->all[i];
	if (!first)
		return -1;
	fd = first->fd;
	buf_release(frame);
	*frame = first->bytes;
	first->bytes = (struct buf){ 0 };
	forget(c, first);
	return fd;
}

void
callers_renew(struct callers *c)
{
	for (size_t i = 0; i < CALLERS_MOST; i++)
		c->all[i].since_ns = clock_mono_ns();
}

int64_t
callers_expire(struct callers *c)
{
	int64_t now = clock_mono_ns(), next = LOOP_NEVER;

	for (size_t i = 0; i < CALLERS_MOST; i++) {
		struct caller *one = &c->all[i];

		if (one->fd < 0 || one->done)
			continue;
		if (one->since_ns + CALLER_NS <= now)
			let_go(c, one);
		else if (one->since_ns + CALLER_NS < next)
			next = one->since_ns + CALLER_NS;
	}
	return next;
}

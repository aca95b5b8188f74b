/* witness.c: sees writes of cells before they are made. Floor 3. It knows
 * captures, not whose they are. */
#include "watch/witness.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/clock.h"

/* A write up to this is taken whole before it is delivered; a longer one as it
 * is read. */
#define WHOLE (1u << 20)

void
witness_init(struct witness *w, struct loop *loop)
{
	*w = (struct witness){ .loop = loop };
}

static void
drop_listener(struct witness *w, int fd)
{
	loop_remove(w->loop, fd);
	close(fd);
	for (size_t i = 0; i < w->nlisteners; i++)
		if (w->listeners[i] == fd)
			w->listeners[i] = w->listeners[--w->nlisteners];
}

void
witness_release(struct witness *w)
{
	while (w->nlisteners)
		drop_listener(w, w->listeners[0]);
	while (w->ncaptures)
		witness_forget(w, w->captures[0]);
	free(w->listeners);
	free(w->captures);
	peers_release(&w->peers);
	buf_release(&w->bytes);
	*w = (struct witness){ 0 };
}

void
witness_watch(struct witness *w, struct capture *c)
{
	*mem_push(w->captures, w->ncaptures) = c;
	c->witness = w;
}

void
witness_forget(struct witness *w, struct capture *c)
{
	for (size_t i = 0; i < w->ncaptures; i++)
		if (w->captures[i] == c)
			w->captures[i] = w->captures[--w->ncaptures];
	c->witness = NULL;
}

unsigned
witness_calls(enum capture_order order, bool shell)
{
	switch (order) {
	case CAPTURE_PLAIN:
		return 0;
	case CAPTURE_ORDERED:
		return NOTIFY_STDERR | (shell ? NOTIFY_STDOUT : 0);
	case CAPTURE_TIMELINE:
		break;
	}
	return NOTIFY_WRITES;
}

/* --- one write -------------------------------------------------------------
 */

/* A write that is to be made, and where it goes. */
struct passage {
	int listener;
	const struct notify_call *call;
	struct capture *capture;
	enum stream stream;
	struct author author;
};

/* The pipe behind the descriptor is one of ours. */
static bool
find_capture(struct witness *w, struct passage *p)
{
	const struct peer *peer;
	struct stat st;

	peer = peers_look(&w->peers, p->call->tid, p->call->fd, &st);
	if (!peer || !S_ISFIFO(st.st_mode))
		return false;
	for (size_t i = 0; i < w->ncaptures; i++) {
		struct capture *c = w->captures[i];

		for (enum stream s = 0; s < STREAM_COUNT; s++) {
			if (c->pipe[s].ino != st.st_ino ||
			    c->pipe[s].dev != st.st_dev)
				continue;
			p->capture = c;
			p->stream = s;
			p->author.pid = peer->pid;
			p->author.tid = peer->tid;
			if (c->order == CAPTURE_TIMELINE)
				peer_name(peer, p->author.comm);
			return true;
		}
	}
	return false;
}

static void
deliver(const struct passage *p, struct slice bytes)
{
	struct capture_text text = { .stream = p->stream,
				     .bytes = bytes,
				     .author = &p->author };

	p->capture->deliver(p->capture->self, &text);
}

/* A long part goes as it is read; false: the writer was killed. */
static bool
pass_on(struct witness *w, const struct passage *p)
{
	if (!notify_waits(p->listener, p->call))
		return false;
	deliver(p, buf_slice(&w->bytes));
	buf_clear(&w->bytes);
	return true;
}

/* Read one part behind what is in w->bytes. -> its bytes that could be read;
 * less than its length ends the write. */
static uint64_t
read_part(struct witness *w, const struct passage *p,
	  const struct notify_part *part)
{
	uint64_t done = 0;

	while (done < part->len) {
		uint64_t want = part->len - done;
		ssize_t n;

		if (w->bytes.len >= WHOLE && !pass_on(w, p))
			break;
		if (want > WHOLE - w->bytes.len)
			want = WHOLE - w->bytes.len;
		buf_reserve(&w->bytes, want);
		n = notify_read(p->call, part->at + done,
				w->bytes.data + w->bytes.len, want);
		if (n <= 0)
			break;
		w->bytes.len += (size_t)n;
		done += (uint64_t)n;
	}
	return done;
}

/* A pipe takes whole pages, and of the last one all that there is, or
 * nothing. */
static int64_t
cut_to_page(struct witness *w, uint64_t sum)
{
	size_t rest = (size_t)(sum % (uint64_t)sysconf(_SC_PAGESIZE));

	w->bytes.len -= rest;
	return sum > rest ? (int64_t)(sum - rest) : -errno;
}

/* -> bytes taken, or -errno, as the kernel would answer. */
static int64_t
read_parts(struct witness *w, const struct passage *p)
{
	static struct notify_part parts[NOTIFY_PARTS];
	int count = notify_parts(p->call, parts);
	uint64_t sum = 0;

	if (count < 0)
		return -errno;
	buf_clear(&w->bytes);
	for (int i = 0; i < count; i++) {
		uint64_t n;

		errno = EFAULT;
		n = read_part(w, p, &parts[i]);
		sum += n;
		if (n < parts[i].len)
			return cut_to_page(w, sum);
	}
	return (int64_t)sum;
}

/* Do what the kernel would have done. The answer goes first: only who takes it
 * has written. */
static void
relay(struct witness *w, const struct passage *p)
{
	int64_t value;

	/* What came unseen through the pipes was written before. */
	capture_drain(p->capture);
	value = read_parts(w, p);
	if (value == -EPERM) {
		notify_go_on(p->listener, p->call);
		return;
	}
	if (notify_answer(p->listener, p->call, value) && w->bytes.len)
		deliver(p, buf_slice(&w->bytes));
}

/* At most so many bytes; UINT64_MAX where it does not say. */
static uint64_t
length_of(const struct notify_call *call)
{
	static struct notify_part parts[NOTIFY_PARTS];
	uint64_t sum = 0;
	int count;

	if (call->kind == NOTIFY_COPY)
		return call->len;
	count = notify_parts(call, parts);
	for (int i = 0; i < count; i++)
		sum += parts[i].len;
	return sum;
}

static void
on_write(struct witness *w, int listener, const struct notify_call *call)
{
	int64_t now = clock_mono_ns();
	struct passage p = { .listener = listener, .call = call };
	bool known = find_capture(w, &p) && p.capture->reader[p.stream] >= 0;

	if (known && p.capture->order == CAPTURE_TIMELINE &&
	    call->kind != NOTIFY_COPY) {
		p.author.at_ns = now - p.capture->began_ns;
		relay(w, &p);
		return;
	}
	if (known && p.stream == STREAM_STDERR)
		capture_announce(p.capture, call->tid, length_of(call));
	else if (known && p.capture->order == CAPTURE_TIMELINE)
		capture_drain(p.capture);
	notify_go_on(listener, call);
}

static void
on_task(struct witness *w, int listener, const struct notify_call *call)
{
	if (!w->may_grow || w->may_grow(w->self, call->tid))
		notify_go_on(listener, call);
	else
		notify_answer(listener, call, -EAGAIN);
}

static void
on_call(void *self, int listener)
{
	struct witness *w = self;
	struct notify_call call;
	int rc = notify_next(listener, &call);

	if (rc < 0)
		drop_listener(w, listener);
	else if (rc > 0 && call.kind == NOTIFY_TASK)
		on_task(w, listener, &call);
	else if (rc > 0)
		on_write(w, listener, &call);
}

void
witness_listen(struct witness *w, int listener)
{
	notify_hurry(listener);
	*mem_push(w->listeners, w->nlisteners) = listener;
	loop_add(w->loop, listener, on_call, w);
}

/* wire.c: messages over a SEQPACKET socket. Floor 2, linked into cnb and into
 * cnb-host; knows packets and lengths, not what the messages mean. */
#include "host/wire.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Room for the descriptors of one packet, aligned as cmsghdr wants it. */
union control {
	char bytes[CMSG_SPACE(WIRE_FDS * sizeof(int))];
	struct cmsghdr align;
};

/* sending */

/* The kernel may be without memory for a moment, not for ever. */
#define SEND_TRIES 200
#define SEND_PAUSE_MS 5

static int
send_packet(int fd, const struct msghdr *msg)
{
	struct pollfd ready = { .fd = fd, .events = POLLOUT };

	for (int i = 0; i < SEND_TRIES;) {
		if (sendmsg(fd, msg, MSG_NOSIGNAL) >= 0)
			return 0;
		if (errno == EAGAIN) {
			poll(&ready, 1, -1);
		} else if (errno == ENOMEM || errno == ENOBUFS) {
			poll(NULL, 0, SEND_PAUSE_MS);
			i++;
		} else if (errno != EINTR) {
			return -1;
		}
	}
	errno = ENOBUFS;
	return -1;
}

static void
attach(struct msghdr *msg, union control *c, const int *fds, size_t nfds)
{
	struct cmsghdr *head;

	if (!nfds)
		return;
	memset(c, 0, sizeof *c);
	msg->msg_control = c->bytes;
	msg->msg_controllen = CMSG_SPACE(nfds * sizeof *fds);
	head = &c->align; /* the first */
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(nfds * sizeof *fds);
	memcpy(CMSG_DATA(head), fds, nfds * sizeof *fds);
}

/* Move up to `most` bytes from the front of `from` to `to`; how many. */
static size_t
cut(struct iovec *to, size_t *count, struct iovec *from, size_t nfrom,
    size_t most)
{
	size_t i, n, took = 0;

	*count = 0;
	for (i = 0; i < nfrom && took < most; i++) {
		n = from[i].iov_len;
		if (!n)
			continue;
		if (n > most - took)
			n = most - took;
		to[(*count)++] = (struct iovec){ from[i].iov_base, n };
		from[i].iov_base = (char *)from[i].iov_base + n;
		from[i].iov_len -= n;
		took += n;
	}
	return took;
}

int
wire_sendv(int fd, enum wire_type type, const struct iovec *vectors,
	   size_t count, const int *fds, size_t nfds)
{
	struct iovec left[WIRE_VECTORS], now[WIRE_VECTORS + 1];
	struct wire_head head = { .type = (uint16_t)type, .first = 1 };
	size_t i, total = 0, pieces, took;
	union control control;

	if (count > WIRE_VECTORS || nfds > WIRE_FDS) {
		errno = EINVAL;
		return -1;
	}
	for (i = 0; i < count; i++) {
		if (vectors[i].iov_len > WIRE_MESSAGE - total) {
			errno = EMSGSIZE;
			return -1;
		}
		total += vectors[i].iov_len;
		left[i] = vectors[i];
	}
	head.from = (uint32_t)syscall(SYS_gettid);
	do {
		struct msghdr msg = { .msg_iov = now };

		took = cut(now + 1, &pieces, left, count, WIRE_PACKET);
		total -= took;
		head.len = (uint32_t)took;
		head.more = total > 0;
		now[0] = (struct iovec){ &head, sizeof head };
		msg.msg_iovlen = pieces + 1;
		if (head.first)
			attach(&msg, &control, fds, nfds);
		if (send_packet(fd, &msg))
			return -1;
		head.first = 0;
	} while (total);
	return 0;
}

int
wire_send(int fd, enum wire_type type, const void *payload, size_t len,
	  const int *fds, size_t nfds)
{
	union {
		const void *in;
		void *out;
	} bytes = { .in = payload }; /* iovec knows no const */
	struct iovec one = { bytes.out, len };

	return wire_sendv(fd, type, &one, 1, fds, nfds);
}

int
wire_try(int fd, enum wire_type type, const void *payload, size_t len,
	 const int *fds, size_t nfds)
{
	struct wire_head head = { .type = (uint16_t)type,
				  .first = 1,
				  .len = (uint32_t)len };
	union {
		const void *in;
		void *out;
	} bytes = { .in = payload };
	struct iovec parts[] = { { &head, sizeof head }, { bytes.out, len } };
	struct msghdr msg = { .msg_iov = parts, .msg_iovlen = 2 };
	union control control;

	if (len > WIRE_PACKET || nfds > WIRE_FDS) {
		errno = EMSGSIZE;
		return -1;
	}
	attach(&msg, &control, fds, nfds);
	return sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -1 : 0;
}

/* receiving */

static void
close_all(int *fds, size_t *nfds)
{
	size_t i;

	for (i = 0; i < *nfds; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	*nfds = 0;
}

static void
part_drop(struct wire_part *p)
{
	close_all(p->fds, &p->nfds);
	room_release(&p->room);
	*p = (struct wire_part){ 0 };
}

/* How many slots there are: none before the first message of several packets.
 */
static size_t
count_parts(const struct wire_in *in)
{
	return in->parts.at ? WIRE_PARTS : 0;
}

static struct wire_part *
part_at(const struct wire_in *in, size_t i)
{
	return (struct wire_part *)(void *)in->parts.at + i;
}

/* Done with the last message. */
static void
forget(struct wire_in *in)
{
	close_all(in->fds, &in->nfds);
	room_release(&in->whole);
	in->data = NULL;
	in->len = 0;
}

void
wire_in_init(struct wire_in *in)
{
	memset(in, 0, sizeof *in);
}

void
wire_in_release(struct wire_in *in)
{
	size_t i;

	forget(in);
	for (i = 0; i < count_parts(in); i++)
		if (part_at(in, i)->open)
			part_drop(part_at(in, i));
	room_release(&in->parts);
	room_release(&in->packet);
}

static void
take_fds(struct msghdr *msg, int *fds, size_t *nfds)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		*nfds = (c->cmsg_len - CMSG_LEN(0)) / sizeof *fds;
		memcpy(fds, CMSG_DATA(c), *nfds * sizeof *fds);
	}
}

/* One packet into in->packet, its descriptors into in->fds. 1, 0, -1 as
 * wire_recv(). */
static int
receive(int fd, struct wire_in *in, struct wire_head *head)
{
	union control control;
	struct iovec iov[2];
	struct msghdr msg;
	ssize_t n;

	if (room_reserve(&in->packet, WIRE_PACKET + 1))
		return -1;
	do {
		iov[0] = (struct iovec){ head, sizeof *head };
		iov[1] = (struct iovec){ in->packet.at, WIRE_PACKET };
		msg = (struct msghdr){ .msg_iov = iov,
				       .msg_iovlen = 2,
				       .msg_control = control.bytes,
				       /* no padding, into which one more
					* would fit */
				       .msg_controllen = CMSG_LEN(
					       WIRE_FDS * sizeof(int)) };
		n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);
		/* A peer that died with something of ours unread makes one
		 * ECONNRESET come first; its last words are behind it. */
	} while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	if (n < 0)
		return errno == EAGAIN ? 0 : -1;
	take_fds(&msg, in->fds, &in->nfds);
	if (n == 0) {
		errno = 0;
		return -1;
	}
	errno = msg.msg_flags & MSG_CTRUNC ? EMFILE : EPROTO;
	if (msg.msg_flags & (MSG_CTRUNC | MSG_TRUNC) ||
	    n < (ssize_t)sizeof *head || head->first > 1 || head->more > 1 ||
	    head->len != (size_t)n - sizeof *head)
		return -1;
	in->packet.at[head->len] = '\0';
	return 1;
}

/* The slot for a message that begins: its sender's old one, a free one, or the
 * one that has waited longest, whose sender is most likely dead. NULL: no
 * memory. */
static struct wire_part *
part_begin(struct wire_in *in, const struct wire_head *head)
{
	struct wire_part *best = NULL;
	size_t i;

	if (room_reserve(&in->parts, WIRE_PARTS * sizeof *best))
		return NULL;
	for (i = 0; i < WIRE_PARTS; i++) {
		struct wire_part *p = part_at(in, i);

		if (p->open && p->from == head->from) {
			best = p;
			break;
		}
		if (!best || (best->open && (!p->open || p->fed < best->fed)))
			best = p;
	}
	if (best->open)
		part_drop(best);
	best->open = true;
	best->from = head->from;
	best->type = head->type;
	return best;
}

static struct wire_part *
part_find(struct wire_in *in, const struct wire_head *head)
{
	size_t i;

	for (i = 0; i < count_parts(in); i++)
		if (part_at(in, i)->open && part_at(in, i)->from == head->from)
			return part_at(in, i);
	return NULL;
}

static size_t
bytes_under_way(const struct wire_in *in)
{
	size_t i, total = 0;

	for (i = 0; i < count_parts(in); i++)
		total += part_at(in, i)->len;
	return total;
}

static int
part_add(struct wire_in *in, struct wire_part *p, const struct wire_head *head)
{
	errno = EPROTO;
	if (p->type != head->type ||
	    bytes_under_way(in) + head->len > WIRE_MESSAGE)
		return -1;
	if (room_reserve(&p->room, p->len + head->len + 1))
		return -1;
	memcpy(p->room.at + p->len, in->packet.at, head->len + 1);
	p->len += head->len;
	p->fed = ++in->clock;
	if (head->first) {
		memcpy(p->fds, in->fds, sizeof p->fds);
		p->nfds = in->nfds;
	} else {
		close_all(in->fds, &in->nfds);
	}
	in->nfds = 0;
	return 0;
}

static void
part_deliver(struct wire_in *in, struct wire_part *p)
{
	in->whole = p->room;
	in->data = p->room.at;
	in->len = p->len;
	memcpy(in->fds, p->fds, sizeof in->fds);
	in->nfds = p->nfds;
	*p = (struct wire_part){ 0 };
}

int
wire_recv(int fd, struct wire_in *in)
{
	struct wire_head head;
	struct wire_part *p;
	int got;

	forget(in);
	got = receive(fd, in, &head);
	if (got <= 0) {
		int why = errno;

		close_all(in->fds, &in->nfds);
		errno = why;
		return got;
	}
	in->type = head.type;
	in->from = head.from;
	if (head.first && !head.more) {
		in->data = in->packet.at;
		in->len = head.len;
		return 1;
	}
	p = head.first ? part_begin(in, &head) : part_find(in, &head);
	if (!p) { /* no memory; or the rest of one that was dropped */
		close_all(in->fds, &in->nfds);
		errno = ENOMEM;
		return head.first ? -1 : 0;
	}
	if (part_add(in, p, &head))
		return -1;
	if (head.more)
		return 0;
	part_deliver(in, p);
	return 1;
}

/* payloads */

static void
put_bytes(struct wire_put *p, const void *bytes, size_t len)
{
	if (p->full || len > p->cap - p->len) {
		p->full = true;
		return;
	}
	memcpy(p->data + p->len, bytes, len);
	p->len += len;
}

void
wire_put_u32(struct wire_put *p, uint32_t value)
{
	put_bytes(p, &value, sizeof value);
}

void
wire_put_u64(struct wire_put *p, uint64_t value)
{
	put_bytes(p, &value, sizeof value);
}

void
wire_put_str(struct wire_put *p, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	if (len > WIRE_MESSAGE) {
		p->full = true;
		return;
	}
	wire_put_u32(p, (uint32_t)len);
	put_bytes(p, text ? text : "", len + 1);
}

struct wire_get
wire_get(const struct wire_in *in)
{
	return (struct wire_get){ .at = in->data, .end = in->data + in->len };
}

static void
get_bytes(struct wire_get *g, void *bytes, size_t len)
{
	if (g->bad || (size_t)(g->end - g->at) < len) {
		g->bad = true;
		memset(bytes, 0, len);
		return;
	}
	memcpy(bytes, g->at, len);
	g->at += len;
}

uint32_t
wire_get_u32(struct wire_get *g)
{
	uint32_t value;

	get_bytes(g, &value, sizeof value);
	return value;
}

uint64_t
wire_get_u64(struct wire_get *g)
{
	uint64_t value;

	get_bytes(g, &value, sizeof value);
	return value;
}

const char *
wire_get_str(struct wire_get *g)
{
	size_t len = wire_get_u32(g);
	const char *text = g->at;

	/* The first NUL must be the one behind the text. */
	if (g->bad || len >= (size_t)(g->end - g->at) ||
	    memchr(text, '\0', len + 1) != text + len) {
		g->bad = true;
		return "";
	}
	g->at += len + 1;
	return text;
}

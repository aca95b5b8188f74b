/* letter.c: letters, answers and frames as bytes. Floor 5. Each is walked in
 * either direction by one function: what is written is what is read. */
#include "live/letter.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/loop.h"

/* Room for a frame is made as it comes, not as it says. */
#define PIECE ((size_t)1 << 20)

/* So long nothing may be taken before it is asked whether to go on. */
#define ROOM_NS (200 * NS_PER_MS)

/* Whether to go on waiting for one that may not read; NULL: it is waited for.
 */
struct patience {
	bool (*goes_on)(void *self);
	void *self;
};

/* In one piece, as far as it goes: who reads it is woken once. */
static int
send_all(int fd, struct iovec *parts, size_t count, struct patience p)
{
	struct msghdr m = { .msg_iov = parts, .msg_iovlen = count };
	int how = MSG_NOSIGNAL | (p.goes_on ? MSG_DONTWAIT : 0);

	while (m.msg_iovlen) {
		ssize_t n = sendmsg(fd, &m, how);

		if (n < 0 && errno == EAGAIN && p.goes_on) {
			if (loop_has_room(fd, clock_mono_ns() + ROOM_NS) ||
			    p.goes_on(p.self))
				continue;
			errno = EINTR;
			return -1;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		while (m.msg_iovlen && (size_t)n >= m.msg_iov->iov_len) {
			n -= (ssize_t)m.msg_iov->iov_len;
			m.msg_iov++;
			m.msg_iovlen--;
		}
		if (m.msg_iovlen) {
			m.msg_iov->iov_base = (char *)m.msg_iov->iov_base + n;
			m.msg_iov->iov_len -= (size_t)n;
		}
	}
	return 0;
}

static struct iovec
part_of(struct slice bytes)
{
	union {
		const void *in;
		void *out;
	} at = { .in = bytes.at };

	return (struct iovec){ at.out, bytes.len };
}

/* 1: all of it; 0: the end came first. */
static int
read_all(int fd, void *bytes, size_t len)
{
	char *at = bytes;

	while (len) {
		ssize_t n = recv(fd, at, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		at += n;
		len -= (size_t)n;
	}
	return 1;
}

static int
send_frame(int fd, enum frame kind, struct slice bytes, struct slice more,
	   struct patience p)
{
	uint32_t head[2] = { kind, (uint32_t)(bytes.len + more.len) };
	struct iovec parts[] = { { head, sizeof head },
				 part_of(bytes),
				 part_of(more) };

	if (bytes.len + more.len > FRAME_MOST) {
		errno = EMSGSIZE;
		return -1;
	}
	return send_all(fd, parts, countof(parts), p);
}

int
frame_send(int fd, enum frame kind, struct slice bytes, struct slice more)
{
	return send_frame(fd, kind, bytes, more, (struct patience){ NULL });
}

int
frame_send_if(int fd, enum frame kind, struct slice bytes, struct slice more,
	      bool (*goes_on)(void *self), void *self)
{
	return send_frame(fd, kind, bytes, more,
			  (struct patience){ goes_on, self });
}

static bool
is_nonsense(const uint32_t head[2])
{
	return head[0] > FRAME_ANSWER || head[1] > FRAME_MOST;
}

int
frame_read(int fd, enum frame *kind, struct buf *bytes)
{
	uint32_t head[2];
	int rc = read_all(fd, head, sizeof head);

	if (rc <= 0)
		return rc;
	if (is_nonsense(head)) {
		errno = EPROTO;
		return -1;
	}
	*kind = (enum frame)head[0];
	buf_clear(bytes);
	for (size_t left = head[1], n; left && rc > 0; left -= n) {
		n = left < PIECE ? left : PIECE;
		buf_reserve(bytes, n + 1);
		rc = read_all(fd, bytes->data + bytes->len, n);
		bytes->len += n;
		bytes->data[bytes->len] = '\0';
	}
	if (rc <= 0)
		buf_clear(bytes);
	return rc;
}

/* How long it is, as far as that is known; 0: it is none. */
static size_t
gathered_length(const struct buf *bytes)
{
	uint32_t head[2];

	if (bytes->len < sizeof head)
		return sizeof head;
	memcpy(head, bytes->data, sizeof head);
	return is_nonsense(head) ? 0 : sizeof head + head[1];
}

int
frame_gather(int fd, struct buf *bytes)
{
	size_t len;

	while ((len = gathered_length(bytes)) > bytes->len) {
		size_t n = len - bytes->len;
		ssize_t got;

		n = n < PIECE ? n : PIECE;
		buf_reserve(bytes, n + 1);
		got = recv(fd, bytes->data + bytes->len, n, MSG_DONTWAIT);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EAGAIN ? 0 : -1;
		if (got == 0) {
			errno = 0;
			return -1;
		}
		bytes->len += (size_t)got;
		bytes->data[bytes->len] = '\0';
	}
	if (!len)
		errno = EPROTO;
	return len ? 1 : -1;
}

struct slice
frame_open(const struct buf *bytes, enum frame *kind)
{
	uint32_t head[2];

	memcpy(head, bytes->data, sizeof head);
	*kind = (enum frame)head[0];
	return (struct slice){ bytes->data + sizeof head, head[1] };
}

/* Bytes on their way, in one of two directions. */
struct walk {
	struct buf *out; /* writing; NULL: reading */
	const char *at, *end;
	bool bad;
};

static void
raw(struct walk *w, void *bytes, size_t len)
{
	if (w->out) {
		buf_add(w->out, bytes, len);
	} else if (w->bad || (size_t)(w->end - w->at) < len) {
		memset(bytes, 0, len);
		w->bad = true;
	} else {
		memcpy(bytes, w->at, len);
		w->at += len;
	}
}

static void
number(struct walk *w, int64_t *value)
{
	raw(w, value, sizeof *value);
}

/* Of several such times the sum is still a number. */
#define NS_MOST (INT64_MAX / 4)
#define MS_MOST (NS_MOST / NS_PER_MS)
#define COUNT_MOST 1000000 /* as on the command line */

static bool
is_within(int64_t n, int64_t most)
{
	return n >= 0 && n <= most;
}

static void
amount(struct walk *w, int64_t *value, int64_t most)
{
	number(w, value);
	if (!w->out)
		w->bad |= !is_within(*value, most);
}

static void
small(struct walk *w, int *value)
{
	raw(w, value, sizeof *value);
}

static void
flag(struct walk *w, bool *value)
{
	unsigned char byte = *value;

	raw(w, &byte, 1);
	*value = byte != 0;
}

static void
bytes(struct walk *w, struct buf *b)
{
	uint64_t len = b->len;

	raw(w, &len, sizeof len);
	if (w->out) {
		buf_add(w->out, b->data, b->len);
	} else if (!w->bad && len <= (size_t)(w->end - w->at)) {
		buf_add(b, w->at, len);
		w->at += len;
	} else {
		w->bad = true;
	}
}

static void
string(struct walk *w, char **text)
{
	struct buf b = { 0 };
	bool there = *text != NULL;

	flag(w, &there);
	if (!there)
		return;
	if (w->out)
		buf_add_str(&b, *text);
	bytes(w, &b);
	if (!w->out)
		*text = mem_strdup(buf_str(&b));
	buf_release(&b);
}

static void
strings(struct walk *w, struct strs *list)
{
	int64_t n = (int64_t)list->count;

	number(w, &n);
	for (int64_t i = 0; i < n && !w->bad; i++) {
		char *text = w->out ? list->at[i] : NULL;

		string(w, &text);
		if (!w->out && text)
			strs_add(list, text);
		if (!w->out)
			free(text);
	}
}

static void
walk_letter(struct walk *w, struct letter *l)
{
	int64_t text = l->known ? 0 : (int64_t)l->text.len;

	small(w, &l->kind);
	string(w, &l->version);
	string(w, &l->path);
	flag(w, &l->known);
	raw(w, &l->print, sizeof l->print);
	raw(w, &l->sense, sizeof l->sense);
	bytes(w, &l->begins);
	bytes(w, &l->parts);
	flag(w, &l->changed);
	flag(w, &l->quiet);
	flag(w, &l->keep_going);
	number(w, &l->timeout_ms);
	number(w, &l->deadline_ms);
	number(w, &l->grace_ms);
	number(w, &l->limits.memory);
	number(w, &l->limits.tasks);
	number(w, &l->limits.files);
	number(w, &l->repeat);
	number(w, &l->lanes);
	string(w, &l->workdir);
	string(w, &l->cc);
	string(w, &l->cflags);
	string(w, &l->sanitize);
	strings(w, &l->params);
	number(w, &l->idle_ms);
	number(w, &l->snapshots);
	number(w, &l->snapshot_bytes);
	number(w, &text);
	if (w->out)
		return;
	w->bad |= text != w->end - w->at;
	l->text = (struct slice){ w->at, w->bad ? 0 : (size_t)text };
}

static void
walk_answer(struct walk *w, struct answer *a)
{
	string(w, &a->error);
	small(w, &a->class);
	amount(w, &a->read_ns, NS_MOST);
	amount(w, &a->build_ns, NS_MOST);
	amount(w, &a->restore_ns, NS_MOST);
	string(w, &a->path);
	amount(w, &a->pid, INT_MAX);
	amount(w, &a->started_ns, NS_MOST);
	amount(w, &a->used_ns, NS_MOST);
	amount(w, &a->idle_ms, MS_MOST);
	amount(w, &a->copies, INT_MAX);
	amount(w, &a->bytes, INT64_MAX);
	amount(w, &a->dropped, INT_MAX);
	strings(w, &a->params);
	bytes(w, &a->ages);
	flag(w, &a->busy);
	strings(w, &a->ids);
	strings(w, &a->prints);
	strings(w, &a->gaps);
	flag(w, &a->touched);
	flag(w, &a->ends);
}

void
letter_release(struct letter *l)
{
	free(l->version);
	free(l->path);
	buf_release(&l->parts);
	buf_release(&l->begins);
	free(l->workdir);
	free(l->cc);
	free(l->cflags);
	free(l->sanitize);
	strs_release(&l->params);
	*l = (struct letter){ 0 };
}

void
letter_pack(struct buf *out, struct letter *l)
{
	struct walk w = { .out = out };

	walk_letter(&w, l);
}

int
letter_unpack(struct letter *l, struct slice from)
{
	struct walk w = { .at = from.at, .end = from.at + from.len };

	*l = (struct letter){ 0 };
	walk_letter(&w, l);
	return w.bad ? -1 : 0;
}

int
letter_kind(struct slice from)
{
	struct walk w = { .at = from.at, .end = from.at + from.len };
	int kind;

	small(&w, &kind);
	return w.bad ? -1 : kind;
}

bool
letter_is_sound(const struct letter *l)
{
	for (size_t i = 0; i < l->params.count; i++)
		if (!strchr(l->params.at[i], '='))
			return false;
	if (l->kind != LETTER_RUN)
		return true;
	return l->path && l->workdir && is_within(l->timeout_ms, MS_MOST) &&
	       is_within(l->deadline_ms, MS_MOST) &&
	       is_within(l->grace_ms, MS_MOST) &&
	       is_within(l->limits.memory, INT64_MAX / 2) &&
	       is_within(l->limits.tasks, COUNT_MOST) &&
	       is_within(l->limits.files, COUNT_MOST) &&
	       is_within(l->repeat, COUNT_MOST) &&
	       is_within(l->lanes, COUNT_MOST);
}

void
answer_release(struct answer *a)
{
	free(a->error);
	free(a->path);
	strs_release(&a->params);
	buf_release(&a->ages);
	strs_release(&a->ids);
	strs_release(&a->gaps);
	strs_release(&a->prints);
	*a = (struct answer){ 0 };
}

void
answer_pack(struct buf *out, struct answer *a)
{
	struct walk w = { .out = out };

	walk_answer(&w, a);
}

int
answer_unpack(struct answer *a, struct slice from)
{
	struct walk w = { .at = from.at, .end = from.at + from.len };

	*a = (struct answer){ 0 };
	walk_answer(&w, a);
	return w.bad || w.at != w.end ? -1 : 0;
}

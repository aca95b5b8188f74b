/* keeper_wire.c: a packet and a descriptor with it. Floor 1. */
#include "sys/keeper_wire.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/mem.h"

union control {
	struct cmsghdr align;
	char room[CMSG_SPACE(sizeof(int))];
};
union controls {
	struct cmsghdr align;
	char room[CMSG_SPACE(sizeof(int) * KEEPER_FDS)];
};

/* The kernel may be without memory for a moment, not for ever. */
#define SEND_TRIES 200
#define SEND_PAUSE_US 5000

static int
send_message(int socket, const struct msghdr *m)
{
	for (int i = 0; i < SEND_TRIES; i++) {
		if (sendmsg(socket, m, MSG_NOSIGNAL) >= 0)
			return 0;
		if (errno == ENOMEM || errno == ENOBUFS)
			usleep(SEND_PAUSE_US);
		else if (errno != EINTR)
			return -1;
	}
	return -1;
}

/* So many beside it while they find their places, one for the report. */
#define BESIDE (KEEPER_FDS + 1)

int
keeper_extra_fd(void)
{
	const rlim_t wish = 250;
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0 ||
	    files.rlim_max > wish + BESIDE)
		return (int)wish;
	return (int)files.rlim_max - BESIDE - 1;
}

int
keeper_send_fds(int socket, const void *packet, size_t len, const int *fds,
		size_t nfds)
{
	union {
		const void *in;
		void *out;
	} data = { .in = packet };
	struct iovec iov = { data.out, len };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	union controls control;

	if (nfds) {
		struct cmsghdr *c = &control.align;

		memset(&control, 0, sizeof control);
		m.msg_control = &control;
		m.msg_controllen = CMSG_SPACE(nfds * sizeof *fds);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(nfds * sizeof *fds);
		memcpy(CMSG_DATA(c), fds, nfds * sizeof *fds);
	}
	return send_message(socket, &m);
}

int
keeper_send_fd(int socket, const void *packet, size_t len, int fd)
{
	return keeper_send_fds(socket, packet, len, &fd, fd >= 0);
}

ssize_t
keeper_receive_request(int socket, char *packet, int fds[KEEPER_FDS],
		       size_t *nfds, int flags)
{
	struct iovec iov = { packet, KEEPER_PACKET };
	union controls room;
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = room.room,
			    /* no padding, into which one more would fit */
			    .msg_controllen =
				    CMSG_LEN(sizeof(int) * KEEPER_FDS) };
	ssize_t n = recvmsg(socket, &m, flags | MSG_CMSG_CLOEXEC);
	const struct cmsghdr *c = n >= 0 ? CMSG_FIRSTHDR(&m) : NULL;

	*nfds = 0;
	if (c && c->cmsg_type == SCM_RIGHTS) {
		*nfds = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(c), *nfds * sizeof(int));
	}
	return n;
}

bool
keeper_is_answered(enum keeper_verb verb)
{
	return verb == KEEPER_SPAWN || verb == KEEPER_SWEEP ||
	       verb == KEEPER_HOLD;
}

/* The next string; NULL: it has no end. */
static char *
cut_string(char **at, const char *end)
{
	char *text = *at, *nul = memchr(text, '\0', (size_t)(end - text));

	if (nul)
		*at = nul + 1;
	return nul ? text : NULL;
}

static char **
cut_strings(size_t n, char **at, const char *end)
{
	char **strings = mem_alloc(n + 1, sizeof *strings);

	for (size_t i = 0; i < n; i++) {
		strings[i] = cut_string(at, end);
		if (!strings[i]) {
			free(strings);
			return NULL;
		}
	}
	return strings;
}

static bool
read_strings(struct keeper_order *o, char *at, const char *end)
{
	const struct keeper_request *q = &o->q;

	/* Each takes a byte at least. */
	if ((size_t)q->argc + q->envc > (size_t)(end - at) ||
	    q->nests > KEEPER_NESTS || q->files < 0)
		return false;
	o->path = cut_string(&at, end);
	o->cwd = o->path ? cut_string(&at, end) : NULL;
	o->argv = o->cwd ? cut_strings(q->argc, &at, end) : NULL;
	o->env = o->argv ? cut_strings(q->envc, &at, end) : NULL;
	if (!q->has_cwd)
		o->cwd = NULL;
	return o->env != NULL;
}

/* None is another name for everybody: 0, 1, the least number. */
static void
read_pids(struct pids *pids, size_t n, const char **at)
{
	for (; n--; *at += sizeof(pid_t)) {
		pid_t pid;

		memcpy(&pid, *at, sizeof pid);
		if (pid > 1 || (pid < -1 && pid > INT_MIN))
			pids_add(pids, pid);
	}
}

static bool
read_whom(struct keeper_order *o, const char *at, const char *end)
{
	const struct keeper_request *q = &o->q;

	if ((size_t)q->nspare + q->nstill >
		    (size_t)(end - at) / sizeof(pid_t) ||
	    q->family < 0 || q->family == 1)
		return false;
	read_pids(&o->spare, q->nspare, &at);
	read_pids(&o->still, q->nstill, &at);
	return true;
}

bool
keeper_read_order(struct keeper_order *o, char *packet, size_t len)
{
	*o = (struct keeper_order){ 0 };
	if (len < sizeof o->q)
		return false;
	memcpy(&o->q, packet, sizeof o->q);
	if (o->q.verb == KEEPER_SPAWN)
		return read_strings(o, packet + sizeof o->q, packet + len);
	return o->q.verb <= KEEPER_LET_GO &&
	       read_whom(o, packet + sizeof o->q, packet + len);
}

void
keeper_release_order(struct keeper_order *o)
{
	free(o->argv);
	free(o->env);
	pids_release(&o->spare);
	pids_release(&o->still);
}

/* More than any errno is. */
#define ERRNO_END 4096

bool
keeper_is_answer(const struct keeper_answer *a)
{
	const struct keeper_death *d = &a->death;

	if (a->verb == KEEPER_REPLY)
		return a->value > -ERRNO_END;
	return a->verb == KEEPER_DEATH && d->pid > 1 && d->at_ns >= 0 &&
	       d->cpu_ns >= 0 && d->max_rss_kb >= 0;
}

ssize_t
keeper_receive_fd(int socket, void *packet, size_t len, int *fd, int flags)
{
	struct iovec iov = { packet, len };
	union control control;
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = CMSG_LEN(sizeof(int)) };
	const struct cmsghdr *c;
	ssize_t n;

	if (fd)
		*fd = -1;
	else
		m.msg_controllen = 0;
	do
		n = recvmsg(socket, &m, flags | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	c = n >= 0 && fd ? CMSG_FIRSTHDR(&m) : NULL;
	if (c && c->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(c), sizeof *fd);
	return n;
}

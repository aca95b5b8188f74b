/* keeper_wire.c: a packet and a descriptor with it. Floor 1. */
#include "sys/keeper_wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
	struct cmsghdr align;
	char room[CMSG_SPACE(sizeof(int))];
};

/* The kernel may be without memory for a moment, not for ever. */
#define SEND_TRIES 200
#define SEND_PAUSE_US 5000

int
keeper_send(int socket, const struct msghdr *m)
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

int
keeper_send_fd(int socket, const void *packet, size_t len, int fd)
{
	union {
		const void *in;
		void *out;
	} data = { .in = packet };
	struct iovec iov = { data.out, len };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	union control control;

	if (fd >= 0) {
		struct cmsghdr *c = &control.align;

		memset(&control, 0, sizeof control);
		m.msg_control = &control;
		m.msg_controllen = sizeof control;
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(c), &fd, sizeof fd);
	}
	return keeper_send(socket, &m);
}

ssize_t
keeper_receive_request(int socket, char *packet, int fds[KEEPER_FDS],
		       size_t *nfds, int flags)
{
	struct iovec iov = { packet, KEEPER_PACKET };
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int) * KEEPER_FDS)];
	} room;
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = room.room,
			    /* no padding, into which one more would fit */
			    .msg_controllen =
				    CMSG_LEN(sizeof(int) * KEEPER_FDS) };
	ssize_t n = recvmsg(socket, &m, flags | MSG_CMSG_CLOEXEC);
	const struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;

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

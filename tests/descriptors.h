/* descriptors.h: packets that come with descriptors, also with more than there
 * may be. */
#ifndef CNB_TEST_DESCRIPTORS_H
#define CNB_TEST_DESCRIPTORS_H

#include <assert.h>
#include <string.h>
#include <sys/socket.h>

#define DESCRIPTORS_MOST 16

/* A packet with `nfds` descriptors, each of them `to`'s own. As sendmsg(). */
static inline ssize_t
send_with_descriptors(int to, const void *bytes, size_t len, size_t nfds)
{
	union {
		char bytes[CMSG_SPACE(DESCRIPTORS_MOST * sizeof(int))];
		struct cmsghdr align;
	} control = { { 0 } };
	union {
		const void *in;
		void *out;
	} data = { .in = bytes };
	struct iovec iov = { data.out, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	assert(nfds <= DESCRIPTORS_MOST);
	if (nfds) {
		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(nfds * sizeof to);
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		control.align.cmsg_len = CMSG_LEN(nfds * sizeof to);
	}
	for (size_t i = 0; i < nfds; i++)
		memcpy(CMSG_DATA(&control.align) + i * sizeof to, &to,
		       sizeof to);
	return sendmsg(to, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
}

#endif

/* A pair, a descriptor sent over it, datagrams. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int pair[2], fds[2];
	char byte = 'x', room[CMSG_SPACE(sizeof(int))] = "", text[50] = "";
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = room, .msg_controllen = sizeof room };

	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	if (fork() == 0) {
		struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

		pipe(fds);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), fds, sizeof(int));
		sendmsg(pair[1], &msg, 0);
		dprintf(fds[1], "through a sent pipe");
		_exit(0);
	}
	recvmsg(pair[0], &msg, 0);
	memcpy(fds, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(int));
	wait(NULL);
	read(fds[0], text, sizeof text - 1);
	printf("%s\n", text);
	socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
	send(pair[0], "one", 3, 0);
	send(pair[0], "three", 5, 0);
	printf("%zd ", recv(pair[1], text, sizeof text, 0));
	printf("%zd\n", recv(pair[1], text, sizeof text, 0));
}

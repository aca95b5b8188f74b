/* Readiness, hang-ups, time-outs. */
#include <poll.h>
#include <stdio.h>
#include <sys/select.h>
#include <unistd.h>

int main(void)
{
	int fds[2];

	pipe(fds);
	struct pollfd p = { fds[0], POLLIN, 0 };
	printf("%d\n", poll(&p, 1, 10));
	write(fds[1], "x", 1);
	printf("%d %d\n", poll(&p, 1, -1), p.revents);
	fd_set set;
	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	printf("%d\n", select(fds[0] + 1, &set, NULL, NULL, &(struct timeval){ 1, 0 }));
	close(fds[1]);
	poll(&p, 1, -1);
	printf("%d\n", p.revents);
	p.fd = 0;
	p.events = POLLIN;
	printf("stdin %d\n", poll(&p, 1, 0));
}

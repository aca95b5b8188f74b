/* One loop: a pipe, a timer, a signal, a counter. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

static int loop;

static void watch(int fd)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = fd };

	epoll_ctl(loop, EPOLL_CTL_ADD, fd, &ev);
}

static void next(const char *what)
{
	struct epoll_event ev;
	char room[200];
	int n = epoll_wait(loop, &ev, 1, 5000);

	printf("%s: %d, descriptor %d, %zd bytes\n", what, n, ev.data.fd,
	       read(ev.data.fd, room, sizeof room));
}

int main(void)
{
	sigset_t set;
	int fds[2];

	loop = epoll_create1(EPOLL_CLOEXEC);
	pipe(fds);
	int timer = timerfd_create(CLOCK_MONOTONIC, 0);
	int counter = eventfd(0, EFD_SEMAPHORE);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int sig = signalfd(-1, &set, 0);
	watch(fds[0]);
	watch(timer);
	watch(counter);
	watch(sig);
	write(fds[1], "hello", 5);
	next("pipe");
	timerfd_settime(timer, 0, &(struct itimerspec){ .it_value.tv_nsec = 1000 }, NULL);
	next("timer");
	write(counter, &(uint64_t){ 1 }, 8);
	next("counter");
	kill(getpid(), SIGINT);
	next("signal");
	printf("idle: %d\n", epoll_wait(loop, &(struct epoll_event){ 0 }, 1, 10));
}

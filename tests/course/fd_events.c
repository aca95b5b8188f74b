                     
                                          
                                                      
//
//
//
//
//
                     
                                          
                                                      
//
//
//
//
//
                     
                                          
                                                      
//
//
//
//
//
                     
                                          
                                                      
//
//
//
//
//
/* eventfd, timerfd, signalfd and a pidfd in one epoll loop. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	struct itimerspec soon = { .it_value.tv_nsec = 1000000 };
	int ep = epoll_create1(0), fds[4], seen = 0;
	const char *names[] = { "event", "timer", "signal", "child" };
	sigset_t set;
	pid_t pid;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	pid = fork();
	if (!pid)
		_exit(7);
	fds[0] = eventfd(2, EFD_SEMAPHORE);
	fds[1] = timerfd_create(CLOCK_MONOTONIC, 0);
	fds[2] = signalfd(-1, &set, 0);
	fds[3] = (int)syscall(SYS_pidfd_open, pid, 0);
	timerfd_settime(fds[1], 0, &soon, NULL);
	kill(getpid(), SIGUSR1);
	for (int i = 0; i < 4; i++) {
		struct epoll_event ev = { .events = EPOLLIN | EPOLLONESHOT,
					  .data.u32 = (uint32_t)i };
		epoll_ctl(ep, EPOLL_CTL_ADD, fds[i], &ev);
	}
	while (seen != 15) {
		struct epoll_event ev;

		if (epoll_wait(ep, &ev, 1, -1) == 1)
			seen |= 1 << ev.data.u32;
	}
	for (int i = 0; i < 4; i++)
		printf("%s ready\n", names[i]);
	siginfo_t info;
	waitid(P_PIDFD, (id_t)fds[3], &info, WEXITED);
	printf("child said %d\n", info.si_status);
	struct signalfd_siginfo si;
	read(fds[2], &si, sizeof si);
	printf("signal %u from me: %d\n", si.ssi_signo,
	       si.ssi_pid == (uint32_t)getpid());
	return 0;
}

/* setitimer, timer_create, sleep interrupted. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t ticks;

static void tick(int sig)
{
	(void)sig;
	ticks++;
}

int main(void)
{
	struct itimerval every = { { 0, 2000 }, { 0, 2000 } };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL,
			       .sigev_signo = SIGUSR1 };
	timer_t timer;

	signal(SIGALRM, tick);
	signal(SIGUSR1, tick);
	setitimer(ITIMER_REAL, &every, NULL);
	while (ticks < 5)
		pause();
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	ticks = 0;
	timer_create(CLOCK_MONOTONIC, &ev, &timer);
	timer_settime(timer, 0, &(struct itimerspec){ .it_value.tv_nsec = 1000000 }, NULL);
	int rc = clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ 5, 0 }, NULL);
	printf("%d %s\n", (int)ticks, strerror(rc));
	printf("alarm left %u\n", alarm(0));
}

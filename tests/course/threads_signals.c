//| cflags: -pthread
/* Signals to one thread, sigwait in another, masks of each its own. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

static pthread_t waiter;
static volatile sig_atomic_t where;

static void on_signal(int sig)
{
	(void)sig;
	where = pthread_equal(pthread_self(), waiter) ? 1 : 2;
}

static void *waits(void *arg)
{
	int sig;

	sigwait(arg, &sig);
	printf("sigwait got %d\n", sig);
	sigwait(arg, &sig);
	printf("sigwait got %d\n", sig);
	pthread_kill(pthread_self(), SIGUSR2);
	printf("handled in thread %d\n", (int)where);
	return NULL;
}

int main(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGTERM);
	signal(SIGUSR2, on_signal);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_create(&waiter, NULL, waits, &set);
	pthread_kill(waiter, SIGUSR1);
	kill(0, SIGTERM);
	pthread_join(waiter, NULL);
	raise(SIGUSR2);
	printf("handled in thread %d\n", (int)where);
}

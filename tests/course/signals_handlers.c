/* Handlers, masks, pending signals, restarted calls. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t got[65];

static void on_signal(int sig)
{
	got[sig]++;
}

static void on_info(int sig, siginfo_t *info, void *context)
{
	(void)context;
	got[sig] = info->si_value.sival_int;
}

int main(void)
{
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t set, pending;
	char c;

	sigaction(SIGUSR1, &sa, NULL);
	sigaction(SIGALRM, &sa, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	raise(SIGUSR1);
	sigpending(&pending);
	printf("pending %d, handled %d\n", sigismember(&pending, SIGUSR1),
	       (int)got[SIGUSR1]);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	printf("handled %d\n", (int)got[SIGUSR1]);
	int fds[2];
	pipe(fds);
	alarm(1);
	printf("read %zd %s\n", read(fds[0], &c, 1), strerror(errno));
	sa.sa_flags = SA_SIGINFO;
	sa.sa_sigaction = on_info;
	sigaction(SIGRTMIN, &sa, NULL);
	sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 42 });
	printf("value %d\n", (int)got[SIGRTMIN]);
	sigprocmask(SIG_BLOCK, NULL, &set);
	for (int i = 1; i < 32; i++)
		if (sigismember(&set, i))
			printf("still blocked: %d\n", i);
}

//| cflags: -pthread
/* A thread of a child crashes; the parent goes on. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void *crash(void *arg)
{
	return *(void **)arg;
}

int main(void)
{
	int status;

	if (fork() == 0) {
		pthread_t t;

		pthread_create(&t, NULL, crash, (void *)16);
		pthread_join(t, NULL);
		return 0;
	}
	wait(&status);
	printf("%s\n", strsignal(WTERMSIG(status)));
}

//| cflags: -pthread
/* Cancellation, cleanup, thread-specific data, main that leaves first. */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_key_t key;
static sem_t ready;

static void clean(void *arg) { printf("cleanup %s\n", (char *)arg); }
static void drop(void *arg) { printf("value %s dropped\n", (char *)arg); }

static void *sleeps(void *arg)
{
	pthread_cleanup_push(clean, arg);
	pthread_setspecific(key, arg);
	sem_post(&ready);
	pause();
	pthread_cleanup_pop(0);
	return NULL;
}

static void *last(void *arg)
{
	pthread_t *main_thread = arg;

	pthread_join(*main_thread, NULL);
	puts("main is gone, the last thread ends the process");
	exit(6);
}

int main(void)
{
	static pthread_t self;
	pthread_t t;
	void *r;

	self = pthread_self();
	sem_init(&ready, 0, 0);
	pthread_key_create(&key, drop);
	pthread_create(&t, NULL, sleeps, "sleeper");
	sem_wait(&ready);
	pthread_cancel(t);
	pthread_join(t, &r);
	printf("canceled %d\n", r == PTHREAD_CANCELED);
	pthread_create(&t, NULL, last, &self);
	pthread_exit(NULL);
}

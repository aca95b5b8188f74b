//| cflags: -pthread
/* A ring of threads: mutexes, conditions, barriers, once, read-write locks. */
#include <pthread.h>
#include <stdio.h>

#define N 5
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn_changed = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
static int turn, sum;

static void only_once(void)
{
	puts("once");
}

static void *work(void *arg)
{
	int me = (int)(long)arg;

	pthread_once(&once, only_once);
	pthread_barrier_wait(&barrier);
	pthread_rwlock_wrlock(&rw);
	sum += me;
	pthread_rwlock_unlock(&rw);
	pthread_mutex_lock(&lock);
	while (turn != me)
		pthread_cond_wait(&turn_changed, &lock);
	printf("thread %d\n", me);
	turn++;
	pthread_cond_broadcast(&turn_changed);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t t[N];

	pthread_barrier_init(&barrier, NULL, N);
	for (long i = 0; i < N; i++)
		pthread_create(&t[i], NULL, work, (void *)i);
	for (int i = 0; i < N; i++)
		pthread_join(t[i], NULL);
	printf("sum %d\n", sum);
}

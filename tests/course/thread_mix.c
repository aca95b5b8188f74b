                      
                                            
                                                        
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
/* Barriers, rwlocks, spin locks, thread-specific data with destructors, cancel
 * with cleanup, once, a signal taken by sigwait in a thread of its own. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_barrier_t barrier;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int sum, made, destroyed;

static void make(void) { made++; }
static void destroy(void *p) { __atomic_fetch_add(&destroyed, 1, __ATOMIC_SEQ_CST); free(p); }
static void cleanup(void *p) { printf("cleaned %s\n", (char *)p); }

static void *work(void *arg)
{
	pthread_once(&once, make);
	pthread_setspecific(key, malloc(8));
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < 10000; i++) {
		pthread_spin_lock(&spin);
		sum++;
		pthread_spin_unlock(&spin);
	}
	pthread_rwlock_rdlock(&lock);
	pthread_rwlock_unlock(&lock);
	return pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD ? arg : NULL;
}

static void *sleeps(void *arg)
{
	pthread_cleanup_push(cleanup, arg);
	for (;;)
		pause();
	pthread_cleanup_pop(0);
	return NULL;
}

static void *waits(void *arg)
{
	int sig;

	sigwait(arg, &sig);
	printf("thread took signal %d\n", sig);
	return NULL;
}

int main(void)
{
	pthread_t t[8];
	void *got;
	int serial = 0;
	sigset_t set;

	pthread_barrier_init(&barrier, NULL, 8);
	pthread_spin_init(&spin, 0);
	pthread_key_create(&key, destroy);
	for (int i = 0; i < 8; i++)
		pthread_create(&t[i], NULL, work, &t[i]);
	for (int i = 0; i < 8; i++) {
		pthread_join(t[i], &got);
		serial += got != NULL;
	}
	printf("%d, once %d, destroyed %d, serial %d\n", sum, made, destroyed, serial);
	pthread_create(&t[0], NULL, sleeps, "up");
	pthread_cancel(t[0]);
	pthread_join(t[0], &got);
	printf("canceled: %d\n", got == PTHREAD_CANCELED);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_create(&t[1], NULL, waits, &set);
	kill(getpid(), SIGUSR1);
	pthread_join(t[1], NULL);
	return 0;
}

/* threads.h: threads that have a stack of their own for the crash handler,
 * without which an overflow of their stack could not be told. */
#ifndef CNB_THREADS_H
#define CNB_THREADS_H

#include <pthread.h>
#include <stdint.h>
#include <threads.h>

typedef int threads_create_fn(pthread_t *, const pthread_attr_t *,
			      void *(*)(void *), void *);

/* What pthread_create() and thrd_create() do, through `real`. */
int threads_create(threads_create_fn *real, pthread_t *id,
		   const pthread_attr_t *attr, void *(*run)(void *), void *arg);
int threads_create_c11(threads_create_fn *real, thrd_t *id, thrd_start_t run,
		       void *arg);
/* Threads that are begun from here on belong to `cell`, but those that a thread
 * begins belong where it does. Each tells so before it runs; 0: no need. */
void threads_belong(uint32_t cell, void (*tell)(uint32_t cell));
/* Those begun here that have not come to their end. */
uint32_t threads_alive(void);

#endif

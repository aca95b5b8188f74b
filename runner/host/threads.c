/* threads.c: each thread with a stack for the crash handler. Floor 2, in
 * cnb-host and, by front.c, in program cells. Depends on libc only. */
#include "host/threads.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include "host/crash.h"
#include "host/hot.h"

/* What stands at the beginning of a thread's block; the rest of it is its
 * alternate stack. */
struct thread {
	void *(*run)(void *arg);
	int (*run_c11)(void *arg);
	void *arg;
	unsigned rounds; /* of key destructors */
	uint32_t cell;	 /* to which it belongs; 0: need not be told */
};
#define THREAD_BLOCK (CRASH_STACK + 4096)

static _Atomic uint32_t alive;
static pthread_key_t thread_key;
static pthread_once_t thread_key_once = PTHREAD_ONCE_INIT;
static uint32_t cell_of_main HOT;
static void (*tell_cell)(uint32_t cell) HOT;

/* Runs as the thread ends, in whatever way. Other keys' destructors are user
 * code that may crash: keep the stack for them until the last but one round. */
static void
thread_end(void *data)
{
	struct thread *t = data;

	if (++t->rounds < PTHREAD_DESTRUCTOR_ITERATIONS - 1 &&
	    pthread_setspecific(thread_key, t) == 0)
		return;
	atomic_fetch_sub(&alive, 1);
	if (crash_stack_leave((char *)t + sizeof *t))
		munmap(t, THREAD_BLOCK);
}

static void
make_key(void)
{
	if (pthread_key_create(&thread_key, thread_end))
		abort();
}

static struct thread *
thread_new(void *arg)
{
	struct thread *t = mmap(NULL, THREAD_BLOCK, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct thread *creator;

	if (t == MAP_FAILED)
		return NULL;
	pthread_once(&thread_key_once, make_key);
	creator = pthread_getspecific(thread_key);
	t->cell = creator ? creator->cell : cell_of_main;
	t->arg = arg;
	atomic_fetch_add(&alive, 1);
	return t;
}

static void
thread_not_begun(struct thread *t)
{
	atomic_fetch_sub(&alive, 1);
	munmap(t, THREAD_BLOCK);
}

static void
thread_begin(struct thread *t)
{
	pthread_setspecific(thread_key, t);
	crash_stack_use((char *)t + sizeof *t, THREAD_BLOCK - sizeof *t);
	if (t->cell)
		tell_cell(t->cell);
}

static void *
thread_main(void *data)
{
	struct thread *t = data;

	thread_begin(t);
	return t->run(t->arg);
}

/* As libc does it; thrd_join() takes the number from the pointer again. */
static void *
thread_main_c11(void *data)
{
	struct thread *t = data;

	thread_begin(t);
	return (void *)(intptr_t)t->run_c11(t->arg);
}

int
threads_create(threads_create_fn *real, pthread_t *id,
	       const pthread_attr_t *attr, void *(*run)(void *), void *arg)
{
	struct thread *t = thread_new(arg);
	int rc;

	if (!t) /* no memory for it: it goes without */
		return real(id, attr, run, arg);
	t->run = run;
	rc = real(id, attr, thread_main, t);
	if (rc)
		thread_not_begun(t);
	return rc;
}

int
threads_create_c11(threads_create_fn *real, thrd_t *id, thrd_start_t run,
		   void *arg)
{
	struct thread *t = thread_new(arg);
	int rc;

	if (!t)
		return thrd_nomem;
	t->run_c11 = run;
	rc = real(id, NULL, thread_main_c11, t);
	if (!rc)
		return thrd_success;
	thread_not_begun(t);
	return rc == ENOMEM ? thrd_nomem : thrd_error;
}

void
threads_belong(uint32_t cell, void (*tell)(uint32_t cell))
{
	tell_cell = tell;
	cell_of_main = cell;
}

uint32_t
threads_alive(void)
{
	return atomic_load(&alive);
}

/* c11.c: the threads and locks of <threads.h> by those of <pthread.h>, where a
 * sanitizer is linked in: in cnb-host and, within cnb-runtime.o, in program
 * cells. Sanitizers know pthreads only; a thread or a lock that the C library
 * makes past them is a crash, a race that is none, or a leak that is none.
 * Floor 2; depends on libc, whose types are those of pthreads by another name.
 *
 * All are weak: a program may have functions of these names. cnb-host without
 * a sanitizer does not export them. */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

#define OVERRIDES __attribute__((weak, visibility("default")))

_Static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t), "mtx_t");
_Static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t), "cnd_t");
_Static_assert(sizeof(once_flag) == sizeof(pthread_once_t), "once_flag");
_Static_assert(sizeof(thrd_t) == sizeof(pthread_t), "thrd_t");

static int
result(int error)
{
	switch (error) {
	case 0:
		return thrd_success;
	case ENOMEM:
		return thrd_nomem;
	case EBUSY:
		return thrd_busy;
	case ETIMEDOUT:
		return thrd_timedout;
	default:
		return thrd_error;
	}
}

static pthread_mutex_t *
mutex(mtx_t *m)
{
	return (pthread_mutex_t *)m;
}

static pthread_cond_t *
condition(cnd_t *c)
{
	return (pthread_cond_t *)c;
}

/* threads; in the host, thrd_create() is in exits.c */

#ifdef CNB_RUNTIME_OF_PROGRAM
struct start {
	thrd_start_t run;
	void *arg;
};

static void *
begin(void *data)
{
	struct start s = *(struct start *)data;

	free(data);
	return (void *)(intptr_t)s.run(s.arg);
}

OVERRIDES int
thrd_create(thrd_t *id, thrd_start_t run, void *arg)
{
	struct start *s = malloc(sizeof *s);
	int error;

	if (!s)
		return thrd_nomem;
	*s = (struct start){ run, arg };
	error = pthread_create(id, NULL, begin, s);
	if (error)
		free(s);
	return error == EAGAIN ? thrd_nomem : result(error);
}
#endif

OVERRIDES int
thrd_join(thrd_t id, int *status)
{
	void *value;
	int error = pthread_join(id, &value);

	if (!error && status)
		*status = (int)(intptr_t)value;
	return result(error);
}

OVERRIDES int
thrd_detach(thrd_t id)
{
	return result(pthread_detach(id));
}

/* locks */

OVERRIDES int
mtx_init(mtx_t *m, int type)
{
	pthread_mutexattr_t attr;
	int error = pthread_mutexattr_init(&attr);

	if (error)
		return result(error);
	if (type & mtx_recursive)
		pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	error = pthread_mutex_init(mutex(m), &attr);
	pthread_mutexattr_destroy(&attr);
	return result(error);
}

OVERRIDES void
mtx_destroy(mtx_t *m)
{
	pthread_mutex_destroy(mutex(m));
}

OVERRIDES int
mtx_lock(mtx_t *m)
{
	return result(pthread_mutex_lock(mutex(m)));
}

OVERRIDES int
mtx_trylock(mtx_t *m)
{
	return result(pthread_mutex_trylock(mutex(m)));
}

OVERRIDES int
mtx_timedlock(mtx_t *m, const struct timespec *until)
{
	return result(pthread_mutex_timedlock(mutex(m), until));
}

OVERRIDES int
mtx_unlock(mtx_t *m)
{
	return result(pthread_mutex_unlock(mutex(m)));
}

OVERRIDES int
cnd_init(cnd_t *c)
{
	return result(pthread_cond_init(condition(c), NULL));
}

OVERRIDES void
cnd_destroy(cnd_t *c)
{
	pthread_cond_destroy(condition(c));
}

OVERRIDES int
cnd_signal(cnd_t *c)
{
	return result(pthread_cond_signal(condition(c)));
}

OVERRIDES int
cnd_broadcast(cnd_t *c)
{
	return result(pthread_cond_broadcast(condition(c)));
}

OVERRIDES int
cnd_wait(cnd_t *c, mtx_t *m)
{
	return result(pthread_cond_wait(condition(c), mutex(m)));
}

OVERRIDES int
cnd_timedwait(cnd_t *c, mtx_t *m, const struct timespec *until)
{
	return result(pthread_cond_timedwait(condition(c), mutex(m), until));
}

OVERRIDES void
call_once(once_flag *once, void (*run)(void))
{
	pthread_once((pthread_once_t *)once, run);
}

/* exits.c: how a cell and its threads end. Floor 2, in cnb-host. Does not know
 * what is done about it. */

/* The checked longjmp takes a jump off a cell's own stack (makecontext) for a
 * mistake. */
#undef _FORTIFY_SOURCE

#include "host/exits.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>
#include <unistd.h>
#include <unwind.h>
#include "host/hot.h"
#include "host/plugin.h"
#include "host/threads.h"

#define EXPORTED __attribute__((visibility("default")))

static struct {
	bool (*is_cell_code)(uintptr_t code);
	uintptr_t begin, end; /* this program */
	pthread_t main;
	/* the cell that runs */
	volatile bool armed;
	pid_t owner;
	sigjmp_buf back;
	enum wire_how how;
	int status;
	int errnum; /* is the next one's, whatever we do between the two */
} exits HOT;

/* exit() */

enum verdict { UNDECIDED, IN_CELL, ELSEWHERE };

struct walk {
	bool left_us; /* past our own frames at the top */
	enum verdict verdict;
};

/* Frame by frame towards main(): ours, those of the cell, exits_call(). Another
 * of this program below the cell's is a sanitizer's, linked in, around a
 * library's function. */
static _Unwind_Reason_Code
look_at_frame(struct _Unwind_Context *context, void *data)
{
	struct walk *w = data;
	int interrupted = 0;
	uintptr_t ip = _Unwind_GetIPInfo(context, &interrupted);
	bool ours = ip - 1 >= exits.begin && ip - 1 < exits.end;

	if (interrupted) /* by a signal: the frames so far are its handler's */
		w->verdict = ELSEWHERE;
	else if (_Unwind_GetRegionStart(context) == (uintptr_t)exits_call)
		w->verdict = IN_CELL;
	else if (ours ? w->left_us : !exits.is_cell_code(ip - 1))
		w->verdict = ELSEWHERE;
	else if (!ours)
		w->left_us = true;
	return w->verdict == UNDECIDED ? _URC_NO_REASON : _URC_NORMAL_STOP;
}

/* Is it the cell itself that calls? Where unwind tables are missing (tcc), no
 * more can be known than that the thread is the right one. */
static bool
called_by_cell(void)
{
	struct walk w = { 0 };

	if (!exits.armed || getpid() != exits.owner ||
	    !pthread_equal(pthread_self(), exits.main))
		return false;
	_Unwind_Backtrace(look_at_frame, &w);
	return w.verdict != ELSEWHERE;
}

static _Noreturn void
leave(enum wire_how how, int status)
{
	exits.armed = false;
	exits.how = how;
	exits.status = status;
	siglongjmp(exits.back, 1);
}

/* libc's function of that name, or a sanitizer's around it. */
static void
next(const char *name, void *function)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (!found)
		abort();
	memcpy(function, &found, sizeof found);
}

EXPORTED _Noreturn void
exit(int status)
{
	void (*real)(int);

	if (called_by_cell())
		leave(WIRE_EXITED, status);
	next("exit", &real);
	real(status);
	abort();
}

EXPORTED _Noreturn void
pthread_exit(void *result)
{
	void (*real)(void *);

	if (called_by_cell())
		leave(WIRE_PTHREAD_EXITED, 0);
	next("pthread_exit", &real);
	real(result);
	abort();
}

__attribute__((noinline)) enum wire_how
exits_call(int (*run)(struct cell *c), struct cell *c, pid_t own, int *status)
{
	exits.owner = own;
	exits.how = WIRE_RETURNED;
	if (sigsetjmp(exits.back, 1) == 0) {
		exits.armed = true;
		errno = exits.errnum;
		exits.status = run(c);
		exits.armed = false;
	}
	exits.errnum = errno;
	*status = exits.status;
	return exits.how;
}

void
exits_init(bool (*is_cell_code)(uintptr_t code))
{
	exits.is_cell_code = is_cell_code;
	exits.main = pthread_self();
	object_around((uintptr_t)&exits, &exits.begin, &exits.end);
}

/* threads */

/* A sanitizer linked into this program: dlsym() would pass it over. */
extern threads_create_fn __interceptor_pthread_create __attribute__((weak));

static threads_create_fn *
real_create(void)
{
	threads_create_fn *real = __interceptor_pthread_create;

	if (!real)
		next("pthread_create", &real);
	return real;
}

EXPORTED int
pthread_create(pthread_t *id, const pthread_attr_t *attr, void *(*run)(void *),
	       void *arg)
{
	return threads_create(real_create(), id, attr, run, arg);
}

/* By pthread_create(), which sanitizers know; libc's goes past them. */
EXPORTED int
thrd_create(thrd_t *id, thrd_start_t run, void *arg)
{
	return threads_create_c11(real_create(), id, run, arg);
}

/* front.c: the one object that is linked in front of a program cell. Its
 * constructor makes stdout line-buffered, as on a terminal (with full buffers,
 * a fork would print the text twice), and installs the crash reporter where cnb
 * gave it a socket. Depends on libc only and adds no name that a program could
 * use: it is one file, with crash.c and threads.c in it. The linker is asked to
 * let the program's pthread_create() and thrd_create() come by here. */
#define crash_report_to cnb__crash_report_to
#define crash_catch cnb__crash_catch
#define crash_name cnb__crash_name
#define crash_files_full cnb__crash_files_full
#define crash_tell_full cnb__crash_tell_full
#define crash_tell_report cnb__crash_tell_report
#define crash_be_quiet cnb__crash_be_quiet
#define crash_stack_use cnb__crash_stack_use
#define crash_stack_leave cnb__crash_stack_leave
#define threads_create cnb__threads_create
#define threads_create_c11 cnb__threads_create_c11
#define threads_alive cnb__threads_alive
#define threads_belong cnb__threads_belong
#include "host/crash.c"
#include "host/threads.c"

#include <stdio.h>
#include <stdlib.h>

static char stack[CRASH_STACK] __attribute__((aligned(16)));

/* The socket that cnb left open for us, or -1. */
static int
reporting_socket(void)
{
	const char *text = getenv(WIRE_ENV_CRASH_FD);
	int fd = -1, type;
	socklen_t size = sizeof type;
	char *end;
	long n;

	if (!text)
		return -1;
	n = strtol(text, &end, 10);
	if (end != text && !*end && n > STDERR_FILENO && n < 1 << 20 &&
	    !getsockopt((int)n, SOL_SOCKET, SO_TYPE, &type, &size) &&
	    type == SOCK_SEQPACKET)
		fd = (int)n;
	unsetenv(WIRE_ENV_CRASH_FD); /* it is no child's business */
	return fd;
}

/* Once in a library of their own, which not every program has. */
#pragma weak pthread_key_create
#pragma weak pthread_setspecific
#pragma weak pthread_getspecific
#pragma weak pthread_once
threads_create_fn __real_pthread_create __attribute__((weak));
threads_create_fn __wrap_pthread_create;
extern __typeof__(thrd_create) __real_thrd_create __attribute__((weak));
extern __typeof__(thrd_create) __wrap_thrd_create;

__attribute__((visibility("hidden"))) int
__wrap_pthread_create(pthread_t *id, const pthread_attr_t *attr,
		      void *(*run)(void *), void *arg)
{
	return threads_create(__real_pthread_create, id, attr, run, arg);
}

/* By its own way: a program with it alone has no pthread_create(). */
static int
create_c11(pthread_t *id, const pthread_attr_t *attr, void *(*run)(void *),
	   void *arg)
{
	thrd_start_t start;
	int rc;

	(void)attr;
	memcpy(&start, &run, sizeof start);
	rc = __real_thrd_create(id, start, arg);
	return rc == thrd_nomem ? ENOMEM : rc;
}

__attribute__((visibility("hidden"))) int
__wrap_thrd_create(thrd_t *id, thrd_start_t run, void *arg)
{
	return threads_create_c11(create_c11, id, run, arg);
}

__attribute__((constructor)) static void
begin(void)
{
	int fd = reporting_socket();

	setvbuf(stdout, NULL, _IOLBF, 0);
	/* Its file has the name of a cache entry, its argv[0] the cell's. */
	crash_name(program_invocation_short_name);
	if (fd < 0)
		return;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	crash_report_to(fd);
	crash_stack_use(stack, sizeof stack);
	crash_catch();
}

__attribute__((destructor)) static void
end(void)
{
	crash_tell_full();
}

/* leaks.c: a leak check after each cell. Floor 2, in cnb-host. The sanitizer
 * tells again whatever leaked before; so its report is caught, what it names is
 * marked as not to be named again, and the report goes on to the cell. */
#include "host/leaks.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "host/crash.h"
#include "host/hot.h"
#include "host/room.h"

/* The runtime's own interface; not there in a host without one. */
extern int __lsan_do_recoverable_leak_check(void) __attribute__((weak));
extern void __lsan_ignore_object(const void *at) __attribute__((weak));
extern void __sanitizer_set_report_fd(void *fd) __attribute__((weak));

/* Between these two the report lists, under a stack, the objects that were
 * allocated there (report_objects=1, in runtime.c). */
#define OBJECTS "Objects leaked above:\n"

static bool usable;
static bool unasked HOT; /* cells ran that were not asked */

static void
report_to(intptr_t fd)
{
	__sanitizer_set_report_fd((void *)fd);
}

/* In a child, so that its sudden end tells us and does no harm; without
 * SIGCHLD, so that no handler hears of it. */
void
leaks_init(void)
{
	int status = -1;
	long pid;

	if (!__lsan_do_recoverable_leak_check || !__lsan_ignore_object ||
	    !__sanitizer_set_report_fd)
		return;
	pid = syscall(SYS_clone, 0L, NULL, NULL, NULL, NULL);
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		if (null < 0)
			_exit(1);
		dup2(null, STDERR_FILENO);
		__lsan_do_recoverable_leak_check();
		_exit(0);
	}
	if (pid > 0 && waitpid((pid_t)pid, &status, __WALL) == pid)
		usable = WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* What the cell's dead frames still hold would pass for pointers. */
static __attribute__((noinline)) void
clear_dead_frames(void)
{
	char frames[32768];

	memset(frames, 0, sizeof frames);
	__asm__ volatile("" ::"r"(frames) : "memory");
}

static void
put_all(const char *at, size_t n)
{
	while (n) {
		ssize_t done = write(STDERR_FILENO, at, n);

		if (done <= 0)
			return;
		at += done;
		n -= (size_t)done;
	}
}

/* "0x602000000010 (40 bytes)\n" for each object; -> behind the last. */
static char *
ignore_objects(char *at)
{
	while (!strncmp(at, "0x", 2)) {
		uintptr_t object = (uintptr_t)strtoull(at, NULL, 16);

		__lsan_ignore_object((const void *)object);
		at += strcspn(at, "\n");
		at += *at == '\n';
	}
	return *at == '\n' ? at + 1 : at;
}

static void
tell_all(const char *text)
{
	put_all(text, strlen(text));
	crash_tell_report(text);
}

static void
pass_on(char *text, bool tell)
{
	char *objects;

	while ((objects = strstr(text, OBJECTS))) {
		*objects = '\0';
		if (tell)
			tell_all(text);
		*objects = OBJECTS[0];
		text = ignore_objects(objects + strlen(OBJECTS));
	}
	if (tell)
		tell_all(text);
}

static void
read_report(int fd, bool tell)
{
	struct room room = { 0 };
	off_t size = lseek(fd, 0, SEEK_END);

	if (size <= 0 || room_reserve(&room, (size_t)size + 1))
		return;
	if (pread(fd, room.at, (size_t)size, 0) == size)
		pass_on(room.at, tell);
	room_release(&room);
}

static void
look(bool tell)
{
	int fd, found;

	fd = memfd_create("leaks", MFD_CLOEXEC);
	if (fd < 0) /* a cell has used up all: then it is told next time */
		return;
	clear_dead_frames();
	report_to(fd);
	crash_be_quiet(true);
	found = __lsan_do_recoverable_leak_check();
	crash_be_quiet(false);
	report_to(STDERR_FILENO);
	if (found)
		read_report(fd, tell);
	close(fd);
}

void
leaks_before_cell(bool asked)
{
	if (asked && unasked && usable)
		look(false);
	unasked = !asked;
}

void
leaks_after_cell(bool asked)
{
	static const char why[] =
		"cnb: leaks are not looked for here: no process may trace "
		"another\n";
	static bool told;

	if (asked && usable)
		look(true);
	else if (asked && !told)
		put_all(why, strlen(why));
	if (asked)
		told = true;
}

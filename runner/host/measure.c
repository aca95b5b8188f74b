/* measure.c: times, peak memory and threads of one cell. Floor 2, in cnb-host.
 * Allocates nothing. */
#include "host/measure.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "host/crash.h"
#include "host/descriptors.h"
#include "host/hot.h"
#include "host/threads.h"

/* A thread that was joined is in /proc for a moment more: look so often again,
 * at first at once, then after short naps. */
#define LOOKS 20
#define LOOKS_AT_ONCE 10
#define NAP_NS 50000

static struct {
	int64_t began_ns, stopped_ns, cpu_ns;
	struct rusage children; /* before the cell, and then after it */
	long peak_kb;		/* of the process, when the cell ended */
	bool had_children;	/* they differ */
	bool has_helper;	/* the thread sanitizer's thread */
	/* What getrusage() said before any cell. It counts the program that
	 * ran in this process before exec: only what is above is ours. */
	long inherited_kb;
} measure HOT;

extern void __tsan_init(void) __attribute__((weak));

static int64_t
clock_ns(clockid_t clock)
{
	struct timespec t = { 0 };

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t
timeval_ns(struct timeval t)
{
	return ((int64_t)t.tv_sec * 1000000 + t.tv_usec) * 1000;
}

static int64_t
cpu_of(const struct rusage *usage)
{
	return timeval_ns(usage->ru_utime) + timeval_ns(usage->ru_stime);
}

/* To a microsecond; it tells of the peak as well. */
static int64_t
own_cpu_ns(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	measure.peak_kb = usage.ru_maxrss;
	return cpu_of(&usage);
}

static long
field(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtol(at + strlen(name), NULL, 10) : 0;
}

static int64_t
read_peak(void)
{
	static char text[4096];
	ssize_t n;
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return field(text, "\nVmHWM:");
}

/* Forget the peak so far. Where that is not granted, the peak of the session
 * is what can be told. */
static void
reset_peak(void)
{
	int fd = own_fd(OWN_PEAK, NULL);

	if (fd >= 0 && write(fd, "5", 1) < 0)
		(void)0;
}

static int64_t
peak_kb(void)
{
	int64_t kb = 0;

	if (measure.peak_kb <= measure.inherited_kb)
		kb = read_peak();
	return kb ? kb : measure.peak_kb;
}

/* Begun here or in another way; 0: the kernel does not tell. */
static uint32_t
count_threads(void)
{
	struct stat st;

	/* A folder has a link for each folder in it, and two. */
	if (own_fd(OWN_TASKS, &st) < 0 || st.st_nlink < 3)
		return 0;
	return (uint32_t)st.st_nlink - 2;
}

/* With a thread of the sanitizer's own, those that were begun through us are
 * all that can be told. */
uint32_t
measure_threads(void)
{
	uint32_t n = measure.has_helper ? 0 : count_threads();

	return n ? n : 1 + threads_alive();
}

void
measure_init(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	measure.inherited_kb = usage.ru_maxrss;
	/* Linked in or preloaded: else its plugins are refused. */
	measure.has_helper = __tsan_init || dlsym(RTLD_DEFAULT, "__tsan_init");
}

void
measure_copied(void)
{
	measure.inherited_kb = 0;
}

void
measure_begin(void)
{
	reset_peak();
	/* Else nobody was waited for since the last cell. */
	if (!descriptors_are_sure())
		getrusage(RUSAGE_CHILDREN, &measure.children);
	measure.cpu_ns = own_cpu_ns() + cpu_of(&measure.children);
	measure.began_ns = clock_ns(CLOCK_MONOTONIC);
}

void
measure_stop(void)
{
	struct rusage before = measure.children;

	measure.stopped_ns = clock_ns(CLOCK_MONOTONIC);
	getrusage(RUSAGE_CHILDREN, &measure.children);
	measure.cpu_ns =
		own_cpu_ns() + cpu_of(&measure.children) - measure.cpu_ns;
	/* Whoever lived has touched pages. */
	measure.had_children = before.ru_minflt != measure.children.ru_minflt ||
			       before.ru_majflt != measure.children.ru_majflt;
}

bool
measure_children(void)
{
	siginfo_t info;

	return measure.had_children ||
	       waitid(P_ALL, 0, &info,
		      WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) == 0;
}

void
measure_end(struct wire_done *done)
{
	struct timespec nap = { .tv_nsec = NAP_NS };
	uint32_t threads = measure_threads();
	int i;

	/* More than were begun here and have not ended: made in another way,
	 * or on their way out. */
	for (i = 0; i < LOOKS && threads > 1 + threads_alive(); i++) {
		if (i < LOOKS_AT_ONCE)
			sched_yield();
		else
			nanosleep(&nap, NULL);
		threads = measure_threads();
	}
	if (done->status) /* else nobody asks */
		done->files = crash_files_full();
	done->duration_ns = measure.stopped_ns - measure.began_ns;
	done->ended_ns = measure.stopped_ns;
	done->cpu_ns = measure.cpu_ns;
	done->max_rss_kb = peak_kb();
	done->threads_left = threads - 1;
}

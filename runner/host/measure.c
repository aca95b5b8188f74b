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
#include <time.h>
#include <unistd.h>
#include "host/crash.h"
#include "host/threads.h"

/* A thread that was joined is in /proc for a moment more: look so often again,
 * at first at once, then after short naps. */
#define LOOKS 20
#define LOOKS_AT_ONCE 10
#define NAP_NS 50000

static struct {
	int64_t began_ns, stopped_ns, cpu_ns;
} measure;

extern void __tsan_init(void) __attribute__((weak));

/* What /proc/self/status says; 0 where it does not. */
struct status {
	int64_t peak_kb;
	uint32_t threads;
};

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
cpu_ns(void)
{
	struct rusage children;

	getrusage(RUSAGE_CHILDREN, &children);
	return clock_ns(CLOCK_PROCESS_CPUTIME_ID) +
	       timeval_ns(children.ru_utime) + timeval_ns(children.ru_stime);
}

static long
field(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtol(at + strlen(name), NULL, 10) : 0;
}

static struct status
read_status(void)
{
	static char text[4096];
	struct status s = { 0 };
	ssize_t n;
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return s;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	s.peak_kb = field(text, "\nVmHWM:");
	s.threads = (uint32_t)field(text, "\nThreads:");
	return s;
}

/* Forget the peak so far. Where that is not granted, the peak of the session
 * is what can be told. */
static void
reset_peak(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "5", 1) < 0)
		(void)0;
	close(fd);
}

/* The thread sanitizer has a thread of its own; then those that were begun
 * through us are all there can be. */
static bool
has_helper_thread(void)
{
	return __tsan_init || dlsym(RTLD_DEFAULT, "__tsan_init");
}

uint32_t
measure_threads(void)
{
	struct stat st;

	/* A folder has a link for each folder in it, and two. */
	if (has_helper_thread() || stat("/proc/self/task", &st) < 0 ||
	    st.st_nlink < 3)
		return 1 + threads_alive();
	return (uint32_t)st.st_nlink - 2;
}

void
measure_begin(void)
{
	reset_peak();
	measure.cpu_ns = cpu_ns();
	measure.began_ns = clock_ns(CLOCK_MONOTONIC);
}

void
measure_stop(void)
{
	measure.stopped_ns = clock_ns(CLOCK_MONOTONIC);
	measure.cpu_ns = cpu_ns() - measure.cpu_ns;
}

void
measure_end(struct wire_done *done)
{
	struct timespec nap = { .tv_nsec = NAP_NS };
	struct status s = read_status();
	struct rusage usage;
	int i;

	if (s.threads > 1 && has_helper_thread())
		s.threads = 1 + threads_alive();
	/* More than were begun here and have not ended: made in another way,
	 * or on their way out. */
	for (i = 0; i < LOOKS && s.threads > 1 + threads_alive(); i++) {
		if (i < LOOKS_AT_ONCE)
			sched_yield();
		else
			nanosleep(&nap, NULL);
		s = read_status();
	}
	done->files = crash_files_full();
	done->duration_ns = measure.stopped_ns - measure.began_ns;
	done->cpu_ns = measure.cpu_ns;
	if (s.peak_kb) {
		done->max_rss_kb = s.peak_kb;
	} else {
		getrusage(RUSAGE_SELF, &usage);
		done->max_rss_kb = usage.ru_maxrss;
	}
	done->threads_left = s.threads ? s.threads - 1 : threads_alive();
}

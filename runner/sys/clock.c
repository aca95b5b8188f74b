/* clock.c: the two clocks. Floor 1. */
#include "sys/clock.h"

#include <time.h>

static int64_t stopped_mono = -1, stopped_real = -1;

static int64_t
now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

int64_t
clock_mono_ns(void)
{
	return stopped_mono >= 0 ? stopped_mono : now(CLOCK_MONOTONIC);
}

int64_t
clock_after_ms(int64_t ms)
{
	return clock_mono_ns() + ms * NS_PER_MS;
}

int64_t
clock_real_ns(void)
{
	return stopped_real >= 0 ? stopped_real : now(CLOCK_REALTIME);
}

void
clock_stop_at(int64_t mono_ns, int64_t real_ns)
{
	stopped_mono = mono_ns;
	stopped_real = real_ns;
}

/* A tick takes ten milliseconds at most. */
#define NAP_NS (NS_PER_MS / 4)
#define NAPS_MOST 80

void
clock_await_tick(void)
{
	const int64_t was = now(CLOCK_REALTIME_COARSE);

	for (int i = 0; i < NAPS_MOST && now(CLOCK_REALTIME_COARSE) == was; i++)
		clock_sleep_ns(NAP_NS);
}

void
clock_sleep_ns(int64_t ns)
{
	struct timespec t = { .tv_sec = ns / NS_PER_S,
			      .tv_nsec = ns % NS_PER_S };

	nanosleep(&t, NULL);
}

/* clock.h: the two clocks. Tests may stop them. */
#ifndef CNB_CLOCK_H
#define CNB_CLOCK_H

#include <stdint.h>

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

int64_t clock_mono_ns(void);	    /* CLOCK_MONOTONIC, for durations */
int64_t clock_after_ms(int64_t ms); /* that time, so much later */
int64_t clock_real_ns(void);	    /* CLOCK_REALTIME, since 1970 */
void clock_sleep_ns(int64_t ns);
/* Until a file that is written bears another time than one that was written
 * before: some milliseconds at most. */
void clock_await_tick(void);
/* From now on both clocks stand at these times (for tests); -1: run again. */
void clock_stop_at(int64_t mono_ns, int64_t real_ns);

#endif

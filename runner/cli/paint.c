/* paint.c: what the views on a terminal have in common. Floor 4. */
#include "cli/paint.h"

#include <inttypes.h>
#include "sys/clock.h"

const char *const paint_status[STATUS_COUNT] = {
	[STATUS_OK] = GREEN,	       [STATUS_FAILED] = RED,
	[STATUS_CRASHED] = RED,	       [STATUS_TIMEOUT] = RED,
	[STATUS_LIMIT] = RED,	       [STATUS_BUILD_ERROR] = RED,
	[STATUS_INTERRUPTED] = YELLOW, [STATUS_SKIPPED] = DIM,
	[STATUS_NOT_RUN] = DIM,
};

void
paint_duration(struct buf *out, int64_t ns)
{
	if (ns < NS_PER_S)
		buf_addf(out, "%.1f ms", (double)ns / NS_PER_MS);
	else if (ns < 60 * NS_PER_S)
		buf_addf(out, "%.2f s", (double)ns / NS_PER_S);
	else
		buf_addf(out, "%" PRId64 " min %02" PRId64 " s",
			 ns / (60 * NS_PER_S), ns / NS_PER_S % 60);
}

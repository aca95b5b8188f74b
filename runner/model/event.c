/* event.c: the names of what events carry. Floor 1. */
#include "model/event.h"

static const struct {
	const char *name;
	bool bad;
} statuses[STATUS_COUNT] = {
	[STATUS_OK] = { "ok", false },
	[STATUS_FAILED] = { "failed", true },
	[STATUS_CRASHED] = { "crashed", true },
	[STATUS_TIMEOUT] = { "timeout", true },
	[STATUS_LIMIT] = { "limit", true },
	[STATUS_BUILD_ERROR] = { "build-error", true },
	[STATUS_INTERRUPTED] = { "interrupted", true },
	[STATUS_SKIPPED] = { "skipped", false },
	[STATUS_NOT_RUN] = { "not-run", false },
};

static const char *const streams[STREAM_COUNT] = {
	[STREAM_STDOUT] = "stdout",
	[STREAM_STDERR] = "stderr",
};

const char *
cell_status_name(enum cell_status status)
{
	return statuses[status].name;
}

bool
cell_status_from_name(const char *name, enum cell_status *status)
{
	for (size_t i = 0; i < countof(statuses); i++) {
		if (strcmp(statuses[i].name, name) != 0)
			continue;
		*status = (enum cell_status)i;
		return true;
	}
	return false;
}

bool
cell_status_is_bad(enum cell_status status)
{
	return statuses[status].bad;
}

const char *
stream_name(enum stream stream)
{
	return streams[stream];
}

/* filelimit.c: RLIMIT_NOFILE. Floor 1. */
#include "sys/filelimit.h"

#include <stdbool.h>
#include <sys/resource.h>

static struct rlimit given;
static bool is_raised;

void
filelimit_raise(void)
{
	struct rlimit all;

	if (getrlimit(RLIMIT_NOFILE, &given) < 0)
		return;
	all = given;
	all.rlim_cur = all.rlim_max;
	is_raised = setrlimit(RLIMIT_NOFILE, &all) == 0;
}

size_t
filelimit(void)
{
	struct rlimit now;

	return getrlimit(RLIMIT_NOFILE, &now) < 0 ? 0 : (size_t)now.rlim_cur;
}

void
filelimit_restore(void)
{
	if (is_raised)
		setrlimit(RLIMIT_NOFILE, &given);
}

/* namespaces.c: see namespaces.h. Floor 2, in cnb-host. Allocates nothing. */
#include "host/namespaces.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include "host/names.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Files of /proc/self/ns; an older kernel lacks some. */
static const char *const kinds[] = {
	"mnt",	"uts",
	"ipc",	"net",
	"pid",	"pid_for_children",
	"user", "cgroup",
	"time", "time_for_children",
};

static ino_t began_in[COUNT(kinds)]; /* 0: it has none of that kind */
static bool may_leave;

static ino_t
look(const char *kind)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof path, "/proc/self/ns/%s", kind);
	return stat(path, &st) ? 0 : st.st_ino;
}

void
namespaces_begin(void)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		began_in[i] = look(kinds[i]);
}

void
namespaces_loaded(void *handle)
{
	if (!may_leave &&
	    (names_have(handle, "unshare") || names_have(handle, "setns") ||
	     names_have(handle, "syscall")))
		may_leave = true;
}

const char *
namespaces_left(void)
{
	/* Where there is a /proc, this one is always told. */
	if (may_leave && !look("mnt"))
		return "";
	for (size_t i = 0; may_leave && i < COUNT(kinds); i++)
		if (look(kinds[i]) != began_in[i])
			return kinds[i];
	return NULL;
}

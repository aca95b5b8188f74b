/* parent.c: the process that holds us. Floor 2, in cnb-host. */
#include "host/parent.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "host/bare.h"
#include "host/descriptors.h"

#ifndef SYS_process_mrelease
#define SYS_process_mrelease 448
#endif

void
parent_tie(int sig)
{
	pid_t parent = getppid();

	prctl(PR_SET_PDEATHSIG, sig);
	if (getppid() != parent)
		_exit(0);
}

/* To free a process's memory ahead of its death is refused to one that is not
 * dying, and is nothing that a dying one could mind. */
bool
parent_is_ending(void)
{
	int fd = own_fd(OWN_PARENT, NULL);
	long rc;

	if (fd < 0)
		return false;
	rc = bare(SYS_process_mrelease, fd, 0, 0, 0, 0, 0);
	return rc == 0 || rc == -ESRCH;
}

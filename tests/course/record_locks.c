/* fcntl and flock between processes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/locks.XXXXXX";
	int fd = mkstemp(name);
	struct flock all = { .l_type = F_WRLCK };

	fcntl(fd, F_SETLK, &all);
	if (fork() == 0) {
		struct flock ask = { .l_type = F_WRLCK };
		int other = open(name, O_RDWR);

		printf("taken: %s\n", fcntl(other, F_SETLK, &all) ? strerror(errno) : "no");
		fcntl(other, F_GETLK, &ask);
		printf("by the parent: %d\n", ask.l_pid == getppid());
		printf("flock: %d\n", flock(other, LOCK_EX | LOCK_NB));
		return 0;
	}
	wait(NULL);
	unlink(name);
}

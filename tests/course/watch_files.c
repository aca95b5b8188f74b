                       
                                              
                                                          
//
//
//
//
//
                       
                                              
                                                          
//
//
//
//
//
                       
                                              
                                                          
//
//
//
//
//
                       
                                              
                                                          
//
//
//
//
//
/* inotify, flock between two processes, a file's holes, rename over it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	char dir[] = "/tmp/watchXXXXXX", buf[4096]
		__attribute__((aligned(8)));
	int in, fd, p[2];
	struct stat st;
	ssize_t n;

	if (!mkdtemp(dir) || chdir(dir))
		return 1;
	in = inotify_init1(IN_CLOEXEC);
	inotify_add_watch(in, ".", IN_CREATE | IN_MOVED_TO | IN_DELETE);
	fd = open("a", O_RDWR | O_CREAT, 0644);
	pwrite(fd, "x", 1, 1 << 20);
	fstat(fd, &st);
	printf("%ld bytes, holes: %s\n", (long)st.st_size,
	       st.st_blocks * 512 < st.st_size ? "yes" : "no");
	printf("data begins at %s\n",
	       lseek(fd, 0, SEEK_DATA) > 0 ? "the end" : "0");
	pipe(p);
	flock(fd, LOCK_EX);
	if (fork() == 0) {
		int mine = open("a", O_RDWR), rc;

		rc = flock(mine, LOCK_EX | LOCK_NB);
		printf("child: %d %s\n", rc, strerror(errno));
		close(p[0]);
		close(p[1]);
		flock(mine, LOCK_EX);
		printf("child has it\n");
		_exit(0);
	}
	close(p[1]);
	read(p[0], buf, 1);
	flock(fd, LOCK_UN);
	wait(NULL);
	rename("a", "b");
	unlink("b");
	n = read(in, buf, sizeof buf);
	for (char *at = buf; at < buf + n;) {
		struct inotify_event *e = (void *)at;

		printf("%s %s\n",
		       e->mask & IN_CREATE	 ? "create"
		       : e->mask & IN_MOVED_TO ? "moved to"
						 : "delete",
		       e->name);
		at += sizeof *e + e->len;
	}
	chdir("/");
	rmdir(dir);
	return 0;
}

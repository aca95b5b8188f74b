/* Mapped files, shared and private, grown and truncated. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	char name[] = "/tmp/mmap.XXXXXX", back[16] = "";
	int fd = mkstemp(name), status;

	unlink(name);
	ftruncate(fd, 8192);
	char *shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *own = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	int *count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	strcpy(shared, "shared");
	own[0] = 'S';
	pread(fd, back, 6, 0);
	printf("%s %s %s\n", back, shared, own);
	for (int i = 0; i < 4; i++)
		if (fork() == 0) {
			__atomic_fetch_add(count, i, __ATOMIC_SEQ_CST);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	printf("count %d\n", *count);
	if (fork() == 0) {
		ftruncate(fd, 4096);
		return shared[5000];
	}
	wait(&status);
	printf("beyond the file: %s\n", strsignal(WTERMSIG(status)));
}

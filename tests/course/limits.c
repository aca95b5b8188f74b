/* setrlimit: descriptors, file size, core, stack, address space. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void in_child(const char *what, void (*run)(void))
{
	int s;

	fflush(stdout);
	if (fork() == 0) {
		run();
		exit(0);
	}
	wait(&s);
	if (WIFSIGNALED(s))
		printf("%s: %s\n", what, strsignal(WTERMSIG(s)));
	else
		printf("%s: exit %d\n", what, WEXITSTATUS(s));
}

static void set(int which, rlim_t n)
{
	setrlimit(which, &(struct rlimit){ n, n });
}

static void files(void)
{
	int n = 0;

	set(RLIMIT_NOFILE, 20);
	while (open("/dev/null", O_RDONLY) >= 0)
		n++;
	printf("%d more, then %s\n", n, strerror(errno));
}

static void size(void)
{
	char name[] = "/tmp/limits.XXXXXX";
	int fd = mkstemp(name);

	unlink(name);
	set(RLIMIT_FSIZE, 10);
	printf("wrote %zd\n", write(fd, "0123456789abc", 13));
	fflush(stdout);
	write(fd, "x", 1);
}

static void cpu(void)
{
	set(RLIMIT_CPU, 1);
	for (volatile int i = 0;; i++)
		;
}

static void memory(void)
{
	set(RLIMIT_AS, 64 << 20);
	printf("malloc %s\n", malloc(256 << 20) ? "works" : strerror(errno));
}

static int deeper(int n)
{
	volatile char frame[1024];

	frame[0] = (char)n;
	return deeper(n + 1) + frame[0];
}

static void stack(void)
{
	deeper(0);
}

int main(void)
{
	struct rlimit core;

	getrlimit(RLIMIT_CORE, &core);
	printf("core files: %d\n", core.rlim_cur != 0);
	in_child("files", files);
	in_child("size", size);
	in_child("cpu", cpu);
	in_child("memory", memory);
	in_child("stack", stack);
}

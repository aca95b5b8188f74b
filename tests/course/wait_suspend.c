                        
                                                
                                                            
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
/* SIGCHLD and sigsuspend: three children, reaped whenever one has ended; one that
 * stopped is continued. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t hints;

static void on_child(int sig)
{
	(void)sig;
	hints++;
}

int main(void)
{
	struct sigaction sa = { .sa_handler = on_child, .sa_flags = SA_RESTART };
	sigset_t block, old;
	int left = 3, code[3] = { 0 };
	pid_t pid[3];
	siginfo_t info;

	sigaction(SIGCHLD, &sa, NULL);
	sigemptyset(&block);
	sigaddset(&block, SIGCHLD);
	sigprocmask(SIG_BLOCK, &block, &old);
	for (int i = 0; i < 3; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			sigprocmask(SIG_SETMASK, &old, NULL);
			if (i == 2)
				raise(SIGSTOP);
			if (i == 1)
				abort();
			_exit(10 + i);
		}
	}
	waitid(P_PID, (id_t)pid[2], &info, WSTOPPED);
	printf("stopped by %s\n", strsignal(info.si_status));
	kill(pid[2], SIGCONT);
	while (left) {
		int status;
		pid_t p;

		while ((p = waitpid(-1, &status, WNOHANG)) > 0) {
			for (int i = 0; i < 3; i++)
				if (pid[i] == p)
					code[i] = WIFEXITED(status)
							  ? WEXITSTATUS(status)
							  : -WTERMSIG(status);
			left--;
		}
		if (left)
			sigsuspend(&old);
	}
	printf("%d %d %d\n", code[0], code[1], code[2]);
	errno = 0;
	printf("%d, no child: %d\n", wait(NULL), errno == ECHILD);
	return 0;
}

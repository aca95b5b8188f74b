/* counted.c: how many system calls a command makes, with all that it starts.
 *
 *	counted FILE COMMAND...
 *
 * runs it and writes the number to FILE; its exit status is the command's, or
 * 126 where nobody may be traced. Counts do not change with the machine's
 * speed, or little.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
			    PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
			    PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;

static pid_t
start(char **argv)
{
	pid_t pid = fork();

	if (pid == 0) {
		raise(SIGSTOP);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, NULL, WUNTRACED) < 0 ||
	    ptrace(PTRACE_SEIZE, pid, 0, options)) {
		perror("counted");
		exit(126);
	}
	kill(pid, SIGCONT);
	return pid;
}

/* The process goes on after this stop. */
static void
go_on(pid_t pid, int status)
{
	int sig = WSTOPSIG(status), event = status >> 16;

	if (event == PTRACE_EVENT_STOP && sig != SIGTRAP)
		ptrace(PTRACE_LISTEN, pid, 0, 0); /* it is stopped as asked */
	else
		ptrace(PTRACE_SYSCALL, pid, 0,
		       event || sig == (SIGTRAP | 0x80) ? 0L : (long)sig);
}

int
main(int argc, char **argv)
{
	long stops = 0; /* before a call, and after it */
	int status, result = 1;
	FILE *out;
	pid_t first, pid;

	if (argc < 3) {
		fprintf(stderr, "usage: see the top of counted.c\n");
		return 2;
	}
	first = start(argv + 2);
	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (pid < 0)
			continue;
		if (WIFSTOPPED(status)) {
			stops += WSTOPSIG(status) == (SIGTRAP | 0x80);
			go_on(pid, status);
		} else if (pid == first) {
			result = WIFEXITED(status) ? WEXITSTATUS(status) : 125;
		}
	}
	out = fopen(argv[1], "w");
	if (!out || fprintf(out, "%ld\n", stops / 2) < 0 || fclose(out))
		return 126;
	return result;
}

                           
                                                      
                                                                  
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
/* forkpty: a shell behind a terminal of its own; its modes, its size, Ctrl-C. */
#define _GNU_SOURCE
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

int main(void)
{
	struct winsize size = { .ws_row = 7, .ws_col = 33 };
	char text[4096] = "";
	size_t used = 0;
	int fd, status;
	pid_t pid = forkpty(&fd, NULL, NULL, &size);

	if (pid == 0) {
		execl("/bin/sh", "sh", "-c",
		      "stty -echo -onlcr; stty size; test -t 0 && echo terminal; "
		      "trap 'echo interrupted; exit 9' INT; echo ready; "
		      "while :; do sleep 0.01; done",
		      (char *)NULL);
		_exit(127);
	}
	while (!strstr(text, "ready")) {
		ssize_t n = read(fd, text + used, sizeof text - used - 1);

		if (n <= 0)
			break;
		used += (size_t)n;
	}
	write(fd, "\003", 1);
	for (ssize_t n;
	     (n = read(fd, text + used, sizeof text - used - 1)) > 0;)
		used += (size_t)n;
	waitpid(pid, &status, 0);
	for (char *at = text; *at; at++)
		if (*at != '\r')
			putchar(*at == '\003' || *at == '^' ? '.' : *at);
	printf("exit %d\n", WEXITSTATUS(status));
	return 0;
}

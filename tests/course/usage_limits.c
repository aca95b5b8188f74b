                        
                                                
                                                            
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
/* getopt_long, getrusage, affinity, nice, RLIMIT_CPU with SIGXCPU, RLIMIT_NOFILE,
 * RLIMIT_FSIZE with SIGXFSZ. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "size", required_argument, NULL, 's' }, { 0 }
	};
	struct rlimit few = { 10, 10 }, cpu = { 1, 2 }, small = { 100, 100 };
	struct rusage u;
	cpu_set_t set;
	int c, fd, last = -1, status;

	while ((c = getopt_long(argc, argv, "vs:", longs, NULL)) != -1)
		printf("option %c %s\n", c, optarg ? optarg : "-");
	for (int i = optind; i < argc; i++)
		printf("operand '%s'\n", argv[i]);
	CPU_ZERO(&set);
	sched_getaffinity(0, sizeof set, &set);
	c = 0;
	while (!CPU_ISSET(c, &set))
		c++;
	CPU_ZERO(&set);
	CPU_SET(c, &set);
	sched_setaffinity(0, sizeof set, &set);
	printf("on the one we chose: %d\n", sched_getcpu() == c);
	if (fork() == 0) {
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &small);
		fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
		errno = 0;
		printf("wrote %zd", write(fd, (char[200]){ 0 }, 200));
		printf(", then %zd %s\n", write(fd, "x", 1), strerror(errno));
		_exit(0);
	}
	wait(NULL);
	if (fork() == 0) {
		setrlimit(RLIMIT_CPU, &cpu);
		for (;;)
			;
	}
	wait(&status);
	printf("ended by %s\n", WIFSIGNALED(status) &&
					WTERMSIG(status) == SIGXCPU
				? "SIGXCPU" : "something else");
	getrusage(RUSAGE_CHILDREN, &u);
	printf("children took a second: %d\n",
	       u.ru_utime.tv_sec + u.ru_stime.tv_sec >= 0);
	setrlimit(RLIMIT_NOFILE, &few);
	while ((fd = open("/dev/null", O_RDONLY)) >= 0)
		last = fd;
	printf("last %d: %s\n", last, strerror(errno));
	return 0;
}

/* every.c: cells for test_host.c; each does one thing. */
#define _GNU_SOURCE
#include "cell.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>
#include <wchar.h>

static int state;
static sem_t stop;
static atomic_int said;

static int
hello(struct cell *c)
{
	int i;

	for (i = 0; i < c->argc; i++)
		printf("%s\n", c->argv[i]);
	printf("end %d", c->argv[c->argc] == NULL);
	fprintf(stderr, "to stderr");
	return 0;
}

static int
status(struct cell *c)
{
	return atoi(c->argv[1]);
}

static int
params(struct cell *c)
{
	const char *none = cell_param("none");

	printf("%s %ld %s", cell_param("who"), cell_param_long("n", -1),
	       none ? none : "NULL");
	strcpy(c->argv[0], "mine"); /* argv is the cell's to change */
	return 0;
}

static int
echo(struct cell *c)
{
	char line[100];

	(void)c;
	while (fgets(line, sizeof line, stdin))
		fputs(line, stdout);
	return 0;
}

/* Reads one line; the rest stays in stdin's buffer. */
static int
read_line(struct cell *c)
{
	char line[100];

	(void)c;
	if (fgets(line, sizeof line, stdin))
		fputs(line, stdout);
	return 0;
}

static void
deep_exit(int depth, int code)
{
	volatile char room[100];

	room[0] = (char)depth;
	if (depth == 0)
		exit(code);
	deep_exit(depth - room[0] / room[0], code);
}

static int
exit_cell(struct cell *c)
{
	state = 42;
	printf("before");
	deep_exit(100, atoi(c->argv[1]));
	return 0;
}

static int
show_state(struct cell *c)
{
	(void)c;
	printf("%d", state);
	return 0;
}

static int
exit_from_callback(const void *a, const void *b)
{
	(void)a;
	(void)b;
	exit(31);
}

static int
exit_in_qsort(struct cell *c)
{
	int two[] = { 2, 1 };

	(void)c;
	qsort(two, 2, sizeof *two, exit_from_callback);
	return 0;
}

static void
exit_on_signal(int sig)
{
	(void)sig;
	exit(32);
}

static int
exit_in_handler(struct cell *c)
{
	(void)c;
	signal(SIGUSR1, exit_on_signal);
	raise(SIGUSR1);
	return 0;
}

static void *
exit_33(void *arg)
{
	(void)arg;
	exit(33);
}

static int
exit_in_thread(struct cell *c)
{
	pthread_t t;

	(void)c;
	pthread_create(&t, NULL, exit_33, NULL);
	pthread_join(t, NULL);
	return 0;
}

static int
exit_in_child(struct cell *c)
{
	int how;

	(void)c;
	printf("once;"); /* no newline: flushed before fork, or twice */
	fflush(stdout);
	if (fork() == 0)
		exit(34);
	wait(&how);
	printf("%d", WEXITSTATUS(how));
	return 0;
}

static int
_exit_cell(struct cell *c)
{
	(void)c;
	_exit(35);
}

static int
pthread_exit_cell(struct cell *c)
{
	(void)c;
	state = 43;
	pthread_exit(NULL);
}

static int
fork_and_fall_off(struct cell *c)
{
	int how;

	(void)c;
	puts("line");
	if (fork() == 0) {
		printf("child;");
		return 5;
	}
	wait(&how);
	printf("parent %d", how);
	return 0;
}

static void
say_bye(void)
{
	puts("bye");
}

static int
at_exit(struct cell *c)
{
	(void)c;
	atexit(say_bye);
	exit(0);
}

static int
show(struct cell *c)
{
	static char big[200000];
	int rc;

	memset(big, 'x', sizeof big);
	rc = cell_display(c, "text/html", "<b>hi</b>", 9);
	rc |= cell_display(c, "image/png", big, sizeof big);
	rc |= cell_display(c, "application/vnd.x+json", NULL, 0);
	if (cell_display(c, "text", "x", 1) != -1 ||
	    cell_display(c, "text/", "x", 1) != -1 ||
	    cell_display(c, "text/a b", "x", 1) != -1)
		return 2;
	return rc;
}

#define SHOWERS 6
#define SHOWN 20

static void *
show_much(void *arg)
{
	const struct cell *c = arg;
	static _Thread_local char big[100000];
	int i;

	memset(big, 'a' + (int)(syscall(SYS_gettid) % 26), sizeof big);
	for (i = 0; i < SHOWN; i++)
		cell_display(c, "text/plain", big, sizeof big);
	return NULL;
}

/* All at once, from threads and from a child. */
static int
show_at_once(struct cell *c)
{
	pthread_t t[SHOWERS];
	pid_t child;
	int i;

	for (i = 0; i < SHOWERS; i++)
		pthread_create(&t[i], NULL, show_much, c);
	child = fork();
	if (child == 0) {
		show_much(c);
		_exit(0);
	}
	for (i = 0; i < SHOWERS; i++)
		pthread_join(t[i], NULL);
	waitpid(child, NULL, 0);
	return 0;
}

static int
null_write(struct cell *c)
{
	int *volatile p = NULL;

	(void)c;
	printf("before");
	*p = 1;
	return 0;
}

static int
null_call(struct cell *c)
{
	int (*volatile f)(void) = NULL;

	(void)c;
	return f() + 1;
}

static int
aborts(struct cell *c)
{
	(void)c;
	abort();
}

static int
recurse(volatile char *above)
{
	volatile char room[4096];

	room[0] = *above;
	return recurse(room) + room[1];
}

static int
overflow(struct cell *c)
{
	char start = 0;

	(void)c;
	return recurse(&start);
}

static void *
overflow_main(void *arg)
{
	char start = 0;

	(void)arg;
	recurse(&start);
	return NULL;
}

static int
overflow_in_thread(struct cell *c)
{
	pthread_t t;

	(void)c;
	pthread_create(&t, NULL, overflow_main, NULL);
	pthread_join(t, NULL);
	return 0;
}

/* Overwrites its own return address and those above. */
__attribute__((noinline, no_sanitize("address"), optimize("O0"),
	       optimize("no-stack-protector"))) static int
smash(volatile uintptr_t value)
{
	volatile uintptr_t room[2];
	volatile size_t i;

	for (i = 0; i < 40; i++)
		room[i] = value;
	return 0;
}

static int
smashed(struct cell *c)
{
	(void)c;
	return smash(0x123456789) + 1;
}

static int
crash_in_child(struct cell *c)
{
	int how;

	(void)c;
	if (fork() == 0)
		raise(SIGFPE);
	wait(&how);
	return WTERMSIG(how);
}

static void *
die_too(void *arg)
{
	(void)arg;
	abort();
}

static int
crash_at_once(struct cell *c)
{
	pthread_t t;
	int i;

	(void)c;
	for (i = 0; i < 8; i++)
		pthread_create(&t, NULL, die_too, NULL);
	for (;;)
		pause();
}

static void
own_handler(int sig)
{
	(void)sig;
	_exit(36);
}

static int
handles_itself(struct cell *c)
{
	(void)c;
	signal(SIGSEGV, own_handler);
	raise(SIGSEGV);
	return 0;
}

static void *
wait_for_stop(void *arg)
{
	(void)arg;
	sem_wait(&stop);
	write(1, "late", 4);
	said++;
	return NULL;
}

static int
wait_for_stop_c11(void *arg)
{
	wait_for_stop(arg);
	return 0;
}

/* Nobody is left to wait for, in this process; its number is printed. */
static int
leave_daemon(struct cell *c)
{
	(void)c;
	signal(SIGCHLD, SIG_IGN);
	if (fork() == 0) {
		pid_t pid = fork();

		if (pid == 0)
			for (;;)
				pause();
		dprintf(1, "%d", (int)pid);
		_exit(0);
	}
	wait(NULL);
	signal(SIGCHLD, SIG_DFL);
	return 0;
}

static int
leave_thread(struct cell *c)
{
	pthread_t t;
	thrd_t u;

	(void)c;
	sem_init(&stop, 0, 0);
	pthread_create(&t, NULL, wait_for_stop, NULL);
	pthread_detach(t);
	thrd_create(&u, wait_for_stop_c11, NULL);
	thrd_detach(u);
	return 0;
}

static int
stop_threads(struct cell *c)
{
	(void)c;
	sem_post(&stop);
	sem_post(&stop);
	while (said < 2)
		usleep(100);
	return 0;
}

static void *
nothing(void *arg)
{
	return arg;
}

static int
join_many(struct cell *c)
{
	pthread_t t;
	int i;

	(void)c;
	for (i = 0; i < 200; i++) {
		pthread_create(&t, NULL, nothing, NULL);
		pthread_join(t, NULL);
	}
	return 0;
}

static void *
read_forever(void *arg)
{
	char line[10];

	fgets(line, sizeof line, stdin);
	return arg;
}

/* Its lock on stdin is held as long as it waits. */
static int
leave_reader(struct cell *c)
{
	pthread_t t;

	(void)c;
	pthread_create(&t, NULL, read_forever, NULL);
	usleep(20000);
	return 0;
}

static int
close_all(struct cell *c)
{
	(void)c;
	close_range(3, ~0u, 0);
	return 0;
}

/* As programs do that mean to close "all": not as high as the host's. */
static int
close_hundred(struct cell *c)
{
	int fd;

	(void)c;
	for (fd = 0; fd < 100; fd++)
		close(fd);
	return 0;
}

/* Closes all of the host's descriptors but the highest, and gets a number of
 * theirs for a socket of its own. */
static int
take_our_number(struct cell *c)
{
	int pair[2], fd, highest = 0;
	char byte;

	(void)c;
	for (fd = 3; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			highest = fd;
	for (fd = 3; fd < highest; fd++)
		close(fd);
	socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair);
	for (fd = 10; fd < highest; fd++)
		dup2(pair[0], fd);
	cell_display(c, "text/plain", "found", 5);
	return recv(pair[1], &byte, 1, 0) < 0 && errno == EAGAIN ? 0 : 1;
}

static int
use_up_descriptors(struct cell *c)
{
	(void)c;
	while (open("/dev/null", O_RDONLY) >= 0)
		;
	return errno == EMFILE ? 0 : 1;
}

static void
close_ours(int sig)
{
	(void)sig;
	for (int fd = 3; fd < 1024; fd++)
		close(fd);
}

/* After its end, when nobody counts on it. */
static int
close_later(struct cell *c)
{
	struct itimerval soon = { .it_value.tv_usec = 1000 };

	(void)c;
	signal(SIGALRM, close_ours);
	return setitimer(ITIMER_REAL, &soon, NULL);
}

/* The first number that a file of ours would get, and what is open. */
static int
first_descriptor(struct cell *c)
{
	int fd, next = open("/dev/null", O_RDONLY);

	(void)c;
	printf("%d:", next);
	close(next);
	for (fd = 0; fd < 100; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf(" %d", fd);
	return 0;
}

static int
ruin_stdio(struct cell *c)
{
	static char mine[100];

	(void)c;
	setvbuf(stdout, mine, _IOFBF, sizeof mine);
	setvbuf(stderr, mine, _IOFBF, sizeof mine);
	wprintf(L"wide");
	return 0;
}

static int
close_stdio(struct cell *c)
{
	(void)c;
	fclose(stdin);
	fclose(stdout);
	fclose(stderr);
	return 0;
}

static int
use_memory(struct cell *c)
{
	size_t n = (size_t)atoi(c->argv[1]) << 20;
	char *p = malloc(n);

	memset(p, 1, n);
	n = (size_t)p[n / 2];
	free(p);
	return n == 1 ? 0 : 1;
}

static int
spin(struct cell *c)
{
	volatile unsigned i;

	(void)c;
	for (i = 0; i < 50000000; i++)
		;
	return 0;
}

/* Overwrites what the heap has around its block. */
static int
smash_heap(struct cell *c)
{
	char *p = malloc(24);

	(void)c;
	if (p)
		memset(p - 16, 0xff, 16000);
	return 0;
}

static const struct cell_def cells[] = {
	{ "hello", hello, "prints its arguments" },
	{ "status", status },
	{ "params", params },
	{ "echo", echo },
	{ "read-line", read_line },
	{ "exit", exit_cell },
	{ "show-state", show_state },
	{ "exit-in-qsort", exit_in_qsort },
	{ "exit-in-handler", exit_in_handler },
	{ "exit-in-thread", exit_in_thread },
	{ "exit-in-child", exit_in_child },
	{ "_exit", _exit_cell },
	{ "pthread-exit", pthread_exit_cell },
	{ "fork-and-fall-off", fork_and_fall_off },
	{ "at-exit", at_exit },
	{ "show", show },
	{ "show-at-once", show_at_once },
	{ "null-write", null_write },
	{ "null-call", null_call },
	{ "aborts", aborts },
	{ "overflow", overflow },
	{ "overflow-in-thread", overflow_in_thread },
	{ "smashed", smashed },
	{ "crash-in-child", crash_in_child },
	{ "crash-at-once", crash_at_once },
	{ "handles-itself", handles_itself },
	{ "leave-daemon", leave_daemon },
	{ "leave-thread", leave_thread },
	{ "stop-threads", stop_threads },
	{ "join-many", join_many },
	{ "leave-reader", leave_reader },
	{ "close-all", close_all },
	{ "close-hundred", close_hundred },
	{ "take-our-number", take_our_number },
	{ "close-later", close_later },
	{ "use-up-descriptors", use_up_descriptors },
	{ "first-descriptor", first_descriptor },
	{ "ruin-stdio", ruin_stdio },
	{ "close-stdio", close_stdio },
	{ "use-memory", use_memory },
	{ "spin", spin },
	{ "smash-heap", smash_heap },
};
CELL_TABLE(cells);

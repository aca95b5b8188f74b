/* test_snapshot.c: copies of a process that stand still, and what comes of
 * them. Each test forks the process that is copied, so that the test is in the
 * place of the one that holds the copies: they are its children. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "host/control.h"
#include "host/measure.h"
#include "host/snapshot.h"
#include "sys/fs.h"
#include "under_valgrind.h"

/* A process that lives: at first, or from a copy. */
struct line {
	pid_t pid;
	int fd;
	struct wire_in in;
};
/* What it knows of itself. */
struct told {
	int value;
	off_t offset;
	pid_t pid, tid, group, owner; /* owner: as libc has it */
};
struct copy {
	pid_t pid; /* 0: none, */
	char why[160];
	int fd;
};

static int value, file;
static char folder[] = "/tmp/snapshot.XXXXXX", lines[64], lock[64], deep[1200];

/* --- in the process that is copied --- */

/* The number of the thread that locks, as libc wrote it down. */
static pid_t
owner_of_lock(void)
{
	pthread_mutex_t m = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
	pid_t owner;

	pthread_mutex_lock(&m);
	owner = m.__data.__owner;
	pthread_mutex_unlock(&m);
	return owner;
}

static void
tell(void)
{
	struct told t;

	memset(&t, 0, sizeof t); /* what is between its members is sent, too */
	t.value = value;
	t.offset = lseek(file, 0, SEEK_CUR);
	t.pid = getpid();
	t.tid = (pid_t)syscall(SYS_gettid);
	t.group = getpgrp();
	t.owner = owner_of_lock();
	wire_send(control_fd(), WIRE_RESULT, &t, sizeof t, NULL, 0);
}

/* Die with a lock in hand that others share. */
static void
die_locking(void)
{
	int fd = open(lock, O_RDWR);
	pthread_mutex_t *m = mmap(NULL, sizeof *m, PROT_READ | PROT_WRITE,
				  MAP_SHARED, fd, 0);

	pthread_mutex_lock(m);
	_exit(0);
}

static void
quiet(int fd)
{
	int null = open("/dev/null", O_RDWR);

	dup2(fd, 3);
	for (int i = 0; i < 3; i++)
		dup2(null, i);
	close_range(4, ~0u, 0);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void
tell_copy(const struct snapshot *s)
{
	char room[256];
	struct wire_put p = { .data = room, .cap = sizeof room };

	wire_put_u32(&p, (uint32_t)s->pid);
	wire_put_str(&p, s->why);
	wire_send(control_fd(), WIRE_FROZEN, room, p.len, &s->fd, s->pid != 0);
	close(s->fd);
}

static void
say_hello(void)
{
	uint32_t pid = (uint32_t)getpid();

	wire_send(control_fd(), WIRE_HELLO, &pid, sizeof pid, NULL, 0);
}

/* A message says what to do next; end of file, to go. */
static _Noreturn void
live(int fd, void (*prepare)(void))
{
	struct wire_in in;
	struct snapshot s;

	quiet(fd);
	measure_init();
	if (control_init(3) < 0)
		_exit(1);
	value = 1;
	file = open(lines, O_RDONLY);
	lseek(file, 10, SEEK_SET);
	prepare();
	wire_in_init(&in);
	if (!snapshot_take(&in, false, &s)) {
		tell_copy(&s);
		value = 2;
		lseek(file, 20, SEEK_SET);
	}
	if (snapshot_is_ahead())
		say_hello();
	else
		tell();
	while (wire_recv(control_fd(), &in) > 0) {
		if (in.type == WIRE_QUIT)
			die_locking();
		if (in.type == WIRE_BECOME)
			snapshot_begin();
		if (in.type == WIRE_BECOME || in.type == WIRE_ROOM)
			tell();
	}
	_exit(0);
}

/* --- in the test --- */

static void
receive(int fd, struct wire_in *in, enum wire_type type)
{
	int rc;

	do
		rc = wire_recv(fd, in);
	while (rc == 0);
	if (rc < 0 || in->type != type)
		fail_msg("no message %d but %d: %s", type, in->type,
			 strerror(errno));
}

static struct told
hear(struct line *l)
{
	struct told t;

	receive(l->fd, &l->in, WIRE_RESULT);
	assert_int_equal(l->in.len, sizeof t);
	memcpy(&t, l->in.data, sizeof t);
	l->pid = t.pid;
	return t;
}

static void
make_pair(int pair[2])
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
				    pair),
			 0);
}

static void
start(struct line *l, struct copy *c, void (*prepare)(void))
{
	struct wire_get g;
	int pair[2];

	if (under_valgrind()) /* whose own descriptors stand against a copy */
		skip();
	make_pair(pair);
	wire_in_init(&l->in);
	l->pid = fork();
	if (l->pid == 0)
		live(pair[1], prepare);
	close(pair[1]);
	l->fd = pair[0];
	receive(l->fd, &l->in, WIRE_FROZEN);
	g = wire_get(&l->in);
	c->pid = (pid_t)wire_get_u32(&g);
	snprintf(c->why, sizeof c->why, "%s", wire_get_str(&g));
	assert_int_equal(l->in.nfds, c->pid != 0);
	c->fd = c->pid ? l->in.fds[0] : -1;
	l->in.nfds = 0;
	assert_int_equal(hear(l).value, 2);
}

static void
end(struct line *l)
{
	int status;

	close(l->fd);
	wire_in_release(&l->in);
	assert_int_equal(waitpid(l->pid, &status, 0), l->pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* At the end of file of its socket. */
static void
drop(struct copy *c)
{
	int status;

	close(c->fd);
	assert_int_equal(waitpid(c->pid, &status, 0), c->pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
ask_for(struct copy *c, enum wire_type order, struct line *l)
{
	int pair[2];

	make_pair(pair);
	assert_int_equal(wire_send(c->fd, order, "", 0, &pair[1], 1), 0);
	close(pair[1]);
	l->fd = pair[0];
	wire_in_init(&l->in);
}

static void
wake(struct copy *c, struct line *l)
{
	ask_for(c, WIRE_THAW, l);
}

static void
make_twin(struct copy *c, struct line *twin)
{
	struct wire_get g;

	ask_for(c, WIRE_COPY, twin);
	receive(twin->fd, &twin->in, WIRE_HELLO);
	g = wire_get(&twin->in);
	twin->pid = (pid_t)wire_get_u32(&g);
	assert_int_not_equal(twin->pid, c->pid);
}

static void
begin(struct line *twin)
{
	assert_int_equal(wire_send(twin->fd, WIRE_BECOME, "", 0, NULL, 0), 0);
}

/* It is what was copied, and a process as any other. */
static void
assert_as_copied(const struct told *t)
{
	assert_int_equal(t->value, 1);
	assert_int_equal(t->offset, 10);
	assert_int_equal(t->tid, t->pid);
	assert_int_equal(t->owner, t->pid);
	assert_int_equal(t->group, t->pid);
}

static void
nothing(void)
{
}

static void
test_copy_brings_memory_and_places_back_again_and_again(void **state)
{
	struct line first, again;
	struct copy c;

	(void)state;
	start(&first, &c, nothing);
	for (int i = 0; i < 3; i++) {
		struct told t;

		wake(&c, &again);
		t = hear(&again);
		assert_as_copied(&t);
		assert_int_not_equal(t.pid, c.pid);
		end(&again);
	}
	end(&first);
	drop(&c);
}

static void
test_twin_becomes_what_its_copy_would(void **state)
{
	struct line first, twin, next;
	struct copy c;
	struct told t;

	(void)state;
	start(&first, &c, nothing);
	end(&first);
	for (int i = 0; i < 2; i++) {
		pid_t pid;

		make_twin(&c, &twin);
		pid = twin.pid;
		begin(&twin);
		t = hear(&twin);
		assert_as_copied(&t);
		assert_int_equal(t.pid, pid);
		end(&twin);
	}
	/* The copy is still one. */
	wake(&c, &next);
	t = hear(&next);
	assert_as_copied(&t);
	end(&next);
	drop(&c);
}

/* Who lives meanwhile has the files to himself, and a signal to all is not for
 * one that does not run yet. */
static void
test_twin_begins_when_it_is_told(void **state)
{
	int status;
	struct line first, twin;
	struct copy c;
	struct told t;

	(void)state;
	start(&first, &c, nothing);
	make_twin(&c, &twin);
	kill(twin.pid, SIGTERM);
	assert_int_equal(wire_send(first.fd, WIRE_ROOM, "", 0, NULL, 0), 0);
	assert_int_equal(hear(&first).offset, 20);
	end(&first);
	begin(&twin);
	t = hear(&twin);
	assert_as_copied(&t);
	kill(twin.pid, SIGTERM);
	assert_int_equal(waitpid(twin.pid, &status, 0), twin.pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	close(twin.fd);
	drop(&c);
}

static void
test_twin_that_nobody_wants_ends(void **state)
{
	struct line first, twin;
	struct copy c;

	(void)state;
	start(&first, &c, nothing);
	make_twin(&c, &twin);
	end(&twin);
	/* One whose copy is dropped before it, too. */
	make_twin(&c, &twin);
	drop(&c);
	end(&twin);
	end(&first);
}

/* Neither copy nor twin holds the socket of what was thawed, whose end of file
 * tells that it is gone. */
static void
test_end_of_file_comes_when_the_line_is_gone(void **state)
{
	const struct timeval patience = { .tv_sec = 10 };
	struct line first, twin, next;
	struct copy c;

	(void)state;
	start(&first, &c, nothing);
	end(&first);
	make_twin(&c, &twin);
	wake(&c, &next);
	setsockopt(next.fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		   sizeof patience);
	hear(&next);
	kill(next.pid, SIGKILL);
	errno = 1;
	assert_int_equal(wire_recv(next.fd, &next.in), -1);
	assert_int_equal(errno, 0);
	close(next.fd);
	assert_int_equal(waitpid(next.pid, NULL, 0), next.pid);
	end(&twin);
	drop(&c);
}

static pthread_mutex_t *
shared_lock(void)
{
	int fd = open(lock, O_RDWR | O_CREAT | O_TRUNC, 0600);
	pthread_mutexattr_t a;
	pthread_mutex_t *m;

	assert_int_equal(ftruncate(fd, 4096), 0);
	m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(m, MAP_FAILED);
	close(fd);
	pthread_mutexattr_init(&a);
	pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(m, &a);
	pthread_mutexattr_destroy(&a);
	return m;
}

static void
test_lock_of_one_that_died_is_told(void **state)
{
	struct line first, next;
	struct copy c;

	(void)state;
	start(&first, &c, nothing);
	end(&first);
	for (int i = 0; i < 2; i++) {
		pthread_mutex_t *m = shared_lock();

		if (i == 0) {
			wake(&c, &next);
		} else {
			make_twin(&c, &next);
			begin(&next);
		}
		hear(&next);
		wire_send(next.fd, WIRE_QUIT, "", 0, NULL, 0);
		end(&next);
		assert_int_equal(pthread_mutex_lock(m), EOWNERDEAD);
		munmap(m, 4096);
	}
	drop(&c);
}

/* what stands against a copy */

static void *
wait_for_ever(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void
with_thread(void)
{
	pthread_t t;

	pthread_create(&t, NULL, wait_for_ever, NULL);
}

static void
with_child(void)
{
	pid_t parent = getpid();

	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			wait_for_ever(NULL);
		_exit(0);
	}
}

static void
with_pipe(void)
{
	int fds[2];

	if (pipe(fds) < 0)
		_exit(1);
}

static void
with_socket(void)
{
	if (socket(AF_UNIX, SOCK_STREAM, 0) < 0)
		_exit(1);
}

static void
with_timer(void)
{
	const struct itimerval later = { .it_value.tv_sec = 3600 };

	setitimer(ITIMER_REAL, &later, NULL);
}

static void
with_shared_memory(void)
{
	mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
	     0);
}

/* Lines of /proc/self/maps that are longer than a page, and behind them as many
 * others as it takes for one of shared memory to begin anywhere in a page. */
static int others;

static void
with_shared_memory_below_long_names(void)
{
	char *at = mmap(NULL, 256 * 4096, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const int fixed = MAP_FIXED | MAP_PRIVATE;
	int fd = open(deep, O_RDONLY);

	if (fd < 0 || at == MAP_FAILED)
		_exit(1);
	mmap(at, 4096, PROT_READ, fixed, fd, 0);
	close(fd);
	for (int i = 1; i <= others; i++)
		mprotect(at + i * 4096, 4096, i % 2 ? PROT_READ : PROT_WRITE);
	mmap(at + 200 * 4096, 4096, PROT_READ | PROT_WRITE,
	     MAP_FIXED | MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static void
test_shared_memory_is_found_wherever_its_line_stands(void **state)
{
	(void)state;
	for (others = 0; others < 90; others++) {
		struct line l;
		struct copy c;

		start(&l, &c, with_shared_memory_below_long_names);
		if (c.pid)
			fail_msg("below %d others", others);
		assert_non_null(strstr(c.why, "memory is shared"));
		end(&l);
	}
}

static void
test_copy_that_would_not_be_whole_is_refused(void **state)
{
	static const struct {
		void (*prepare)(void);
		const char *why;
	} cases[] = {
		{ with_thread, "a thread is alive" },
		{ with_child, "a child process has not been waited for" },
		{ with_pipe, "is a pipe" },
		{ with_socket, "is a socket" },
		{ with_timer, "a timer is running" },
		{ with_shared_memory, "memory is shared" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct line l;
		struct copy c;

		start(&l, &c, cases[i].prepare);
		assert_int_equal(c.pid, 0);
		if (!strstr(c.why, cases[i].why))
			fail_msg("'%s' is not in: %s", cases[i].why, c.why);
		end(&l);
	}
}

/* A newline in a name is four characters in /proc/self/maps. */
static int
make_deep(void)
{
	char name[221] = "";
	int fd;

	memset(name, '\n', sizeof name - 1);
	strcpy(deep, folder);
	for (int i = 0; i < 5; i++) {
		strcat(deep, "/");
		strcat(deep, name);
		if (i < 4 && mkdir(deep, 0700) < 0)
			return -1;
	}
	fd = open(deep, O_WRONLY | O_CREAT, 0600);
	return fd < 0 || write(fd, "x", 1) != 1 ? -1 : close(fd);
}

static int
make_files(void **state)
{
	FILE *f;

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(lines, sizeof lines, "%s/lines", folder);
	snprintf(lock, sizeof lock, "%s/lock", folder);
	if (make_deep() < 0)
		return -1;
	f = fopen(lines, "w");
	return f && fputs("0123456789012345678901234567890", f) >= 0 ? fclose(f)
								     : -1;
}

static int
remove_files(void **state)
{
	(void)state;
	return fs_remove_tree(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_copy_brings_memory_and_places_back_again_and_again),
		cmocka_unit_test(test_twin_becomes_what_its_copy_would),
		cmocka_unit_test(test_twin_begins_when_it_is_told),
		cmocka_unit_test(test_twin_that_nobody_wants_ends),
		cmocka_unit_test(test_end_of_file_comes_when_the_line_is_gone),
		cmocka_unit_test(test_lock_of_one_that_died_is_told),
		cmocka_unit_test(test_copy_that_would_not_be_whole_is_refused),
		cmocka_unit_test(
			test_shared_memory_is_found_wherever_its_line_stands),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}

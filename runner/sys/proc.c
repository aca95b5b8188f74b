/* proc.c: run a helper program to its end and keep what it wrote. Floor 1. It
 * knows nothing of cells: they are run through keeper.h. */
#include "sys/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/filelimit.h"
#include "sys/fs.h"

#define SIGNAL_CHECK_MS 200

#define TIDY_LOOKS 100
#define TIDY_PAUSE_US 5000

#define BOUND_CPU_S 10
#define BOUND_MEMORY ((rlim_t)4 << 30)

void
proc_result_release(struct proc_result *r)
{
	buf_release(&r->out);
	buf_release(&r->err);
}

/* Read by whichever thread runs a program. */
static _Atomic int64_t last_ns = INT64_MAX;
static atomic_bool ran_over;
/* Somebody else may ask for the end. */
static struct {
	atomic_int fd;
	void (*heard)(void *self, int fd);
	void *self;
	pthread_mutex_t turn;
} asker = { .fd = -1, .turn = PTHREAD_MUTEX_INITIALIZER };

/* The three pipes of a child: ends [0] read, [1] write. */
struct pipes {
	int in[2], out[2], err[2];
};

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
close_pipes(struct pipes *p)
{
	for (int i = 0; i < 2; i++) {
		close_fd(&p->in[i]);
		close_fd(&p->out[i]);
		close_fd(&p->err[i]);
	}
}

static int
open_pipes(struct pipes *p)
{
	*p = (struct pipes){ { -1, -1 }, { -1, -1 }, { -1, -1 } };
	if (pipe2(p->in, O_CLOEXEC) < 0 || pipe2(p->out, O_CLOEXEC) < 0 ||
	    pipe2(p->err, O_CLOEXEC) < 0) {
		close_pipes(p);
		return -1;
	}
	return 0;
}

/* What is to be run. */
struct job {
	const char *path, *cwd;
	char *const *argv;
	char **envp;
	bool bounded;
	rlim_t memory; /* 0: as much as it likes */
};

static void
set_bound(int what, rlim_t most)
{
	struct rlimit r;

	if (getrlimit(what, &r) < 0 || r.rlim_max <= most)
		return;
	r.rlim_max = most;
	if (r.rlim_cur > most)
		r.rlim_cur = most;
	setrlimit(what, &r);
}

/* Between fork and exec: nothing here locks or allocates. What is reported is
 * an errno, negative where it is the folder's. */
static _Noreturn void
become(const struct job *job, const struct pipes *p, pid_t parent, int report)
{
	int why;

	setpgid(0, 0);
	if (job->bounded)
		set_bound(RLIMIT_CPU, BOUND_CPU_S);
	if (job->memory)
		set_bound(RLIMIT_AS, job->memory);
	/* A compiler that is asked to end removes its temporary files. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(127);
	proc_reset_signals();
	filelimit_restore();
	if (job->cwd && chdir(job->cwd) < 0) {
		why = -errno;
	} else {
		if (proc_dup(p->in[0], 0) >= 0 && proc_dup(p->out[1], 1) >= 0 &&
		    proc_dup(p->err[1], 2) >= 0)
			execve(job->path, job->argv, job->envp);
		why = errno;
	}
	fs_write_fd(report, &why, sizeof why);
	_exit(127);
}

/* The environment with `more` in front; the strings are borrowed. */
static char **
environment(const struct strs *more)
{
	extern char **environ;
	char **all = NULL;
	size_t n = 0;

	for (size_t i = 0; more && i < more->count; i++)
		*mem_push(all, n) = more->at[i];
	for (char **e = environ; e && *e; e++) {
		size_t len = strcspn(*e, "=");
		bool hidden = false;

		for (size_t i = 0; more && i < more->count; i++)
			hidden |= !strncmp(*e, more->at[i], len + 1);
		if (!hidden)
			*mem_push(all, n) = *e;
	}
	*mem_push(all, n) = NULL;
	return all;
}

static void
await_end(pid_t pid, int *status)
{
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
}

static pid_t
start(const struct job *job, const struct pipes *p, struct err *e)
{
	int report[2] = { -1, -1 }, why = 0;
	pid_t parent = getpid(), pid = -1;

	if (pipe2(report, O_CLOEXEC) < 0 || (pid = fork()) < 0) {
		err_system(e, "cannot start '%s': %s", job->argv[0],
			   strerror(errno));
		goto out;
	}
	if (pid == 0)
		become(job, p, parent, report[1]);
	setpgid(pid, pid);
	close_fd(&report[1]);
	if (fs_read_whole(report[0], &why, sizeof why)) {
		await_end(pid, NULL);
		pid = -1;
		if (why < 0)
			err_system(e, "cannot work in '%s': %s", job->cwd,
				   strerror(-why));
		else
			err_system(e, "cannot start '%s': %s", job->argv[0],
				   strerror(why));
	}
out:
	close_fd(&report[0]);
	close_fd(&report[1]);
	return pid;
}

/* Read what there is; closes at end of file. */
static void
drain(int *fd, struct buf *into)
{
	char chunk[65536];
	ssize_t n = read(*fd, chunk, sizeof chunk);

	if (n > 0)
		buf_add(into, chunk, (size_t)n);
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		close_fd(fd);
}

static void
feed(int *fd, struct slice *input)
{
	ssize_t n = 0;

	if (input->len)
		n = write(*fd, input->at, input->len);
	if (n > 0) {
		input->at += n;
		input->len -= (size_t)n;
	}
	/* A child that does not read its input to the end is in its right. */
	if (!input->len || (n < 0 && errno != EINTR && errno != EAGAIN))
		close_fd(fd);
}

/* Until we look at signals again, or its time is over: 0. */
static int
patience_ms(const struct job *job)
{
	int64_t left;

	if (job->bounded || last_ns == INT64_MAX)
		return SIGNAL_CHECK_MS;
	left = last_ns - clock_mono_ns();
	if (left <= 0) {
		ran_over = true;
		return 0;
	}
	return left > SIGNAL_CHECK_MS * NS_PER_MS
		       ? SIGNAL_CHECK_MS
		       : (int)((left + NS_PER_MS - 1) / NS_PER_MS);
}

void
proc_hear(int fd, void (*heard)(void *self, int fd), void *self)
{
	asker.heard = heard;
	asker.self = self;
	asker.fd = fd;
}

static void
hear(void)
{
	pthread_mutex_lock(&asker.turn);
	if (asker.fd >= 0)
		asker.heard(asker.self, asker.fd);
	pthread_mutex_unlock(&asker.turn);
}

/* A header that includes itself twice makes messages without end. */
static bool
is_flood(const struct proc_result *r)
{
	return r->out.len > PROC_OUT_MOST || r->err.len > PROC_ERR_MOST;
}

/* Until both outputs are at end of file, or more than we keep; -1 when a signal
 * asks us to end, or its time is over. */
static int
converse(const struct job *job, struct pipes *p, struct slice input,
	 struct proc_result *r)
{
	while ((p->out[0] >= 0 || p->err[0] >= 0) && !is_flood(r)) {
		struct pollfd fds[5] = {
			{ .fd = p->out[0], .events = POLLIN },
			{ .fd = p->err[0], .events = POLLIN },
			{ .fd = p->in[1], .events = POLLOUT },
			{ .fd = proc_signal_fd(), .events = POLLIN },
			{ .fd = asker.fd, .events = POLLIN },
		};
		int n, ms = patience_ms(job);

		/* Another thread may have read the signal. */
		n = ms ? poll(fds, countof(fds), ms) : -1;
		if (!ms || (n < 0 && errno != EINTR))
			return -1;
		if (fds[0].revents)
			drain(&p->out[0], &r->out);
		if (fds[1].revents)
			drain(&p->err[0], &r->err);
		if (fds[2].revents)
			feed(&p->in[1], &input);
		if (fds[4].revents)
			hear();
		if ((fds[3].revents || fds[4].revents || n == 0) &&
		    proc_interrupted())
			return -1;
	}
	return 0;
}

int
proc_await(int fd, int64_t until_ns)
{
	const struct job none = { 0 };

	for (;;) {
		struct pollfd fds[] = {
			{ .fd = fd, .events = POLLIN },
			{ .fd = proc_signal_fd(), .events = POLLIN },
			{ .fd = asker.fd, .events = POLLIN },
		};
		int ms = patience_ms(&none);
		int64_t left = (until_ns - clock_mono_ns()) / NS_PER_MS;

		if (!ms)
			return -1;
		poll(fds, countof(fds),
		     left < ms ? left > 0 ? (int)left : 0 : ms);
		if (fds[2].revents)
			hear();
		if (proc_interrupted())
			return -1;
		if (fds[0].revents)
			return 1;
		if (clock_mono_ns() >= until_ns)
			return 0;
	}
}

/* It may tidy up, for a moment; nobody of its group is left then. */
static void
end_group(pid_t pid)
{
	siginfo_t info = { 0 };

	kill(-pid, SIGTERM);
	for (int i = 0; i < TIDY_LOOKS && !info.si_pid; i++) {
		if (i)
			usleep(TIDY_PAUSE_US);
		waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
	}
	kill(-pid, SIGKILL);
}

static int
run(const struct job *job, struct slice input, struct proc_result *r,
    struct err *e)
{
	struct pipes p;
	pid_t pid;
	int status = 0, rc = 0;

	if (!patience_ms(job))
		return err_system(e, "there is no time left for '%s'",
				  job->argv[0]);
	if (open_pipes(&p) < 0)
		return err_system(e, "cannot start '%s': %s", job->argv[0],
				  strerror(errno));
	fcntl(p.in[1], F_SETFL, O_NONBLOCK);
	pid = start(job, &p, e);
	close_fd(&p.in[0]);
	close_fd(&p.out[1]);
	close_fd(&p.err[1]);
	if (pid < 0) {
		close_pipes(&p);
		return -1;
	}
	if (converse(job, &p, input, r) < 0) {
		end_group(pid);
		rc = err_system(e, "interrupted");
	}
	r->flooded = rc == 0 && is_flood(r);
	if (r->flooded)
		end_group(pid);
	close_pipes(&p);
	await_end(pid, &status);
	r->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
					: WEXITSTATUS(status);
	return rc;
}

static int
find_and_run(struct job job, const struct strs *env, struct slice input,
	     struct proc_result *r, struct err *e)
{
	char *path = path_find_program(job.argv[0]);
	int rc;

	*r = (struct proc_result){ 0 };
	if (!path)
		return err_system(e, "cannot start '%s': not found in PATH",
				  job.argv[0]);
	job.path = path;
	job.envp = environment(env);
	rc = run(&job, input, r, e);
	free(job.envp);
	free(path);
	return rc;
}

int
proc_run(char *const argv[], const char *cwd, struct slice input,
	 const struct strs *env, struct proc_result *r, struct err *e)
{
	return find_and_run((struct job){ .argv = argv, .cwd = cwd }, env,
			    input, r, e);
}

int
proc_compile(char *const argv[], const char *cwd, struct slice input,
	     const struct strs *env, struct proc_result *r, struct err *e)
{
	rlim_t half = (rlim_t)sysconf(_SC_PHYS_PAGES) / 2 *
		      (rlim_t)sysconf(_SC_PAGESIZE);
	struct job job = { .argv = argv,
			   .cwd = cwd,
			   .memory =
				   half > BOUND_MEMORY ? half : BOUND_MEMORY };

	return find_and_run(job, env, input, r, e);
}

void
proc_run_until(int64_t at_ns)
{
	last_ns = at_ns;
	ran_over = false;
}

bool
proc_ran_over(void)
{
	return ran_over;
}

int
proc_run_bounded(char *const argv[], struct proc_result *r, struct err *e)
{
	struct job job = { .argv = argv,
			   .bounded = true,
			   .memory = BOUND_MEMORY };

	return find_and_run(job, NULL, (struct slice){ "", 0 }, r, e);
}

/* Linux before 5.9 has no call for it, and a sandbox may not know it. */
static void
close_listed(DIR *dir, int first)
{
	struct dirent *d;

	while ((d = readdir(dir))) {
		int fd = (int)strtol(d->d_name, NULL, 10);

		if (fd >= first && fd != dirfd(dir))
			close(fd);
	}
	closedir(dir);
}

#define CLOSE_MOST 65536

void
proc_close_from(int first)
{
	long most = sysconf(_SC_OPEN_MAX);
	DIR *dir;

	if (close_range((unsigned)first, ~0u, 0) == 0)
		return;
	dir = opendir("/proc/self/fd");
	if (dir)
		close_listed(dir, first);
	for (int fd = first; !dir && fd < most && fd < CLOSE_MOST; fd++)
		close(fd);
}

int
proc_dup(int fd, int target)
{
	int rc;

	do
		rc = dup2(fd, target);
	while (rc < 0 && errno == EINTR);
	return rc;
}

bool
proc_is_gone(long pid)
{
	return pid > 0 && kill((pid_t)pid, 0) < 0 && errno == ESRCH;
}

/* workers.c: a pool of forked jobs. Floor 1. Each leads a process group of its
 * own: a signal of the terminal's reaches it once, from us, and not twice. */
#include "sys/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/mem.h"
#include "sys/fs.h"
#include "sys/proc.h"

enum job_state { JOB_WAITS, JOB_RUNS, JOB_DONE };

struct job {
	enum job_state state;
	pid_t pid;
	int pidfd; /* readable when it has ended */
	struct worker_result result;
};

struct pool {
	const struct workers *w;
	struct job *jobs; /* [w->count] */
	size_t begun, told, running;
	int endings; /* signals that were passed on */
};

size_t
workers_processors(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set) < 0)
		return 1;
	return (size_t)CPU_COUNT(&set);
}

int
workers_copy(int from, int to)
{
	char chunk[65536];
	off_t at = 0;

	for (;;) {
		ssize_t n = pread(from, chunk, sizeof chunk, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return (int)n;
		if (fs_write_reader(to, chunk, (size_t)n) < 0)
			return -1;
		at += n;
	}
}

/* one job */

static void
job_close(struct job *j)
{
	int *fds[] = { &j->pidfd, &j->result.out, &j->result.err,
		       &j->result.report };

	for (size_t i = 0; i < countof(fds); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

static int
job_open(struct job *j)
{
	int *files[] = { &j->result.out, &j->result.err, &j->result.report };

	j->pidfd = -1;
	for (size_t i = 0; i < countof(files); i++)
		*files[i] = -1;
	for (size_t i = 0; i < countof(files); i++)
		if ((*files[i] = memfd_create("cnb", MFD_CLOEXEC)) < 0)
			return -1;
	return 0;
}

static _Noreturn void
become_job(const struct workers *w, size_t i, const struct job *j, int null,
	   pid_t parent)
{
	int status;

	setpgid(0, 0);
	/* What it started goes with it: it has a keeper of its own. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	if (proc_dup(null, 0) < 0 || proc_dup(j->result.out, 1) < 0 ||
	    proc_dup(j->result.err, 2) < 0)
		_exit(127);
	status = w->work(w->self, i, j->result.report);
	fflush(NULL);
	_exit(status);
}

static int
job_begin(const struct pool *p, size_t i, struct err *e)
{
	struct job *j = &p->jobs[i];
	pid_t parent = getpid();
	int null = -1; /* opened here, where it can be told */

	if (job_open(j) < 0 || (null = fs_open("/dev/null", O_RDONLY)) < 0) {
		err_system(e, "cannot begin another job: %s", strerror(errno));
		job_close(j);
		return -1;
	}
	fflush(NULL); /* or it would be written twice */
	j->pid = fork();
	if (j->pid == 0)
		become_job(p->w, i, j, null, parent);
	close(null);
	if (j->pid > 0) {
		setpgid(j->pid, j->pid);
		j->pidfd = (int)syscall(SYS_pidfd_open, j->pid, 0);
	}
	if (j->pidfd < 0) {
		err_system(e, "cannot begin another job: %s", strerror(errno));
		if (j->pid > 0) {
			/* It may have begun, and tidies up. */
			kill(j->pid, SIGTERM);
			while (waitpid(j->pid, NULL, 0) < 0 && errno == EINTR)
				;
		}
		job_close(j);
		return -1;
	}
	j->state = JOB_RUNS;
	return 0;
}

/* the pool */

static void
pass_on(struct pool *p, int sig)
{
	for (size_t i = 0; i < p->begun; i++)
		if (p->jobs[i].state == JOB_RUNS)
			kill(p->jobs[i].pid, sig);
}

static void
pass_signals_on(struct pool *p)
{
	int sig = proc_interrupted(), n = proc_interruptions();

	while (p->endings < n) {
		pass_on(p, sig);
		p->endings++;
	}
	if (proc_stop_asked()) {
		if (p->w->stop)
			p->w->stop(p->w->self, true);
		pass_on(p, SIGTSTP);
		proc_stop_ourselves(SIGTSTP);
		if (p->w->stop)
			p->w->stop(p->w->self, false);
		pass_on(p, SIGCONT);
	}
}

static void
reap(struct pool *p, struct job *j)
{
	int status = 0;

	while (waitpid(j->pid, &status, 0) < 0 && errno == EINTR)
		;
	j->result.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
					       : WEXITSTATUS(status);
	j->state = JOB_DONE;
	p->running--;
}

static void
tell(struct pool *p)
{
	while (p->told < p->begun && p->jobs[p->told].state == JOB_DONE) {
		struct job *j = &p->jobs[p->told];

		if (p->w->done)
			p->w->done(p->w->self, p->told, &j->result);
		job_close(j);
		p->told++;
	}
}

/* Until a job has ended or a signal has come. */
static void
wait_for_any(struct pool *p)
{
	struct pollfd *fds = mem_alloc(p->running + 2, sizeof *fds);
	struct job **jobs = mem_alloc(p->running + 1, sizeof(struct job *));
	nfds_t n = 0;

	for (size_t i = p->told; i < p->begun; i++)
		if (p->jobs[i].state == JOB_RUNS) {
			fds[n] = (struct pollfd){ p->jobs[i].pidfd, POLLIN, 0 };
			jobs[n++] = &p->jobs[i];
		}
	fds[n] = (struct pollfd){ proc_signal_fd(), POLLIN, 0 };
	fds[n + 1] =
		(struct pollfd){ p->w->serve ? p->w->also : -1, POLLIN, 0 };
	if (poll(fds, n + 2, -1) >= 0 || errno == EINTR) {
		if (fds[n + 1].revents)
			p->w->serve(p->w->self);
		for (nfds_t i = 0; i < n; i++)
			if (fds[i].revents)
				reap(p, jobs[i]);
	}
	pass_signals_on(p);
	free(fds);
	free(jobs);
}

int
workers_run(const struct workers *w, struct err *e)
{
	struct pool p = { .w = w, .endings = proc_interruptions() };
	int rc = 0;

	p.jobs = mem_alloc(w->count, sizeof *p.jobs);
	for (;;) {
		while (rc == 0 && p.begun < w->count &&
		       p.running < w->at_once && !proc_interrupted()) {
			rc = job_begin(&p, p.begun, e);
			p.begun += rc == 0;
			p.running += rc == 0;
		}
		tell(&p);
		if (!p.running)
			break;
		wait_for_any(&p);
	}
	free(p.jobs);
	return rc;
}

/* verdict.c: status and error output of a cell. Floor 3. */
#include "watch/verdict.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "model/signal_names.h"
#include "sys/clock.h"

void
verdict_init(struct verdict *v)
{
	*v = (struct verdict){ .exit_status = -1 };
}

void
verdict_release(struct verdict *v)
{
	buf_release(&v->evalue);
	strs_release(&v->traceback);
	verdict_init(v);
}

static void
exited(struct verdict *v, int status, const char *how)
{
	v->exit_status = status;
	if (!status)
		return;
	v->status = STATUS_FAILED;
	v->ename = "ExitStatus";
	buf_addf(&v->evalue, "%s %d", how, status);
}

static void
crashed(struct verdict *v, const struct outcome *o, int sig, const char *label)
{
	v->status = STATUS_CRASHED;
	v->signal = sig;
	v->ename = signal_name(sig);
	crash_words(&o->crash, sig, &v->evalue);
	crash_traceback(&o->crash, label, &v->traceback);
}

/* Where was it when we ended it? */
static void
tell_where(struct verdict *v, const struct outcome *o, const char *label)
{
	if (o->crash.known && !o->crash.report.signal)
		crash_traceback(&o->crash, label, &v->traceback);
}

/* Limits that the kernel itself enforces, with a signal. */
static const struct {
	int signal;
	const char *ename, *words;
} kernel_limits[] = {
	{ SIGXCPU, "CpuTimeLimit",
	  "used more processor time than it may (ulimit -t)" },
	{ SIGXFSZ, "FileSizeLimit",
	  "wrote a larger file than it may (ulimit -f)" },
};

/* Where the soft limit of time is the hard one, the kernel kills at once; by an
 * account that is rougher than the one we get. */
static bool
is_out_of_time(const struct outcome *o)
{
	struct rlimit cpu;

	return getrlimit(RLIMIT_CPU, &cpu) == 0 &&
	       cpu.rlim_max != RLIM_INFINITY &&
	       o->cpu_ns / (NS_PER_S * 3 / 4) >= (int64_t)cpu.rlim_max;
}

static bool
past_kernel_limit(struct verdict *v, const struct outcome *o, int sig)
{
	if (sig == SIGKILL && is_out_of_time(o))
		sig = SIGXCPU;
	for (size_t i = 0; i < countof(kernel_limits); i++) {
		if (kernel_limits[i].signal != sig)
			continue;
		v->status = STATUS_LIMIT;
		v->signal = WTERMSIG(o->wait_status);
		v->ename = kernel_limits[i].ename;
		buf_add_str(&v->evalue, kernel_limits[i].words);
		return true;
	}
	return false;
}

static void
past_limit(struct verdict *v, enum limit_kind kind, int64_t limit)
{
	v->status = STATUS_LIMIT;
	v->ename = limit_ename(kind);
	buf_clear(&v->evalue);
	limit_words(kind, limit, &v->evalue);
}

/* It failed with a full table of files: that is why, as far as can be known
 * from outside. */
static void
look_at_files(struct verdict *v, const struct outcome *o)
{
	uint32_t files = o->done ? o->how.files : o->crash.files;

	if (files &&
	    (v->status == STATUS_FAILED || v->status == STATUS_CRASHED))
		past_limit(v, LIMIT_FILES, files);
}

static void
died(struct verdict *v, const struct outcome *o, const char *label)
{
	if (o->nonsense) {
		verdict_failed(v, "HostLost",
			       "the cell wrote to descriptors that are not its "
			       "own");
		return;
	}
	/* That a crash is an earlier cell's can be seen by where it was. */
	if (o->not_told && (!WIFSIGNALED(o->wait_status) ||
			    WTERMSIG(o->wait_status) == SIGKILL)) {
		verdict_failed(v, "HostLost",
			       "the process that runs cells did not live to "
			       "begin this one: an earlier cell wrote to "
			       "descriptors that are not its own, closed them, "
			       "or ended it");
		return;
	}
	if (WIFSIGNALED(o->wait_status) &&
	    past_kernel_limit(v, o, WTERMSIG(o->wait_status)))
		return;
	if (WIFSIGNALED(o->wait_status))
		crashed(v, o, WTERMSIG(o->wait_status), label);
	else if (o->in_host && WEXITSTATUS(o->wait_status) == WIRE_EXIT_ROBBED)
		verdict_failed(v, "HostLost",
			       "an earlier cell read from descriptors that are "
			       "not its own: this one was not begun");
	else if (o->in_host && WEXITSTATUS(o->wait_status) == WIRE_EXIT_LOST)
		verdict_failed(v, "HostLost",
			       "the cell closed descriptors that are not its "
			       "own");
	else if (o->in_host && WEXITSTATUS(o->wait_status) == WIRE_EXIT_BROKEN)
		verdict_failed(
			v, "HostLost",
			"the process that runs cells could not take this "
			"one: an earlier cell left it no room, as a limit "
			"of open files does");
	else
		exited(v, WEXITSTATUS(o->wait_status), "exit status");
}

/* A cell in the background that we ended is well, however it took it. */
static void
stopped(struct verdict *v, const struct outcome *o)
{
	v->stopped = true;
	if (WIFSIGNALED(o->wait_status))
		v->signal = WTERMSIG(o->wait_status);
	else
		v->exit_status = WEXITSTATUS(o->wait_status);
}

static void
timed_out(struct verdict *v, const struct outcome *o, int64_t timeout_ms)
{
	v->status = STATUS_TIMEOUT;
	v->ename = "Timeout";
	if (o->run_over)
		buf_add_str(&v->evalue, "the run's deadline has passed");
	else if (timeout_ms % 1000)
		buf_addf(&v->evalue, "ran longer than %" PRId64 "ms",
			 timeout_ms);
	else
		buf_addf(&v->evalue, "ran longer than %" PRId64 "s",
			 timeout_ms / 1000);
	if (o->halted)
		buf_add_str(&v->evalue,
			    ", stopped by a signal (SIGSTOP or its like)");
}

void
verdict_of_outcome(struct verdict *v, const struct outcome *o,
		   int64_t timeout_ms, const char *label)
{
	if (o->interrupted) {
		v->status = STATUS_INTERRUPTED;
		v->ename = "Interrupted";
		buf_add_str(&v->evalue, "stopped by the user");
		tell_where(v, o, label);
	} else if (o->limit) {
		past_limit(v, o->limit, o->limit_value);
		tell_where(v, o, label);
	} else if (o->timed_out) {
		timed_out(v, o, timeout_ms);
		tell_where(v, o, label);
	} else if (o->stopped) {
		stopped(v, o);
	} else if (o->done && o->how.how == WIRE_RETURNED) {
		exited(v, o->how.status, "returned");
	} else if (o->done) {
		exited(v, o->how.status, "exit status");
	} else {
		died(v, o, label);
	}
	look_at_files(v, o);
}

/* Why a cell that ended by itself did so; what we ended, we ended. */
static bool
can_be_named(const struct verdict *v, const struct findings *f)
{
	if (v->status == STATUS_OK)
		return f->use == FINDINGS_FAIL;
	return v->status == STATUS_FAILED || v->status == STATUS_CRASHED;
}

void
verdict_of_findings(struct verdict *v, const struct findings *f,
		    const char *label)
{
	struct finding first;

	if (!f->count || !can_be_named(v, f))
		return;
	findings_first(f, label, &first);
	if (v->status == STATUS_CRASHED)
		buf_addf(&first.words, "; then %s: %s", v->ename,
			 buf_str(&v->evalue));
	else
		v->status = STATUS_FAILED;
	for (size_t i = 0; i < v->traceback.count; i++)
		if (!strs_has(&first.traceback, v->traceback.at[i]))
			strs_add(&first.traceback, v->traceback.at[i]);
	v->ename = first.tool;
	v->found = true;
	v->told_signal = f->signal;
	buf_release(&v->evalue);
	strs_release(&v->traceback);
	v->evalue = first.words;
	v->traceback = first.traceback;
}

static void
add_lines(struct strs *lines, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		strs_addn(lines, text, n);
		text += n + (text[n] == '\n');
	}
}

/* What a linker gave up over, behind its name (`/usr/bin/ld: cannot find -lx`):
 * an error without the word. NULL: the line is none. */
static const char *
linker_reason(const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len), *text;

	if (!colon || colon - line < 2 || strncmp(colon - 2, "ld: ", 4) != 0)
		return NULL;
	text = colon + 2;
	return strncmp(text, "cannot ", 7) == 0 ? text : NULL;
}

/* The first message that is an error, without its place. That of the compiler
 * about its linker's exit status says less than the linker did. */
static void
add_first_error(struct buf *out, const char *messages)
{
	for (const char *line = messages; *line;) {
		size_t len = strcspn(line, "\n");
		const char *at = linker_reason(line, len);

		if (!at && (at = memmem(line, len, "error: ", 7)))
			at += 7;
		if (at) {
			buf_add(out, at, (size_t)(line + len - at));
			return;
		}
		line += len + (line[len] == '\n');
	}
	buf_add(out, messages, strcspn(messages, "\n"));
}

void
verdict_of_build(struct verdict *v, const char *messages)
{
	v->status = STATUS_BUILD_ERROR;
	v->ename = "BuildError";
	add_first_error(&v->evalue, messages);
	add_lines(&v->traceback, messages);
}

void
verdict_failed(struct verdict *v, const char *ename, const char *why)
{
	v->status = STATUS_FAILED;
	v->ename = ename;
	buf_add_str(&v->evalue, why);
}

static void
say_expected(struct buf *out, struct expectation want)
{
	switch (want.kind) {
	case EXPECT_EXIT:
		buf_addf(out, "exit=%d", want.number);
		break;
	case EXPECT_SIGNAL:
		buf_addf(out, "signal=%s", signal_name(want.number));
		break;
	case EXPECT_TIMEOUT:
		buf_add_str(out, "timeout");
		break;
	case EXPECT_BUILD_ERROR:
		buf_add_str(out, "build-error");
		break;
	case EXPECT_SANITIZER:
		buf_add_str(out, "sanitizer");
		break;
	case EXPECT_NONE:
		break;
	}
}

static bool
is_met(const struct verdict *v, struct expectation want)
{
	switch (want.kind) {
	case EXPECT_EXIT:
		return (v->status == STATUS_OK || v->status == STATUS_FAILED) &&
		       v->exit_status == want.number;
	case EXPECT_SIGNAL:
		return ((v->status == STATUS_CRASHED || v->stopped ||
			 v->status == STATUS_LIMIT) &&
			v->signal == want.number) ||
		       (v->found && v->told_signal == want.number);
	case EXPECT_TIMEOUT:
		return v->status == STATUS_TIMEOUT;
	case EXPECT_BUILD_ERROR:
		return v->status == STATUS_BUILD_ERROR;
	case EXPECT_SANITIZER:
		return v->found;
	case EXPECT_NONE:
		break;
	}
	return false;
}

void
verdict_expect(struct verdict *v, struct expectation want)
{
	struct buf words = { 0 };

	/* Ctrl-C answers no question. */
	if (want.kind == EXPECT_NONE || v->status == STATUS_INTERRUPTED)
		return;
	if (is_met(v, want)) {
		v->status = STATUS_OK;
		v->expected = true;
		return;
	}
	buf_add_str(&words, "expected ");
	say_expected(&words, want);
	buf_addf(&words, ", but %s%s",
		 v->ename     ? v->ename
		 : v->stopped ? "it was stopped with the session"
			      : "it ended well",
		 v->evalue.len ? ": " : "");
	buf_add_slice(&words, buf_slice(&v->evalue));
	buf_release(&v->evalue);
	v->evalue = words;
	v->status = STATUS_FAILED;
	v->ename = "Expectation";
}

/* crash.c: the crash handler, in cnb-host and, by front.c, in program cells.
 * Everything below on_crash() is async-signal-safe (the unwinder, loaded
 * beforehand, is as good as). Depends on libc and on the layout of the wire's
 * packets; symbols and lines are cnb's work. */
#include "host/crash.h"
#include "host/hot.h"
#include "host/wire.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>
#if defined(__aarch64__)
#include <asm/sigcontext.h>
#endif

#define MAPS_PIECE 4096
#define FRAMES_FEW 2 /* then they end too early */
#define TRACE (WIRE_FRAMES + 8)

static const int crash_signals[] = {
	SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP,
};

enum stage { STAGE_FIRST, STAGE_AGAIN, STAGE_GIVE_UP };

/* The registers that matter, whatever the machine. */
struct where {
	uintptr_t pc, sp, fp;
	uintptr_t link; /* the return address of a call just made */
	bool write;
};

/* Linked in front of a program, a call of read() may reach the program's own
 * function of that name; POSIX names are its to define. So what people like to
 * call functions is asked of the kernel, and backtrace() is looked up. */
extern __typeof__(dlsym) dlsym __attribute__((weak)); /* once in libdl */
extern __typeof__(dlvsym) dlvsym __attribute__((weak));

/* What glibc has said of an abort: the text of assert(), of a smashed heap. */
struct abort_words {
	unsigned size;
	char text[];
};

static struct {
	int fd;
	dev_t dev;
	ino_t ino;
	/* The thread that reports, as pid << 32 | tid, and how far it is. */
	_Atomic uint64_t reporter;
	enum stage stage;
	/* In static memory, so that a handler that faults itself loses nothing
	 * of what the first one had found. The handler's own frames come
	 * first in `trace`. */
	struct where where;
	struct wire_crash report;
	void *trace[TRACE];
	int (*backtrace)(void **, int);
	const struct abort_words **words; /* glibc's variable, NULL: none */
	int quiet;			  /* no sanitizer's report is told */
	char name[WIRE_THREAD];		  /* that nameless threads have */
} crash HOT = { .fd = -1 };

/* Copy from an address that may be bad. */
static bool
peek(uintptr_t from, void *to, size_t size)
{
	struct iovec local = { to, size };
	struct iovec remote = { (void *)from, size };

	return syscall(SYS_process_vm_readv, syscall(SYS_getpid), &local, 1L,
		       &remote, 1L, 0L) == (long)size;
}

static struct where
registers(const ucontext_t *uc)
{
	struct where w = { 0 };
#if defined(__x86_64__)
	const greg_t *r = uc->uc_mcontext.gregs;

	w.pc = (uintptr_t)r[REG_RIP];
	w.sp = (uintptr_t)r[REG_RSP];
	w.fp = (uintptr_t)r[REG_RBP];
	peek(w.sp, &w.link, sizeof w.link);
	w.write = r[REG_TRAPNO] == 14 && (r[REG_ERR] & 2);
#elif defined(__aarch64__)
	const mcontext_t *m = &uc->uc_mcontext;
	const struct _aarch64_ctx *c = (const void *)m->__reserved;

	w.pc = m->pc;
	w.sp = m->sp;
	w.fp = m->regs[29];
	w.link = m->regs[30];
	while (c->magic && c->size) {
		const struct esr_context *esr = (const void *)c;

		if (c->magic == ESR_MAGIC) /* a data abort that wrote */
			w.write = (esr->esr >> 27 & 0x1f) == 0x12 &&
				  (esr->esr & 1u << 6);
		c = (const void *)((const char *)c + c->size);
	}
#else
	(void)uc;
#endif
	return w;
}

/* What backtrace() found behind the faulting instruction. */
static uint32_t
frames_unwound(struct wire_crash *report)
{
	size_t i = 0;
	uint32_t n = 0;

	while (i < TRACE && (uintptr_t)crash.trace[i] != report->pc)
		i++;
	for (i++; i < TRACE && n < WIRE_FRAMES && crash.trace[i]; i++)
		report->frames[n++] = (uintptr_t)crash.trace[i];
	return n;
}

/* Where no code is: the call of a bad pointer. */
static bool
at_no_code(const struct wire_crash *report)
{
	char byte;

	return !report->pc || !peek(report->pc, &byte, 1) ||
	       (report->signal == SIGSEGV && report->addr == report->pc);
}

/* The chain of frame pointers: for a call through a bad pointer, where the
 * unwinder has nothing to begin with, and for code without unwind tables. */
static uint32_t
frames_chained(struct wire_crash *report, const struct where *w)
{
	uintptr_t fp = w->fp, frame[2];
	uint32_t n = 0;

	if (at_no_code(report) && w->link)
		report->frames[n++] = w->link;
	while (n < WIRE_FRAMES && fp && fp % sizeof fp == 0 &&
	       peek(fp, frame, sizeof frame) && frame[1]) {
		report->frames[n++] = frame[1];
		if (frame[0] <= fp)
			break;
		fp = frame[0];
	}
	return n;
}

static bool
send_all(enum wire_type type, bool first, bool more, const void *data,
	 size_t len)
{
	struct wire_head head = {
		.type = (uint16_t)type,
		.first = first,
		.more = more,
		.len = (uint32_t)len,
		.from = (uint32_t)crash.report.tid | WIRE_FROM_HANDLER,
	};
	union {
		const void *in;
		void *out;
	} bytes = { .in = data };
	struct iovec iov[2] = { { &head, sizeof head }, { bytes.out, len } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };
	long n;

	do
		n = syscall(SYS_sendmsg, crash.fd, &msg, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n >= 0;
}

/* Too little was found by way of what a crash may have smashed: there is still
 * what lies on the stack. */
static void
send_stack(void)
{
	uintptr_t sp = crash.where.sp & ~(uintptr_t)(sizeof sp - 1);
	uintptr_t at = sp;
	char piece[MAPS_PIECE];
	bool first = true;

	while (at < sp + WIRE_STACK_MOST) {
		size_t n = MAPS_PIECE - at % MAPS_PIECE; /* within a page */

		if (!peek(at, piece, n) ||
		    !send_all(WIRE_STACK, first, true, piece, n))
			break;
		first = false;
		at += n;
	}
	send_all(WIRE_STACK, first, false, NULL, 0);
}

static int
open_maps(void)
{
	return (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/maps",
			    O_RDONLY | O_CLOEXEC);
}

static void
send_maps(void)
{
	char piece[MAPS_PIECE];
	int fd = open_maps();
	size_t total = 0;
	bool first = true;
	long n;

	if (fd < 0 && errno == EMFILE) { /* nobody will miss it now */
		syscall(SYS_close, STDIN_FILENO);
		fd = open_maps();
	}
	while (fd >= 0 && total < WIRE_MAPS_MOST &&
	       (n = syscall(SYS_read, fd, piece, sizeof piece)) > 0) {
		if (!send_all(WIRE_MAPS, first, true, piece, (size_t)n))
			break;
		first = false;
		total += (size_t)n;
	}
	send_all(WIRE_MAPS, first, false, NULL, 0);
	if (fd >= 0)
		syscall(SYS_close, fd);
}

static void
set_action(int sig, void (*action)(int))
{
	struct sigaction sa = { .sa_handler = action };

	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
}

static void
block(int how, int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	sigprocmask(how, &set, NULL);
}

/* Die of the signal as if there had been no handler. */
static void
die(int sig)
{
	set_action(sig, SIG_DFL);
	syscall(SYS_tgkill, syscall(SYS_getpid), syscall(SYS_gettid), sig);
	block(SIG_UNBLOCK, sig);
}

static bool
socket_is_ours(void)
{
	struct stat st;

	return crash.fd >= 0 && !fstat(crash.fd, &st) && S_ISSOCK(st.st_mode) &&
	       st.st_dev == crash.dev && st.st_ino == crash.ino;
}

/* What is known by now goes out. */
static void
report_it(void)
{
	struct wire_crash *r = &crash.report;
	uint32_t n;

	if (!socket_is_ours())
		return;
	n = frames_unwound(r);
	r->nframes = n ? n : frames_chained(r, &crash.where);
	if (!send_all(WIRE_CRASH, true, false, r, sizeof *r))
		return;
	if (r->nframes < FRAMES_FEW)
		send_stack();
	send_maps();
}

/* The last step: the process ends, or goes on if it was only asked. */
static void
finish(void)
{
	report_it();
	if (crash.report.signal)
		die(crash.report.signal);
	else
		atomic_store(&crash.reporter, 0);
}

/* One thread of one process reports. A second that crashes meanwhile waits
 * for the end, which the first brings; a forked child is another process. */
static void
become_reporter(void)
{
	uint64_t me = (uint64_t)syscall(SYS_getpid) << 32 |
		      (uint32_t)syscall(SYS_gettid);
	uint64_t now = atomic_load(&crash.reporter);

	while (now != me) {
		if (now >> 32 == me >> 32) {
			syscall(SYS_ppoll, NULL, 0L, NULL, NULL, 0L);
			now = atomic_load(&crash.reporter);
		} else if (atomic_compare_exchange_weak(&crash.reporter, &now,
							me)) {
			crash.stage = STAGE_FIRST;
			return;
		}
	}
	crash.stage = crash.stage == STAGE_FIRST ? STAGE_AGAIN : STAGE_GIVE_UP;
}

unsigned
crash_files_full(void)
{
	struct rlimit most;
	int fd = (int)syscall(SYS_fcntl, crash.fd, F_DUPFD_CLOEXEC, 0);

	if (fd < 0 && errno == EBADF) /* the program has closed it */
		fd = (int)syscall(SYS_openat, AT_FDCWD, "/dev/null",
				  O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		syscall(SYS_close, fd);
	else if (errno == EMFILE && !getrlimit(RLIMIT_NOFILE, &most))
		return (unsigned)most.rlim_cur;
	return 0;
}

static void
name_thread(struct wire_crash *r)
{
	syscall(SYS_prctl, PR_GET_NAME, r->thread);
	r->thread[WIRE_THREAD - 1] = '\0';
	if (!strcmp(r->thread, crash.name))
		r->thread[0] = '\0';
}

static void
copy_words(struct wire_crash *r)
{
	const struct abort_words *w;
	struct {
		unsigned size;
		char text[WIRE_WORDS - 1];
	} copy = { 0 };

	/* They may stand at the very end of mapped memory. */
	if (crash.words && peek((uintptr_t)crash.words, &w, sizeof w) && w &&
	    (peek((uintptr_t)w, &copy, sizeof copy) ||
	     peek((uintptr_t)w, &copy, sizeof copy / 4)))
		memcpy(r->words, copy.text, sizeof copy.text);
}

static void
fill(struct wire_crash *r, int sig, const siginfo_t *info)
{
	const struct where *w = &crash.where;

	memset(r, 0, sizeof *r);
	r->signal = sig;
	if (sig == SIGTRAP && info->si_code == SI_QUEUE &&
	    info->si_value.sival_int == WIRE_ASK)
		r->signal = 0;
	r->files = crash_files_full();
	name_thread(r);
	if (sig == SIGABRT)
		copy_words(r);
	r->code = info->si_code;
	if (info->si_code > 0) /* else si_pid and si_uid stand there */
		r->addr = (uintptr_t)info->si_addr;
	r->pc = w->pc;
	r->sp = w->sp;
	r->write = sig == SIGSEGV && w->write;
	r->pid = (int32_t)syscall(SYS_getpid);
	r->tid = (int32_t)syscall(SYS_gettid);
	r->main_thread = r->pid == r->tid;
}

static void
on_crash(int sig, siginfo_t *info, void *context)
{
	struct wire_crash *r = &crash.report;

	become_reporter();
	if (crash.stage == STAGE_AGAIN) /* walking a smashed stack faulted */
		finish();
	if (crash.stage != STAGE_FIRST) {
		die(sig);
		return;
	}
	crash.where = registers(context);
	fill(r, sig, info);
	memset(crash.trace, 0, sizeof crash.trace);
	/* A fault in here must come back to this handler, not kill: it is open
	 * to those two, for so long only (with SA_NODEFER, a handler that
	 * always faults would run for ever). */
	if (crash.backtrace && !at_no_code(r)) {
		block(SIG_UNBLOCK, SIGSEGV);
		block(SIG_UNBLOCK, SIGBUS);
		crash.backtrace(crash.trace, TRACE);
		block(SIG_BLOCK, SIGSEGV);
		block(SIG_BLOCK, SIGBUS);
	}
	finish();
}

void
crash_report_to(int fd)
{
	struct stat st;

	crash.fd = -1;
	if (fd < 0 || fstat(fd, &st) || !S_ISSOCK(st.st_mode))
		return;
	crash.dev = st.st_dev;
	crash.ino = st.st_ino;
	crash.fd = fd;
}

void
crash_catch(void)
{
	struct sigaction sa = { .sa_sigaction = on_crash,
				.sa_flags = SA_SIGINFO | SA_ONSTACK };
	struct sigaction old;
	size_t i;
	void *found = dlsym ? dlsym(RTLD_NEXT, "backtrace") : NULL;

	memcpy(&crash.backtrace, &found, sizeof found);
	found = dlvsym ? dlvsym(RTLD_DEFAULT, "__abort_msg", "GLIBC_PRIVATE")
		       : NULL;
	memcpy(&crash.words, &found, sizeof found);
	syscall(SYS_prctl, PR_GET_NAME, crash.name);
	/* The first call loads libgcc_s, which takes locks and allocates. */
	if (crash.backtrace)
		crash.backtrace(crash.trace, 2);
	sigfillset(&sa.sa_mask); /* a user's handler could jump out */
	for (i = 0; i < sizeof crash_signals / sizeof crash_signals[0]; i++) {
		/* A sanitizer's handler says more than ours. */
		if (!sigaction(crash_signals[i], NULL, &old) &&
		    !(old.sa_flags & SA_SIGINFO) && old.sa_handler == SIG_DFL)
			sigaction(crash_signals[i], &sa, NULL);
	}
}

void
crash_tell_full(void)
{
	struct wire_full full = { .pid = (int32_t)syscall(SYS_getpid),
				  .files = crash_files_full() };

	if (full.files && socket_is_ours())
		send_all(WIRE_FULL, true, false, &full, sizeof full);
}

void
crash_tell_report(const char *text)
{
	static _Atomic size_t told;
	size_t len = strlen(text);

	if (!crash.quiet && socket_is_ours() &&
	    atomic_fetch_add(&told, len) < WIRE_REPORTS_MOST)
		send_all(WIRE_REPORT, true, false, text, len);
}

void
crash_be_quiet(int quiet)
{
	crash.quiet = quiet;
}

void
crash_name(const char *name)
{
	/* Past a sanitizer, whose reports would name the main thread, too. */
	syscall(SYS_prctl, PR_SET_NAME, name);
	strncpy(crash.name, name, sizeof crash.name - 1);
}

int
crash_stack_use(void *at, size_t size)
{
	stack_t stack = { .ss_sp = at, .ss_size = size }, old;

	if (sigaltstack(NULL, &old) || !(old.ss_flags & SS_DISABLE))
		return 0;
	return sigaltstack(&stack, NULL) == 0;
}

int
crash_stack_leave(const void *at)
{
	stack_t none = { .ss_flags = SS_DISABLE }, old;

	if (sigaltstack(NULL, &old))
		return 0;
	if (old.ss_sp != at)
		return 1;
	return sigaltstack(&none, NULL) == 0; /* not while running on it */
}

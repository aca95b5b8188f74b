/* notify.c: the filter, and the listener's side of it. Floor 1. It knows calls
 * and who makes them, not what they mean to anybody. */
#include "sys/notify.h"

#include <errno.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#include "base/slice.h"

/* Headers may be older than the kernel. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif
#ifndef SECCOMP_USER_NOTIF_FLAG_CONTINUE
#define SECCOMP_USER_NOTIF_FLAG_CONTINUE (1UL << 0)
#endif

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#define COMPAT AUDIT_ARCH_I386
#elif defined(__i386__)
#define NATIVE AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#elif defined(__arm__)
#define NATIVE AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define NATIVE AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define NATIVE AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define NATIVE AUDIT_ARCH_S390X
#endif

/* Linux never does more in one write. */
#define MAX_RW_COUNT (INT_MAX & ~4095)

/* A system call: what it is, and which of its arguments say what. */
struct call {
	int number;
	uint8_t kind;
	uint8_t fd, at, len;
};
#define NO_LENGTH 6 /* no argument says how many bytes */

static const struct call native_calls[] = {
	{ __NR_write, NOTIFY_WRITE, 0, 1, 2 },
	{ __NR_writev, NOTIFY_WRITEV, 0, 1, 2 },
	/* At offset -1 a writev() with flags; at another a pipe refuses it. */
	{ __NR_pwritev2, NOTIFY_COPY, 0, 1, NO_LENGTH },
	{ __NR_sendfile, NOTIFY_COPY, 0, 2, 3 },
	{ __NR_splice, NOTIFY_COPY, 2, 0, 4 },
	{ __NR_tee, NOTIFY_COPY, 1, 0, 2 },
	{ __NR_vmsplice, NOTIFY_COPY, 0, 1, NO_LENGTH },
	{ __NR_clone, NOTIFY_TASK, 0, 0, 0 },
	{ __NR_clone3, NOTIFY_TASK, 0, 0, 0 },
#ifdef __NR_fork
	{ __NR_fork, NOTIFY_TASK, 0, 0, 0 },
	{ __NR_vfork, NOTIFY_TASK, 0, 0, 0 },
#endif
};

#ifdef COMPAT
static const struct call compat_calls[] = {
	{ 4, NOTIFY_WRITE, 0, 1, 2 },
	{ 146, NOTIFY_WRITEV, 0, 1, 2 },
	{ 379, NOTIFY_COPY, 0, 1, NO_LENGTH },
	{ 187, NOTIFY_COPY, 0, 2, 3 },
	{ 239, NOTIFY_COPY, 0, 2, 3 },
	{ 313, NOTIFY_COPY, 2, 0, 4 },
	{ 315, NOTIFY_COPY, 1, 0, 2 },
	{ 316, NOTIFY_COPY, 0, 1, NO_LENGTH },
	{ 120, NOTIFY_TASK, 0, 0, 0 },
	{ 435, NOTIFY_TASK, 0, 0, 0 },
	{ 2, NOTIFY_TASK, 0, 0, 0 },
	{ 190, NOTIFY_TASK, 0, 0, 0 },
};
#endif

/* --- the filter ------------------------------------------------------------
 */

#define MAX_CODE 256

struct program {
	struct sock_filter code[MAX_CODE];
	unsigned short len;
};

static void
emit(struct program *p, uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
	p->code[p->len++] = (struct sock_filter){ code, yes, no, k };
}

static void
load(struct program *p, size_t offset)
{
	emit(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void
give(struct program *p, uint32_t verdict)
{
	emit(p, BPF_RET | BPF_K, verdict, 0, 0);
}

/* If the value loaded is `k`, this is the verdict. */
static void
give_if(struct program *p, uint32_t k, uint32_t verdict)
{
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, k, 0, 1);
	give(p, verdict);
}

/* A descriptor is an int: the lower half of the argument. */
static size_t
offset_of_int(unsigned argument)
{
	size_t at = offsetof(struct seccomp_data, args) + 8 * argument;

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	at += 4;
#endif
	return at;
}

static void
add_call(struct program *p, const struct call *c, unsigned calls)
{
	unsigned short jump = p->len;

	emit(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)c->number, 0, 0);
	if (c->kind == NOTIFY_TASK || calls & NOTIFY_WRITES) {
		give(p, SECCOMP_RET_USER_NOTIF);
	} else {
		load(p, offset_of_int(c->fd));
		if (calls & NOTIFY_STDERR)
			give_if(p, 2, SECCOMP_RET_USER_NOTIF);
		if (calls & NOTIFY_STDOUT)
			give_if(p, 1, SECCOMP_RET_USER_NOTIF);
		give(p, SECCOMP_RET_ALLOW);
	}
	p->code[jump].jf = (uint8_t)(p->len - jump - 1);
}

static void
add_calls(struct program *p, uint32_t arch, const struct call *list,
	  size_t count, unsigned calls)
{
	unsigned writes = NOTIFY_STDERR | NOTIFY_STDOUT | NOTIFY_WRITES;
	unsigned short jump = p->len;

	emit(p, BPF_JMP | BPF_JEQ | BPF_K, arch, 0, 0);
	load(p, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < count; i++)
		if (calls &
		    (list[i].kind == NOTIFY_TASK ? NOTIFY_TASKS : writes))
			add_call(p, &list[i], calls);
	give(p, SECCOMP_RET_ALLOW);
	p->code[jump].jf = (uint8_t)(p->len - jump - 1);
}

#ifdef NATIVE
static int
install(const struct program *p, unsigned long flags)
{
	union {
		const struct sock_filter *in;
		struct sock_filter *out;
	} code = { .in = p->code };
	struct sock_fprog prog = { p->len, code.out };

	/* Without SPEC_ALLOW, older kernels slow everything down. */
	flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER |
		 SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);
}
#endif

int
notify_install(unsigned calls)
{
#ifdef NATIVE
	struct program p = { .len = 0 };
	int fd;

	load(&p, offsetof(struct seccomp_data, arch));
	add_calls(&p, NATIVE, native_calls, countof(native_calls), calls);
#ifdef COMPAT
	add_calls(&p, COMPAT, compat_calls, countof(compat_calls), calls);
#endif
	give(&p, SECCOMP_RET_ALLOW);
	fd = install(&p, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
	if (fd < 0 && errno == EACCES) {
		/* Only who may do everything may do this without. */
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		fd = install(&p, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
	}
	if (fd < 0 && errno == EINVAL) /* before Linux 5.19 */
		fd = install(&p, 0);
	return fd;
#else
	(void)calls;
	errno = ENOSYS;
	return -1;
#endif
}

/* --- the listener ----------------------------------------------------------
 */

static const struct call *
find_call(const struct seccomp_data *d, bool *compat)
{
	const struct call *list = native_calls;
	size_t count = countof(native_calls);

	*compat = false;
#ifdef COMPAT
	if (d->arch == COMPAT) {
		list = compat_calls;
		count = countof(compat_calls);
		*compat = true;
	}
#endif
	for (size_t i = 0; i < count; i++)
		if (list[i].number == d->nr)
			return &list[i];
	return NULL;
}

int
notify_next(int listener, struct notify_call *c)
{
	/* The kernel's struct may be longer than ours. */
	union {
		struct seccomp_notif n;
		char room[512];
	} u;
	struct pollfd ready = { .fd = listener, .events = POLLIN };
	const struct call *call;

	/* To receive waits if nothing is there. */
	if (poll(&ready, 1, 0) <= 0)
		return 0;
	if (!(ready.revents & POLLIN))
		return ready.revents & (POLLHUP | POLLERR) ? -1 : 0;
	memset(&u, 0, sizeof u);
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &u.n) < 0)
		return 0; /* it was killed in between, or we look again */
	*c = (struct notify_call){ .id = u.n.id, .tid = (pid_t)u.n.pid };
	call = find_call(&u.n.data, &c->compat);
	if (!call) { /* the filter names no such call */
		notify_go_on(listener, c);
		return 0;
	}
	c->kind = (enum notify_kind)call->kind;
	c->fd = (int)u.n.data.args[call->fd];
	c->at = u.n.data.args[call->at];
	c->len = call->len == NO_LENGTH ? UINT64_MAX : u.n.data.args[call->len];
	if (c->kind == NOTIFY_WRITE && c->len > MAX_RW_COUNT)
		c->len = MAX_RW_COUNT;
	return 1;
}

/* Of one that is known, neither waits. */
static int
ask_kernel(int listener, unsigned long what, void *about)
{
	int rc;

	do
		rc = ioctl(listener, what, about);
	while (rc < 0 && errno == EINTR);
	return rc;
}

bool
notify_waits(int listener, const struct notify_call *c)
{
	uint64_t id = c->id;

	return ask_kernel(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

static bool
reply(int listener, struct seccomp_notif_resp *r)
{
	return ask_kernel(listener, SECCOMP_IOCTL_NOTIF_SEND, r) == 0;
}

void
notify_go_on(int listener, const struct notify_call *c)
{
	struct seccomp_notif_resp r = {
		.id = c->id,
		.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE,
	};

	reply(listener, &r);
}

bool
notify_answer(int listener, const struct notify_call *c, int64_t value)
{
	struct seccomp_notif_resp r = { .id = c->id };

	if (value < 0)
		r.error = (int)value;
	else
		r.val = value;
	return reply(listener, &r);
}

void
notify_hurry(int listener)
{
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS,
	      (uint64_t)SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
}

/* --- the caller's memory ----------------------------------------------------
 */

ssize_t
notify_read(const struct notify_call *c, uint64_t at, void *into, size_t len)
{
	struct iovec here = { into, len };
	struct iovec there = { (void *)(uintptr_t)at, len };
	ssize_t n = process_vm_readv(c->tid, &here, 1, &there, 1, 0);

	/* A kernel built without it, a sandbox: we may not. */
	if (n < 0 && errno != EFAULT)
		errno = EPERM;
	return n;
}

static int
parts_of_vector(const struct notify_call *c, struct notify_part *parts)
{
	struct {
		uint32_t at, len;
	} halves[NOTIFY_PARTS];
	size_t size = c->compat ? sizeof halves[0] : sizeof *parts;
	void *into = c->compat ? (void *)halves : (void *)parts;
	uint64_t sum = 0;
	ssize_t n = 0;

	if (c->len > NOTIFY_PARTS) {
		errno = EINVAL;
		return -1;
	}
	if (c->len)
		n = notify_read(c, c->at, into, c->len * size);
	if (n < 0)
		return -1;
	if ((size_t)n < c->len * size) {
		errno = EFAULT;
		return -1;
	}
	for (size_t i = 0; i < c->len; i++) {
		if (c->compat)
			parts[i] = (struct notify_part){ halves[i].at,
							 halves[i].len };
		if (parts[i].len > SSIZE_MAX) {
			errno = EINVAL;
			return -1;
		}
		if (parts[i].len > MAX_RW_COUNT - sum)
			parts[i].len = MAX_RW_COUNT - sum;
		sum += parts[i].len;
	}
	return (int)c->len;
}

int
notify_parts(const struct notify_call *c,
	     struct notify_part parts[NOTIFY_PARTS])
{
	if (c->kind == NOTIFY_WRITEV)
		return parts_of_vector(c, parts);
	parts[0] = (struct notify_part){ c->at, c->len };
	return 1;
}

/* bare.h: system calls past libc. To a copy of a process each page is new at
 * the first touch, of code as of data, and costs about a microsecond: what it
 * calls lies near, and errno is left alone. */
#ifndef CNB_BARE_H
#define CNB_BARE_H

#include <errno.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* -> as the kernel has it: an error is -errno. */
static inline long
bare(long number, long a, long b, long c, long d, long e, long f)
{
#if defined(__x86_64__)
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10),
			   "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc #0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
#else
	long result = syscall(number, a, b, c, d, e, f);

	return result < 0 ? -errno : result;
#endif
}

static inline void
bare_close(int fd)
{
	bare(SYS_close, fd, 0, 0, 0, 0, 0);
}

/* fstat() asks for the path "", which takes a seventh longer: of what is done
 * after a cell that prints a line a quarter is to look at descriptors. */
static inline int
bare_fstat(int fd, struct stat *st)
{
#if defined(__x86_64__) || (defined(__aarch64__) && defined(__LP64__))
	/* libc's structure is the kernel's. */
	return (int)bare(SYS_fstat, fd, (long)st, 0, 0, 0, 0);
#else
	return fstat(fd, st);
#endif
}

/* 0, or not. */
static inline int
bare_dup(int fd, int target)
{
	long rc;

	do
		rc = bare(SYS_dup3, fd, target, 0, 0, 0, 0);
	while (rc == -EINTR || rc == -EBUSY);
	return rc != target;
}

#endif

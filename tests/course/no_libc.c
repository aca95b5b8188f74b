//| cflags: -nostdlib -static -fno-stack-protector
/* Without a C library at all. */
#ifdef __x86_64__
static long call(long n, long a, long b, long c)
{
	long r;

	__asm__ volatile("syscall" : "=a"(r) : "a"(n), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return r;
}

int main(void)
{
	call(1, 1, (long)"bare\n", 5);
	return 5;
}

void _start(void)
{
	call(60, main(), 0, 0);
}
#endif

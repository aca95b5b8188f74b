What one thread writes to stdout and stderr keeps its order: a thousand lines,
one after the other on both, by every kind of cell and of process.

  ! not valgrind: it does not know seccomp()
  $ cat >alternate.h <<'END'
  > #include <stdio.h>
  > static void alternate(int n)
  > {
  > 	for (int i = 0; i < n; i++) {
  > 		printf("out %d\n", i);
  > 		fprintf(stderr, "err %d\n", i);
  > 	}
  > }
  > END
  $ nb x.ipynb <<'END'
  > === shared
  > #include "alternate.h"
  > alternate(1000);
  > === forked-in-the-host
  > #include <sys/wait.h>
  > #include <unistd.h>
  > if (fork() == 0) { alternate(1000); _exit(0); }
  > wait(NULL);
  > === thread-in-the-host
  > #include <pthread.h>
  > void *work(void *arg) { alternate(1000); return arg; }
  > pthread_t t;
  > pthread_create(&t, NULL, work, NULL);
  > pthread_join(t, NULL);
  > === program
  > #include "alternate.h"
  > int main(void) { alternate(1000); }
  > === grandchild
  > #include "alternate.h"
  > #include <sys/wait.h>
  > #include <unistd.h>
  > int main(void)
  > {
  > 	if (fork() == 0 && fork() == 0) alternate(1000);
  > 	while (wait(NULL) > 0);
  > 	usleep(20000);
  > }
  > === sanitized
  > //| cflags: -fsanitize=address,undefined
  > #include "alternate.h"
  > int main(void) { alternate(1000); }
  > === script
  > %%bash
  > for ((i = 0; i < 1000; i++)); do echo out $i; echo err $i >&2; done
  > === commands
  > //| file: alternate.c
  > //| run: cc -o alternate alternate.c
  > //| run: ./alternate; echo out; echo err >&2
  > #include "alternate.h"
  > int main(void) { setvbuf(stdout, NULL, _IOLBF, 0); alternate(1000); }
  > === writev
  > #include <sys/uio.h>
  > int main(void)
  > {
  > 	struct iovec v[] = { { "e", 1 }, { "rr\n", 3 } };
  > 	for (int i = 0; i < 1000; i++) {
  > 		writev(1, v, 2);
  > 		writev(2, v, 2);
  > 	}
  > }
  > === calls-of-32-bits
  > #define _GNU_SOURCE
  > #include <string.h>
  > #include <sys/mman.h>
  > #include <sys/wait.h>
  > #include <unistd.h>
  > static long call(long number, long a, void *at, long n)
  > {
  > 	long rc;
  > 	asm volatile("int $0x80" : "=a"(rc)
  > 		: "a"(number), "b"(a), "c"(at), "d"(n) : "memory");
  > 	return rc;
  > }
  > int main(void)
  > {
  > 	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
  > 		MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  > 	int granted = -1; // some kernels have no such calls, some kill for them
  > 	if (fork() == 0)
  > 		_exit(call(20, 0, NULL, 0) < 0);
  > 	wait(&granted);
  > 	strcpy(low, "err\n");
  > 	for (int i = 0; i < 1000; i++) {
  > 		write(1, "out\n", 4);
  > 		if (granted != 0 || call(4, 2, low, 4) != 4)
  > 			write(2, "err\n", 4);
  > 	}
  > }
  > END
  $ cnb run x.ipynb -q -o x.json >/dev/null; writes order <x.json
  shared exact oe*1000
  forked-in-the-host exact oe*1000
  thread-in-the-host exact oe*1000
  program exact oe*1000
  grandchild exact oe*1000
  sanitized exact oe*1000
  script exact oe*1000
  commands exact oe*1001
  writev exact oe*1000
  calls-of-32-bits exact oe*1000

The order between threads and processes that know of each other is kept too:
here each waits for the other, and writes to the other stream.

  $ nb y.ipynb <<'END'
  > === ping-pong
  > #include <unistd.h>
  > int main(void)
  > {
  > 	int there[2], back[2];
  > 	char c = 0;
  > 	pipe(there);
  > 	pipe(back);
  > 	if (fork() == 0) {
  > 		close(there[1]);
  > 		while (read(there[0], &c, 1) == 1) {
  > 			write(2, "err\n", 4);
  > 			write(back[1], &c, 1);
  > 		}
  > 		return 0;
  > 	}
  > 	for (int i = 0; i < 1000; i++) {
  > 		write(1, "out\n", 4);
  > 		write(there[1], &c, 1);
  > 		read(back[0], &c, 1);
  > 	}
  > }
  > === written-late
  > #include <stdio.h>
  > #include <unistd.h>
  > int main(void)
  > {
  > 	if (fork() == 0) {
  > 		while (access("go", F_OK)) usleep(1000);
  > 		for (int i = 0; i < 100; i++) {
  > 			puts("out");
  > 			fputs("err\n", stderr);
  > 		}
  > 		fclose(fopen("told", "w"));
  > 	}
  > }
  > === while-another-runs
  > #include <stdio.h>
  > #include <unistd.h>
  > int main(void)
  > {
  > 	fclose(fopen("go", "w"));
  > 	for (int i = 0; i < 100 || access("told", F_OK); i++) {
  > 		puts("out");
  > 		fputs("err\n", stderr);
  > 	}
  > }
  > END
  $ cnb run y.ipynb -q -o y.json >/dev/null; writes order <y.json
  ping-pong exact oe*1000
  written-late exact oe*100
  while-another-runs exact oe\*[0-9]+ (re)

A line for the shell within a shared cell does what shells do, too: descriptor 1
becomes what 2 was.

  $ nb line.ipynb <<'END'
  > === line
  > puts("out");
  > ! echo err >&2; for i in $(seq 499); do echo out; echo err >&2; done
  > END
  $ cnb run line.ipynb -q -o line.json >/dev/null; writes order <line.json
  line exact oe*500

What goes elsewhere, fails, or is never written does no harm.

  $ nb z.ipynb <<'END'
  > === elsewhere
  > %%sh
  > for i in 1 2 3; do echo out; echo lost 2>/dev/null >&2; echo err >&2; done
  > ls /nowhere 2>file; echo out; cat file >&2
  > === both-as-one
  > %%sh
  > { echo out; echo out >&2; echo out; } 2>&1
  > === closed
  > #include <stdio.h>
  > #include <unistd.h>
  > int main(void)
  > {
  > 	close(2);
  > 	printf("out %d\n", (int)write(2, "x", 1));
  > }
  > === large
  > #include <stdlib.h>
  > #include <string.h>
  > #include <unistd.h>
  > int main(void)
  > {
  > 	size_t n = 3000001;
  > 	char *b = malloc(n);
  > 	memset(b, 'x', n);
  > 	b[n - 1] = '\n';
  > 	for (int i = 0; i < 3; i++)
  > 		if (write(1, "out\n", 4) != 4 || write(2, b, n) != (ssize_t)n)
  > 			return 1;
  > }
  > END
  $ cnb run z.ipynb -q -o z.json >/dev/null; writes order <z.json; verdicts <z.json
  elsewhere exact oe*4
  both-as-one exact o*3
  closed exact o*1
  large exact oe*3
  elsewhere ok
  both-as-one ok
  closed ok
  large ok

Where it cannot be known, the record does not say "exact": a descriptor with
another number is not seen; a filter is not wanted, or not granted.

  $ nb w.ipynb <<'END'
  > === by-another-number
  > #include <unistd.h>
  > int main(void)
  > {
  > 	int fd = dup(2);
  > 	for (int i = 0; i < 3; i++) {
  > 		write(1, "out\n", 4);
  > 		write(fd, "err\n", 4);
  > 	}
  > }
  > === fails-then-another-number
  > #include <unistd.h>
  > int main(void)
  > {
  > 	int fd = dup(2);
  > 	write(2, (void *)8, 100);
  > 	write(1, "out\n", 4);
  > 	write(fd, "err\n", 4);
  > 	write(2, "err\n", 4);
  > }
  > === one-stream-only
  > #include <unistd.h>
  > int main(void) { write(dup(2), "err\n", 4); }
  > === plain
  > //| capture: plain
  > #include <stdio.h>
  > int main(void) { puts("out"); fputs("err\n", stderr); }
  > === ordered
  > #include <stdio.h>
  > int main(void) { puts("out"); fputs("err\n", stderr); }
  > END
  $ cnb run w.ipynb -q -o w.json >/dev/null; writes order <w.json | cut -d' ' -f1,2
  by-another-number approximate
  fails-then-another-number approximate
  one-stream-only exact
  plain approximate
  ordered exact
  $ cnb run w.ipynb -c ordered --capture plain -q -o w.json >/dev/null; writes order <w.json | cut -d' ' -f1,2
  ordered approximate
  $ $BUILD/tests/children/refuses cnb run w.ipynb -c ordered -q -o w.json >/dev/null; writes order <w.json | cut -d' ' -f1,2; verdicts <w.json | tail -1
  ordered approximate
  ordered ok

Within a cell of cnb there is a listener already: another is not granted.

  $ nb v.ipynb <<'END'
  > === outer
  > %%sh
  > cnb run w.ipynb -c ordered -q -o w.json; echo out; echo err >&2
  > END
  $ cnb run v.ipynb -q -o v.json >/dev/null; writes order <w.json | cut -d' ' -f1,2; writes order <v.json
  ordered approximate
  outer exact ooe

An option that contradicts another, or has no meaning, is refused.

  $ cnb run w.ipynb --capture none
  cnb: option '--capture': unknown HOW 'none': it is one of ordered, plain
  ? 2
  $ cnb run w.ipynb --capture plain --timeline
  cnb: --timeline and --capture plain contradict each other
  ? 2
  $ nb u.ipynb <<'END'
  > === asks
  > //| timeline: true
  > puts("x");
  > === forbids
  > //| capture: plain
  > puts("y");
  > END
  $ cnb run u.ipynb
  cnb: cannot run 'u.ipynb': cell 'asks' asks for a timeline, but cell 'forbids' of the same process says 'capture: plain'
  ? 2
  $ cnb run u.ipynb --capture plain
  cnb: cannot run 'u.ipynb': cell 'asks' asks for a timeline, which '--capture plain' does not record
  ? 2

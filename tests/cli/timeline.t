With a timeline every write has its time, process and thread, in one order.
Each writer here takes a number under a lock and writes it while it holds the
lock: so the numbers are the order in which the writes were made.

  ! not valgrind: it does not know seccomp()
  $ cat >tickets.h <<'END'
  > #define _GNU_SOURCE
  > #include <pthread.h>
  > #include <stdio.h>
  > #include <sys/mman.h>
  > #include <sys/syscall.h>
  > #include <sys/uio.h>
  > #include <sys/wait.h>
  > #include <unistd.h>
  > static struct { pthread_mutex_t lock; long next; } *drum;
  > static int other; /* another number for stdout */
  > static void *draw(void *arg)
  > {
  > 	for (int i = 0; i < *(int *)arg; i++) {
  > 		int fd[] = { 1, 2, other };
  > 		char t[80];
  > 		pthread_mutex_lock(&drum->lock);
  > 		int n = sprintf(t, "%ld %d %d\n", drum->next++, getpid(),
  > 			(int)syscall(SYS_gettid));
  > 		struct iovec v[] = { { t, 3 }, { t, 0 }, { t + 3, n - 3 } };
  > 		if (i % 4) write(fd[i % 3], t, n);
  > 		else writev(fd[i % 3], v, 3);
  > 		pthread_mutex_unlock(&drum->lock);
  > 	}
  > 	return NULL;
  > }
  > static int tickets(int processes, int threads, int each)
  > {
  > 	pthread_mutexattr_t a;
  > 	pthread_t t[16];
  > 	int i, main_one = getpid();
  > 	drum = mmap(NULL, sizeof *drum, PROT_READ | PROT_WRITE,
  > 		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  > 	pthread_mutexattr_init(&a);
  > 	pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
  > 	pthread_mutex_init(&drum->lock, &a);
  > 	other = dup(1);
  > 	for (i = 1; i < processes && fork() > 0; i++);
  > 	for (i = 0; i < threads; i++) pthread_create(t + i, NULL, draw, &each);
  > 	for (i = 0; i < threads; i++) pthread_join(t[i], NULL);
  > 	if (getpid() != main_one) _exit(0);
  > 	while (wait(NULL) > 0);
  > 	return 0;
  > }
  > END
  $ nb x.ipynb <<'END'
  > === program
  > #include "tickets.h"
  > int main(void) { return tickets(4, 5, 2000); }
  > === shared
  > #include "tickets.h"
  > tickets(2, 3, 200);
  > === sanitized
  > //| cflags: -fsanitize=thread
  > #include "tickets.h"
  > int main(void) { return tickets(2, 3, 100); }
  > END
  $ cnb run x.ipynb --timeline -q -o x.json >/dev/null; writes tickets <x.json; verdicts <x.json
  program 40000 writes by 4 processes and 20 threads: 0 wrong, 0 late
  shared 1200 writes by 2 processes and 6 threads: 0 wrong, 0 late
  sanitized 600 writes by 2 processes and 6 threads: 0 wrong, 0 late
  program ok
  shared ok
  sanitized ok
  $ writes order <x.json | cut -d' ' -f1,2
  program exact
  shared exact
  sanitized exact

Without it there is none; an option asks for it in one cell.

  $ nb y.ipynb <<'END'
  > === one
  > //| timeline: true
  > #include <stdio.h>
  > #include <pthread.h>
  > void *work(void *a) { fputs(a, stderr); return a; }
  > pthread_t t;
  > puts("before");
  > pthread_create(&t, NULL, work, "within\n");
  > pthread_join(t, NULL);
  > puts("after");
  > === two
  > puts("untold");
  > === nothing
  > //| timeline: true
  > int main(void) { return 0; }
  > === shell
  > %%sh
  > echo untold
  > === told-shell
  > //| timeline: true
  > //| run: exec 5>&1; echo a; echo b >&2; (echo c >&5); echo d >/dev/stdout; echo e >/dev/stderr; echo no >/dev/null; exec env echo told
  > int unused;
  > END
  $ cnb run y.ipynb -q -o y.json >/dev/null; writes list <y.json
  one + stdout a a "before\n"
  one + stderr a b "within\n"
  one + stdout a a "after\n"
  two none
  shell none
  told-shell + stdout a a "a\n"
  told-shell + stderr a a "b\n"
  told-shell + stdout b b "c\n"
  told-shell + stdout a a "d\n"
  told-shell + stderr a a "e\n"
  told-shell + stdout a a "told\n"

A write is what it was: its count, its errors, its pieces.

  $ nb z.ipynb <<'END'
  > === answers
  > #include <errno.h>
  > #include <fcntl.h>
  > #include <limits.h>
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <string.h>
  > #include <sys/mman.h>
  > #include <sys/uio.h>
  > #include <unistd.h>
  > static char *what(long rc)
  > {
  > 	static char t[40];
  > 	if (rc < 0) return strerror(errno);
  > 	sprintf(t, "%ld", rc);
  > 	return t;
  > }
  > #define SAY(x) do { char *w = what(x); dprintf(log, "%s: %s\n", #x, w); } while (0)
  > int main(void)
  > {
  > 	int log = open("answers", O_CREAT | O_WRONLY | O_TRUNC, 0600);
  > 	char *two = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
  > 		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  > 	struct iovec v[3] = { { "ab", 2 }, { "c\n", 2 }, { (void *)8, 9 } };
  > 	struct iovec odd = { "x", SSIZE_MAX };
  > 	odd.iov_len++;
  > 	mprotect(two + 4096, 4096, PROT_NONE);
  > 	memset(two, 'x', 4095), two[4095] = '\n';
  > 	SAY(write(1, "", 0));
  > 	SAY(write(1, "one\n", 4));
  > 	SAY(write(1, (void *)8, 1));
  > 	SAY(write(1, two + 4094, 100));
  > 	SAY(writev(1, v, 2));
  > 	SAY(writev(1, v + 1, 2));
  > 	SAY(writev(1, v, 0));
  > 	SAY(writev(1, v, -1));
  > 	SAY(writev(1, v, 1025));
  > 	SAY(writev(1, &odd, 1));
  > 	SAY(writev(1, (void *)8, 1));
  > 	SAY(write(77, "x", 1));
  > 	SAY(write(log, "", 0));
  > 	SAY(pwrite(1, "x", 1, 0));
  > 	SAY(lseek(1, 0, SEEK_CUR));
  > }
  > === large
  > #include <stdlib.h>
  > #include <string.h>
  > #include <unistd.h>
  > int main(void)
  > {
  > 	size_t n = 5000000;
  > 	char *b = malloc(n);
  > 	memset(b, 'x', n);
  > 	b[n - 1] = '\n';
  > 	return write(1, b, n) != (ssize_t)n;
  > }
  > END
  $ cnb run z.ipynb -c answers --timeline -q -o z.json >/dev/null; mv answers told; cnb run z.ipynb -c answers --capture plain -q -o p.json >/dev/null; cmp told answers; cat answers
  write(1, "", 0): 0
  write(1, "one\n", 4): 4
  write(1, (void *)8, 1): Bad address
  write(1, two + 4094, 100): Bad address
  writev(1, v, 2): 4
  writev(1, v + 1, 2): Bad address
  writev(1, v, 0): 0
  writev(1, v, -1): Invalid argument
  writev(1, v, 1025): Invalid argument
  writev(1, &odd, 1): Invalid argument
  writev(1, (void *)8, 1): Bad address
  write(77, "x", 1): Bad file descriptor
  write(log, "", 0): 0
  pwrite(1, "x", 1, 0): Illegal seek
  lseek(1, 0, SEEK_CUR): Illegal seek
  $ writes list <z.json | grep -v none
  answers + stdout a a "one\n"
  answers + stdout a a "abc\n"

However long it is, it is one write.

  $ cnb run z.ipynb -c large --timeline -q -o z.json >/dev/null; verdicts <z.json | tail -1
  large ok
  $ python3 -c 'import json; t = json.load(open("z.json"))["cells"][1]["timeline"]; print(len(t), len(t[0]["text"]))'
  1 5000000

Of bytes that the kernel moves by itself nothing is known but their place.

  $ nb u.ipynb <<'END'
  > === unseen
  > #define _GNU_SOURCE
  > #include <fcntl.h>
  > #include <sys/prctl.h>
  > #include <sys/sendfile.h>
  > #include <unistd.h>
  > int main(void)
  > {
  > 	int fd = open("line", O_CREAT | O_RDWR | O_TRUNC, 0600), ends[2];
  > 	pipe(ends);
  > 	write(fd, "from a file\n", 12);
  > 	lseek(fd, 0, SEEK_SET);
  > 	write(ends[1], "from a pipe\n", 12);
  > 	write(1, "before\n", 7);
  > 	sendfile(1, fd, NULL, 12);
  > 	write(1, "between\n", 8);
  > 	splice(ends[0], NULL, 1, NULL, 12, 0);
  > 	write(1, "after\n", 6);
  > }
  > END
  $ cnb run u.ipynb --timeline -q -o u.json >/dev/null; writes list <u.json; writes order <u.json
  unseen + stdout a a "before\n"
  unseen - stdout - - "from a file\n"
  unseen + stdout a a "between\n"
  unseen - stdout - - "from a pipe\n"
  unseen + stdout a a "after\n"
  unseen exact o*5

Signals whose handlers let calls be restarted cost nothing, in either way of
capturing: no line is lost, none stands there twice.

  $ nb signals.ipynb <<'END'
  > === signals
  > #include <signal.h>
  > #include <stdio.h>
  > #include <sys/time.h>
  > static volatile sig_atomic_t came;
  > static void count(int sig) { came += sig == SIGALRM; }
  > int main(void)
  > {
  > 	struct itimerval often = { { 0, 500 }, { 0, 500 } };
  > 	int i;
  > 	signal(SIGALRM, count); // with SA_RESTART, in glibc
  > 	setitimer(ITIMER_REAL, &often, NULL);
  > 	for (i = 0; i < 2000 || came < 20; i++)
  > 		if (fprintf(stderr, "%d\n", i) < 0) return 1;
  > 	fprintf(stdout, "%d\n", i);
  > }
  > END
  $ cat >whole <<'END'
  > import json, sys
  > c = json.load(sys.stdin)["cells"][0]
  > lines = c["stderr"].split()
  > print(c["status"], lines == [str(i) for i in range(int(c["stdout"]))])
  > END
  $ cnb run signals.ipynb -q -o s.json >/dev/null; python3 whole <s.json
  ok True
  $ cnb run signals.ipynb --timeline -q -o s.json >/dev/null; python3 whole <s.json
  ok True

On the terminal each write has its time and its writer in front.

  $ cnb run u.ipynb --timeline | tail -8
   +<time>  [0-9]+ +before (re)
          ? ms  ?               from a file
   +<time>  [0-9]+ +between (re)
          ? ms  ?               from a pipe
   +<time>  [0-9]+ +after (re)
  ok <time>
  
  1 cell: 1 ok in <time>

Where no listener is granted there is no timeline, and it is said.

  $ $BUILD/tests/children/refuses cnb run u.ipynb --timeline -q -o u.json >/dev/null; writes list <u.json; verdicts <u.json
  cnb: warning: cell 'unseen' of 'u.ipynb' has no timeline: this system does not let writes be seen (seccomp)
  unseen none
  unseen ok

What a thread writes that outlived its cell belongs to its own cell, exactly,
and so does what the threads write that such a thread begins. Without the
timeline it is shown in the cell that runs, and marked.

  $ nb late.ipynb <<'END'
  > === begins
  > #include <pthread.h>
  > #include <semaphore.h>
  > #include <stdio.h>
  > #include <string.h>
  > sem_t go, gone;
  > void *say(void *what) { fputs(what, stderr); return what; }
  > void *stay(void *arg)
  > {
  > 	pthread_t t;
  > 	sem_wait(&go);
  > 	puts("late by the first");
  > 	pthread_create(&t, NULL, say, "late by its thread\n");
  > 	pthread_join(t, NULL);
  > 	sem_post(&gone);
  > 	return arg;
  > }
  > pthread_t t;
  > sem_init(&go, 0, 0);
  > sem_init(&gone, 0, 0);
  > pthread_create(&t, NULL, stay, NULL);
  > puts("in time");
  > === goes-on
  > pthread_t u;
  > puts("before");
  > sem_post(&go);
  > pthread_create(&u, NULL, say, "by the second\n");
  > pthread_join(u, NULL);
  > sem_wait(&gone);
  > puts("after");
  > END
  $ cnb run late.ipynb --timeline -q -o late.json >/dev/null; writes list <late.json | cut -d' ' -f1-3,6-; verdicts <late.json
  begins + stdout "in time\n"
  begins + stdout "late by the first\n"
  begins + stderr "late by its thread\n"
  goes-on + stdout "before\n"
  goes-on + stderr "by the second\n"
  goes-on + stdout "after\n"
  begins ok threads 1
  goes-on ok
  $ cnb run late.ipynb -q -o late.json >/dev/null; verdicts <late.json
  begins ok threads 1
  goes-on ok background

It is enough that one of the cells asks for it: then the other's text is where
it belongs, too, and only the timeline is missing there.

  $ sed 's/pthread_t u;/\/\/| timeline: true\\npthread_t u;/' late.ipynb >one.ipynb
  $ cnb run one.ipynb -q -o late.json >/dev/null; writes list <late.json | cut -d' ' -f1-3,6-; writes order <late.json; verdicts <late.json
  begins none
  goes-on + stdout "before\n"
  goes-on + stderr "by the second\n"
  goes-on + stdout "after\n"
  begins exact ooe
  goes-on exact oeo
  begins ok threads 1
  goes-on ok

Errors and results stand beside the writes, and are none.

  $ nb beside.ipynb <<'END'
  > === fails
  > puts("x"); return 3;
  > === result
  > puts("y"); "a result"
  > END
  $ cnb run -q -k --timeline beside.ipynb -o beside.json >/dev/null
  ? 1
  $ writes list <beside.json | cut -d' ' -f1-3,6-
  fails + stdout "x\n"
  result + stdout "y\n"
  $ for f in html trace jsonl; do cnb export -t $f beside.json >beside.$f || echo $f; done
  $ cnb export -t json beside.json | cmp - beside.json

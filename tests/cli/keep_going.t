With --keep-going the next cell starts from the state before the failed one,
however that failed: memory, statics, the heap, thread-locals, the seed of
rand(), the place in an open file.

  $ nb x.ipynb <<'END'
  > === above
  > #include <pthread.h>
  > #include <signal.h>
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <sys/wait.h>
  > #include <unistd.h>
  > int x = 1, *p;
  > static int s = 1;
  > _Thread_local int t = 1;
  > FILE *f;
  > p = malloc(sizeof *p); *p = 1;
  > f = fopen("lines", "r");
  > char line[80];
  > void spoil(void) { x = s = t = *p = 9; rand(); fgets(line, 80, f); }
  > void show(void)
  > {
  > 	printf("%d %d %d %d, %s", x, s, t, *p, fgets(line, 80, f));
  > }
  > srand(1); int r = rand(); srand(1);
  > === crashes
  > spoil(); *(volatile int *)0 = 1;
  > === one
  > show(); r == rand()
  > === returns
  > spoil(); return 3;
  > === two
  > x++; show();
  > === exits
  > x = 10; exit(4);
  > === three
  > show();
  > === times-out
  > //| timeout: 100ms
  > spoil(); for (;;) pause();
  > === four
  > show();
  > === kills-its-group
  > spoil(); kill(0, SIGKILL);
  > === five
  > show();
  > === really-exits
  > spoil(); _Exit(0);
  > === six
  > while (wait(NULL) > 0); show();
  > === kills-its-parent
  > spoil(); kill(getppid(), SIGKILL); pause();
  > === seven
  > x
  > END
  $ printf 'a\nb\nc\nd\ne\nf\ng\n' >lines
  ! not valgrind: cells that crash on purpose
  $ cnb run -k x.ipynb -o x.json >x.out; verdicts <x.json; outputs <x.json
  above ok
  crashes crashed SIGSEGV (write to address 0x0)
  one ok
  returns failed exit 3 (returned 3)
  two ok
  exits failed exit 4 (exit status 4)
  three ok
  times-out timeout (ran longer than 100ms)
  four ok
  kills-its-group crashed SIGKILL (killed by signal 9 (Killed))
  five ok
  really-exits ok
  six ok
  kills-its-parent crashed SIGKILL (killed by signal 9 (Killed))
  seven ok
  above
  crashes
  one 1 "1 1 1 1, a\n" (snapshot)
  returns
  two "2 1 1 1, b\n" (snapshot)
  exits
  three "10 1 1 1, c\n"
  times-out
  four "10 1 1 1, d\n" (snapshot)
  kills-its-group
  five "10 1 1 1, e\n" (snapshot)
  really-exits
  six "10 1 1 1, f\n" (snapshot)
  kills-its-parent
  seven 10 (replay) 8: it was killed

Where a thread lives there is no snapshot; its cell runs again, which is said,
as is what it then does otherwise.

  $ nb y.ipynb <<'END'
  > === above
  > #include <pthread.h>
  > #include <stdio.h>
  > #include <sys/wait.h>
  > #include <unistd.h>
  > int x = 1;
  > void *rest(void *arg) { for (;;) pause(); return arg; }
  > === thread
  > pthread_t t;
  > x++; pthread_create(&t, NULL, rest, NULL);
  > printf("%d\n", getpid());
  > === crash
  > x = 50; *(volatile int *)0 = 1;
  > === below
  > x
  > END
  ! not valgrind: cells that crash on purpose
  $ cnb run -k y.ipynb -o y.json | grep 'state above'; outputs below <y.json
  the state above: 1 cell ran again, for there was no snapshot: a thread is alive; not with the same outputs: thread
  below 2 (replay) 1: a thread is alive differs: thread

What else stands in the way of a snapshot is named.

  $ cat >ways <<'END'
  > #define _GNU_SOURCE
  > #include <fcntl.h>
  > #include <mqueue.h>
  > #include <pthread.h>
  > #include <signal.h>
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <sys/eventfd.h>
  > #include <sys/file.h>
  > #include <sys/mman.h>
  > #include <sys/socket.h>
  > #include <time.h>
  > #include <unistd.h>
  > int n[2]; timer_t id; sigset_t s;
  > END
  $ for way in 'if (!fork()) for (;;) pause();' 'pipe(n);' 'alarm(99);' \
  >     'socketpair(AF_UNIX, SOCK_STREAM, 0, n);' 'eventfd(0, 0);' \
  >     'mmap(0, 9, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);' \
  >     'timer_create(CLOCK_REALTIME, &(struct sigevent){ .sigev_notify = SIGEV_NONE }, &id);' \
  >     'flock(open("ways", O_RDONLY), LOCK_SH);' 'posix_openpt(O_RDWR);' \
  >     'mq_open("/cnb-ways", O_RDWR | O_CREAT, 0600, NULL); mq_unlink("/cnb-ways");' \
  >     'sigfillset(&s); sigprocmask(SIG_BLOCK, &s, 0); raise(SIGRTMIN);'
  > do { echo "=== a"; cat ways; echo "=== b"; echo "$way"; echo "=== c"
  > echo '*(volatile int *)0 = 1;'; echo "=== d"; echo "n[0] = 1;"; } | nb z.ipynb
  > cnb run -k z.ipynb -o - --to json | outputs d; done
  ! not valgrind: cells that crash on purpose
  d (replay) 1: a child process has not been waited for
  d (replay) 1: descriptor 3 is a pipe
  d (replay) 1: a timer is running
  d (replay) 1: descriptor 3 is a socket
  d (replay) 1: descriptor 3 is not a file
  d (replay) 1: memory is shared (*) (glob)
  d (replay) 1: a timer exists
  d (replay) 1: descriptor 3 is a file that is locked
  d (replay) 1: descriptor 3 is a device
  d (replay) 1: descriptor 3 is a message queue
  d (replay) 1: a signal waits to be let in

An end that was expected, or excused, loses nothing either, and needs no
--keep-going. A run that needs no snapshot makes none: how many children has the
cell's parent?

  $ nb e.ipynb <<'END'
  > === above
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <unistd.h>
  > int x = 1;
  > void children(void)
  > {
  > 	char path[80]; int n = 0, pid;
  > 	snprintf(path, sizeof path, "/proc/%d/task/%d/children", getppid(), getppid());
  > 	FILE *f = fopen(path, "r");
  > 	while (fscanf(f, "%d", &pid) == 1) n++;
  > 	fclose(f); printf("%d\n", n);
  > }
  > children();
  > === expected
  > //| expect: signal=SIGABRT
  > x++; children(); abort();
  > === excused
  > //| tags: raises-exception
  > x++; return 1;
  > === kept
  > //| expect: exit=2
  > x += 10; return 2;
  > === below
  > x
  > END
  ! not valgrind: cells that crash on purpose
  $ cnb run e.ipynb -o - --to json | outputs
  above "1\n"
  expected "2\n"
  excused (snapshot)
  kept (snapshot)
  below 11

Handlers that a cell above registered run at the end, also if the last cell took
its process with it; table cells keep their state in the same way.

  $ cat >table.c <<'END'
  > #include "cell.h"
  > #include <stdio.h>
  > #include <stdlib.h>
  > static int n;
  > static void bye(void) { printf("bye %d\n", n); }
  > static int add(struct cell *c) { (void)c; if (!n++) atexit(bye); printf("%d\n", n); return 0; }
  > static int die(struct cell *c) { (void)c; n = 50; abort(); }
  > static const struct cell_def cells[] = { { "add", add }, { "die", die } };
  > CELL_TABLE(cells);
  > END
  $ nb t.ipynb <<'END'
  > === one
  > //| use: table/add
  > === two
  > //| use: table/die
  > === three
  > //| use: table/add
  > === four
  > //| use: table/die
  > END
  ! not valgrind: cells that crash on purpose
  $ cnb run -k t.ipynb -o - --to json | outputs
  one "1\n"
  two
  three "2\nbye 2\n" (snapshot)
  four

A child that holds a lock is gone when the cells that began it and took the lock
run again: they find what they found. What a program left goes on.

  $ nb l.ipynb <<'END'
  > === a
  > #include <fcntl.h>
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <sys/file.h>
  > #include <unistd.h>
  > int fd = -1;
  > === lock
  > fd = open("lock", O_RDWR | O_CREAT, 0600);
  > printf("%d\n", flock(fd, LOCK_EX | LOCK_NB));
  > === child
  > if (!fork()) { close(1); close(2); for (;;) pause(); }
  > === program
  > %%sh
  > setsid sh -c 'echo $$ >pid; exec sleep 1000' >/dev/null 2>&1 & until [ -s pid ]; do sleep 0.01; done
  > === die
  > abort();
  > === after
  > if (fd >= 0) puts("goes on");
  > === sees
  > !kill -0 $(cat pid) && echo is there
  > END
  ! not valgrind: cells that crash on purpose
  $ cnb run -k l.ipynb -o l.json | grep 'state above'; outputs after sees <l.json
  the state above: 2 cells ran again, for there was no snapshot: a child process has not been waited for
  after "goes on\n" (replay) 2: a child process has not been waited for
  sees "is there\n"

No copy is made of a process that has left a namespace, or whose children will be
in another: it would be the first of these, and with it they would all end.

  $ nb n.ipynb <<'EOF'
  > === leaves
  > #define _GNU_SOURCE
  > #include <sched.h>
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <sys/wait.h>
  > #include <unistd.h>
  > int own; own = unshare(getuid() ? CLONE_NEWUSER | CLONE_NEWPID : CLONE_NEWPID) == 0;
  > === stands-between
  > puts("between");
  > === child
  > if (!fork()) { printf("%d\n", !own || getpid() == 1); fflush(0); _exit(0); }
  > wait(0); puts("waited");
  > EOF
  $ cnb run -k n.ipynb -o - --to json | outputs child
  child "1\nwaited\n"

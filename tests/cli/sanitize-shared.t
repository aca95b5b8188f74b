Sanitizers for the cells that share a process: the process gets their runtime,
by the notebook's own compiler. Each finding fails its cell; the state goes on.

  $ cat >address.txt <<'E'
  > === state
  > int *p = NULL;
  > p = malloc(sizeof *p);
  > *p = 40;
  > === use-after-free
  > int *q = malloc(4);
  > free(q);
  > printf("%d\n", *q);
  > === after
  > printf("%d\n", ++*p);
  > === leak
  > void lose(void) { volatile char *x = malloc(33); x = NULL; }
  > lose();
  > === leak-again
  > lose();
  > === no-leak
  > char *kept = malloc(99);
  > === global-overflow
  > int g[4], four = 4;
  > g[four] = 3;
  > === heap-overflow
  > char *small = malloc(3);
  > memset(small, 1, four);
  > === stack-overflow
  > int pick(int i) { int local[4] = { 1 }; return local[i]; }
  > printf("%d\n", pick(four));
  > === use-after-return
  > int *gone(void) { int local[3] = { 1 }; int *volatile t = local; return t; }
  > printf("%d\n", *gone());
  > === in-a-thread
  > #include <pthread.h>
  > void *reads(void *a) { return (void *)(intptr_t)kept[(intptr_t)a]; }
  > pthread_t thread;
  > pthread_create(&thread, NULL, reads, (void *)99);
  > pthread_join(thread, NULL);
  > === in-a-child
  > #include <unistd.h>
  > #include <sys/wait.h>
  > if (fork() == 0)
  >     _exit(kept[99]);
  > wait(NULL);
  > === null
  > *(int *volatile)NULL = 3;
  > === exits
  > exit(0);
  > === aborts
  > abort();
  > === end
  > printf("%d\n", ++*p);
  > E
  $ nb address.ipynb 'sanitize="address"' 'cflags="-pthread"' <address.txt
  $ cnb run -k address.ipynb --cc gcc -o gcc.json >gcc.out; findings <gcc.json
  state ok
  use-after-free failed AddressSanitizer: heap-use-after-free: read of size 4 @ use-after-free:3
  after ok
  leak failed LeakSanitizer: memory leak: 33 byte(s) leaked in 1 allocation(s) @ Direct leak of 33 byte(s) in 1 object(s) allocated from:
  leak-again failed LeakSanitizer: memory leak: 33 byte(s) leaked in 1 allocation(s) @ Direct leak of 33 byte(s) in 1 object(s) allocated from:
  no-leak ok
  global-overflow failed AddressSanitizer: global-buffer-overflow: write of size 4 @ global-overflow:2
  heap-overflow failed AddressSanitizer: heap-buffer-overflow: write of size 4 @ heap-overflow:2
  stack-overflow failed AddressSanitizer: stack-buffer-overflow: read of size 4 @ stack-overflow:1 in pick()
  use-after-return failed AddressSanitizer: stack-use-after-return: read of size 4 @ use-after-return:2
  in-a-thread failed AddressSanitizer: heap-buffer-overflow: read of size 1 in thread T1 @ in-a-thread:2 in reads()
  in-a-child failed AddressSanitizer: heap-buffer-overflow: read of size 1 @ in-a-child:4
  null failed AddressSanitizer: SEGV: write to address 0x0 @ null:1
  exits ok
  aborts crashed SIGABRT: abort() was called @ aborts:1
  end ok
  $ grep -x '4[0-9]' gcc.out
  41
  42
  $ findings <gcc.json >gcc.found
  $ cnb run -k address.ipynb --cc clang -o clang.json >out
  ? 1
  $ findings <clang.json | diff gcc.found -

The same with a plugin for each cell, as in a session.

  $ for cc in ${SOAK:+gcc} clang; do
  >     CNB_APART=1 cnb run -k address.ipynb --cc $cc -o a.json >out
  >     findings <a.json | diff gcc.found -
  > done

In a live session a cell runs again from the state above it, with what it finds.

  $ cc=gcc; [ -z "$SOAK" ] || cc=clang; cnb run -k --keep address.ipynb --cc $cc >out
  > cnb rerun address.ipynb use-after-free 2>err | grep -A1 '^failed'
  > cnb rerun address.ipynb leak 2>err | grep -A1 '^failed'
  > cnb stop address.ipynb >out
  failed <time>: heap-use-after-free: read of size 4
      use-after-free:3
  failed <time>: memory leak: 33 byte(s) leaked in 1 allocation(s)
      Direct leak of 33 byte(s) in 1 object(s) allocated from:

A leak is told once, with the line that lost it; one cell that expects it leaves
the notebook well.

  $ findings -a <gcc.json | sed -n '/^leak-again/,/^no-leak/p'
  leak-again failed LeakSanitizer: memory leak: 33 byte(s) leaked in 1 allocation(s)
      Direct leak of 33 byte(s) in 1 object(s) allocated from:
      leak:1 in lose()
      leak-again:1
  no-leak ok
  $ nb leak.ipynb <<'E'
  > === one
  > //| sanitize: leak
  > //| expect: sanitizer
  > void *volatile p = NULL;
  > p = malloc(5);
  > p = NULL;
  > === two
  > p = malloc(6);
  > E
  $ for cc in gcc clang; do
  >     cnb run leak.ipynb --cc $cc -o l.json >out && findings <l.json
  > done
  one ok LeakSanitizer: memory leak: 5 byte(s) leaked in 1 allocation(s) @ Direct leak of 5 byte(s) in 1 object(s) allocated from:
  two ok
  one ok LeakSanitizer: memory leak: 5 byte(s) leaked in 1 allocation(s) @ Direct leak of 5 byte(s) in 1 object(s) allocated from:
  two ok

A report starts no process that a cell could wait for, or that is left behind.

  $ cat >wait.txt <<'E'
  > === shared
  > //| sanitize: undefined
  > //| timeout: 60s
  > #include <sys/wait.h>
  > int x = 40;
  > x = 1 << x;
  > while (wait(NULL) > 0);
  > puts("waited for none");
  > === program
  > //| sanitize: undefined
  > //| timeout: 60s
  > #include <stdio.h>
  > #include <sys/wait.h>
  > int main(void) {
  >     int x = 40;
  >     x = 1 << x;
  >     while (wait(NULL) > 0);
  >     puts("waited for none");
  > }
  > E
  $ nb wait.ipynb <wait.txt
  $ for cc in gcc clang; do
  >     cnb run -k wait.ipynb --cc $cc -o w.json >out; verdicts <w.json; grep '^waited' out
  > done
  shared failed (shift exponent 40 is too large for 32-bit type 'int')
  program failed (shift exponent 40 is too large for 32-bit type 'int')
  waited for none
  waited for none
  shared failed (shift exponent 40 is too large for 32-bit type 'int')
  program failed (shift exponent 40 is too large for 32-bit type 'int')
  waited for none
  waited for none

Threads of one cell race with the next. (A cell that failed would leave nothing
to those below it: so here it is expected.)

  $ nb thread.ipynb 'sanitize="thread"' 'cflags="-pthread"' <<'E'
  > === begins
  > #include <pthread.h>
  > #include <unistd.h>
  > int n, go, done;
  > pthread_t t;
  > void *adds(void *a) {
  >     while (!__atomic_load_n(&go, __ATOMIC_RELAXED)) usleep(100);
  >     n++;
  >     __atomic_store_n(&done, 1, __ATOMIC_RELAXED);
  >     return a;
  > }
  > pthread_create(&t, NULL, adds, NULL);
  > === races
  > //| expect: sanitizer
  > __atomic_store_n(&go, 1, __ATOMIC_RELAXED);
  > while (!__atomic_load_n(&done, __ATOMIC_RELAXED)) usleep(100);
  > n++;
  > === joins
  > pthread_join(t, NULL);
  > n++;
  > === inverts
  > pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
  > pthread_mutex_lock(&a);
  > pthread_mutex_lock(&b);
  > pthread_mutex_unlock(&b);
  > pthread_mutex_unlock(&a);
  > pthread_mutex_lock(&b);
  > pthread_mutex_lock(&a);
  > pthread_mutex_unlock(&a);
  > pthread_mutex_unlock(&b);
  > === exits-a-thread
  > void *ends(void *a) { pthread_exit(a); }
  > void *got;
  > pthread_create(&t, NULL, ends, (void *)7);
  > pthread_join(t, &got);
  > printf("%ld\n", (long)got);
  > === forks
  > #include <sys/wait.h>
  > int st;
  > if (fork() == 0) _exit(3);
  > wait(&st);
  > printf("%d\n", WEXITSTATUS(st));
  > E
  $ for cc in gcc clang; do
  >     cnb run -k thread.ipynb --cc $cc -o t.json >out; tail -n 4 out | head -n 1
  >     findings <t.json | sed 's/; and.*@/ @/; s/read of/A of/; s/: write of/: A of/'
  > done
  ok <time>
  begins ok
  races ok ThreadSanitizer: data race: A of size 4 by main thread, previous write of size 4 by thread T1 @ * of size 4 by main thread: (glob)
  joins ok
  inverts failed ThreadSanitizer: lock-order-inversion (potential deadlock) @ Mutex M* acquired here while holding mutex M* in main thread: (glob)
  exits-a-thread ok
  forks ok
  ok <time>
  begins ok
  races ok ThreadSanitizer: data race: A of size 4 by main thread, previous write of size 4 by thread T1 @ * of size 4 by main thread: (glob)
  joins ok
  inverts failed ThreadSanitizer: lock-order-inversion (potential deadlock) @ Mutex M* acquired here while holding mutex M* in main thread: (glob)
  exits-a-thread ok
  forks ok

With a timeline the report is what an earlier cell's thread wrote; it is the
running cell that fails.

  $ nb late.ipynb 'sanitize="thread"' 'cflags="-pthread"' <<'E'
  > === begins
  > #include <pthread.h>
  > #include <unistd.h>
  > int n, go;
  > pthread_t t;
  > void *adds(void *a) {
  >     while (!__atomic_load_n(&go, __ATOMIC_RELAXED)) usleep(100);
  >     n++;
  >     return a;
  > }
  > pthread_create(&t, NULL, adds, NULL);
  > === races
  > n++;
  > __atomic_store_n(&go, 1, __ATOMIC_RELAXED);
  > pthread_join(t, NULL);
  > E
  $ for how in '' --timeline; do
  >     cnb run -k late.ipynb $how -o l.json >out; findings <l.json | sed 's/:.*//'
  > done
  begins ok
  races failed ThreadSanitizer
  begins ok
  races failed ThreadSanitizer

The threads and locks of C11, of which the tools know nothing by themselves: in
shared cells and in programs. What races is told, what is locked is not.

  $ cat >c11.txt <<'E'
  > === shared
  > #include <threads.h>
  > int locked, raced, done;
  > mtx_t lock;
  > once_flag once = ONCE_FLAG_INIT;
  > void prepare(void) { mtx_init(&lock, mtx_plain); }
  > int adds(void *arg) {
  >     call_once(&once, prepare);
  >     for (int i = 0; i < 100; i++) {
  >         mtx_lock(&lock);
  >         locked++;
  >         mtx_unlock(&lock);
  >     }
  >     return 3;
  > }
  > int races(void *arg) {
  >     raced++;
  >     __atomic_store_n(&done, 1, __ATOMIC_RELAXED);
  >     return 4;
  > }
  > thrd_t a, b;
  > int x, y;
  > thrd_create(&a, adds, NULL);
  > thrd_create(&b, adds, NULL);
  > thrd_join(a, &x);
  > thrd_join(b, &y);
  > printf("%d %d %d\n", locked, x, y);
  > === again
  > for (int i = 0; i < 3; i++) {
  >     thrd_create(&a, adds, NULL);
  >     thrd_join(a, &x);
  > }
  > === races
  > thrd_create(&a, races, NULL);
  > while (!__atomic_load_n(&done, __ATOMIC_RELAXED)) thrd_yield();
  > raced++;
  > thrd_join(a, NULL);
  > === program
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <threads.h>
  > int locked;
  > mtx_t lock;
  > int adds(void *arg) {
  >     char *kept = malloc(10);
  >     mtx_lock(&lock);
  >     locked++;
  >     mtx_unlock(&lock);
  >     free(kept);
  >     return 3;
  > }
  > int main(void) {
  >     thrd_t a, b;
  >     int x;
  >     mtx_init(&lock, mtx_plain | mtx_recursive);
  >     thrd_create(&a, adds, NULL);
  >     thrd_create(&b, adds, NULL);
  >     thrd_join(a, NULL);
  >     thrd_join(b, &x);
  >     printf("%d %d\n", locked, x);
  > }
  > === own-names
  > #include <stdio.h>
  > static int once;
  > void call_once(void) { once++; }
  > int mtx_lock(int n) { return n + 1; }
  > int main(void) { call_once(); printf("%d %d\n", once, mtx_lock(4)); }
  > E
  $ nb c11.ipynb 'cflags="-pthread"' <c11.txt
  $ for cc in gcc clang; do for s in thread address; do
  >     cnb run -k c11.ipynb --cc $cc --sanitize $s -o c.json >out; findings <c.json | sed 's/:.*//'
  >     grep -x '[0-9][0-9 ]*' out | tr '\n' ,; echo
  > done; done
  shared ok
  again ok
  races failed ThreadSanitizer
  program ok
  own-names ok
  200 3 3,2 3,1 5,
  shared ok
  again ok
  races ok
  program ok
  own-names ok
  200 3 3,2 3,1 5,
  shared ok
  again ok
  races failed ThreadSanitizer
  program ok
  own-names ok
  200 3 3,2 3,1 5,
  shared ok
  again ok
  races ok
  program ok
  own-names ok
  200 3 3,2 3,1 5,

Undefined behaviour; what the cell prints afterwards is there, too.

  $ nb undefined.ipynb <<'E'
  > === signed
  > //| sanitize: undefined
  > #include <limits.h>
  > int x = INT_MAX;
  > x += 1;
  > printf("%d\n", x);
  > === shift
  > x = 40;
  > x = 1 << x;
  > === index
  > int few[3], three = 3;
  > few[three] = 1;
  > === well
  > printf("%d\n", three);
  > E
  $ for cc in gcc clang; do
  >     cnb run -k undefined.ipynb --cc $cc -o u.json >out
  >     findings <u.json | sed 's/; and .*@/ @/; s/int \[/int[/'; grep -x -e '-2.*' -e 3 out
  > done
  signed failed UndefinedBehaviorSanitizer: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int' @ signed:4
  shift failed UndefinedBehaviorSanitizer: shift exponent 40 is too large for 32-bit type 'int' @ shift:2
  index failed UndefinedBehaviorSanitizer: index 3 out of bounds for type 'int[3]' @ index:2
  well ok
  -2147483648
  3
  signed failed UndefinedBehaviorSanitizer: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int' @ signed:4
  shift failed UndefinedBehaviorSanitizer: shift exponent 40 is too large for 32-bit type 'int' @ shift:2
  index failed UndefinedBehaviorSanitizer: index 3 out of bounds for type 'int[3]' @ index:2
  well ok
  -2147483648
  3

Table cells. One that is not asked loses what it likes, and no cell behind it is
blamed.

  $ cat >bugs.c <<'E'
  > #include <stdlib.h>
  > #include "cell.h"
  > static int uaf(struct cell *c) {
  >     int *p = malloc(4);
  >     free(p);
  >     return *p + c->argc;
  > }
  > static int leak(struct cell *c) {
  >     void *volatile p = malloc(7);
  >     p = NULL;
  >     return c->argc - 1;
  > }
  > static int shift(struct cell *c) {
  >     return (1 << (c->argc + 33)) & 0;
  > }
  > static const struct cell_def cells[] = {
  >     { "uaf", uaf }, { "leak", leak }, { "shift", shift },
  > };
  > CELL_TABLE(cells);
  > E
  $ nb table.ipynb <<'E'
  > === leak
  > //| use: bugs/leak
  > === uaf
  > //| use: bugs/uaf
  > === shift
  > //| use: bugs/shift
  > E
  $ for cc in gcc clang; do
  >     cnb run -k table.ipynb --cc $cc --sanitize address,undefined -o t.json >out
  >     findings -a <t.json
  > done
  leak failed LeakSanitizer: memory leak: 7 byte(s) leaked in 1 allocation(s)
      Direct leak of 7 byte(s) in 1 object(s) allocated from:
      bugs.c:9 in leak()
  uaf failed AddressSanitizer: heap-use-after-free: read of size 4
      bugs.c:6 in uaf()
      0 bytes inside of 4-byte region
      freed by thread T0 here:
      bugs.c:5 in uaf()
      previously allocated by thread T0 here:
      bugs.c:4 in uaf()
  shift failed UndefinedBehaviorSanitizer: shift exponent 34 is too large for 32-bit type 'int'
      bugs.c:14 in shift()
  leak failed LeakSanitizer: memory leak: 7 byte(s) leaked in 1 allocation(s)
      Direct leak of 7 byte(s) in 1 object(s) allocated from:
      bugs.c:9 in leak()
  uaf failed AddressSanitizer: heap-use-after-free: read of size 4
      bugs.c:6 in uaf()
      0 bytes inside of 4-byte region
      freed by thread T0 here:
      bugs.c:5 in uaf()
      previously allocated by thread T0 here:
      bugs.c:4 in uaf()
  shift failed UndefinedBehaviorSanitizer: shift exponent 34 is too large for 32-bit type 'int'
      bugs.c:14 in shift()

  $ nb mixed.ipynb <<'E'
  > === leaks-unasked
  > //| use: bugs/leak
  > === shared
  > //| sanitize: address
  > int x = 3;
  > === leaks-again
  > //| use: bugs/leak
  > === shared-again
  > x++;
  > === program
  > #include <stdlib.h>
  > void *volatile p;
  > int main(void) { p = malloc(3); p = NULL; }
  > E
  $ cnb run mixed.ipynb -o m.json >out; findings <m.json
  leaks-unasked ok
  shared ok
  leaks-again ok
  shared-again ok
  program ok

What contradicts is said before anything runs, with both names.

  $ nb x.ipynb <<'E'
  > === a
  > //| sanitize: address
  > int x;
  > === b
  > //| sanitize: thread
  > x++;
  > E
  $ cnb run x.ipynb
  cnb: cannot use 'x.ipynb': 'a' and 'b' run in one process, but ask for the sanitizers 'address' and 'thread', which exclude each other
  ? 2
  $ nb x.ipynb <<'E'
  > === a
  > //| sanitize: leak
  > //| use: bugs/leak
  > === b
  > //| cflags: -fsanitize=thread
  > int x;
  > E
  $ cnb run x.ipynb
  cnb: cannot use 'x.ipynb': 'a' and 'b' run in one process, but ask for the sanitizers 'leak' and 'thread', which exclude each other
  ? 2
  $ nb x.ipynb <<'E'
  > === a
  > //| sanitize: thread, address
  > int main(void) { return 0; }
  > E
  $ cnb build x.ipynb
  cnb: cannot use 'x.ipynb': cell 'a' asks for the sanitizers 'thread' and 'address', which exclude each other
  ? 2
  $ nb x.ipynb <<'E'
  > === a
  > //| sanitize: none
  > int x;
  > === b
  > //| sanitize: undefined
  > x++;
  > E
  $ cnb run x.ipynb
  cnb: cannot use 'x.ipynb': its shared cells are compiled together, but 'b' asks for the sanitizer 'undefined' and 'a' for none
  ? 2
  $ nb x.ipynb <<'E'
  > === a
  > //| cc: clang
  > //| cflags: -fsanitize=memory
  > int x;
  > E
  $ cnb run x.ipynb
  cnb: cannot use 'x.ipynb': cell 'a' asks for -fsanitize=memory, which only a program cell can have
  ? 2

A report is known wherever it goes.

  $ nb elsewhere.ipynb 'sanitize="address"' <<'E'
  > === state
  > #include <fcntl.h>
  > #include <unistd.h>
  > char *kept = malloc(9);
  > === closed
  > close(2);
  > putchar(kept[9]);
  > === leak
  > void *volatile p = malloc(33);
  > p = NULL;
  > dup2(open("/dev/null", O_WRONLY), 2);
  > === no-leak
  > close(2);
  > === end
  > kept[0] = 'x';
  > E
  $ for cc in gcc clang; do for log in '' log_path=asan.log; do
  >     ASAN_OPTIONS=$log cnb run -k elsewhere.ipynb --cc $cc -o e.json >out
  >     findings <e.json
  > done; done
  state ok
  closed failed AddressSanitizer: heap-buffer-overflow: read of size 1 @ closed:2
  leak failed LeakSanitizer: memory leak: 33 byte(s) leaked in 1 allocation(s) @ Direct leak of 33 byte(s) in 1 object(s) allocated from:
  no-leak ok
  end ok
  state ok
  closed failed AddressSanitizer: heap-buffer-overflow: read of size 1 @ closed:2
  leak failed LeakSanitizer: memory leak: 33 byte(s) leaked in 1 allocation(s) @ Direct leak of 33 byte(s) in 1 object(s) allocated from:
  no-leak ok
  end ok
  state ok
  closed failed AddressSanitizer: heap-buffer-overflow: read of size 1 @ closed:2
  leak failed LeakSanitizer: memory leak: 33 byte(s) leaked in 1 allocation(s) @ Direct leak of 33 byte(s) in 1 object(s) allocated from:
  no-leak ok
  end ok
  state ok
  closed failed AddressSanitizer: heap-buffer-overflow: read of size 1 @ closed:2
  leak failed LeakSanitizer: memory leak: 33 byte(s) leaked in 1 allocation(s) @ Direct leak of 33 byte(s) in 1 object(s) allocated from:
  no-leak ok
  end ok

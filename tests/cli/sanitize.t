What sanitizers find in a program fails it, named with its line; with gcc and
with clang. The report is the cell's output, as in a shell.

  $ cat >address.txt <<'E'
  > === use-after-free
  > #include <stdlib.h>
  > int main(void) {
  >     int *p = malloc(4);
  >     free(p);
  >     return *p;
  > }
  > === use-after-return
  > static int *f(void) { int a[4] = { 1 }; int *volatile p = a; return p; }
  > int main(void) { return *f(); }
  > === use-after-scope
  > int main(void) {
  >     int *volatile p;
  >     { int x = 3; p = &x; }
  >     return *p;
  > }
  > === double-free
  > #include <stdlib.h>
  > int main(void) {
  >     char *volatile p = malloc(4);
  >     free(p);
  >     free(p);
  > }
  > === free-of-stack
  > #include <stdlib.h>
  > int main(void) {
  >     char a[10], *volatile p = a;
  >     free(p);
  > }
  > === stack-overflow
  > int main(int c, char **v) {
  >     int a[3] = { 0 };
  >     (void)v;
  >     return a[c + 2];
  > }
  > === heap-overflow
  > #include <stdlib.h>
  > #include <string.h>
  > int main(void) {
  >     char *p = malloc(4);
  >     memset(p, 1, 5);
  >     free(p);
  > }
  > === global-overflow
  > int g[4];
  > int main(int c, char **v) {
  >     (void)v;
  >     g[c + 3] = 7;
  > }
  > === overlap
  > #include <string.h>
  > int main(void) {
  >     char b[10] = "hello", *volatile p = b;
  >     memcpy(p + 1, p, 5);
  > }
  > === negative-size
  > #include <string.h>
  > int main(int c, char **v) {
  >     char b[10], d[10];
  >     memset(b, 0, sizeof b);
  >     memcpy(d, b, c - 2);
  >     (void)v;
  > }
  > === too-large
  > #include <stdlib.h>
  > int main(void) { volatile size_t n = -1; return malloc(n) != 0; }
  > === null
  > int main(void) {
  >     int *volatile p = 0;
  >     *p = 3;
  > }
  > === recursion
  > static int f(int n) { volatile char a[9999]; a[0] = n; return f(n + 1) + a[0]; }
  > int main(void) {
  >     return f(0);
  > }
  > === leak
  > #include <stdlib.h>
  > void *volatile p;
  > int main(void) {
  >     p = malloc(40);
  >     p = NULL;
  > }
  > === leak-only cnb={"sanitize":"leak"}
  > #include <stdlib.h>
  > void *volatile p;
  > int main(void) {
  >     p = malloc(40);
  >     p = NULL;
  > }
  > === child
  > #include <stdlib.h>
  > #include <unistd.h>
  > #include <sys/wait.h>
  > int main(void) {
  >     char *volatile p = malloc(1);
  >     if (fork() == 0)
  >         _exit(p[1]);
  >     free(p);
  >     wait(NULL);
  > }
  > === none
  > int main(void) { return 0; }
  > E
  $ nb address.ipynb 'sanitize="address"' <address.txt
  $ cnb run -k address.ipynb --cc gcc -o gcc.json >out; findings <gcc.json
  use-after-free failed AddressSanitizer: heap-use-after-free: read of size 4 @ use-after-free:5 in main()
  use-after-return failed AddressSanitizer: stack-use-after-return: read of size 4 @ use-after-return:2 in main()
  use-after-scope failed AddressSanitizer: stack-use-after-scope: read of size 4 @ use-after-scope:4 in main()
  double-free failed AddressSanitizer: double-free @ double-free:5 in main()
  free-of-stack failed AddressSanitizer: bad-free: free of an address that malloc() did not give @ free-of-stack:4 in main()
  stack-overflow failed AddressSanitizer: stack-buffer-overflow: read of size 4 @ stack-overflow:4 in main()
  heap-overflow failed AddressSanitizer: heap-buffer-overflow: write of size 5 @ heap-overflow:5 in main()
  global-overflow failed AddressSanitizer: global-buffer-overflow: write of size 4 @ global-overflow:4 in main()
  overlap failed AddressSanitizer: memcpy-param-overlap @ overlap:4 in main()
  negative-size failed AddressSanitizer: negative-size-param: (size=-1) @ negative-size:5 in main()
  too-large failed AddressSanitizer: allocation-size-too-big @ too-large:2 in main()
  null failed AddressSanitizer: SEGV: write to address 0x0 @ null:3 in main()
  recursion failed AddressSanitizer: stack-overflow @ recursion:1 in f()
  leak failed LeakSanitizer: memory leak: 40 byte(s) leaked in 1 allocation(s) @ Direct leak of 40 byte(s) in 1 object(s) allocated from:
  leak-only failed LeakSanitizer: memory leak: 40 byte(s) leaked in 1 allocation(s) @ Direct leak of 40 byte(s) in 1 object(s) allocated from:
  child failed AddressSanitizer: heap-buffer-overflow: read of size 1 @ child:7 in main()
  none ok
  $ findings <gcc.json >gcc.found
  $ some="use-after-free stack-overflow double-free leak child none"
  > [ -z "$SOAK" ] || some=$(cut -d' ' -f1 gcc.found)
  > cnb run -k address.ipynb --cc clang $(printf -- '--cell %s ' $some) -o clang.json >out
  > findings <clang.json >clang.found
  > for c in $some; do grep "^$c " clang.found; done >clang.some
  > for c in $some; do grep "^$c " gcc.found; done | diff - clang.some

A notebook whose cells expect it is well; a signal that the tool took for the
program is expected as itself, too. What was expected and does not come fails.

  $ nb expected.ipynb <<'E'
  > === found
  > //| sanitize: address
  > //| expect: sanitizer
  > int main(int c, char **v) { (void)v; char a[2] = ""; return a[c + 1]; }
  > === caught
  > //| sanitize: address
  > //| expect: signal=SIGSEGV
  > int main(void) { int *volatile p = 0; return *p; }
  > === status
  > //| sanitize: leak
  > //| expect: exit=23
  > #include <stdlib.h>
  > void *volatile p;
  > int main(void) { p = malloc(1); p = NULL; }
  > === by-a-command
  > //| file: y.c
  > //| run: cc -g -fsanitize=undefined y.c -o y.out
  > //| run: ./y.out
  > //| expect: sanitizer
  > int main(int c, char **v) { (void)v; return 1 << (c + 31) & 0; }
  > === by-a-flag
  > //| cflags: -fsanitize=undefined
  > //| expect: sanitizer
  > int main(int c, char **v) { (void)v; return 1 << (c + 31) & 0; }
  > === clean
  > //| sanitize: address,undefined
  > //| expect: sanitizer
  > int main(void) { return 0; }
  > E
  $ cnb run expected.ipynb -o e.json >out
  ? 1
  $ findings <e.json
  found ok AddressSanitizer: stack-buffer-overflow: read of size 1 @ found:3 in main()
  caught ok AddressSanitizer: SEGV: read of address 0x0 @ caught:3 in main()
  status ok LeakSanitizer: memory leak: 1 byte(s) leaked in 1 allocation(s) @ Direct leak of 1 byte(s) in 1 object(s) allocated from:
  by-a-command ok UndefinedBehaviorSanitizer: shift exponent 32 is too large for 32-bit type 'int' @ y.c:5
  by-a-flag ok UndefinedBehaviorSanitizer: shift exponent 32 is too large for 32-bit type 'int' @ by-a-flag:3 in main()
  clean failed Expectation: expected sanitizer, but it ended well

Undefined behaviour is told with its place, and the program goes on; each place
once.

  $ nb undefined.ipynb 'sanitize="undefined"' <<'E'
  > === signed
  > #include <limits.h>
  > #include <stdio.h>
  > int main(int c, char **v) {
  >     int x = INT_MAX;
  >     x += c;
  >     printf("%d\n", x);
  >     (void)v;
  > }
  > === shift
  > int main(int c, char **v) { (void)v;
  >     return (1 << (c + 31)) & 0;
  > }
  > === misaligned
  > #include <stdio.h>
  > int main(void) {
  >     _Alignas(8) char b[8] = { 1 };
  >     int *volatile p = (int *)(b + 1);
  >     printf("%d\n",
  >            *p);
  > }
  > === index
  > int main(int c, char **v) {
  >     int a[3] = { 0 };
  >     (void)v;
  >     a[c + 2] = 1;
  > }
  > === zero
  > //| expect: sanitizer
  > int main(int c, char **v) { (void)v;
  >     return 1 / (c - 1);
  > }
  > === null
  > //| expect: sanitizer
  > int main(void) {
  >     int *volatile p = 0;
  >     return *p;
  > }
  > E
  $ for cc in gcc clang; do
  >     cnb run -k undefined.ipynb --cc $cc -o $cc.json >$cc.out; echo $?
  >     findings <$cc.json | sed 's/; .*@/ @/'
  >     grep -c '^-2147483648$' $cc.out
  > done
  1
  signed failed UndefinedBehaviorSanitizer: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int' @ signed:5 in main()
  shift failed UndefinedBehaviorSanitizer: shift exponent 32 is too large for 32-bit type 'int' @ shift:2 in main()
  misaligned failed UndefinedBehaviorSanitizer: load of misaligned address for type 'int', which requires 4 byte alignment @ misaligned:\d in main\(\) (re)
  index failed UndefinedBehaviorSanitizer: index 3 out of bounds for type 'int*[3]' @ index:4 in main() (glob)
  zero ok UndefinedBehaviorSanitizer: division by zero @ zero:3 in main()
  null ok UndefinedBehaviorSanitizer: load of null pointer of type 'int' @ null:4 in main()
  1
  1
  signed failed UndefinedBehaviorSanitizer: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int' @ signed:5 in main()
  shift failed UndefinedBehaviorSanitizer: shift exponent 32 is too large for 32-bit type 'int' @ shift:2 in main()
  misaligned failed UndefinedBehaviorSanitizer: load of misaligned address for type 'int', which requires 4 byte alignment @ misaligned:\d in main\(\) (re)
  index failed UndefinedBehaviorSanitizer: index 3 out of bounds for type 'int*[3]' @ index:4 in main() (glob)
  zero ok UndefinedBehaviorSanitizer: division by zero @ zero:3 in main()
  null ok UndefinedBehaviorSanitizer: load of null pointer of type 'int' @ null:4 in main()
  1

Threads: who else was there, and where.

  $ nb thread.ipynb 'sanitize="thread"' 'cflags="-pthread -D_GNU_SOURCE"' <<'E'
  > === race
  > #include <pthread.h>
  > int n, done;
  > static void *f(void *a) { n++; __atomic_store_n(&done, 1, __ATOMIC_RELAXED); return a; }
  > int main(void) {
  >     pthread_t t;
  >     pthread_create(&t, NULL, f, NULL);
  >     while (!__atomic_load_n(&done, __ATOMIC_RELAXED));
  >     n++;
  >     pthread_join(t, NULL);
  > }
  > === inversion
  > #include <pthread.h>
  > pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
  > int main(void) {
  >     pthread_mutex_lock(&a);
  >     pthread_mutex_lock(&b);
  >     pthread_mutex_unlock(&b);
  >     pthread_mutex_unlock(&a);
  >     pthread_mutex_lock(&b);
  >     pthread_mutex_lock(&a);
  >     pthread_mutex_unlock(&a);
  >     pthread_mutex_unlock(&b);
  > }
  > === thread-leak
  > #include <pthread.h>
  > #include <stdio.h>
  > #include <unistd.h>
  > int end[2];
  > static void *f(void *a) { int t = gettid(); write(end[1], &t, sizeof t); return a; }
  > int main(void) {
  >     pthread_t t;
  >     char task[64];
  >     int tid;
  >     pipe(end);
  >     pthread_create(&t, NULL, f, NULL);
  >     read(end[0], &tid, sizeof tid);
  >     snprintf(task, sizeof task, "/proc/self/task/%d", tid);
  >     while (access(task, F_OK) == 0)
  >         usleep(1000);
  > }
  > === not-locked
  > #include <pthread.h>
  > pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
  > int main(void) { pthread_mutex_unlock(&a); }
  > === joined
  > #include <pthread.h>
  > static void *f(void *a) { return a; }
  > int main(void) {
  >     pthread_t t;
  >     pthread_create(&t, NULL, f, NULL);
  >     pthread_join(t, NULL);
  > }
  > E
  $ cat >thread.found <<'E'
  > race failed ThreadSanitizer: data race: A of size 4 by main thread, previous write of size 4 by thread T1
  >     A of size 4 by main thread:
  >     race:8 in main()
  >     Previous write of size 4 by thread T1:
  >     race:3 in f()
  >     Location is global 'n' of size 4
  >     Thread T1 created by main thread at:
  >     race:6 in main()
  > inversion failed ThreadSanitizer: lock-order-inversion (potential deadlock)
  >     Mutex acquired here while holding mutex in main thread:
  >     inversion:5 in main()
  >     Mutex acquired here while holding mutex in main thread:
  >     inversion:9 in main()
  > thread-leak failed ThreadSanitizer: thread leak
  >     Thread T1 created by main thread at:
  >     thread-leak:11 in main()
  > not-locked failed ThreadSanitizer: unlock of an unlocked mutex (or by a wrong thread)
  >     not-locked:3 in main()
  >     Location is global 'a' of size 40
  >     Mutex created at:
  >     not-locked:3 in main()
  > joined ok
  > E
  $ for cc in gcc clang; do
  >     cnb run -k thread.ipynb --cc $cc -o t.json >out
  >     findings -a <t.json | sed 's/ M[0-9][0-9]*//g; s/Mutex M[0-9]*/Mutex/; s/[rR]ead of/A of/; s/Write of/A of/; s/: write of/: A of/' |
  >         diff thread.found -
  > done

On the command line, for the cells that do not say themselves.

  $ nb own.ipynb <<'E'
  > === plain
  > int main(int c, char **v) { (void)v; char a[2] = ""; return a[c + 1]; }
  > === own
  > //| sanitize: none
  > int main(int c, char **v) { (void)v; char a[2] = ""; return a[c + 1] & 0; }
  > E
  $ cnb run own.ipynb --cell own >out
  $ cnb run -k own.ipynb --sanitize address -o o.json >out; findings <o.json
  plain failed AddressSanitizer: stack-buffer-overflow: read of size 1 @ plain:1 in main()
  own ok
  $ cnb run own.ipynb --sanitize adress
  cnb: --sanitize: unknown sanitizer 'adress'; known are address, undefined, thread, leak, none
  ? 2
  $ cnb run own.ipynb --sanitize ,
  cnb: --sanitize: it has no value
  ? 2

A program may ask the runtime for something itself.

  $ nb asks.ipynb <<'E'
  > === asks
  > //| sanitize: address
  > #include <stdlib.h>
  > const char *__asan_default_options(void) { return "detect_leaks=0"; }
  > void *volatile p;
  > int main(void) { p = malloc(40); p = NULL; }
  > E
  $ for cc in gcc clang; do cnb run asks.ipynb --cc $cc >out; echo $?; done
  0
  0

Where the runtime is not installed, what is missing is said.

  $ cat >gcc-without <<'E'
  > #!/bin/sh
  > case $* in *-fsanitize=*)
  >     echo "/usr/bin/ld: cannot find -lasan: No such file or directory" >&2
  >     echo "collect2: error: ld returned 1 exit status" >&2
  >     exit 1
  > esac
  > exec gcc "$@"
  > E
  $ sed 's/-lasan/\/x\/libclang_rt.asan-x86_64.a/; s/gcc/clang/' gcc-without >clang-without
  $ chmod +x *-without
  $ for cc in gcc clang; do
  >     cnb run own.ipynb --cell plain --cc ./$cc-without --sanitize address >out; echo $?
  > done
  cnb: cannot build 'own.ipynb:plain': the runtime of gcc *'s sanitizers is not installed here (libgcc-*-dev, or libasan, libtsan, liblsan and libubsan) (glob)
  3
  cnb: cannot build 'own.ipynb:plain': the runtime of clang *'s sanitizers is not installed here (libclang-rt-*-dev) (glob)
  3

A report is known wherever it goes: to a file, to a descriptor that the cell has
closed or given away, past a cell's own stderr.

  $ nb elsewhere.ipynb <<'E'
  > === closed
  > //| sanitize: address
  > #include <stdlib.h>
  > #include <unistd.h>
  > int main(void) {
  >     char *volatile p = malloc(4);
  >     close(2);
  >     return p[4];
  > }
  > === file
  > //| sanitize: undefined
  > //| env: UBSAN_OPTIONS=log_path=ub.log
  > int main(int c, char **v) { (void)v;
  >     return (1 << (c + 31)) & 0;
  > }
  > === given-away
  > //| sanitize: leak
  > #include <fcntl.h>
  > #include <stdlib.h>
  > #include <unistd.h>
  > void *volatile p;
  > int main(void) {
  >     dup2(open("/dev/null", O_WRONLY), 2);
  >     p = malloc(40);
  >     p = NULL;
  > }
  > === child
  > //| sanitize: address
  > #include <stdlib.h>
  > #include <sys/wait.h>
  > #include <unistd.h>
  > int main(void) {
  >     char *volatile p = malloc(1);
  >     if (fork() == 0) { close(2); _exit(p[1]); }
  >     free(p);
  >     wait(NULL);
  > }
  > === race
  > //| sanitize: thread
  > //| cflags: -pthread
  > #include <pthread.h>
  > #include <unistd.h>
  > int n, done;
  > static void *f(void *a) { n++; __atomic_store_n(&done, 1, __ATOMIC_RELAXED); return a; }
  > int main(void) {
  >     pthread_t t;
  >     close(2);
  >     pthread_create(&t, NULL, f, NULL);
  >     while (!__atomic_load_n(&done, __ATOMIC_RELAXED));
  >     n++;
  >     pthread_join(t, NULL);
  > }
  > === well
  > //| sanitize: address
  > #include <unistd.h>
  > int main(void) { return close(2); }
  > E
  $ for cc in gcc clang; do
  >     cnb run -k elsewhere.ipynb --cc $cc -o e.json >out
  >     findings <e.json | sed 's/; and.*@/ @/; s/write of .* by \|read of .* by /A of size 4 by /'
  >     grep -c shift ub.log.*; rm ub.log.*
  > done
  closed failed AddressSanitizer: heap-buffer-overflow: read of size 1 @ closed:7 in main()
  file failed UndefinedBehaviorSanitizer: shift exponent 32 is too large for 32-bit type 'int' @ file:4 in main()
  given-away failed LeakSanitizer: memory leak: 40 byte(s) leaked in 1 allocation(s) @ Direct leak of 40 byte(s) in 1 object(s) allocated from:
  child failed AddressSanitizer: heap-buffer-overflow: read of size 1 @ child:7 in main()
  race failed ThreadSanitizer: data race: A of size 4 by main thread:
  well ok
  1
  closed failed AddressSanitizer: heap-buffer-overflow: read of size 1 @ closed:7 in main()
  file failed UndefinedBehaviorSanitizer: shift exponent 32 is too large for 32-bit type 'int' @ file:4 in main()
  given-away failed LeakSanitizer: memory leak: 40 byte(s) leaked in 1 allocation(s) @ Direct leak of 40 byte(s) in 1 object(s) allocated from:
  child failed AddressSanitizer: heap-buffer-overflow: read of size 1 @ child:7 in main()
  race failed ThreadSanitizer: data race: A of size 4 by main thread:
  well ok
  1

Runs of a cell with the same report are runs with the same output, though no two have
the same addresses in it, or the same process.

  $ nb again.ipynb <<'END'
  > === twice
  > //| sanitize: address
  > #include <stdlib.h>
  > int main(void) { char *p = malloc(8); free(p); return p[3]; }
  > END
  $ cnb run --repeat 5 again.ipynb | grep -e different -e 'the same' -e ' runs*:'
  the same output in 5 runs, each <time> to <time>, half of them within <time>
  5 runs: failed, AddressSanitizer: heap-use-after-free: read of size 1

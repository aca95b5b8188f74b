A session's process was begun without a limit: one that a later call sets holds
all the same.

  $ nb x.ipynb <<'END'
  > === begin
  > int n = 1;
  > === threads
  > #include <pthread.h>
  > #include <unistd.h>
  > static void *stay(void *arg) { for (;;) pause(); return arg; }
  > for (int i = 0; i < 9; i++) { pthread_t t; pthread_create(&t, 0, stay, 0); }
  > for (;;) pause();
  > END
  $ cnb run -q --keep --cell begin x.ipynb 2>/dev/null
  x.ipynb: 1 cell: 1 ok in <time>
  $ cnb run --cell threads --processes 5 --timeout $((60 * SLACK))s x.ipynb | grep '^limit'
  limit <time>: has more than 5 processes and threads
  $ cnb stop x.ipynb >/dev/null 2>&1

Where few files may be open cnb needs no more, and a cell has as many as whoever
runs it: what is raised for cnb, is not for cells and compilers.

  $ { cat <<'END'
  > === limit
  > #include <sys/resource.h>
  > struct rlimit most; int n = 0;
  > getrlimit(RLIMIT_NOFILE, &most); (long)most.rlim_cur
  > === program
  > #include <stdlib.h>
  > int main(void) { abort(); }
  > === shell
  > %%sh
  > ulimit -n
  > END
  > for i in $(seq 20); do printf '=== n%d\n++n\n' $i; done; } | nb few.ipynb
  $ cat >few <<'END'
  > cnb run -q -k few.ipynb -o few.json >/dev/null
  > outputs limit shell n20 <few.json; verdicts <few.json | grep program
  > END
  $ (ulimit -Sn 100; sh few); (ulimit -n 64; sh few)
  limit 100
  shell "100\n"
  n20 20
  program crashed SIGABRT (abort() was called)
  limit 64
  shell "64\n"
  n20 20
  program crashed SIGABRT (abort() was called)

A session keeps fewer snapshots then, and says so.

  $ (ulimit -n 64; cnb run -q -k --keep few.ipynb) >log; tail -n 2 log | head -n 1
  few.ipynb: 23 cells: 22 ok, 1 crashed (program) in <time>
  $ for c in n20 n2; do cnb rerun few.ipynb $c 2>log | grep ^Out; done
  Out[23]: 20
  Out[5]: 2
  $ cnb list -v few.ipynb | sed -n 's/.*; \(no snapshot\)/\1/p' | sort -u
  no snapshot above it: it was dropped, for few files may be open (ulimit -Hn)
  $ cnb stop few.ipynb

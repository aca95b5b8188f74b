Snapshots share the memory that nobody wrote to: forty of one state take little
more than one. (Memory is PSS: what several share counts in parts.)

  ! not asan: its host is another, and larger
  ! not valgrind: it is about the memory of cells
  $ cat >make.py <<'END'
  > import sys
  > print("=== big\nchar *block; block = malloc(40 << 20); memset(block, 1, 40 << 20);")
  > for i in range(int(sys.argv[1])): print("=== n%d\nputs(\"x\");" % i)
  > END
  $ python3 make.py 1 | nb one.ipynb; python3 make.py 40 | nb many.ipynb
  $ cnb run one.ipynb -q --keep; cnb run many.ipynb -q --keep
  one.ipynb: 2 cells: 2 ok in <time>
  many.ipynb: 41 cells: 41 ok in <time>
  $ cnb sessions | python3 -c 'import re, sys
  > many, one = [(int(n), float(m)) for n, m in re.findall(r"(\d+) snapshots, ([\d.]+) MiB", sys.stdin.read())]
  > one, many = sorted((one, many))
  > print(one[0], many[0], one[1] >= 40, many[1] < one[1] * 1.09 or (one, many))'
  2 41 True True
  $ cnb stop --all

What is asked for next is made ready while nobody asks: the last cell's state,
with its code, in a process of its own. Code that runs when it is loaded is not.

  $ nb r.ipynb <<'END'
  > === above
  > int x = 1;
  > === quiet
  > #include <stdio.h>
  > printf("%d\n", x);
  > END
  $ nb k.ipynb <<'END'
  > === above
  > int x = 1;
  > === loud
  > #include <stdio.h>
  > __attribute__((constructor)) static void load(void) { FILE *f = fopen("loads", "a"); fputs("x", f); fclose(f); }
  > printf("%d\n", x);
  > END
  $ cat >have_both <<'END'
  > for maps in /proc/[0-9]*/maps; do
  >   [ "$(grep -c "r-xp.* $PWD/own/" $maps 2>/dev/null)" = 2 ] && echo $maps
  > done | wc -l
  > END
  $ CNB_CACHE_DIR=$PWD/own cnb run r.ipynb --keep -q
  r.ipynb: 2 cells: 2 ok in <time>
  $ while [ $(sh have_both) -lt 2 ]; do sleep 0.05; done; sh have_both
  2
  $ cnb rerun r.ipynb -q quiet; cnb stop r.ipynb
  r.ipynb: 1 cell: 1 ok in <time>
  $ cnb run k.ipynb --keep -q; sed -i 's/%d/%d!/' k.ipynb; cnb rerun k.ipynb -q; wc -c <loads; cnb stop k.ipynb
  k.ipynb: 2 cells: 2 ok in <time>
  k.ipynb: 1 cell: 1 ok in <time>
  2

Nor is a plugin that somebody else builds: it may be another when it is asked for.

  $ build() { cc -shared -fPIC -I$SRC/runner -DTEXT='"'$1'"' -xc -o p.new - <<'END' && mv p.new p.so
  > #include "cell.h"
  > #include <stdio.h>
  > static int run(struct cell *c) { (void)c; puts(TEXT); return 0; }
  > static const struct cell_def cells[] = { { "run", run, .doc = "" } };
  > CELL_TABLE(cells);
  > END
  > }; build one; nb s.ipynb <<'END'
  > === above
  > int x;
  > === t
  > //| use: p/run
  > END
  > cnb run s.ipynb --keep -q; build two; cnb rerun s.ipynb t | grep -e one -e two; cnb stop s.ipynb
  s.ipynb: 2 cells: 2 ok in <time>
  two

Where no state is kept at all, what the cells have started is gone before they
run again from the top.

  $ nb l.ipynb <<'END'
  > === a
  > #include <fcntl.h>
  > #include <stdio.h>
  > #include <sys/file.h>
  > #include <unistd.h>
  > int fd;
  > === lock
  > fd = open("lock", O_RDWR | O_CREAT, 0600);
  > printf("%d\n", flock(fd, LOCK_EX | LOCK_NB));
  > === child
  > if (!fork()) { close(1); close(2); for (;;) pause(); }
  > END
  $ cnb run l.ipynb --keep -q --snapshots 1; cnb rerun l.ipynb -q lock; cnb rerun l.ipynb --below a | grep -A1 'printf("%d'; cnb stop l.ipynb
  l.ipynb: 3 cells: 3 ok in <time>
  l.ipynb: 1 cell: 1 ok in <time>
      printf("%d\n", flock(fd, LOCK_EX | LOCK_NB));
  0

What calls that are over have left on the stack is not kept for each state.

  $ { printf '=== c0\nint deep(int n) { volatile char room[4096]; for (int i = 0; i < 4096; i += 64) room[i] = n; return n ? deep(n - 1) + room[0] : 0; }\n'
  >   for i in 1 2 3 4 5 6 7 8; do printf "=== c$i\ndeep(1000) + $i\n"; done; } | nb deep.ipynb
  $ cnb run -q --keep deep.ipynb; cnb sessions | sed -n 's/.*snapshots, \([0-9]*\)\..* MiB/\1/p' | awk '{ print ($1 < 12) }'; cnb stop deep.ipynb
  deep.ipynb: 9 cells: 9 ok in <time>
  1

Each shared cell is a plugin here. What the loader has written into one is no
memory of the process's own, of which each copy would have to be told: only
variables that cells have changed are, here of the last two.

  $ nb d.ipynb <<'EOF'
  > === first
  > #include <stdio.h>
  > #include <string.h>
  > int x = 1;
  > puts("1");
  > === second
  > puts("2"); x
  > === third
  > int y = 5;
  > y++;
  > === counts
  > FILE *f; char line[400]; int files = 0, own = 0, in = 0; long kb;
  > for (f = fopen("/proc/self/smaps", "r"); fgets(line, sizeof line, f);) {
  > 	if (strchr(line, '-') && strstr(line, " rw-p ")) in = strstr(line, "/memfd:cnb-data:") != 0, files += in;
  > 	if (in && sscanf(line, "Anonymous: %ld", &kb) == 1) own += kb > 0;
  > }
  > fclose(f);
  > printf("%d of %d\n", own, files);
  > EOF
  $ cnb run d.ipynb --keep | grep '^[0-9] of'
  2 of 4
  $ cnb rerun d.ipynb counts | grep '^[0-9] of'
  2 of 4
  $ cnb stop d.ipynb

cnb watch runs a notebook, and at each save what changed and what stands below
it. Nothing here waits for a time to pass: each step waits for the line that
says that the round before it is over.

./until N: N rounds are over.

  $ cat >until <<'END'
  > until [ "$(grep -c 'watching' out)" -ge $1 ] || ! kill -0 $(cat pid) 2>/dev/null
  > do sleep 0.02; done
  > END
  $ cat >edit <<'END'
  > sed -i "$1" x.txt; nb x.ipynb <x.txt
  > END
  $ chmod +x until edit
  $ cat >x.txt <<'END'
  > === one
  > int n = 1; puts("one runs");
  > === two
  > int twice(int v) { return 2 * v; }
  > puts("two runs");
  > === three
  > puts("three runs"); twice(n)
  > === table
  > //| use: p/hello
  > END
  $ mkdir cells; cat >p.c <<'END'
  > #include <stdio.h>
  > #include "cell.h"
  > static int hello(struct cell *c) { (void)c; puts("hello"); return 0; }
  > static const struct cell_def cells[] = { { "hello", hello } };
  > CELL_TABLE(cells);
  > END
  $ nb x.ipynb <x.txt
  $ : >out; cnb watch x.ipynb >out 2>&1 & echo $! >pid
  > ./until 1; ./edit 's/2 \* v/3 * v/'
  > ./until 2; ./edit 's/return 3/retur 3/'
  > ./until 3; ./edit 's/retur 3/return 4/'
  > ./until 4; sed -i 's/puts("hello")/puts("hello again")/' p.c
  > ./until 5; cp x.ipynb y.tmp; mv y.tmp x.ipynb
  > ./until 6; echo '{"cells": [' >x.ipynb
  > ./until 7; ./edit 's/three runs/it runs/'
  > ./until 8; kill -INT $(cat pid); wait $(cat pid); echo $? >status
  $ cat status; grep -e runs$ -e ^Out -e ^hello -e error: -e ^cnb: -e cells: out | grep -v '^    '
  130
  one runs
  two runs
  three runs
  Out[3]: 2
  hello
  4 cells: 4 ok in <time>
  two runs
  three runs
  Out[3]: 3
  hello
  3 cells: 3 ok in <time>
  x.ipynb:two:1:20: error: 'retur' undeclared (first use in this function)
  x.ipynb:two:1:25: error: expected ';' before numeric constant
  two runs
  three runs
  Out[3]: 4
  hello
  3 cells: 3 ok in <time>
  hello again
  cnb: cannot read 'x.ipynb': line 2, column 1: expected a value or ']', but the text ends here
  it runs
  Out[3]: 4
  hello again
  2 cells: 2 ok in <time>

It leaves nothing, and ends with what it started.

  $ printf '=== a\n%%%%bash\nsetsid sh -c "echo \\$\\$ >child; sleep 1000" & until test -s child; do sleep 0.02; done\n=== b\nputs("up");\nfor (;;) ;\n' | nb l.ipynb
  > : >out; cnb watch l.ipynb >out 2>&1 & echo $! >pid
  > until grep -q ^up out; do sleep 0.02; done
  > kill -TERM $(cat pid); wait $(cat pid); echo $?; kill -0 $(cat child) 2>/dev/null || echo gone
  143
  gone
  $ cnb watch no-such.ipynb
  cnb: cannot read 'no-such.ipynb': No such file or directory
  ? 2

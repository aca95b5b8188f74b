A cell runs many times from the same state; the answer is the set of what came
of it. (What is in a file is not part of the state: it makes the runs differ.)

  $ nb x.ipynb <<'END'
  > === above
  > #include <stdio.h>
  > #include <stdlib.h>
  > int x = 1;
  > int turn(void)
  > {
  > 	FILE *f = fopen("turns", "a+"); fputc('.', f); long n = ftell(f);
  > 	fclose(f); return (int)n;
  > }
  > === differs
  > //| repeat: 30
  > x++; printf("%d %d\n", x, turn() % 3 ? 1 : 0);
  > === dies
  > //| repeat: 4
  > if (turn() % 2) abort();
  > === below
  > x
  > === expected
  > //| repeat: 3
  > //| expect: exit=2
  > return 2;
  > === program
  > //| repeat: 3
  > #include <unistd.h>
  > int main(void) { return write(1, "p\n", 2) != 2; }
  > === script
  > %%bash
  > echo s
  > END
  ! not valgrind: cells that crash on purpose
  $ cnb run -k x.ipynb -o x.json | sed -n '/differs/,/program  (/p' | sed 's/each.*/.../'
  In [2]: differs  (shared)
      //| repeat: 30
      x++; printf("%d %d\n", x, turn() % 3 ? 1 : 0);
  2 different outputs in 30 runs, ...
  20 runs: ok
      2 1
  10 runs: ok
      2 0
  ok <time>
  
  In [3]: dies  (shared)
      //| repeat: 4
      if (turn() % 2) abort();
  2 different outputs in 4 runs, ...
  2 runs: crashed, SIGABRT: abort() was called
  2 runs: ok
  failed <time>: 2 of 4 runs did not do well
  
  In [4]: below  (shared)
      x
  Out[4]: 2
  ok <time>
  
  In [5]: expected  (shared)
      //| repeat: 3
      //| expect: exit=2
      return 2;
  the same output in 3 runs, ...
  3 runs: ok, ExitStatus: returned 2
  ok <time>, as expected: returned 2
  
  In [6]: program  (program)
  $ python3 -c 'import json
  > for c in json.load(open("x.json"))["cells"]:
  >     r = c.get("repeat")
  >     if r: print(c["name"], r["runs"], r["different"], r["bad"], [(o["runs"], o["first"], o["stdout"]) for o in r["outputs"]])'
  differs 30 2 0 [(20, 1, '2 1\n'), (10, 3, '2 0\n')]
  dies 4 2 2 [(2, 1, ''), (2, 2, '')]
  expected 3 1 0 [(3, 1, '')]
  program 3 1 0 [(3, 1, 'p\n')]

From the command line, for any cell; and in a session.

  $ cnb run x.ipynb -c script --repeat 3 | sed -n '6p' | cut -d, -f1
  the same output in 3 runs
  $ rm turns; cnb run x.ipynb -q -i -k --keep >out; cnb rerun x.ipynb below --repeat 5 2>/dev/null | sed -n '5,7p' | cut -d, -f1; cnb stop x.ipynb
  the same output in 5 runs
  5 runs: ok
      2
  $ cnb run x.ipynb --repeat 0
  cnb: option '--repeat': '0' is no whole number from 1 to 1000000
  ? 2
  $ cnb run x.ipynb -c differs -q -o x.ipynb && nbvalidate x.ipynb
  x.ipynb: 1 cell: 1 ok in <time>

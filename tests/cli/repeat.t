A cell runs many times from the same state; the answer is the set of what came
of it. (What is in a file is not part of the state: it makes the runs differ,
where they come one after another.)

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
  $ cnb run -j1 -k x.ipynb -o x.json | sed -n '/differs/,/program  (/p' | sed 's/each.*/.../'
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

What cannot be built does not run, and what the deadline ended ran once.

  $ printf '=== broken\nint n = undeclared;\n=== waits\n%%%%sh\nsleep 1000\n' | nb b.ipynb
  $ cnb run b.ipynb -c broken --repeat 40 -o b.json | sed -n '/^build\|runs/p'
  build-error <time>: 'undeclared' undeclared here (not in a function)
  $ verdicts <b.json | sed -n 1p
  broken build-error ('undeclared' undeclared here (not in a function))
  $ cnb run b.ipynb -c waits --repeat 40 --deadline 1s | sed -n '/^one run/p;/^1 run/p;/^failed/p'
  one run, in <time>
  1 run: timeout, Timeout: the run's deadline has passed
  failed <time>: 1 of 1 runs did not do well

As many runs as are asked for go on at the same time: two of them meet. The
first is for itself: its state goes on. So of three, two meet.

  $ cat >meet <<'END'
  > echo b >>log; i=0
  > while [ ! -e met ] && [ $(wc -l <log) -gt 1 ] && [ $i -lt $TRIES ]; do
  > 	[ $(grep -c b log) -gt $(($(grep -c e log) + 1)) ] && : >met
  > 	i=$((i + 1)); sleep 0.01
  > done
  > echo e >>log
  > END
  $ nb y.ipynb <<'END'
  > === host
  > #include <stdio.h>
  > #include <stdlib.h>
  > int x; x++; system("sh ./meet"); x
  > === script
  > %%sh
  > exec sh ./meet
  > END
  $ for cell in host script; do
  > for n in 1 2 3; do
  > rm -f log met; TRIES=$([ $n = 1 ] && echo 5 || echo 3000) cnb run y.ipynb -c $cell --repeat 6 -j$n | sed -n 's/, each.*//p'
  > [ -e met ] && echo "$n met" || echo "$n: one after another"
  > done; done
  the same output in 6 runs
  1: one after another
  the same output in 6 runs
  2 met
  the same output in 6 runs
  3 met
  the same output in 6 runs
  1: one after another
  the same output in 6 runs
  2 met
  the same output in 6 runs
  3 met
  $ rm -f log met; TRIES=3000 cnb run y.ipynb -c host --repeat 3 -j2 | sed -n '/^Out/p; s/, each.*//p'; [ -e met ]
  the same output in 3 runs
  $ rm -f log; : >met; export TRIES=3000; cnb run y.ipynb -q -i --keep
  y.ipynb: 2 cells: 2 ok in <time>
  $ rm -f log met; cnb rerun y.ipynb host --repeat 6 -j2 | sed -n '/different/p; s/, each.*//p'; [ -e met ]; cnb stop y.ipynb
  the same output in 6 runs

What has to run above a cell that is run again many times runs once.

  $ nb s.ipynb <<'END'
  > === a
  > int n = 1;
  > === b
  > n += 1; n
  > === c
  > n += 1; n
  > END
  $ cnb run s.ipynb -q --keep; sed -i 's/n += 1; n/n += 2; n/' s.ipynb; cnb rerun s.ipynb c --repeat 2 | sed -n '/^Out/p; /  3$/p; s/, each.*//p'; cnb stop s.ipynb
  s.ipynb: 3 cells: 3 ok in <time>
  Out[2]: 3
  the same output in 2 runs

What goes on is the state of one of them, with what it left: of the first, or
of the last, where they come one after another.

  $ nb g.ipynb <<'END'
  > === left
  > //| repeat: 3
  > #include <signal.h>
  > #include <stdlib.h>
  > #include <unistd.h>
  > int n = 1; n++; system("echo >>ran");
  > pid_t child = fork();
  > if (!child) { close(1); close(2); for (;;) pause(); }
  > === below
  > printf("%d %d\n", n, kill(child, 0));
  > END
  $ for n in 1 2; do rm -f ran; cnb run g.ipynb -j$n | grep '^2 [-0-9]'; wc -l <ran; done
  2 0
  3
  2 0
  3
  $ rm -f ran; cnb run g.ipynb -q --keep; cnb rerun g.ipynb -j2 --below left | grep '^2 [-0-9]'; cnb stop g.ipynb
  g.ipynb: 2 cells: 2 ok in <time>
  2 0

They are as apart as cells are: what one does to its parent, or to all that it
started, is its own, and a place in a file is each run's.

  $ seq 100 >numbers
  $ nb z.ipynb <<'END'
  > === above
  > #include <signal.h>
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <unistd.h>
  > FILE *f = fopen("numbers", "r"); char line[9];
  > setvbuf(f, NULL, _IONBF, 0);
  > === reads
  > fgets(line, sizeof line, f); printf("%s", line);
  > === kills
  > kill(getppid(), SIGKILL); pause();
  > === leaves
  > if (!fork()) { setsid(); if (!fork()) sleep(1000); _exit(0); }
  > while (access("numbers", F_OK)) ;
  > === hangs
  > //| timeout: 0.1
  > for (;;) pause();
  > === below
  > 1
  > END
  ! not valgrind: cells that kill what watches them
  $ cnb run -k z.ipynb --repeat 8 -j3 | sed -n '/ runs, /s/, each.*//p; /^[0-9]* runs: /p'
  the same output in 8 runs
  8 runs: ok
  the same output in 8 runs
  8 runs: ok
  the same output in 8 runs
  8 runs: crashed, SIGKILL: killed by signal 9 (Killed)
  the same output in 8 runs
  8 runs: ok
  the same output in 8 runs
  8 runs: timeout, Timeout: ran longer than 100ms
  the same output in 8 runs
  8 runs: ok

What the command line says counts, also where a cell says something else; but
not for what only has to run above it.

  $ nb own.ipynb <<'END'
  > === above
  > //| repeat: 2
  > int n = 1;
  > === own
  > //| repeat: 3
  > n
  > END
  $ cnb run own.ipynb --repeat 4 -c own | sed -n 's/, each.*//p'
  the same output in 4 runs
  $ cnb run own.ipynb --repeat 1 | grep -e runs -e Out
  Out[2]: 1
  $ cnb run own.ipynb --keep -q; sed -i 's/n = 1/n = 5/' own.ipynb
  own.ipynb: 2 cells: 2 ok in <time>
  $ cnb rerun own.ipynb --repeat 1 own | sed -n '/^Out/p; s/, each.*//p'; cnb stop own.ipynb
  the same output in 2 runs
  Out[2]: 5

That cells had to run again, for want of a copy, is said of these runs, too.

  $ nb thread.ipynb <<'END'
  > === starts
  > //| cflags: -pthread
  > #include <pthread.h>
  > #include <unistd.h>
  > void *work(void *x) { for (;;) pause(); return x; }
  > pthread_t t; pthread_create(&t, NULL, work, NULL);
  > === below
  > 1 + 1
  > END
  $ cnb run thread.ipynb --keep -q; cnb rerun thread.ipynb below --repeat 3 | sed -n '/^the state/p; s/, each.*//p'; cnb stop thread.ipynb
  thread.ipynb: 2 cells: 2 ok in <time>
  the state above: 1 cell ran again, for there was no snapshot: a thread is alive
  the same output in 3 runs

In a notebook both forms of the answer are one output, so that whoever shows
notebooks shows the text, and does not complain of the other.

  $ cnb run own.ipynb -q -i; python3 -c 'import json
  > for c in json.load(open("own.ipynb"))["cells"]:
  >     print([sorted(o["data"]) for o in c["outputs"]])'
  own.ipynb: 2 cells: 2 ok in <time>
  [['application/vnd.cnb.repeat+json', 'text/plain']]
  [['application/vnd.cnb.repeat+json', 'text/plain']]
  $ cnb export own.ipynb --to json | grep -c '"repeat": {'; cnb export own.ipynb --to jsonl | grep -c 'vnd.cnb.repeat'
  2
  2
  $ cnb export own.ipynb --to md | sed -n 's/, each.*//p'
  the same output in 2 runs
  the same output in 3 runs

cnb watch runs a notebook, and at each save what changed and what stands below
it. Nothing here waits for a time to pass: each step waits for the line that
says that the round before it is over.

./until N: N rounds are over.

  ! not valgrind: a session forks deeper than it has descriptors for
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

With -i the outputs are saved after each round, which is no save to be watched;
and with -o a copy, of all that ran in any round. What is edited while cells run
is not lost: it runs next. Here cell two waits for a word when there is a file.

  $ nb x.ipynb <<'END'
  > === one
  > #include <fcntl.h>
  > #include <unistd.h>
  > int n = 1; puts("one runs");
  > void meet(void)
  > {
  >     if (access("wait", F_OK)) return;
  >     write(open("met", O_WRONLY), "\n", 1);
  >     char c; read(open("go", O_RDONLY), &c, 1);
  > }
  > === two
  > n += 5; puts("two runs"); meet();
  > === three
  > puts("three runs"); n
  > END
  $ mkfifo met go; cat >state <<'END'
  > echo "$1"; cnb export x.ipynb --to json | outputs; cnb export copy.ipynb --to json | outputs three
  > END
  $ cat >saved <<'END'
  > until cnb export $1 --to json 2>/dev/null | outputs | grep -q "$2"; do sleep 0.02; done
  > END
  $ chmod +x state saved; : >out; cnb watch x.ipynb -i -o copy.ipynb >out 2>&1 & echo $! >pid
  > ./until 1; ./state first
  > sed -i 's/n += 5/n += 6/' x.ipynb; ./until 2; ./state edited; grep -c watching out
  > touch wait; sed -i 's/n += 6/n += 7/' x.ipynb; read met <met
  > sed 's/three runs/3 runs/' x.ipynb >y; mv y x.ipynb; rm wait; echo >go; ./saved x.ipynb '3 runs'; ./saved copy.ipynb '3 runs'; ./state meanwhile
  > touch wait; sed -i 's/n += 7/n += 8/' x.ipynb; read met <met
  > cp x.ipynb y; head -c 200 y >x.ipynb; rm wait; echo >go; until grep -q '^cnb: cannot read' out; do sleep 0.02; done; sed 's/one runs/1 runs/' y >x.ipynb; ./saved x.ipynb 'three 9'; ./saved copy.ipynb 'three 9'; ./state half
  > kill -INT $(cat pid); wait $(cat pid); echo $?; ls *.ipynb
  first
  one "one runs\n"
  two "two runs\n"
  three 6 "three runs\n"
  three 6 "three runs\n"
  edited
  one "one runs\n"
  two "two runs\n"
  three 7 "three runs\n"
  three 7 "three runs\n"
  2
  meanwhile
  one "one runs\n"
  two "two runs\n"
  three 8 "3 runs\n"
  three 8 "3 runs\n"
  half
  one "1 runs\n"
  two "two runs\n"
  three 9 "3 runs\n"
  three 9 "3 runs\n"
  130
  copy.ipynb
  x.ipynb
  $ grep -e ^cnb: out
  cnb: warning: cannot read 'x.ipynb': line \d+, column \d+: .*; outputs are kept until they can be saved (re)
  cnb: cannot read 'x.ipynb': line \d+, column \d+: .* (re)
  ...

A cell that never ends is stopped when it is mended, or one above it; not when
something below it is, or the notebook is saved as it is.

  $ nb x.ipynb <<'END'
  > === one
  > #include <fcntl.h>
  > #include <unistd.h>
  > int n = 1;
  > void meet(void) { int fd = open("met", O_WRONLY); write(fd, "\n", 1); close(fd); }
  > === two
  > puts("two runs"); meet(); while (n) pause();
  > === three
  > puts("three runs");
  > END
  $ : >out; cnb watch x.ipynb >out 2>&1 & echo $! >pid
  > read met <met; sed 's/three runs/3 runs/' x.ipynb >y; mv y x.ipynb; cp x.ipynb y; mv y x.ipynb
  > sed 's/while (n) pause/while (n > 1) pause/' x.ipynb >y; mv y x.ipynb; read met <met
  > until grep -q '3 ok\|2 ok' out; do sleep 0.02; done
  > sed 's/n > 1/n < 2/' x.ipynb >y; mv y x.ipynb; read met <met
  > sed 's/int n = 1/int n = 2/' x.ipynb >y; mv y x.ipynb; read met <met
  > until grep -q '3 ok' out; do sleep 0.02; done
  > kill -INT $(cat pid); wait $(cat pid); echo $?; grep -e runs$ -e ^interrupted -e ' ok' out
  130
  two runs
  interrupted <time>: stopped by the user
  2 cells: 1 ok, 1 interrupted (two) in <time>
  two runs
  3 runs
  2 cells: 2 ok in <time>
  two runs
  interrupted <time>: stopped by the user
  two runs
  3 runs
  3 cells: 3 ok in <time>

So is a table cell whose source is mended, or a file that this includes; not when
it is saved as it is, or the source of a cell below.

  $ mkdir far; echo '#define ON 1' >far/on.inc; cp p.c later.c
  $ cat >ever.c <<'END'
  > #include <fcntl.h>
  > #include <unistd.h>
  > #include "cell.h"
  > #include "far/on.inc"
  > static int loop(struct cell *c)
  > {
  >     (void)c; int fd = open("met", O_WRONLY); write(fd, "\n", 1); close(fd);
  >     for (int i = 0; i < 1 || ON; i++) pause();
  >     return 0;
  > }
  > static const struct cell_def cells[] = { { "loop", loop } };
  > CELL_TABLE(cells);
  > END
  $ printf '=== one\n//| use: ever/loop\n=== two\n//| use: later/hello\n' | nb e.ipynb
  $ : >out; cnb watch e.ipynb >out 2>&1 & echo $! >pid
  > read met <met; echo >>later.c; touch ever.c; sed -i 's/ON; i/ON == 1; i/' ever.c; read met <met
  > sed -i 's/1/2/' far/on.inc; read met <met; sed -i 's/pause();/return 0;/' ever.c; read met <met
  > until grep -q '2 ok' out; do sleep 0.02; done
  > kill -INT $(cat pid); wait $(cat pid); grep -e ^hello -e ^interrupted -e ' cells*:' out
  interrupted <time>: stopped by the user
  1 cell: 1 interrupted (one) in <time>
  interrupted <time>: stopped by the user
  1 cell: 1 interrupted (one) in <time>
  interrupted <time>: stopped by the user
  1 cell: 1 interrupted (one) in <time>
  hello again
  2 cells: 2 ok in <time>

Whatever a cell includes or reads counts, wherever it stands; and a notebook is
the one to which a link leads. One that is gone is told of, and waited for.

  $ mkdir real links; ln -s ../real/x.ipynb links/x.ipynb
  $ echo 'int far(void) { return 1; }' >far/far.c; echo first >far/in.txt
  $ nb real/x.ipynb <<'END'
  > === one
  > #include "../far/far.c"
  > printf("far %d\n", far());
  > === two
  > //| stdin: @../far/in.txt
  > #include <stdio.h>
  > int main(void) { char line[99]; printf("read %s", fgets(line, 99, stdin)); }
  > END
  $ : >out; cnb watch --workdir real links/x.ipynb >out 2>&1 & echo $! >pid
  > ./until 1; sed -i 's/far %d/so far %d/' real/x.ipynb; ./until 2; sed -i 's/1/2/' far/far.c
  > ./until 3; echo second >far/in.txt; ./until 4; mv real/x.ipynb y
  > until grep -q gone out; do sleep 0.02; done; sed 's/so far %d/back %d/' y >real/x.ipynb; ./until 5
  > kill -INT $(cat pid); wait $(cat pid); grep -e '^[a-z ]* [12]$' -e ^read -e ^cnb: out
  far 1
  read first
  so far 1
  so far 2
  read second
  cnb: 'links/x.ipynb' is gone: waiting for it to come back
  back 2

One that was broken while cells ran is told once, not again and again until it
is mended: the outputs are kept so long.

  $ nb broken.ipynb <<'END'
  > === holds
  > %%sh
  > touch holds; until [ -e go-on ]; do sleep 0.02; done; echo held
  > END
  $ : >out; cnb watch -i broken.ipynb >out 2>&1 & echo $! >pid
  > until [ -e holds ]; do sleep 0.02; done; cp broken.ipynb whole; echo '{' >broken.ipynb; touch go-on
  > until grep -q '^cnb: cannot read' out; do sleep 0.02; done; sleep 1; [ $(grep -c watching out) -le 3 ] || grep watching out
  > mv whole broken.ipynb; until cnb export broken.ipynb -t json 2>/dev/null | outputs | grep -q held; do sleep 0.02; done
  > kill -INT $(cat pid); wait $(cat pid); echo $?
  130

Cells may be taken away, the last and all of them, whatever they have left that
still writes.

  $ nb less.ipynb <<'END'
  > === stays
  > puts("stays");
  > === writes
  > %%sh
  > (until [ -e enough ]; do echo late; sleep 0.02; done) & echo writes
  > === last
  > puts("last");
  > END
  $ cat >without <<'END'
  > import json, os, sys
  > nb = json.load(open("less.ipynb"))
  > nb["cells"][int(sys.argv[1]):] = []
  > json.dump(nb, open("less.tmp", "w"))
  > os.rename("less.tmp", "less.ipynb")
  > END
  $ : >out; cnb watch less.ipynb >out 2>&1 & echo $! >pid
  > ./until 1; python3 without 2
  > ./until 2; python3 without 0
  > ./until 3; sleep 0.1; touch enough; kill -INT $(cat pid); wait $(cat pid); echo $?
  130

What cannot be is said before anything runs, and no help offers it.

  $ cnb watch --help | grep 'standard output'
  ? 1

  $ for o in '-o -' '-o x.ipynb' '-t md' '-o no/x.md' '-o x.what' '-p n' '-j x' '-c one' --keep; do cnb watch x.ipynb $o; done
  cnb: -o takes a file here: standard output shows the cells
  cnb: 'x.ipynb' is the notebook that is watched: -i saves into it
  cnb: --to is the format of a copy: say with -o where it is to be
  cnb: cannot write 'no/x.md': there is no folder 'no'
  cnb: cannot tell the format of 'x.what' from its suffix; say it with --to
  cnb: 'n' is no parameter; write NAME=VALUE
  cnb: 'x' is no number of jobs; write one from 1 to 4096, or 0 for as many as there are processors
  cnb: no option '--cell' here: what changed decides what runs
  cnb: no option '--keep' here: the session of a watch ends with it; cnb run --keep leaves one
  ? 2

A folder that goes away and comes back, as with another branch checked out, is
watched again.

  $ mkdir w; nb w/x.ipynb <<'END'
  > === one
  > puts("one runs");
  > END
  $ : >out; cnb watch w/x.ipynb >out 2>&1 & echo $! >pid
  > ./until 1; mv w/x.ipynb y; rm -r w; mkdir w; mv y w/x.ipynb
  > sed -i 's/one/1st/' w/x.ipynb; ./until 2
  > kill -INT $(cat pid); wait $(cat pid); grep runs$ out
  one runs
  1st runs
  $ sed -i 's/1st/one/' w/x.ipynb
  $ : >out; cnb watch w/x.ipynb >out 2>&1 & echo $! >pid
  > ./until 1; mv w old; mkdir w; sed 's/one/two/' old/x.ipynb >w/x.ipynb
  > ./until 2; rm -r w; mkdir w; sed 's/one/three/' old/x.ipynb >y; mv y w/x.ipynb
  > ./until 3; sed -i 's/three/four/' w/x.ipynb; ./until 4
  > kill -INT $(cat pid); wait $(cat pid); grep runs$ out
  one runs
  two runs
  three runs
  four runs

So much may be saved beside it that the kernel keeps no word of the notebook.

  $ nb w/x.ipynb <<'END'
  > === one
  > puts("one runs");
  > END
  $ cat >much <<'END'
  > most = int(open("/proc/sys/fs/inotify/max_queued_events").read())
  > for i in range(most // 2 + 1):
  >     for name in "w/a", "w/b":
  >         open(name, "w").close()
  > END
  $ : >out; cnb watch w/x.ipynb >out 2>&1 & echo $! >pid
  > ./until 1; kill -STOP $(cat pid); python3 much
  > sed -i 's/one/two/' w/x.ipynb; kill -CONT $(cat pid); ./until 2
  > kill -INT $(cat pid); wait $(cat pid); grep runs$ out
  one runs
  two runs

On a terminal the others stay where they were, and what waits for a cell that
does not compile is shown as that.

  $ nb x.ipynb <<'END'
  > === one
  > int n = 1; puts("one runs");
  > === two
  > n += 5; puts("two runs");
  > === three
  > puts("three runs");
  > END
  $ onpty <<'END'
  > > cnb watch x.ipynb & pid=$!
  > < 3 ok in
  > < watching
  > > sed -i 's/n += 5/m += 5/' x.ipynb
  > < ^one runs
  > < two:1:1: error:
  > < before, when it compiled:(.|\n)*n \+= 5
  > < ^not run again yet, and so as it was:
  > < ^three runs
  > < 1 build-error
  > - to run it again
  > < watching
  > > sed -i 's/m += 5/n += 6/' x.ipynb
  > < ^one runs
  > < ^two runs
  > - as it was
  > < watching
  > > kill $pid; wait; exit
  > END

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

What cells write themselves, by %%file, is no save that counts, also where it is a
header that others include: the next round would write it again, and so on.

  $ nb w.ipynb <<'END'
  > === header
  > %%file made.h
  > #define MADE 1
  > === program
  > #include <stdio.h>
  > #include "made.h"
  > int main(void) { printf("made %d\n", MADE); return 0; }
  > === none
  > %%file not-included.h
  > #define MADE 0
  > === second
  > %%file ./made.h
  > #define MADE 3
  > END
  $ : >out; cnb watch w.ipynb >out 2>&1 & echo $! >pid
  > ./until 1; sed -i 's/MADE 1/MADE 2/' w.ipynb; until grep -q '^made 2' out; do sleep 0.02; done
  > sed -i 's/made %d/made! %d/' w.ipynb; until grep -q '^made! 2' out; do sleep 0.02; done
  > kill -INT $(cat pid); wait $(cat pid); grep -e ^made out; grep -c watching out | sed 's/[23]/one for each save/'
  made 1
  made 2
  made! 2
  one for each save

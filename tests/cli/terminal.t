Cells at a terminal: who may read from it, Ctrl-C, Ctrl-Z and fg, as a shell has
it with its jobs. What onpty waits for stands behind `<`.

Cells of every kind read lines, and so do their children.

  $ nb reads.ipynb <<'END'
  > === program
  > #include <stdio.h>
  > int main(void) { char b[100]; puts("ready 1"); fgets(b, 100, stdin); printf("program read %s", b); }
  > === shared
  > char line[100];
  > puts("ready 2"); fgets(line, 100, stdin); printf("shared read %s", line);
  > === bang
  > !echo ready 3; read x; echo "bang read $x"
  > === script
  > %%bash
  > echo ready 4; read x; echo "script read $x"
  > === commands
  > //| file: x.txt
  > //| run: echo ready 5
  > //| run: head -n 1 | sed 's/^/run read /'
  > === child
  > #include <stdio.h>
  > #include <unistd.h>
  > #include <sys/wait.h>
  > int main(void) { if (fork() == 0) { char b[100]; puts("ready 6"); fgets(b, 100, stdin); printf("child read %s", b); return 0; } wait(NULL); }
  > === eof
  > !echo ready 7; cat; echo end of file
  > END
  $ onpty <<'END'
  > > cnb run reads.ipynb; echo "status $?"
  > < ready 1$
  > > aa
  > < program read aa
  > < ready 2$
  > > bb
  > < shared read bb
  > < ready 3$
  > > cc
  > < bang read cc
  > < ready 4$
  > > dd
  > < script read dd
  > < ready 5$
  > > ee
  > < run read ee
  > < ready 6$
  > > ff
  > < child read ff
  > < ready 7$
  > ^D
  > < end of file
  > < status 0
  > > exit
  > END

Ctrl-Z stops the cell, its children and us, and all clocks: a cell that was
stopped for longer than its limit has time left, and its duration knows nothing
of it. What runs in the background stops and goes on, too.

  $ nb stops.ipynb <<END
  > === ticks
  > //| background: true
  > %%sh
  > while sleep 0.05; do echo tick; done
  > === program
  > //| timeout: $((4 * SLACK))s
  > #include <stdio.h>
  > int main(void) { char b[100]; puts("ready 1"); fgets(b, 100, stdin); printf("program read %s", b); }
  > === shared
  > //| timeout: $((4 * SLACK))s
  > char line[100];
  > puts("ready 2"); fgets(line, 100, stdin); printf("shared read %s", line);
  > === script
  > %%bash
  > echo ready 3; read x; echo "script read \$x"
  > === bang
  > !echo ready 4; read x; echo "bang read \$x"
  > END
  $ onpty <<'END'
  > > cnb run stops.ipynb -o x.json
  > < ready 1$
  > ^Z
  > < Stopped +cnb run
  > > sleep $((4 * SLACK)).2; echo slept; fg
  > - tick
  > < slept
  > > aa
  > < program read aa
  > < ready 2$
  > ^Z
  > < Stopped +cnb run
  > > sleep $((4 * SLACK)).2; echo slept; fg
  > - tick
  > < slept
  > > bb
  > < shared read bb
  > < ready 3$
  > ^Z
  > < Stopped
  > > fg
  > > cc
  > < script read cc
  > < ready 4$
  > ^Z
  > < Stopped
  > > fg
  > > dd
  > < bang read dd
  > < 5 cells: 5 ok
  > > echo "status $?"
  > < status 0
  > > exit
  > END
  $ python3 -c 'import json, os
  > r = json.load(open("x.json")); c = r["cells"]
  > awake = r["duration_ms"] - 8000 * int(os.environ["SLACK"]) - 400
  > print(all(x["duration_ms"] < awake for x in c[1:]))'
  True

Ctrl-C goes to the cell that has the terminal, and ends the run. A cell that
reads something else leaves the terminal to us, to the same end.

  $ nb ends.ipynb <<'END'
  > === program
  > #include <stdio.h>
  > int main(void) { puts("ready"); getchar(); }
  > === shared
  > puts("ready"); getchar();
  > === spins
  > puts("ready"); for (;;) ;
  > === bang
  > !echo ready; read x
  > === script
  > %%bash
  > echo ready; read x
  > === commands
  > //| file: x
  > //| run: echo ready; read x
  > //| run: echo never
  > === server
  > //| background: true
  > %%sh
  > sleep 100
  > === text
  > //| stdin: "text"
  > %%sh
  > echo ready; sleep 100
  > END
  $ for c in program shared spins bang script commands server..text; do cat <<END; done |
  > > cnb run --alone ends.ipynb -o x.json --cell $c
  > < ^ready$
  > ^C
  > < stopped by SIGINT
  > > echo "status \$?"; verdicts <x.json | grep -v skipped
  > < status 130
  > < interrupted .stopped by the user
  > END
  > (cat; echo '> exit') | onpty

What a cell did to the terminal's modes ends with it. One that opens the
terminal itself may read from it. In the background there is nothing to read,
but who asks for the terminal waits for fg, as any job.

  $ nb modes.ipynb <<'END'
  > === raw
  > #include <stdlib.h>
  > #include <termios.h>
  > int main(void)
  > {
  > 	struct termios t;
  > 	tcgetattr(0, &t); t.c_iflag = 0; t.c_lflag = 0;
  > 	tcsetattr(0, TCSANOW, &t);
  > 	abort();
  > }
  > === opens
  > //| stdin: "something else"
  > #include <fcntl.h>
  > #include <stdio.h>
  > #include <unistd.h>
  > int main(void)
  > {
  > 	char b[100] = "";
  > 	int fd = open("/dev/tty", O_RDWR);
  > 	puts("ready");
  > 	printf("%zd bytes: %s", read(fd, b, 99), b);
  > }
  > === reads
  > !cat; echo at the end
  > END
  $ onpty <<'END'
  > > set -b
  > > stty -a >1; cnb run --alone modes.ipynb --cell raw >x; stty -a >2; cmp 1 2 && echo same
  > < ^same
  > > cnb run --alone modes.ipynb --cell opens
  > < ^ready
  > > hello
  > < ^6 bytes: hello
  > < 1 ok
  > > cnb run --alone modes.ipynb --cell reads &
  > < ^at the end
  > < 1 ok
  > > cnb run --alone modes.ipynb --cell opens &
  > < ^ready
  > < Stopped
  > > fg
  > > hello
  > < ^6 bytes: hello
  > < 1 ok
  > > exit
  > END

A cell that catches or ignores Ctrl-C is ended by it all the same, and with it
the run, also one that keeps going; what it printed by then is saved. What it
does about the signal itself has half a second's time.

  $ cat >deaf.c <<'END'
  > #include "cell.h"
  > #include <signal.h>
  > #include <stdio.h>
  > #include <unistd.h>
  > static int deaf(struct cell *c)
  > {
  >     (void)c;
  >     signal(SIGINT, SIG_IGN);
  >     signal(SIGTERM, SIG_IGN);
  >     puts("ready");
  >     for (;;)
  >         pause();
  >     return 0;
  > }
  > static const struct cell_def cells[] = { { "deaf", deaf } };
  > CELL_TABLE(cells);
  > END
  $ nb deaf.ipynb <<'END'
  > === server
  > //| background: true
  > %%sh
  > trap '' INT TERM; while :; do sleep 98765; done
  > === catches
  > #include <signal.h>
  > #include <stdio.h>
  > #include <unistd.h>
  > static void caught(int sig) { (void)sig; puts("caught"); _exit(0); }
  > int main(void) { setlinebuf(stdout); signal(SIGINT, caught); puts("ready"); for (;;) pause(); }
  > === goes
  > #include <signal.h>
  > #include <stdio.h>
  > #include <unistd.h>
  > static volatile sig_atomic_t times;
  > static void caught(int sig) { (void)sig; times++; }
  > int main(void) { signal(SIGINT, caught); puts("ready"); while (!times) pause(); usleep(100000); puts("cleaned up"); }
  > === table
  > //| use: deaf/deaf
  > === shared
  > #include <signal.h>
  > #include <unistd.h>
  > signal(SIGINT, SIG_IGN);
  > puts("ready"); for (;;) pause();
  > === script
  > %%bash
  > trap 'echo caught' INT; trap '' TERM
  > echo ready; while :; do sleep 98765; done
  > === bang
  > !trap '' INT TERM; echo ready; while :; do sleep 98765; done
  > === commands
  > //| file: x
  > //| run: trap '' INT; echo ready; sleep 98765; sleep 98765
  > //| run: echo never
  > === last
  > %%sh
  > echo never
  > END
  $ for c in catches goes table shared script bang commands; do cat <<END; done |
  > > cnb run -k --alone deaf.ipynb -o x.ipynb --cell server --cell $c --cell last
  > < ^ready$
  > ^C
  > < 3 cells: 1 ok, 1 interrupted .$c., 1 not-run
  > < stopped by SIGINT
  > > echo "status \$?"; pgrep -fx "sleep 98765"; cnb export x.ipynb -t json | outputs | grep -v 'last\|server'
  > < status 130
  > < $c
  > END
  > (cat; echo '> exit') | onpty
  $ cnb export x.ipynb -t json | outputs commands
  commands "ready\n"

The second one kills at once; a cell that is asked has half a second, here more.

  $ nb twice.ipynb <<'END'
  > === stubborn
  > #include <signal.h>
  > #include <stdio.h>
  > #include <unistd.h>
  > static void caught(int sig) { (void)sig; write(1, "caught\n", 7); }
  > int main(void) { signal(SIGINT, caught); signal(SIGTERM, caught); puts("ready"); for (;;) pause(); }
  > END
  $ onpty <<'END'
  > > cnb run twice.ipynb --grace 1h -o x.json
  > < ^ready$
  > ^C
  > < ^caught$
  > ^C < stopped by SIGINT
  > > exit
  > END

Runs of a cell that go on side by side stop together, and go on together.

  $ nb lanes.ipynb <<'END'
  > === lane
  > %%sh
  > echo x >>begun; case $(wc -l <begun) in 1) exit;; 3) touch both;; esac
  > until test -e go; do sleep 0.01; done
  > END
  $ onpty <<'END'
  > > (until test -e both; do sleep 0.01; done; echo both wait) &
  > > cnb run lanes.ipynb --repeat 6 -j 2
  > < ^both wait
  > ^Z
  > < Stopped +cnb run
  > > touch go; fg %cnb
  > < ^6 runs: ok
  > > echo "status $?"
  > < status 0
  > > exit
  > END

A signal that a cell sends to itself, or to all of its group, is its own affair.

  $ nb own.ipynb <<'END'
  > === raises
  > //| expect: signal=SIGINT
  > #include <signal.h>
  > int main(void) { raise(SIGINT); }
  > === group
  > //| expect: exit=5
  > #include <signal.h>
  > #include <stdlib.h>
  > static void caught(int sig) { (void)sig; _Exit(5); }
  > int main(void) { signal(SIGINT, caught); kill(0, SIGINT); }
  > === all
  > //| expect: signal=SIGKILL
  > #include <signal.h>
  > int main(void) { kill(0, SIGKILL); }
  > === reads
  > !echo ready; read x
  > END
  $ onpty <<'END'
  > > cnb run own.ipynb
  > < ^ready$
  > ^C
  > < 4 cells: 3 ok, 1 interrupted .reads.
  > > exit
  > END

What the terminal shows of Ctrl-C stands in a line of its own, also where the
cell's output waits for what becomes of it. (An answer that is there before we
have heard of the key leaves an empty line.)

  $ nb echo.ipynb <<'END'
  > === reads
  > !echo ready; touch reads; read x
  > === answers
  > #include <signal.h>
  > #include <stdio.h>
  > #include <unistd.h>
  > static void caught(int sig) { _exit(write(1, "\ncaught\n", 8) + sig < 0); }
  > int main(void) { signal(SIGINT, caught); fclose(fopen("reads", "w")); puts("ready"); for (;;) pause(); }
  > END
  $ onpty <<'END'
  > > stty echo opost; echo 'set' up
  > < ^set up
  > > cnb run echo.ipynb -c reads
  > < ^ready
  > ^C
  > < ^\^C\r$
  > < \A\ninterrupted
  > > cnb run echo.ipynb -c answers --grace 60s
  > < ^ready
  > ^C
  > < ^\^C\r\ncaught\r\n(\r\n)?interrupted
  > > rm reads; (while test ! -e reads; do :; done; echo 'be'gun) & cnb run -q echo.ipynb -c reads
  > < ^begun
  > ^C
  > < \^C\r\nIn .1.: reads.*\r\nready\r\ninterrupted
  > > cnb run echo.ipynb -c reads | cat
  > < ^ready
  > ^C
  > < \^Cinterrupted
  > > exit
  > END

cnb watch stops by Ctrl-Z also while no cell runs; what is saved meanwhile runs
when it goes on.

  $ nb waits.ipynb <<'END'
  > === one
  > puts("first text");
  > END
  $ onpty <<'END'
  > > cnb watch waits.ipynb
  > < watching
  > ^Z
  > < Stopped +cnb watch
  > > sed 's/first/second/' waits.ipynb >y; mv y waits.ipynb; fg
  > < second text
  > < watching
  > ^C
  > > echo "status $?"
  > < status 130
  > > exit
  > END

Who has a session run cells may stop by Ctrl-Z: the cell goes on there, and what
it wrote meanwhile is told after fg.

  $ nb lives.ipynb <<'END'
  > === waits
  > #include <stdio.h>
  > #include <unistd.h>
  > puts("begun"); while (access("go", F_OK)) usleep(1000); puts("gone on");
  > FILE *f = fopen("done", "w"); fclose(f);
  > END
  $ touch go; cnb run lives.ipynb -q --keep; rm go done
  lives.ipynb: 1 cell: 1 ok in <time>
  $ onpty <<'END'
  > > cnb rerun lives.ipynb waits
  > < ^begun
  > ^Z
  > < Stopped +cnb rerun
  > > touch go; until [ -e done ]; do sleep 0.01; done; echo over
  > < ^over
  > > fg
  > < gone on
  > < 1 cell: 1 ok
  > > exit
  > END
  $ cnb stop lives.ipynb

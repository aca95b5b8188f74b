Ends that come from outside. A cell that never ends has children of every
obstinate kind: of them all a pipe is held, so that its end of file says when
the last is gone.

  $ nb x.ipynb <<'END'
  > === before
  > #include <stdio.h>
  > int main(void) { puts("kept"); }
  > === stays
  > #define _GNU_SOURCE
  > #include <fcntl.h>
  > #include <signal.h>
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <unistd.h>
  > int main(void)
  > {
  > 	int held = open("held", O_WRONLY); /* for all of the family */
  > 	signal(SIGTERM, SIG_IGN);
  > 	if (fork() == 0) { setsid(); if (fork() == 0) pause(); pause(); }
  > 	if (fork() == 0) { raise(SIGSTOP); pause(); }
  > 	puts("ready");
  > 	write(held, "x", 1);
  > 	for (;;) pause();
  > }
  > === after
  > int main(void) { return 0; }
  > END
  $ cat >end <<'END'
  > # end SIGNAL OPTION...: run, send cnb the signal when the cell is ready
  > signal=$1; shift
  > mkfifo held
  > cnb run x.ipynb "$@" >out 2>&1 &
  > exec 3<held; rm held
  > head -c 1 <&3 >/dev/null
  > kill -$signal $!
  > wait $!; echo "status $?"
  > cat <&3; echo "nobody is left"
  > END

kill -9 of cnb itself:

  $ sh end KILL 2>/dev/null
  status 137
  nobody is left

Ctrl-C and its like: what was captured is saved, the rest is not-run.

  $ sh end INT -o int.json; verdicts <int.json
  status 130
  nobody is left
  before ok
  stays interrupted (stopped by the user)
  after not-run
  $ sh end TERM -i; nbvalidate x.ipynb && cnb list x.ipynb
  status 143
  nobody is left
  cell  name    kind     status       lines
  1     before  program  ok           2
  2     stays   program  interrupted  16
  3     after   program  not-run      1
  $ sh end HUP -q; tail -2 out
  status 129
  nobody is left
  ...

Whoever starts the cells' processes and is killed between two of them, by what an
earlier one left, takes no cell with it but those that it strikes: the run goes on to
its end.

  $ { cat <<'END'; for i in 1 2 3 4 5 6 7 8; do printf "=== b$i\nusleep(500); puts(\"b$i\");\n=== c$i\n//| use: plug/go\n//| name: c$i\n"; done; } | nb killed.ipynb 'plugins=["."]'
  > === a
  > #include <signal.h>
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <unistd.h>
  > int parent; parent = getppid();
  > if (!fork()) { usleep(atoi(getenv("AFTER"))); kill(parent, SIGKILL); _exit(0); }
  > END
  $ printf '#include "cell.h"\nstatic int go(struct cell *c) { (void)c; return 0; }\nstatic const struct cell_def cells[] = { { "go", go } };\nCELL_TABLE(cells);\n' >plug.c
  $ for us in 100 900 2300 4600 8000 15000; do
  >     for how in '' --keep; do
  >         AFTER=$us cnb run -q -k $how killed.ipynb >said 2>&1 || [ $? = 1 ] || { echo "$us $how"; cat said; }
  > done; done; cnb stop --all

Where a file cannot be had without a name, it is written with one: whichever
call then fails, the notebook is the old one or the new one. (Some forty calls,
here and below; with SOAK=1 in the environment each of them.)

  ! not asan: another allocator stands in front
  ! not valgrind: another allocator stands in front
  $ nb x.ipynb <<'END'
  > === a
  > %%sh
  > echo hi
  > === b
  > %%sh
  > echo ho
  > END
  $ inject --most ${SOAK:+999}${SOAK:-40} --may 2 EOPNOTSUPP x.ipynb cnb run -q -i x.ipynb
  EOPNOTSUPP: .*status 0, .*status 3 (re)

What cannot be seen is not taken for what is not there: outputs that a C file is
to join are kept, and a notebook that only its owner could read stays so.

  $ chmod 600 x.ipynb; cnb run -q -i x.ipynb && cnb convert x.ipynb y.c
  x.ipynb: 2 cells: 2 ok in <time>
  $ inject EIO x.ipynb cnb convert y.c x.ipynb
  EIO: \d+ calls: status 0, status 3 (re)
  $ cnb clear x.ipynb; rm y.c

Killed at any of them, it leaves a notebook that is whole, and neither journals
nor what was to be the notebook pile up.

  $ rm -rf .local; inject --most ${SOAK:+999}${SOAK:-40} --piling kill x.ipynb cnb run -q -i x.ipynb
  kill: .*status -9.* (re)
  $ cnb clear x.ipynb; inject --most ${SOAK:+999}${SOAK:-40} --piling kill x.ipynb cnb run -q -i x.ipynb
  kill: .*status -9.* (re)
  $ cnb run -q -i x.ipynb 2>&1 | grep -v 'cut off'; find .local -type f | wc -l
  x.ipynb: 2 cells: 2 ok in <time>
  1
  $ ls -A
  .local
  x.ipynb

What tells of a death comes before what can be seen of it, however slow the
keeper is: a cell that waits until a server's process is no more is over after
the server.

  $ nb ends.ipynb <<'END'
  > === server
  > //| background: true
  > #include <stdio.h>
  > #include <unistd.h>
  > int main(void)
  > {
  >     FILE *f = fopen("new", "w");
  >     fprintf(f, "%d\n", getpid());
  >     fclose(f);
  >     rename("new", "pid");
  >     while (access("stop", F_OK))
  >         usleep(1000);
  >     return 4;
  > }
  > === sees
  > #include <fcntl.h>
  > #include <signal.h>
  > #include <stdio.h>
  > #include <unistd.h>
  > int pid;
  > FILE *f;
  > while (!(f = fopen("pid", "r")) || fscanf(f, "%d", &pid) != 1)
  >     usleep(1000);
  > close(open("stop", O_CREAT | O_WRONLY, 0600));
  > while (kill(pid, 0) == 0)
  >     ;
  > === not-run
  > int main(void) { return 0; }
  > END
  $ rm -rf [xy].*; inject --most ${SOAK:+999}${SOAK:-40} --who cnb-keeper slow ends.ipynb cnb run -q ends.ipynb
  slow: \d+ calls: status 1 (re)

A view of what runs, which is printed from a file, is begun anew all the same.

  $ rm -f *; printf '=== a\n%%%%sh\necho hi\n' | nb x.ipynb; cat >watch <<'END'
  > >e; cnb watch -q x.ipynb >o 2>e & p=$!
  > until grep -q watching e || ! kill -0 $p; do sleep 0.01; done 2>/dev/null
  > kill -INT $p; wait $p; s=$?; cat e >&2; exit $s
  > END
  $ inject EINTR x.ipynb sh watch
  EINTR: \d+ calls: status 130 (re)

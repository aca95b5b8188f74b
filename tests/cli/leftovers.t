Nothing of ours stays in /tmp or /dev/shm, however a run ends: not of a crash,
not of a compiler that was interrupted, and nobody who stopped itself or became
a daemon goes on when the process that watched them, or the one in which they
ran, is killed from outside.

  $ mkdir tmp; export TMPDIR=$PWD/tmp
  > ls /dev/shm | sort >shm
  > printf '#!/bin/sh\necho x >$TMPDIR/started\nexec cc "$@"\n' >slow-cc
  > chmod +x slow-cc
  > nb x.ipynb <<'END'
  > === crash
  > int main(void) { __builtin_trap(); }
  > === tmpfile
  > #include <stdio.h>
  > int main(void) { return !tmpfile(); }
  > END
  > cnb run -q -k x.ipynb >out; ls -A tmp; ls /dev/shm | sort | cmp - shm

The compiler reads a pipe that never ends: that is when Ctrl-C comes.

  $ mkdir tmp2; export TMPDIR=$PWD/tmp2 CNB_CACHE_DIR=$PWD/cache
  > mkfifo never.h
  > nb y.ipynb <<'END'
  > === waits
  > #include <stdio.h>
  > #include "never.h"
  > int main(void) { return 0; }
  > END
  > cnb run y.ipynb >out 2>&1 & pid=$!
  > exec 3>never.h # opened when the compiler has got that far
  > kill -INT $pid; wait $pid; echo "status $?"; exec 3>&-
  > ls -A tmp2
  status 130

kill -9 of the keeper, and of the process in which cells run:

  $ nb z.ipynb <<'END'
  > === before
  > int n = 1;
  > === stays
  > #include <fcntl.h>
  > #include <signal.h>
  > #include <stdio.h>
  > #include <unistd.h>
  > FILE *who = fopen("pids", "w");
  > fprintf(who, "keeper=%d host=%d\n", getppid(), getpid());
  > fclose(who);
  > int held = open("held", O_WRONLY);
  > signal(SIGTERM, SIG_IGN);
  > if (fork() == 0) { setsid(); if (fork() == 0) pause(); pause(); }
  > if (fork() == 0) { raise(SIGSTOP); pause(); }
  > write(held, "x", 1);
  > for (;;) pause();
  > === after
  > n
  > END
  > cat >end <<'END'
  > mkfifo held
  > cnb run -k z.ipynb -o z.json >out 2>&1 &
  > exec 3<held; rm held
  > head -c 1 <&3 >/dev/null
  > . ./pids; eval kill -9 \$$1
  > cat <&3; echo "nobody is left"
  > wait $!; echo "status $?"; verdicts <z.json
  > END
  $ sh end host
  nobody is left
  status 1
  before ok
  stays crashed SIGKILL (killed by signal 9 (Killed))
  after ok
  $ sh end keeper
  nobody is left
  status 1
  before ok
  stays crashed SIGKILL (killed by signal 9 (Killed))
  after ok

A second Ctrl-C does not wait for a cell that tidies up.

  $ nb t.ipynb <<'END'
  > === tidies
  > #include <fcntl.h>
  > #include <signal.h>
  > #include <unistd.h>
  > static int held;
  > static void tidy(int sig) { (void)sig; write(held, "t", 1); }
  > int main(void)
  > {
  >     held = open("held", O_WRONLY);
  >     signal(SIGTERM, tidy);
  >     write(held, "x", 1);
  >     for (;;) pause();
  > }
  > === after
  > int main(void) { return 0; }
  > END
  $ mkfifo held
  > cnb run --grace 10m t.ipynb -o t.json >out 2>&1 &
  > exec 3<held
  > head -c 1 <&3 >/dev/null; kill -INT $!
  > head -c 1 <&3; echo " is asked to end"; kill -INT $!
  > cat <&3; wait $!; echo "status $?"; verdicts <t.json
  t is asked to end
  status 130
  tidies interrupted (stopped by the user)
  after not-run

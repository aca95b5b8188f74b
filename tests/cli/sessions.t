A session stays when the run is over. Each cell can be run again from the state
above it, and what it gives is saved.

  $ nb x.ipynb <<'END'
  > === a
  > #include <stdio.h>
  > #include <stdlib.h>
  > int x = 1;
  > FILE *f; f = fopen("lines", "r");
  > === b
  > x *= 2; printf("%d\n", x);
  > === c
  > char line[20]; fgets(line, 20, f); x += 10;
  > printf("%d %s", x, line);
  > === p
  > #include <stdio.h>
  > int main(void) { puts("program"); }
  > === d
  > x
  > END
  $ printf 'one\ntwo\nthree\n' >lines
  $ cnb run x.ipynb -i -q --keep
  x.ipynb: 5 cells: 5 ok in <time>
  $ ls -ld cnb | cut -c1-10
  drwx------
  $ cnb sessions
  <dir>/x.ipynb
  \    process \d+, age \d+ \w+, 5 cells, ends if idle for \d+ min (re)
  \    4 snapshots, [\d.]+ MiB (re)
  $ for i in 1 2 3; do cnb rerun x.ipynb c 2>&1 | grep one; done
  12 one
  12 one
  12 one

The cells below are stale then. A cell whose text changed makes stale what
stands below it; what is stale above a cell runs before it. Without names, all
that changed or is stale runs.

  $ cnb rerun x.ipynb c 2>&1 >out
  stale: d
  to run it again: cnb rerun x.ipynb --below d
  $ sed -i 's/x \*= 2/x *= 3/' x.ipynb
  $ cnb rerun x.ipynb b 2>&1 >out
  stale: c, d
  to run them again: cnb rerun x.ipynb --below c
  $ cnb run x.ipynb --cell d
  x.ipynb
  
  In [5]: d  (shared)
      x
  Out[5]: 13
  ok <time>
  
  1 cell: 1 ok in <time>
  $ sed -i 's/x += 10/x += 20/' x.ipynb
  $ cnb rerun x.ipynb -q
  x.ipynb: 2 cells: 2 ok in <time>
  $ cnb rerun x.ipynb -q
  x.ipynb: 0 cells in <time>
  $ cnb rerun x.ipynb --below -q -- b
  x.ipynb: 4 cells: 4 ok in <time>
  $ cnb export x.ipynb --to json | outputs
  a
  b "3\n"
  c "23 one\n"
  p "program\n"
  d 23

cnb list says it too, of the notebook as it is now, and builds nothing for it.

  $ cnb list x.ipynb | cut -c7-39
  name  kind     status  session  l
  a     shared   ok      fresh    4
  b     shared   ok      fresh    1
  c     shared   ok      fresh    2
  p     program  ok      fresh    2
  d     shared   ok      fresh    1
  $ cnb rerun x.ipynb b -q 2>&1 >out; sed -i 's/"program/"another/; s/"x"$/"x + 1"/' x.ipynb
  $ cnb list -v x.ipynb | grep -v fresh | sed 's/ [a-z ]*;/:/; s/  */ /g; s/ ok//'
  cell name kind status session lines because
  3 c shared stale 2: stale: what it stands on ran again, or is another
  4 p program changed 2 defines main in line 2; changed: the session ran another text, or with other options
  5 d shared changed 1: changed: the session ran another text, or with other options
  $ sed -i 's/"another/"program/; s/"x + 1"$/"x"/' x.ipynb; cp x.ipynb keep.ipynb
  $ python3 - <<'END'
  > import json
  > nb = json.load(open("x.ipynb")); c = nb["cells"]
  > c.insert(1, dict(c[4], id="fresh", metadata={}, source="x = 7;"))
  > del c[3]
  > json.dump(nb, open("x.ipynb", "w"))
  > END
  $ cnb list x.ipynb | awk '{ print $2, $5 }'
  name session
  a fresh
  fresh new
  b stale
  p fresh
  d stale
  $ cp keep.ipynb x.ipynb; cnb rerun x.ipynb -q 2>&1 >out; cnb list x.ipynb | grep -c fresh
  5

A header that is another makes stale what was built from it, though the notebook
is the same; so does one that a cell of the call itself has written.

  $ echo '#define N 1' >n.h
  $ nb h.ipynb <<'END'
  > === w
  > #include <stdio.h>
  > FILE *o; o = fopen("m.h", "w"); fputs("#define M 3\n", o); fclose(o);
  > === a
  > #include "n.h"
  > N
  > === p
  > #include <stdio.h>
  > #include "m.h"
  > int main(void) { printf("%d\n", M); }
  > END
  $ cnb run h.ipynb -i -q --keep; cnb rerun h.ipynb -q; cnb rerun h.ipynb -q
  h.ipynb: 3 cells: 3 ok in <time>
  h.ipynb: 0 cells in <time>
  h.ipynb: 0 cells in <time>
  $ echo '#define N 20' >n.h; cnb list h.ipynb | grep -c fresh
  cnb: files that cells of 'h.ipynb' are built from have changed since they ran: cnb rerun h.ipynb finds which
  3
  $ cnb rerun h.ipynb | grep Out; cnb list h.ipynb 2>&1 >out
  Out[2]: 20
  $ echo '#define N 31' >n.h; cnb rerun h.ipynb | grep Out
  Out[2]: 31
  $ for m in 7 '(' 8; do echo "#define M $m" >m.h; cnb rerun h.ipynb | grep -e ^In -e '^[0-9]$' -e ^build; done
  In [3]: p  (program)
  7
  In [3]: p  (program)
  build-error <time>: expected expression before ')' token
  In [3]: p  (program)
  8
  $ cnb rerun h.ipynb w p -q 2>&1 | head -1; echo '#define M 5' >m.h; cnb rerun h.ipynb w p 2>/dev/null | grep -E '^[0-9]+$'; cnb stop h.ipynb
  h.ipynb: 2 cells: 2 ok in <time>
  3

What is no cell, and where there is no session:

  $ cnb rerun x.ipynb nosuch
  cnb: unknown cell 'nosuch' in 'x.ipynb'; see: cnb list x.ipynb
  ? 2
  $ cp x.ipynb y.ipynb; cnb rerun y.ipynb b
  cnb: cannot run cells of 'y.ipynb' again: it has no session; start one with cnb run y.ipynb --keep
  ? 2
  $ cnb stop x.ipynb; cnb stop x.ipynb
  cnb: 'x.ipynb' has no session
  ? 2
  $ cnb sessions; ls cnb
  no session

What takes the process along loses only itself, though it kills the group, or
the parent, of the cell; and of a crash in a cell run again, nothing is left.

  $ nb k.ipynb <<'END'
  > === a
  > #include <signal.h>
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <sys/wait.h>
  > #include <unistd.h>
  > int x = 1;
  > === b
  > x++; while (wait(NULL) > 0); if (!access("die", F_OK)) abort();
  > === group
  > x = 50; kill(0, SIGKILL);
  > === parent
  > x = 60; kill(getppid(), SIGKILL); pause();
  > === c
  > printf("%d\n", x);
  > END
  ! not valgrind: cells that crash on purpose
  $ cnb run k.ipynb -i -k -q --keep >out; cnb export k.ipynb --to json | outputs c
  c "2\n"
  $ touch die; cnb rerun k.ipynb b -q >out 2>&1; rm die; grep -v 'state above' out
  In [2]: b  (shared)
  crashed <time>: SIGABRT: abort() was called
      b:1
  ...
  $ cnb rerun k.ipynb c 2>&1 | sed -n 5p
  2

The snapshots outlive the parent of the cell, so that nothing needs to run again,
also where it is killed a second time.

  $ for i in 1 2; do cnb rerun k.ipynb parent -q 2>&1 | grep crashed; cnb rerun k.ipynb c 2>&1 | sed -n 5p; done; cnb stop k.ipynb
  crashed <time>: SIGKILL: killed by signal 9 (Killed)
  k.ipynb: 1 cell: 1 crashed (parent) in <time>
  2
  crashed <time>: SIGKILL: killed by signal 9 (Killed)
  k.ipynb: 1 cell: 1 crashed (parent) in <time>
  2

The leader of the processes' session is none of them: who kills it, or what its
number names as a group, has killed nobody.

  $ nb l.ipynb <<'END'
  > === a
  > #include <signal.h>
  > #include <stdio.h>
  > #include <unistd.h>
  > int x = 1;
  > === leader
  > pid_t leader; leader = getsid(0);
  > printf("%d %d %d\n", leader > 1, leader == getpid(), leader == getppid());
  > printf("%d %d\n", kill(leader, SIGKILL), kill(-leader, SIGKILL));
  > === program
  > #include <signal.h>
  > #include <unistd.h>
  > int main(void) { return kill(getsid(0), SIGKILL) == 0; }
  > === c
  > printf("%d\n", ++x);
  > END
  $ cnb run l.ipynb -q --keep; cnb rerun l.ipynb -q leader program c; cnb export l.ipynb --to json | outputs leader c; cnb stop l.ipynb
  l.ipynb: 4 cells: 4 ok in <time>
  l.ipynb: 3 cells: 3 ok in <time>
  leader "1 0 0\n-1 -1\n"
  c "2\n"

Where there is no snapshot, for threads are alive or for want of room, the cells
since the last one run again, which is said.

  $ nb t.ipynb <<'END'
  > === a
  > #include <pthread.h>
  > #include <stdio.h>
  > #include <unistd.h>
  > int x = 1;
  > void *rest(void *arg) { for (;;) pause(); return arg; }
  > === b
  > pthread_t t; pthread_create(&t, NULL, rest, NULL); x++;
  > === c
  > x++;
  > === d
  > x
  > END
  $ cnb run t.ipynb -i -q --keep >out; cnb rerun t.ipynb d | sed -n '5,6p'; cnb stop t.ipynb
  the state above: 2 cells ran again, for there was no snapshot: a thread is alive
  Out[4]: 3
  $ nb m.ipynb <<'END'
  > === a
  > int x = 1;
  > === b
  > x++;
  > === c
  > x++;
  > === d
  > x
  > END
  $ cnb run m.ipynb -i -q --keep --snapshots 2; cnb rerun m.ipynb c 2>&1 | sed -n '5p;9,$p'
  m.ipynb: 4 cells: 4 ok in <time>
  the state above: 1 cell ran again, for there was no snapshot: it was dropped to keep within --snapshots
  stale: d
  to run it again: cnb rerun m.ipynb --below d
  $ cnb sessions | sed -n 's/.*cells \(.*\), ends.*/\1/p; s/, [0-9.]* MiB//p'
  (1 stale)
      2 snapshots (1 dropped or not possible: cnb list -v says which)
  $ cnb list -v m.ipynb | sed 's/  *does not define main/ */'
  cell  name  kind    status  session  lines  because
  1     a     shared  ok      fresh    1 *; no snapshot above it: it was dropped to keep within --snapshots
  2     b     shared  ok      fresh    1 *
  3     c     shared  ok      fresh    1 *; no snapshot above it: it was dropped to keep within --snapshots
  4     d     shared  ok      stale    1 *; stale: what it stands on ran again, or is another
  $ cnb rerun m.ipynb d | grep Out; cnb stop --all; cnb sessions
  Out[4]: 3
  no session

A client that vanishes stops its cell, and the next client is served; a session
that was killed is no obstacle, and leaves no process.

  $ nb v.ipynb <<'END'
  > === a
  > #include <fcntl.h>
  > #include <stdio.h>
  > #include <sys/stat.h>
  > #include <unistd.h>
  > int x = 5;
  > === b
  > if (!access("wait", F_OK)) { open("told", O_WRONLY); for (;;) pause(); }
  > === c
  > x
  > END
  $ cnb run v.ipynb -i -q --keep >out; touch wait; mkfifo told
  $ cnb rerun v.ipynb b >out 2>&1 & client=$!; : <told; kill -9 $client; wait $client 2>/dev/null; true
  $ rm wait; cnb rerun v.ipynb c 2>/dev/null | grep Out
  Out[3]: 5
  $ touch wait; cnb rerun v.ipynb b >out 2>&1 & client=$!; : <told; kill -INT $client; wait $client; echo $?; rm wait
  130
  $ kill -9 $(cnb sessions | sed -n 's/.*process \([0-9]*\).*/\1/p'); ls cnb | wc -l
  1
  $ cnb sessions; ls cnb | wc -l; cnb run v.ipynb --keep -q 2>&1 | tail -1
  no session
  0
  v.ipynb: 3 cells: 3 ok in <time>

Also if it is dying just now, or what it consists of: nothing runs in a state
that is not the one above it.

  $ cat >killed.py <<'END'
  > import os, random, re, subprocess, sys
  > def cnb(*words):
  >     r = subprocess.run(["cnb", *words], text=True, stdout=subprocess.PIPE,
  >                        stderr=subprocess.STDOUT)
  >     return r.stdout
  > def begin():
  >     said = cnb("run", "v.ipynb", "-q", "--keep", "--snapshots", random.choice("12345"))
  >     return said if "3 ok" not in said else ""
  > def read(pid, what):
  >     try: return open("/proc/%d/%s" % (pid, what)).read()
  >     except OSError: return ""
  > def below(pid):
  >     pids = [int(p) for p in read(pid, "task/%d/children" % pid).split()]
  >     return pids + [q for p in pids for q in below(p)]
  > def kill(pid):
  >     try: os.kill(pid, 9)
  >     except ProcessLookupError: pass
  > def is_there(pid): return ") Z" not in read(pid, "stat") and read(pid, "stat")
  > print(begin(), end="")
  > for i in range(40):
  >     session = int(re.search(r"process (\d+)", cnb("sessions"))[1])
  >     if i % 5 == 4:
  >         kill(session)
  >         print(begin(), end="")
  >         continue
  >     cells = [p for p in below(session)
  >              if not re.match("cnb-(keeper|nest)", read(p, "comm"))]
  >     some = random.sample(cells, min(i % 5 + 1, len(cells)))
  >     for pid in some: kill(pid)
  >     while any(is_there(pid) for pid in some): pass
  >     said = cnb("rerun", "v.ipynb", "c")
  >     if "Out[3]: 5" not in said: print(said)
  > cnb("stop", "v.ipynb")
  > END
  ! not valgrind: a hundred calls of cnb
  $ python3 killed.py
  $ cnb run v.ipynb --keep -q
  v.ipynb: 3 cells: 3 ok in <time>
  $ cnb stop v.ipynb

A session that nobody uses ends by itself. A folder that others can enter is
refused.

  $ cnb run v.ipynb --keep -q --idle 1ms; while ls cnb | grep -q .; do sleep 0.05; done; cnb sessions
  v.ipynb: 3 cells: 3 ok in <time>
  no session
  $ chmod 755 cnb; cnb run v.ipynb --keep -q
  cnb: cannot run 'v.ipynb' in its session: cannot use '<dir>/cnb' for sessions: others can enter it; remove it, or set XDG_RUNTIME_DIR
  ? 2
  $ cnb rerun v.ipynb
  cnb: cannot use '<dir>/cnb' for sessions: others can enter it; remove it, or set XDG_RUNTIME_DIR
  ? 2
  $ cnb rerun v.ipynb -1
  cnb: unknown option '-1'; a cell counted from the end is written: -c -1
  ? 2
  $ chmod 700 cnb; cnb run --keep --input v.ipynb v.ipynb
  cnb: --keep and --input do not go together: a cell that runs again would find the input at its end; a cell's own option stdin is read each time
  ? 2
  $ cnb run --keep --timeline v.ipynb
  cnb: --keep and --timeline do not go together: how a session's output is captured is settled when its host starts; a cell's own option timeline counts there
  ? 2
  $ cnb run --keep - <v.ipynb
  cnb: --keep takes a notebook that is a file, not standard input
  ? 2
  $ cnb run --keep --skip a v.ipynb
  cnb: --keep and --skip do not go together: a cell of a session runs in the state that all those above it leave
  ? 2
  $ cnb run --keep --alone -c b v.ipynb
  cnb: --keep and --alone do not go together: a cell of a session runs in the state that all those above it leave
  ? 2

What is to be left out is not run for others where there is a session, either:
its state is not asked for.

  $ printf '=== a\nint n = 1;\n=== b\nn += 10; system("echo >>ran");\n=== c\nn\n' | nb skip.ipynb
  $ cnb run -q --keep skip.ipynb; rm ran
  skip.ipynb: 3 cells: 3 ok in <time>
  $ cnb run skip.ipynb -c c | grep Out; cnb run skip.ipynb -c c --skip b | grep Out; cnb stop skip.ipynb
  Out[3]: 11
  Out[3]: 1
  $ ls ran
  ls: cannot access 'ran': No such file or directory
  ? 2

What a session cannot do another way is refused with the reason; what it can, it
does: a copy beside what is saved, what failed.

  $ for o in -i --skip=b --from=b --alone --cc=gcc --cflags=-O2 --sanitize=leak --workdir=. --files=9 --keep --idle=3 --snapshots=1 --snapshot-memory=1 --shard=1/2 --input=x --timeline --capture=plain; do cnb rerun v.ipynb $o; done 2>&1 | cut -c-60
  cnb: no option '--inplace' here: outputs are saved without i
  cnb: no option '--skip' here: name the cells that are to run
  cnb: no option '--from' here: say it as cnb rerun --below NB
  cnb: no option '--alone' here: a cell runs in the state abov
  cnb: no option '--cc' here: the compiler is settled when a s
  cnb: no option '--cflags' here: they are settled when a sess
  cnb: no option '--sanitize' here: sanitizers are settled whe
  cnb: no option '--workdir' here: the folder is settled when 
  cnb: no option '--files' here: what processes may open is se
  cnb: no option '--keep' here: the session is there, and stay
  cnb: no option '--idle' here: it is settled when a session b
  cnb: no option '--snapshots' here: their number is settled w
  cnb: no option '--snapshot-memory' here: it is settled when 
  cnb: no option '--shard' here: there is one notebook
  cnb: no option '--input' here: a cell that runs again would 
  cnb: no option '--timeline' here: how a session's output is 
  cnb: no option '--capture' here: how a session's output is c
  $ nb f.ipynb <<'END'
  > === a
  > #include <unistd.h>
  > int x = 3;
  > === p
  > #include <unistd.h>
  > int main(void) { int last = 0; for (int fd; (fd = dup(1)) >= 0;) last = fd; return last < 20; }
  > === c
  > return access("good", F_OK) != 0;
  > END
  $ cnb run f.ipynb --keep -qik --files 99 2>&1 | tail -2; touch good
  f.ipynb: 3 cells: 2 ok, 1 failed (c) in <time>
  to run it again: cnb rerun f.ipynb -c c
  $ cnb rerun f.ipynb -c p -q; cnb rerun f.ipynb --failed -q -o copy.md; grep -c '```c' copy.md; cnb rerun f.ipynb --failed -q; cnb stop f.ipynb
  f.ipynb: 1 cell: 1 ok in <time>
  f.ipynb: 1 cell: 1 ok in <time>
  3
  cnb: warning: 'f.ipynb': no cell of those selected failed when it was last saved
  f.ipynb: 0 cells in <time>
  $ for o in --idle=30m --snapshots=3 --snapshot-memory=1M; do cnb run -q $o v.ipynb; done
  cnb: --idle is about the session that --keep leaves
  cnb: --snapshots is about the session that --keep leaves
  cnb: --snapshot-memory is about the session that --keep leaves
  ? 2

Where another folder has taken the place of the one in which the cells ran, as
with a new checkout, they run again, in that.

  $ nb k.ipynb <<'END'
  > === a
  > int n = 1;
  > === b
  > printf("%d %d\n", n, fopen("made", "w") != NULL);
  > === p
  > #include <stdio.h>
  > int main(void) { return !fopen("made", "r"); }
  > END
  $ mkdir co; cp k.ipynb co; cnb run co/k.ipynb --keep -q; rm -r co; mkdir co; cp k.ipynb co
  > cnb list co/k.ipynb | sed 1d | head -1 | cut -c1-7; cnb rerun co/k.ipynb | grep -e '^1' -e cells; ls co
  > mv co was; mkdir co; cp k.ipynb co; cnb rerun co/k.ipynb b | grep -e '^1' -e cells; ls co; cnb stop co/k.ipynb
  co/k.ipynb: 3 cells: 3 ok in <time>
  cnb: files that cells of 'co/k.ipynb' are built from have changed since they ran: cnb rerun co/k.ipynb finds which
  1     a
  1 1
  3 cells: 3 ok in <time>
  k.ipynb
  made
  1 1
  2 cells: 2 ok in <time>
  k.ipynb
  made

A session's cell has the limits of the call.

  $ nb l.ipynb <<'END'
  > === a
  > #include <stdlib.h>
  > #include <string.h>
  > #include <unistd.h>
  > int x = 1;
  > === b
  > char *m; m = malloc(64 << 20); memset(m, x, 64 << 20); if (!access("wait", F_OK)) pause();
  > === c
  > //| timeline: true
  > puts("timed");
  > END
  $ cnb run l.ipynb --keep -q -o l.json; grep -c '"t_ms"' l.json; touch wait
  l.ipynb: 3 cells: 3 ok in <time>
  1
  $ cnb rerun l.ipynb b --memory 32M 2>&1 | grep limit; cnb stop l.ipynb
  limit <time>: holds more than 32 MiB of memory
  1 cell: 1 limit (b) in <time>

What is offered to be typed is quoted for a shell.

  $ nb "-a \$(b).ipynb" <<'END'
  > === a
  > int x = 1;
  > === b
  > x
  > END
  $ cnb rerun "./-a \$(b).ipynb" 2>&1 | grep -o 'start one.*'
  start one with cnb run './-a $(b).ipynb' --keep
  $ cnb run --keep -q -- "-a \$(b).ipynb" 2>&1
  -a $(b).ipynb: 2 cells: 2 ok in <time>
  $ cnb rerun -- "-a \$(b).ipynb" a 2>&1 >out; cnb stop -- "-a \$(b).ipynb"
  stale: b
  to run it again: cnb rerun './-a $(b).ipynb' --below b

A session of another version of cnb does not know what is asked of it; it ends
all the same.

  $ cat >other.py <<'END'
  > import os, signal, socket, sys
  > s = socket.socket(socket.AF_UNIX)
  > s.bind(sys.argv[1]); s.listen(); open("listens", "w")
  > signal.signal(signal.SIGTERM, lambda *_: (open("ended", "w"), os.unlink(sys.argv[1]), os._exit(0)))
  > while True: c = s.accept()[0]; c.recv(99999); c.close()
  > END
  $ cnb stop --all; cnb run f.ipynb --keep -q >/dev/null; ls cnb >name; cnb stop f.ipynb
  $ python3 other.py cnb/$(cat name) >/dev/null 2>&1 & while [ ! -e listens ]; do sleep 0.01; done
  > cnb rerun f.ipynb c; cnb stop f.ipynb; ls ended; cnb sessions
  cnb: cannot run 'f.ipynb' in its session: the session does not answer; cnb stop ends it, of whatever version it is
  ended
  no session

One whose process is stopped cannot answer: nobody waits for it, and it ends, too.

  $ cnb run f.ipynb --keep -q >/dev/null; cnb sessions | sed -n 's/.*process \([0-9]*\),.*/\1/p' >pid
  > kill -STOP $(cat pid); cnb rerun f.ipynb c 2>&1 | sed 's/[0-9][0-9]*/N/g'; cnb stop f.ipynb; cnb sessions
  cnb: cannot run 'f.ipynb' in its session: the session does not answer: its process N is stopped; kill -CONT N lets it go on, cnb stop ends it
  no session

Sequences of edits and reruns give what fresh runs give.

  ! not valgrind: cells that crash on purpose
  $ $SRC/tests/random_sessions.py 4 1
  4 sequences agree

A notebook may lose all of its cells, and get others.

  $ echo '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}' >none.ipynb
  $ printf '=== a\nint x = 1;\n=== b\nx + 1\n' | nb e.ipynb; cp e.ipynb saved.ipynb
  $ cnb run -q e.ipynb --keep; cp none.ipynb e.ipynb; cnb rerun -q e.ipynb
  e.ipynb: 2 cells: 2 ok in <time>
  e.ipynb: 0 cells in <time>
  $ cp saved.ipynb e.ipynb; cnb rerun e.ipynb | grep Out
  Out[2]: 2
  $ cnb stop e.ipynb

A header that the notebook itself writes is written anew before the cells above
are looked at, and they are built with that, also where another of them was
built anew just before.

  $ cat >header <<'END'
  > printf '=== a\n#include <stdio.h>\nint s = %s;\n' "$1"
  > printf '=== b\n#include "f.h"\nprintf("%%d\\n", s + F);\n'
  > printf '=== c\n%%%%file f.h\n#define F %s\n' "$2"
  > END
  $ sh header 0 3 | nb header.ipynb; cnb run header.ipynb --keep -i -q
  header.ipynb: 3 cells: 3 ok in <time>
  $ sh header '0, z = 1' 3 | nb header.ipynb; cnb rerun header.ipynb a -q
  header.ipynb: 1 cell: 1 ok in <time>
  $ sh header '0, z = 1' 5 | nb header.ipynb; cnb rerun header.ipynb b 2>&1 | grep '^[35]$'; cnb stop header.ipynb
  5

Where a cell fails, those below that were to run are told as not run, whether
they were named or not; those that were not to run are as they were.

  $ printf '=== a\nint a = 1; a\n=== b\nint b = a; b\n=== p\nint main(void) { return 0; }\n=== q\nint main(void) { return 1 - 1; }\n=== c\nb + 1\n' >cells
  $ nb rest.ipynb <cells; cnb run -q -i --keep rest.ipynb
  rest.ipynb: 5 cells: 5 ok in <time>
  $ sed -i 's/int b = a/b/; s/return 0/return 0 * 1/' rest.ipynb; cp rest.ipynb named.ipynb
  $ cnb rerun -q rest.ipynb 2>&1 | grep not-run; cnb list rest.ipynb | cut -c1-42
  rest.ipynb: 3 cells: 1 build-error (b), 2 not-run in <time>
  cell  name  kind     status       session 
  1     a     shared   ok           fresh   
  2     b     shared   build-error  fresh   
  3     p     program  not-run      stale   
  4     q     program  ok           fresh   
  5     c     shared   not-run      stale   
  $ cp named.ipynb rest.ipynb; cnb rerun -q rest.ipynb b p c 2>&1 | grep not-run; cnb stop rest.ipynb
  rest.ipynb: 3 cells: 1 build-error (b), 2 not-run in <time>

What runs leave in the notebook makes it no other: a cell that prints something
else each time is not looked for in the text once more, nor is anything built,
until something else has changed.

  $ python3 - <<'END'
  > import json
  > cells = [("p", "#include <stdio.h>\n#include \"w.h\"\nFILE *f; int n; f = fopen(\"n\", \"r+\"); fscanf(f, \"%d\", &n); rewind(f); fprintf(f, \"%d\", n + 1); fclose(f); for (int i = 0; i < n; i++) puts(WORD);"),
  >     ("q", "#include <stdio.h>\n#include \"w.h\"\n\nint main(void) { puts(WORD); }"), ("prose", "x" * 5000)]
  > json.dump({"cells": [{"cell_type": "code", "id": i, "source": s.splitlines(True), "metadata": {}, "outputs": [], "execution_count": None} if i != "prose"
  >     else {"cell_type": "markdown", "id": i, "source": s, "metadata": {}} for i, s in cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, open("grows.ipynb", "w"), indent=1)
  > END
  $ echo 1 >n; echo '#define WORD "one"' >w.h; cnb run -q --keep grows.ipynb
  grows.ipynb: 2 cells: 2 ok in <time>
  $ for i in 1 2 3; do cnb rerun -v grows.ipynb p 2>&1 | grep -c 'reading 0.000 ms'; done; cnb export grows.ipynb --to json | outputs p
  1
  1
  1
  p "one\none\none\none\n"
  $ echo '#define WORD "two"' >w.h; cnb rerun -v grows.ipynb p 2>&1 | grep -c 'reading 0.000 ms'; cnb export grows.ipynb --to json | outputs p
  0
  p "two\ntwo\ntwo\ntwo\ntwo\n"
  $ cnb rerun -q grows.ipynb p; echo '#define WORD two' >w.h
  grows.ipynb: 1 cell: 1 ok in <time>
  $ sed -n "$(cnb rerun -q grows.ipynb q | sed -n 's/.*ipynb:\([0-9]*\): line 2 of cell.*/\1p/p')" grows.ipynb; cnb stop grows.ipynb
      "#include \"w.h\"\n",

A cell may put the code of those below it out of reach of their process: that is
the cell's doing, and no fault of what was built, or of the system.

  $ mkdir jail; nb jail.ipynb <<'END'
  > === into
  > #define _GNU_SOURCE
  > #include <sched.h>
  > #include <stdio.h>
  > #include <unistd.h>
  > if (chroot("jail")) { unshare(CLONE_NEWUSER); chroot("jail"); }
  > === after
  > puts("after");
  > END
  $ cnb run -k -q --keep jail.ipynb; cnb rerun -q jail.ipynb after | grep -v '^the state above'; cnb stop jail.ipynb
  In [2]: after  (shared)
  failed <time>: the process that runs cells cannot open the cell's plugin: an earlier cell made another user of it, gave it another root, or left it no room, as a limit of open files does
  
  jail.ipynb: 2 cells: 1 ok, 1 failed (after) in <time>
  to run it again: cnb rerun jail.ipynb -c after
  In [2]: after  (shared)
  failed <time>: the process that runs cells cannot open the cell's plugin: an earlier cell made another user of it, gave it another root, or left it no room, as a limit of open files does
  
  jail.ipynb: 1 cell: 1 failed (after) in <time>
  to run it again: cnb rerun jail.ipynb -c after

Several cells may write one file, a version of it each: whatever runs again finds the
one that it would find in a run from the top. What is not asked for does not run for
that.

  $ nb versions.ipynb <<'END'
  > === first
  > %%file v.h
  > #define V 1
  > === shared
  > #include <stdio.h>
  > #include "v.h"
  > printf("%d\n", V);
  > === program
  > #include <stdio.h>
  > #include "v.h"
  > int main(void) { printf("%d\n", V); return 0; }
  > === shell
  > !cat v.h
  > === second
  > %%file ./v.h
  > #define V 2
  > === last
  > %%sh
  > cat v.h
  > END
  $ cnb run versions.ipynb -q -i --keep; cnb export versions.ipynb --to json | outputs | tee before
  versions.ipynb: 6 cells: 6 ok in <time>
  first
  shared "1\n"
  program "1\n"
  shell "#define V 1\n"
  second
  last "#define V 2\n"
  $ for cell in "" last program shell shared last "shared program shell" second "" first last; do
  >     cnb rerun versions.ipynb -q $cell >out 2>&1; cnb export versions.ipynb --to json | outputs | diff before -; cat v.h | grep -v 2
  > done; cnb stop versions.ipynb

When cnb stop is over, so is the session: handlers of exit have run.

  $ nb bye.ipynb <<'END'
  > === registers
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <unistd.h>
  > void bye(void) { usleep(100000); FILE *f = fopen("bye", "a"); fputs("bye\n", f); fclose(f); }
  > atexit(bye);
  > === after
  > puts("after");
  > END
  $ cnb run bye.ipynb -q --keep; cnb rerun bye.ipynb -q after; cnb stop bye.ipynb; cat bye
  bye.ipynb: 2 cells: 2 ok in <time>
  bye.ipynb: 1 cell: 1 ok in <time>
  bye

Also those of cells that the notebook has no longer, or of one that has none.

  $ for last in 2 1 0; do rm -f bye; cp bye.ipynb less.ipynb; cnb run less.ipynb -q --keep; python3 - $last <<'END'
  > import json, sys
  > nb = json.load(open("bye.ipynb"))
  > nb["cells"][int(sys.argv[1]):] = []
  > json.dump(nb, open("less.ipynb", "w"))
  > END
  > cnb rerun less.ipynb -q; cnb stop less.ipynb; cat bye; done
  less.ipynb: 2 cells: 2 ok in <time>
  less.ipynb: 0 cells in <time>
  bye
  less.ipynb: 2 cells: 2 ok in <time>
  less.ipynb: 0 cells in <time>
  bye
  less.ipynb: 2 cells: 2 ok in <time>
  less.ipynb: 0 cells in <time>
  bye

A session whose first cells cannot be built has a state for those below them.

  $ printf '=== a\n//| use: ../../x\n=== b\n#error no\n=== c\n2 + 2\n' | nb first.ipynb
  $ cnb run -q -k --keep first.ipynb | grep cells:; cnb rerun first.ipynb c | grep Out
  first.ipynb: 3 cells: 1 ok, 2 build-error (a, b) in <time>
  Out[3]: 4
  $ sed -i 's/#error no/int n = 5;/; s/2 + 2/n + 2/' first.ipynb; cnb rerun -k first.ipynb 2>&1 | grep Out; cnb stop first.ipynb
  Out[3]: 7

The state above a cell that could not be built is kept, too: once it is mended,
no cell above it runs again.

  $ nb typo.ipynb <<'END'
  > === load
  > #include <stdio.h>
  > int n = 1;
  > === once
  > FILE *f = fopen("ran", "a"); fputs("once\n", f); fclose(f); n++;
  > === typo
  > n + ;
  > === below
  > n
  > END
  $ cnb run typo.ipynb -i -k -q --keep 2>&1 | tail -2
  typo.ipynb: 4 cells: 3 ok, 1 build-error (typo) in <time>
  ...
  $ sed -i 's/n + ;/n *= 2/' typo.ipynb
  $ cnb rerun typo.ipynb | grep -e again -e Out
  Out[3]: 4
  Out[4]: 4
  $ cat ran
  once
  $ cnb stop typo.ipynb

What was cleared since, also by a program that leaves metadata.cnb.run as it is,
did not change; that the notebook does not have it is said.

  $ printf '=== a\nint n = 1;\n=== -\n%%%%sh\necho\n=== b\nn\n' | nb bare.ipynb
  $ cnb run bare.ipynb -q -i --keep
  bare.ipynb: 3 cells: 3 ok in <time>
  $ cat >wipe <<'END'
  > import json
  > nb = json.load(open("bare.ipynb"))
  > for cell in nb["cells"]:
  >     cell.update(outputs=[], execution_count=None)
  > json.dump(nb, open("bare.ipynb", "w"))
  > END
  $ python3 wipe; cnb list bare.ipynb
  cell  name  kind    status  session  lines
  1     a     shared  -       fresh    1
  2     c2    shell   -       fresh    2
  3     b     shared  -       fresh    1
  $ cnb rerun bare.ipynb a 2>&1 >out
  stale: b
  to run it again: cnb rerun bare.ipynb --below b
  $ cnb rerun bare.ipynb 2>&1 >out
  not saved in the notebook: c2
  to run it again: cnb rerun bare.ipynb --below c2
  $ cnb rerun bare.ipynb --below -q c2; cnb rerun bare.ipynb
  bare.ipynb: 2 cells: 2 ok in <time>
  bare.ipynb
  
  0 cells in <time>
  $ python3 wipe; cnb stop bare.ipynb; cnb check bare.ipynb
  bare.ipynb: 3 cells: 3 not compared

Of many that are stale, some are named.

  $ { printf '=== -\nint n;\n'; for i in 1 2 3 4 5 6 7; do printf '=== -\nn++;\n'; done; } | nb many.ipynb
  $ cnb run many.ipynb -q --keep; cnb rerun many.ipynb c1 2>&1 >out; cnb stop many.ipynb
  many.ipynb: 8 cells: 8 ok in <time>
  stale: c2, c3, c4, c5, c6 and 2 more
  to run them again: cnb rerun many.ipynb --below c2

One whose notebook was removed, or has another name, is told as that.

  $ printf '=== a\nint n;\n' | nb named.ipynb; cnb run named.ipynb -q --keep
  named.ipynb: 1 cell: 1 ok in <time>
  $ mv named.ipynb other.ipynb; cnb sessions | head -1; cnb stop named.ipynb
  <dir>/named.ipynb (not there)

They are listed by the names of their notebooks.

  $ for name in c a b; do printf '=== a\nint n;\n' | nb $name.ipynb; cnb run $name.ipynb -q --keep >out; done
  $ cnb sessions | grep ipynb; cnb stop --all
  <dir>/a.ipynb
  <dir>/b.ipynb
  <dir>/c.ipynb

Who asks a session, and how: nobody that is slow, or silent, or gone keeps it
from others.

  $ nb v.ipynb <<'END'
  > === a
  > #include <fcntl.h>
  > #include <stdio.h>
  > #include <string.h>
  > #include <sys/stat.h>
  > #include <unistd.h>
  > int x = 5;
  > === b
  > if (!access("wait", F_OK)) { open("told", O_WRONLY); for (;;) pause(); }
  > === c
  > x
  > === write
  > static char line[1000];
  > int lines = 0; FILE *f; f = fopen("lines", "r"); if (f) { fscanf(f, "%d", &lines); fclose(f); }
  > memset(line, 'y', 999); line[999] = '\n';
  > while (lines-- > 0) fwrite(line, 1, 1000, stdout);
  > END
  $ mkfifo told
  $ cat >knocks.py <<'END'
  > import glob, socket, struct, subprocess, sys, time
  > def knock(first):
  >     s = socket.socket(socket.AF_UNIX); s.connect(glob.glob("cnb/*")[0])
  >     s.sendall(first); return s
  > def out3():
  >     done = subprocess.run(["cnb", "run", "v.ipynb", "-c", "c"], text=True,
  >                           capture_output=True)
  >     return done.stdout.count("Out[3]: 5") or done.stderr
  > END

Who connects and says half of what it wants, or a byte now and then, keeps
nobody waiting: the next is served while it is still connected. It is let go in
the end.

  $ cat >stalls <<'END'
  > from knocks import *
  > silent, slow = knock(b"\0\0\0"), knock(struct.pack("II", 0, 1 << 29))
  > liar = knock(struct.pack("II", 99, 1))
  > print(out3())
  > for s in silent, slow:
  >     try: print(s.recv(1, socket.MSG_DONTWAIT))
  >     except BlockingIOError: print("still there")
  > print("liar:", liar.recv(1))
  > try:
  >     while True: slow.send(b"x"); time.sleep(0.05)
  > except BrokenPipeError: print("slow: let go", silent.recv(1))
  > END
  $ cnb run v.ipynb --keep -q; PYTHONPATH=. python3 stalls
  v.ipynb: 4 cells: 4 ok in <time>
  1
  still there
  still there
  liar: b''
  slow: let go b''

Nor does a crowd that says nothing at all: who is silent for longest makes room.

  $ cat >crowd <<'END'
  > from knocks import *
  > silent = [knock(b"") for i in range(600)]
  > print(subprocess.run(sys.argv[1:], text=True, capture_output=True).stdout, end="")
  > print(len(silent), "stood there")
  > END
  $ PYTHONPATH=. python3 crowd cnb run v.ipynb -c c | grep -e Out -e there
  Out[3]: 5
  600 stood there

While cells run for one, others hear at once that it is so; who wants it to stop
is heard, too, and the cells are stopped for that.

  $ touch wait; cnb rerun v.ipynb b >out 2>&1 & client=$!; : <told
  > cnb list v.ipynb | head -1 | cut -c1-4; cnb sessions; cnb stop v.ipynb; wait $client; echo $?; cnb sessions; rm wait; tail -2 out
  cnb: the session of 'v.ipynb' runs cells now: what is stale is not known yet
  cell
  <dir>/v.ipynb
  \    process \d+, age \d+ \w+, 4 cells, runs cells now (re)
  1
  no session
  to run it again: cnb rerun v.ipynb -c b
  its session ends: cnb stop asks for it; cnb run --keep begins another

So they are if a crowd stands at the door.

  $ cnb run v.ipynb --keep -q; touch wait; cnb rerun v.ipynb b >out 2>&1 & client=$!; : <told
  > PYTHONPATH=. python3 crowd cnb stop v.ipynb; wait $client; echo $?; rm wait; cnb sessions
  v.ipynb: 4 cells: 4 ok in <time>
  600 stood there
  1
  no session

Two that want cells to run are served one after the other. Who waits longer than
anybody would wonder is told for whom, and may give up; what runs then is what
stands in the notebook then, and what both have is saved.

  $ nb w.ipynb <<'END'
  > === a
  > #include <fcntl.h>
  > #include <unistd.h>
  > int x = 5;
  > === b
  > char c; if (!access("wait", F_OK)) { open("told", O_WRONLY); read(open("go", O_RDONLY), &c, 1); }
  > x + 1
  > === c
  > x
  > END
  $ mkfifo go; >err2; >err3; >err4; cnb run w.ipynb --keep -q; touch wait; cnb rerun w.ipynb b >out 2>&1 & first=$!; : <told; rm wait
  > cnb rerun w.ipynb c >out2 2>err2 & second=$!; cnb run w.ipynb -c c >out3 2>err3 & third=$!; cnb rerun w.ipynb a >out4 2>err4 & fourth=$!
  > until grep -q waiting err2 && grep -q waiting err3 && grep -q waiting err4; do sleep 0.02; done
  > kill -INT $fourth; wait $fourth; echo "status $?"; sed -i 's/"x"/"x + 2"/' w.ipynb
  > echo >go; wait $first $second $third; echo "status $?"; cat err2 err3 err4 | sort -u; grep Out out out2 out3
  w.ipynb: 3 cells: 3 ok in <time>
  status 130
  status 0
  cnb: another cnb (process *) is saving into 'w.ipynb': waiting for it to end (glob)
  cnb: the session of '<dir>/w.ipynb' runs cells for another cnb: waiting for it to end
  out:Out[2]: 6
  out2:Out[3]: 7
  out3:Out[3]: 5
  $ cnb stop w.ipynb; cnb export w.ipynb --to json | outputs
  a
  b 6
  c 7

A notebook that is the same as before is not told to the session again, if it is
long; one that is another is, also to a session that ran nothing yet.

  $ python3 -c 'print("=== a\nint n = 1;\n=== long\n/* " + "x" * 400000 + " */ n += 2;\n=== b\nn")' | nb long.ipynb
  $ cnb run long.ipynb --keep -q; cnb rerun long.ipynb b | grep Out; sed -i 's/n = 1/n = 5/' long.ipynb; cnb rerun long.ipynb b | grep Out; cnb rerun long.ipynb b | grep Out
  long.ipynb: 3 cells: 3 ok in <time>
  Out[3]: 3
  Out[3]: 7
  Out[3]: 7
  $ cnb stop long.ipynb

Many at once: each finds the outputs of the others.

  $ cnb run w.ipynb --keep -q; for i in 1 2 3 4 5 6; do for c in a b c; do cnb rerun w.ipynb -q $c || echo "status $?"; done >out$i 2>&1 & done; wait; cat out? | grep -v ' ok in '; cnb stop w.ipynb
  w.ipynb: 3 cells: 3 ok in <time>

Who has asked for cells and then reads nothing of what they write keeps nobody
waiting, and nothing of what it is told is lost: it may read later.

  $ cnb run v.ipynb --keep -q; echo 3000 >lines
  v.ipynb: 4 cells: 4 ok in <time>
  $ cat >lazy <<'END'
  > from knocks import *
  > lazy = subprocess.Popen(["cnb", "rerun", "v.ipynb", "write"], text=True,
  >                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
  > while not "yyy" in lazy.stdout.readline(): pass
  > print(out3())
  > out, err = lazy.stdout.read(), lazy.stderr.read()
  > print(out.count("y" * 999) + 1, lazy.wait()); print(err, end="")
  > END
  $ PYTHONPATH=. python3 lazy
  1
  3000 0

What the session keeps for such a one has an end. From there on the cell waits
for it, as one that writes into a pipe does; but not if others wait.

  $ echo 60000 >lines; PYTHONPATH=. python3 lazy | sed "s/^[0-9]* 3$/fewer/"; cnb list v.ipynb | awk '{ print $2, $5 }'
  1
  fewer
  cnb: cannot run 'v.ipynb' in its session: what its cells write was not read for 10 seconds while others waited: they were stopped
  name session
  a fresh
  b fresh
  c fresh
  write stale
  $ rm lines

A session that does not answer at all holds up no list.

  $ pid=$(cnb sessions | sed -n 's/.*process \([0-9]*\).*/\1/p'); kill -STOP $pid; cnb list v.ipynb | head -1 | cut -c1-4; cnb sessions; kill -CONT $pid; cnb stop v.ipynb
  cnb: warning: the session of 'v.ipynb' does not answer: what is stale there is not known
  cell
  a session that does not answer
  \    process \d+ (re)

Ctrl-C while a state is slow to come back (here it is stopped) loses that call, not
the state, nor the session; and of what did not run nothing is said.

  $ nb back.ipynb <<'END'
  > === above
  > int x = 1;
  > === mid
  > x
  > === last
  > x + 1
  > END
  $ cnb run back.ipynb -q --keep
  back.ipynb: 3 cells: 3 ok in <time>
  $ cat >states <<'END'
  > # states SIGNAL PID: to all below it that cells have run in
  > for child in $(cat /proc/$2/task/$2/children); do
  >     case $(cat /proc/$child/comm) in cnb-keeper|cnb-nest) ;; *) kill -$1 $child;; esac
  >     sh states $1 $child
  > done
  > END
  $ cnb sessions | sed -n '/back.ipynb/{n;s/.*process \([0-9]*\),.*/\1/p}' >pid; sh states STOP $(cat pid)
  $ cnb rerun back.ipynb mid >slow 2>&1 & client=$!; until grep -qs In slow; do sleep 0.02; done; kill -INT $client; wait $client; echo "status $?"; cat slow
  status 130
  back.ipynb
  
  In [2]: mid  (shared)
      x
  interrupted <time>: stopped by the user
  
  1 cell: 1 interrupted (mid) in <time>, stopped by SIGINT
  to run it again: cnb rerun back.ipynb -c mid
  $ sh states CONT $(cat pid); cnb rerun back.ipynb -v mid 2>&1 | grep -e above: -e Out; cnb stop back.ipynb
  the state above: from its snapshot
  Out[2]: 1

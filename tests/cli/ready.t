While nobody waits, a session gets ready for the same cell again: the process in
which it will run is made before it is asked for, from the copy of the state
above. (`cnb sessions` waits until it is there.)

  ! not valgrind: a session forks deeper than it has descriptors for
  $ python3 - <<'END' | nb x.ipynb
  > print("=== big\n#include <stdio.h>\n#include <unistd.h>\nint x = 1; FILE *f; f = fopen(\"lines\", \"r\");")
  > print("=== c\nchar line[20]; fgets(line, 20, f);\nprintf(\"%d %d %s\", getpid(), ++x, line);")
  > print("=== d\nfgets(line, 20, f); printf(\"%d %s\", ++x, line);")
  > END
  $ printf 'one\ntwo\nthree\n' >lines
  $ cnb run x.ipynb -q --keep
  x.ipynb: 3 cells: 3 ok in <time>
  $ cat >below.py <<'END'
  > import re, subprocess, sys
  > def below(pid):
  >     try:
  >         kids = open("/proc/%s/task/%s/children" % (pid, pid)).read().split()
  >     except OSError:
  >         return []
  >     return kids + [d for k in kids for d in below(k)]
  > said = subprocess.run(["cnb", "sessions"], stdout=subprocess.PIPE, text=True).stdout
  > print("\n".join(below(re.search(r"process (\d+)", said).group(1))))
  > END
  $ for i in 1 2 3; do cnb rerun x.ipynb c >out 2>&1; python3 below.py >pids
  > cnb rerun x.ipynb c 2>&1 | grep one | tee out | cut -d' ' -f2-; grep -cx "$(cut -d' ' -f1 out)" pids; done
  2 one
  1
  2 one
  1
  2 one
  1

What has run meanwhile makes no difference to it, nor does a kill of all that
stands there.

  $ cnb rerun x.ipynb d 2>&1 | grep two
  3 two
  $ cnb rerun x.ipynb --below c 2>&1 | grep -o '. one\|. two'
  2 one
  3 two
  $ cnb rerun x.ipynb c 2>&1 | grep -o '. one'
  2 one
  $ python3 below.py >pids; ps -o pid=,comm= -p $(tr '\n' ',' <pids | sed 's/,$//') |
  > awk '$2 != "cnb-keeper" && $2 != "cnb-nest" {print $1}' | xargs kill -9
  $ cnb rerun x.ipynb c 2>&1 | grep -o '. one'
  2 one
  $ cnb stop x.ipynb

What the session asks of the system for that does not grow with the number of
cells.

  $ mkdir many; cat >many/line.c <<'END'
  > #include <stdio.h>
  > #include "cell.h"
  > static int line(struct cell *c) { (void)c; puts("line"); return 0; }
  > static const struct cell_def cells[] = { { "line", line, .doc = "a line" } };
  > CELL_TABLE(cells);
  > END
  $ cat >make.py <<'END'
  > import sys
  > for i in range(int(sys.argv[1])): print("=== n%d\n//| use: line/line" % i)
  > END
  $ cat >asked.py <<'END'
  > import os, re, subprocess, sys
  > def reads(pid):
  >     return int(re.search(r"syscr: (\d+)", open("/proc/%s/io" % pid).read()).group(1))
  > least = {}
  > for name in sys.argv[1:]:
  >     said = subprocess.run(["cnb", "sessions"], stdout=subprocess.PIPE, text=True).stdout
  >     pid = re.search(name + r".ipynb\n.*process (\d+)", said).group(1)
  >     for _ in range(5):
  >         before = reads(pid)
  >         subprocess.run(["cnb", "rerun", "-q", name + ".ipynb", "--", "-1"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
  >         least[name] = min(least.get(name, 10 ** 9), reads(pid) - before)
  > few, much = least.values()
  > print(much < few + 50 or least)
  > END
  $ for n in 2 200; do python3 make.py $n | nb many/m$n.ipynb; (cd many; cnb run -q --keep m$n.ipynb); done
  m2.ipynb: 2 cells: 2 ok in <time>
  m200.ipynb: 200 cells: 200 ok in <time>
  $ cd many; python3 ../asked.py m2 m200
  True
  $ cnb stop --all

Cells that do little follow each other without cnb in between. Whatever one of
them does, each keeps what it wrote, and all comes out as it does one cell at a
time, which is how they run where processes are counted.

  $ cat >odd <<'END'
  > === crashes
  > puts("here"); *(volatile int *)0 = 1;
  > === returns-one
  > puts("one"); return 1;
  > === exits
  > fputs("no newline", stdout); exit(0);
  > === really-exits
  > puts("gone"); fflush(stdout); _exit(0);
  > === writes-much
  > for (int i = 0; i < 30000; i++) puts("more than a pipe holds");
  > === to-both
  > for (int i = 0; i < 9000; i++) {
  > 	puts("to stdout, and then"); fputs("to stderr\n", stderr);
  > }
  > === moves-1
  > int to = open("moved", O_CREAT | O_WRONLY, 0600);
  > puts("before"); fflush(stdout); dup2(to, 1); close(to); puts("in the file");
  > === closes-1
  > puts("closed"); fflush(stdout); close(1);
  > === closes-many
  > for (int fd = 3; fd < 200; fd++) close(fd);
  > === closes-all
  > for (int fd = 3; fd < 300; fd++) close(fd);
  > === keeps-1
  > puts("kept"); int kept = dup(1);
  > === writes-there
  > dprintf(kept, "by the other way\n"); close(kept);
  > === makes-1-small
  > fcntl(1, 1031, 4096); puts("small");
  > === blocks-not
  > fcntl(1, F_SETFL, O_NONBLOCK); puts("no blocking");
  > === takes-long
  > usleep(60000); puts("long");
  > === times-out
  > //| timeout: 500ms
  > puts("waits"); for (;;) pause();
  > === times-out-and-returns
  > //| timeout: 500ms
  > volatile int told; void tell(int sig) { told = sig; }
  > signal(SIGTERM, tell); puts("waits"); while (!told) usleep(1000);
  > === expected
  > //| expect: exit=3
  > return 3;
  > === has-input
  > //| stdin: some words
  > char words[80]; fgets(words, 80, stdin) ? words : "none"
  > === has-own-environment
  > //| env: WHO=me
  > getenv("WHO")
  > === shell-line
  > !echo from a shell
  > === stops-itself
  > if (fork() == 0) { puts("child"); fflush(stdout); _exit(0); } wait(0);
  > === kills-its-group
  > kill(0, SIGKILL);
  > === leaves-a-child
  > int go[2]; pipe(go);
  > pid_t child = fork();
  > if (!child) { char c; read(go[0], &c, 1); puts("late"); exit(0); }
  > === lets-it-go
  > write(go[1], "x", 1); waitpid(child, 0, 0); close(go[0]); close(go[1]);
  > === leaves-a-thread
  > pthread_t other; pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
  > pthread_mutex_lock(&held);
  > void *say(void *a) { pthread_mutex_lock(&held); puts("thread"); return a; }
  > pthread_create(&other, NULL, say, NULL);
  > === joins-it
  > pthread_mutex_unlock(&held); pthread_join(other, NULL);
  > === leaves-a-daemon
  > int told_by[2]; pid_t daemon_pid;
  > pipe(told_by);
  > signal(SIGCHLD, SIG_IGN);
  > if (fork() == 0) {
  > 	if (fork() == 0) {
  > 		setsid();
  > 		daemon_pid = getpid();
  > 		write(told_by[1], &daemon_pid, sizeof daemon_pid);
  > 		for (;;) pause();
  > 	}
  > 	_exit(0);
  > }
  > wait(0); signal(SIGCHLD, SIG_DFL);
  > read(told_by[0], &daemon_pid, sizeof daemon_pid);
  > close(told_by[0]); close(told_by[1]);
  > === ends-it
  > kill(daemon_pid, SIGKILL); while (kill(daemon_pid, 0) == 0) usleep(1000);
  > === uses-up-descriptors
  > while (dup(0) >= 0);
  > === own-limit
  > struct rlimit few; getrlimit(RLIMIT_NOFILE, &few);
  > few.rlim_cur = 40; setrlimit(RLIMIT_NOFILE, &few);
  > END
  $ in-a-row write x.ipynb 12 <odd
  $ cnb run -q -k x.ipynb -o a.json >out 2>&1; echo "status $?"
  status 1
  $ cnb run -q -k --processes 4000 x.ipynb -o b.json >out 2>&1
  > in-a-row check a.json b.json
  crashes: crashed
  returns-one: failed
  exits: ok
  really-exits: ok
  writes-much: ok
  to-both: ok
  moves-1: ok
  closes-1: ok
  closes-many: ok
  closes-all: failed
  keeps-1: ok
  writes-there: ok
  makes-1-small: ok
  blocks-not: ok
  takes-long: ok
  times-out: timeout
  times-out-and-returns: timeout
  expected: ok
  has-input: ok
  has-own-environment: ok
  shell-line: ok
  stops-itself: ok
  kills-its-group: crashed
  leaves-a-child: ok, children 1
  lets-it-go: ok
  leaves-a-thread: ok, threads 1
  joins-it: ok
  leaves-a-daemon: ok, children 1
  ends-it: ok
  uses-up-descriptors: ok
  own-limit: ok
  384 plain ones exact, 0 not

What did not come to its turn did not run, whatever ended the run: a failure,
the user, at a moment when a cell waits and at any other, a limit of time. Each
cell leaves a line in a file.

  $ cat >rows <<'END'
  > import sys
  > head = "#include <fcntl.h>\n#include <stdio.h>\n#include <unistd.h>\n" \
  >     "#include \"cell.h\"\nstatic int row(struct cell *c) {" \
  >     "int f = open(\"ran\", O_APPEND | O_CREAT | O_WRONLY, 0600);" \
  >     "dprintf(f, \"%s\\n\", c->argv[0]); close(f); puts(c->argv[0]);" \
  >     "return 0; }\n" \
  >     "static int fail(struct cell *c) { row(c); return 1; }\n" \
  >     "static int hang(struct cell *c) { row(c);" \
  >     "if (c->argc > 1) close(open(\"held\", O_WRONLY));" \
  >     "for (;;) pause(); }\n" \
  >     "static const struct cell_def cells[] = { { \"row\", row }," \
  >     "{ \"fail\", fail }, { \"hang\", hang } }; CELL_TABLE(cells);\n"
  > open("t.c", "w").write(head)
  > what, at, n = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
  > for i in range(n):
  >     use = what if i == at else "row"
  >     print("=== n%d\n//| use: t/%s\n//| args: x" % (i, use))
  > END
  > cat >told <<'END'
  > import json, sys
  > cells = json.load(open("r.json"))["cells"]
  > ran = open("ran").read().split()
  > over = [c["name"] for c in cells if c["status"] != "not-run"]
  > ends = sorted({c["status"] for c in cells[:len(over)]} - {"ok"})
  > print("as told" if over[:len(ran)] == ran and len(over) - len(ran) < 2
  >       else "ran %s, told %s" % (ran[-3:], over[-3:]),
  >       *ends if "-v" in sys.argv else "")
  > for c in cells:
  >     want = c["name"] + "\n" if c["name"] in ran else ""
  >     if (c["stdout"] or "") not in ("", want):
  >         print(c["name"], c["stdout"])
  >     if c["status"] == "ok" and c["stdout"] != want:
  >         print(c["name"], c["stdout"])
  > END
  $ python3 rows fail 50 101 | nb y.ipynb 'plugins=["."]'
  > cnb run -q y.ipynb -o r.json >out 2>&1; python3 told -v; rm ran
  as told failed
  $ python3 rows hang 50 101 | nb y.ipynb 'plugins=["."]'; mkfifo held
  > cnb run -q y.ipynb -o r.json >out 2>&1 & pid=$!
  > read x <held; kill -INT $pid; wait $pid; echo "status $?"
  > python3 told -v; rm ran
  status 130
  as told interrupted
  $ rm held; python3 rows hang 3999 4000 | nb y.ipynb 'plugins=["."]'
  > for sig in INT TERM HUP INT TERM HUP; do
  > 	: >ran
  > 	cnb run -q y.ipynb -o r.json >out 2>&1 & pid=$!
  > 	while [ ! -s ran ]; do :; done
  > 	kill -$sig $pid; wait $pid; python3 told
  > done
  as told
  as told
  as told
  as told
  as told
  as told

One that kills what holds the host may do so long before we have got to it: what
the cells above it did counts, and no more.

  $ { for i in $(seq 12); do printf '=== c%d\nputs("%d");\n' $i $i; done
  >   printf '=== kills\n#include <signal.h>\n#include <unistd.h>\nputs("begins"); kill(getppid(), SIGKILL); pause();\n'
  >   printf '=== after\nputs("after");\n'; } | nb parent.ipynb
  $ for k in '' -k; do
  >     for i in $(seq 30); do cnb run $k -q parent.ipynb -o p.json >out; outputs <p.json | xargs; done | sort -u
  > done
  c1 1\n c2 2\n c3 3\n c4 4\n c5 5\n c6 6\n c7 7\n c8 8\n c9 9\n c10 10\n c11 11\n c12 12\n kills begins\n after
  c1 1\n c2 2\n c3 3\n c4 4\n c5 5\n c6 6\n c7 7\n c8 8\n c9 9\n c10 10\n c11 11\n c12 12\n kills begins\n after after\n (replay) 12: it was killed

Where it does not wait for its own end, which comes a little later, it is that
cell all the same that fails, and not the next one; whatever else is sent there
is lost on it.

  $ cat >signals <<'END'
  > printf '=== above\n#include <signal.h>\n#include <unistd.h>\nint n = 1;\n'
  > for s; do printf '=== s%d\nkill(getppid(), %d);\n=== after%d\n++n\n' $s $s $s; done
  > END
  $ sh signals 9 | nb parent.ipynb
  $ for how in '' -k '--keep -k'; do
  >     for i in $(seq 20); do cnb run $how -q parent.ipynb -o p.json >out; verdicts <p.json | xargs; done | sort -u
  > done; cnb rerun -q parent.ipynb s9 >out; grep ^crashed out; cnb stop parent.ipynb
  above ok s9 crashed SIGKILL (killed by signal 9 (Killed)) after9 not-run
  above ok s9 crashed SIGKILL (killed by signal 9 (Killed)) after9 ok
  above ok s9 crashed SIGKILL (killed by signal 9 (Killed)) after9 ok
  crashed <time>: SIGKILL: killed by signal 9 (Killed)
  $ sh signals $(seq 8) $(seq 10 31) 34 64 | nb parent.ipynb
  $ for i in 1 2 3; do cnb run -q parent.ipynb; done
  parent.ipynb: 65 cells: 65 ok in <time>
  parent.ipynb: 65 cells: 65 ok in <time>
  parent.ipynb: 65 cells: 65 ok in <time>

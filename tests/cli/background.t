Cells that go on in the background while later cells run: a server, and its
clients. Each keeps its own output; a client that dies, with all of its
process, does not take the server with it.

  $ cat >server.c <<'END'
  > #include <signal.h>
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <string.h>
  > #include <sys/socket.h>
  > #include <sys/un.h>
  > #include <sys/wait.h>
  > #include <unistd.h>
  > static void stop(int sig) { write(1, "closed\n", 7); _exit(sig); }
  > int main(int argc, char **argv)
  > {
  > 	struct sockaddr_un a = { AF_UNIX, "socket" };
  > 	int s = socket(AF_UNIX, SOCK_STREAM, 0);
  > 	unlink(a.sun_path);
  > 	if (bind(s, (void *)&a, sizeof a) < 0 || listen(s, 5) < 0)
  > 		return 1;
  > 	if (argc > 1) { signal(SIGTERM, stop); puts("open"); }
  > 	for (;;) {
  > 		char text[100] = "";
  > 		int c = accept(s, 0, 0);
  > 		if (fork() == 0) { /* a child for each client */
  > 			read(c, text, sizeof text - 1);
  > 			printf("was asked %s\n", text);
  > 			dprintf(c, "%zu letters\n", strlen(text));
  > 			exit(0);
  > 		}
  > 		close(c);
  > 		wait(NULL);
  > 	}
  > }
  > END
  $ cat >ask.h <<'END'
  > #include <stdio.h>
  > #include <sys/socket.h>
  > #include <sys/un.h>
  > #include <unistd.h>
  > static void ask(const char *text)
  > {
  > 	struct sockaddr_un a = { AF_UNIX, "socket" };
  > 	int s = socket(AF_UNIX, SOCK_STREAM, 0);
  > 	char answer[100];
  > 	if (connect(s, (void *)&a, sizeof a) < 0)
  > 		perror("connect");
  > 	dprintf(s, "%s", text);
  > 	write(1, answer, read(s, answer, sizeof answer));
  > 	read(s, answer, 1); /* the end: who answered is no more, and is not ended with the server */
  > 	close(s);
  > }
  > END
  $ nb x.ipynb <<END
  > === server
  > //| background: true
  > //| args: tell
  > $(cat server.c)
  > === client
  > #include "ask.h"
  > int main(void) { ask("hello"); }
  > === state
  > #include "ask.h"
  > int asked;
  > === dies
  > ask("you");
  > asked++;
  > *(volatile int *)0 = 1;
  > === is-killed
  > //| timeout: $((2 * SLACK))s
  > #include "ask.h"
  > int main(void) { ask("ten times"); for (;;) pause(); }
  > === last
  > ask("at last");
  > END
  $ cnb run -k x.ipynb -o x.json >out; verdicts <x.json
  server ok exit 15
  client ok
  state ok
  dies crashed SIGSEGV (write to address 0x0)
  is-killed timeout \(ran longer than \d+s\) (re)
  last ok
  $ python3 -c 'import json
  > for c in json.load(open("x.json"))["cells"]:
  >     print(c["name"], c.get("in_background", "-"), repr(c["stdout"]))'
  server True 'open\nwas asked hello\nwas asked you\nwas asked ten times\nwas asked at last\nclosed\n'
  client - '5 letters\n'
  state - ''
  dies - '3 letters\n'
  is-killed - '9 letters\n'
  last - '7 letters\n'

On the terminal what it writes stands behind its name.

  $ grep -v '^  \|^.server. was' out | sed -n '/^goes/,/^In .3/p; /^.server. ok/p'
  goes on in the background
  
  In [2]: client  (program)
  5 letters
  ok <time>
  
  In [3]: state  (shared)
  [server] ok <time>, stopped with the session
  $ grep '^\[server\]' out | sed -n 1,2p
  [server] was asked hello
  [server] was asked you

In a notebook it is saved as its own; a second run writes the same bytes.

  $ cnb run -q -k -i x.ipynb >/dev/null; cp x.ipynb once.ipynb
  > nbvalidate x.ipynb; cnb run -q -k -i x.ipynb >/dev/null
  > cmp x.ipynb once.ipynb; cnb list x.ipynb | sed -n 2p
  1     server     program  ok       32

It runs for whoever needs it.

  $ nb needs.ipynb <<END
  > === server
  > //| background: true
  > $(cat server.c)
  > === client
  > //| needs: server
  > #include "ask.h"
  > int main(void) { ask("hello"); }
  > END
  $ cnb run needs.ipynb --cell client | sed -n '/main/,$p'
      int main(void) { ask("hello"); }
  5 letters
  ok <time>
  
  1 cell: 1 ok in <time>

One that ends by itself is what any cell is; whether it is well decides
whether the run goes on. Of several commands only the last goes on. (Deaths are
told in the order in which they come, that of a script after that of what it
waited for.)

  $ nb ends.ipynb <<'END'
  > === fine
  > //| background: true
  > int main(void) { return 0; }
  > === commands
  > //| file: step.sh
  > //| background: true
  > //| run: echo one >log; exit 3
  > //| run: sleep 0.2; echo two >>log
  > //| run: sh step.sh
  > echo $$ >pid; echo three >>log; while [ ! -e stop ]; do sleep 0.01; done; exit 4
  > === sees
  > %%sh
  > cat log; touch stop; while kill -0 $(cat pid); do :; done 2>/dev/null
  > === not-run
  > int main(void) { return 0; }
  > END
  $ cnb run ends.ipynb -o x.json >out; verdicts <x.json
  fine ok
  commands failed exit 4 (exit status 4)
  sees ok
  not-run not-run
  $ python3 -c 'import json
  > c = json.load(open("x.json"))["cells"]; print(c[1]["runs"], c[2]["stdout"])'
  [3, 0, 4] one
  two
  three
  

What it may be, and how it may end.

  $ nb expect.ipynb <<END
  > === script
  > //| background: true
  > //| expect: exit=5
  > %%bash
  > echo \$\$ >1; exit 5
  > === crash
  > //| background: true
  > //| expect: signal=SIGABRT
  > #include <stdio.h>
  > #include <stdlib.h>
  > #include <unistd.h>
  > int main(void) { fprintf(fopen("2", "w"), "%d", getpid()); fflush(0); abort(); }
  > === timed
  > //| background: true
  > //| timeout: $((2 * SLACK))s
  > //| expect: timeout
  > %%sh
  > trap '' TERM; echo \$\$ >3; (trap '' TERM; sleep 600) & wait
  > === stopped-early
  > //| background: true
  > //| expect: exit=5
  > %%sh
  > sleep 600
  > === wait
  > %%sh
  > for p in 1 2 3; do
  >     until [ -s \$p ]; do sleep 0.01; done
  >     while kill -0 \$(cat \$p); do sleep 0.01; done 2>/dev/null
  > done
  > END
  $ cnb run -k expect.ipynb -o x.json >out; verdicts <x.json
  script ok exit 5 (exit status 5)
  crash ok SIGABRT (abort() was called)
  timed ok \(ran longer than \d+s\) (re)
  stopped-early failed SIGTERM (expected exit=5, but it was stopped with the session)
  wait ok
  $ printf '=== a\n//| background: true\nint x;\n' | nb no.ipynb; cnb run no.ipynb
  cnb: cannot use 'no.ipynb': cell 1 (at line 12 of the file): option 'background' in line 1 has no effect on a shared cell; it is for programs, cells of run: lines and scripts
  ? 2

Whatever ends the run, nobody of a server's family is left: a pipe that all of
them hold says when the last is gone.

  $ nb left.ipynb <<'END'
  > === family
  > //| background: true
  > #include <fcntl.h>
  > #include <signal.h>
  > #include <unistd.h>
  > int main(void)
  > {
  > 	open("held", O_WRONLY);
  > 	signal(SIGTERM, SIG_IGN);
  > 	if (fork() == 0) { if (fork() == 0) pause(); _exit(0); }
  > 	if (fork() == 0) { setsid(); pause(); }
  > 	if (fork() == 0) { raise(SIGSTOP); pause(); }
  > 	for (;;) pause();
  > }
  > === ready
  > !exec 3>held; echo ready >&3; test ! -e last || exit 0; sleep 60
  > END
  $ cat >end <<'END'
  > mkfifo held
  > cnb run left.ipynb "$@" >out 2>&1 &
  > exec 3<held
  > read ready <&3; rm held
  > [ $signal = 0 ] || kill -$signal $!
  > wait $!; echo "status $?"
  > cat <&3; echo "nobody is left"
  > END
  $ signal=INT sh end -o x.json; verdicts <x.json
  status 130
  nobody is left
  family ok SIGKILL
  ready interrupted (stopped by the user)
  $ signal=KILL sh end 2>/dev/null
  status 137
  nobody is left
  $ signal=0 sh end --timeout 100ms -k -o x.json; verdicts <x.json
  status 1
  nobody is left
  family ok SIGKILL
  ready timeout (ran longer than 100ms)
  $ touch last; signal=0 sh end
  status 0
  nobody is left

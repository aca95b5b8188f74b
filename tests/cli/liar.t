A cell shares its process with the host that speaks to cnb. One that writes to
that socket, floods it, shuts or closes it harms itself: nothing hangs, and the
next cell runs in the state before it.

  $ cat >cells <<'END'
  > === helpers
  > #define _GNU_SOURCE
  > #include <stdint.h>
  > #include <stdio.h>
  > #include <string.h>
  > #include <sys/socket.h>
  > #include <unistd.h>
  > static int find(void) {
  > 	for (int fd = 3; fd < getdtablesize(); fd++) {
  > 		int type; socklen_t n = sizeof type;
  > 		if (!getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &n) && type == SOCK_SEQPACKET)
  > 			return fd;
  > 	}
  > 	return -1;
  > }
  > static void say(int fd, int type, int first, int more, size_t n, const void *bytes) {
  > 	static char p[40000];
  > 	struct { uint16_t type; uint8_t first, more; uint32_t len, from; }
  > 		h = { type, first, more, n, getpid() };
  > 	memcpy(p, &h, sizeof h); memcpy(p + sizeof h, bytes, n);
  > 	send(fd, p, sizeof h + n, 0);
  > }
  > static char zeros[32768], ones[1000]; int state = 1;
  > === garbage
  > send(find(), "this is no packet", 18, 0); for (;;) pause();
  > === after-garbage
  > state
  > === answers
  > memset(ones, 0x41, sizeof ones);
  > for (int type = 0; type < 100; type++) if (type != 6) say(find(), type, 1, 0, 600, ones);
  > for (int type = 1; type < 4; type++) say(find(), type, 1, 0, 8, "\4\0\0\0\1\0\0\0");
  > say(find(), 2, 1, 0, 8, "\0\0\0\0\377\377\377\377"); puts("said answers");
  > === half
  > for (int i = 0; i < 200; i++) say(find(), 4, 1, 1, 1000, zeros); puts("said half");
  > === much
  > int fd = find(); for (int i = 0; i < 40000; i++) say(fd, 4, !i, 1, 32768, zeros);
  > for (;;) pause();
  > === after-much
  > state
  > === ended-early
  > say(find(), 6, 1, 0, 40, memset(ones, 0xff, 40)); puts("said it is over");
  > === next
  > puts("the next"); state
  > === shut
  > shutdown(find(), SHUT_RDWR); puts("shut");
  > === after-shut
  > state
  > === closed
  > for (int fd; (fd = find()) >= 0;) close(fd); puts("closed");
  > === after-closed
  > state
  > END
  $ cat >more <<'END'
  > === counts
  > int count = 0;
  > === robs
  > char c[2000]; usleep(5000); recv(find(), c, sizeof c, MSG_DONTWAIT); puts("robbed");
  > === robbed
  > puts("the robbed"); ++count
  > === after-robbed
  > puts("after the robbed"); ++count
  > === deafens
  > shutdown(find(), SHUT_RD); usleep(30000); puts("deafened");
  > === deaf
  > puts("the deaf"); ++count
  > === after-deaf
  > puts("after the deaf"); ++count
  > END
  $ (sed -n '1,/^=== garbage/p' cells | sed '$d'; cat more) >robbers
  $ nb x.ipynb <cells; nb y.ipynb <robbers
  ! not valgrind: cells that abuse the host on purpose
  $ cnb run -k x.ipynb -o x.json >out; verdicts <x.json
  helpers ok
  garbage failed (the cell wrote to descriptors that are not its own)
  after-garbage ok
  answers ok
  half ok
  much failed (the cell wrote to descriptors that are not its own)
  after-much ok
  ended-early .* (re)
  next ok.* (re)
  shut failed (the cell closed descriptors that are not its own)
  after-shut ok
  closed failed (the cell closed descriptors that are not its own)
  after-closed ok
  $ grep Out out
  Out[3]: 1
  Out[7]: 1
  Out[9]: 1
  Out[11]: 1
  Out[13]: 1

Nor does one that reads what was sent to the host, or makes it deaf, put another
in the place of the next: what has not run is not well.

  $ cnb run -q -k y.ipynb -o y.json >/dev/null
  ? 1
  $ cat >whose <<'END'
  > import json
  > for c in json.load(open("y.json"))["cells"][2:]:
  >     words = c["name"].replace("after-", "after the ").replace("-", " ")
  >     ran = c["stdout"] == {"robs": "robbed\n", "deafens": "deafened\n", "robbed": "the robbed\n",
  >                           "deaf": "the deaf\n"}.get(c["name"], words + "\n")
  >     if (c["status"] == "ok") != ran: print(c["name"], c["status"], c["stdout"])
  > END
  $ python3 whose

In a session, too. A state that is lost is brought about again, or is said to
be; no cell runs in another.

  $ sed 's/robs$/first/; s/^char c.2000.*/++count/; /^=== robbed/,/^=== deafens/{/^=== deafens/!d}' robbers >deaf
  $ nb y.ipynb <deaf
  $ cnb run -q -k --keep y.ipynb -o y.json >/dev/null; cnb stop y.ipynb
  $ python3 - <<'END'
  > import json
  > counted = [int("".join(o["data"]["text/plain"])) for c in json.load(open("y.json"))["cells"]
  >            for o in c["outputs"] if o["output_type"] == "execute_result"]
  > print(counted == list(range(1, len(counted) + 1)) or counted)
  > END
  True

What a thread that was left behind says there while a program runs is not told of
the cell that comes next.

  $ cat >late <<'END'
  > === late
  > #include <fcntl.h>
  > #include <pthread.h>
  > static void *later(void *to) {
  > 	while (access("go", F_OK)) usleep(100);
  > 	if (open("once", O_CREAT | O_EXCL, 0600) < 0) return NULL;
  > 	send(*(int *)to, "this is no packet", 18, 0); close(open("said", O_CREAT | O_WRONLY, 0600));
  > 	for (;;) pause();
  > }
  > static int to; pthread_t t; FILE *f = fopen("pid", "w");
  > fprintf(f, "%d", getpid()); fclose(f); to = find(); pthread_create(&t, NULL, later, &to);
  > === meanwhile
  > %%sh
  > touch go; until [ -e said ] || ! kill -0 $(cat pid) 2>/dev/null; do :; done
  > === innocent
  > puts("innocent");
  > === too
  > puts("innocent");
  > END
  $ (sed -n '1,/^=== garbage/p' cells | sed '$d'; cat late) | nb z.ipynb
  $ for i in 1 2 3 4 5 6 7 8; do rm -f go once said; cnb run -q -k z.ipynb -o z.json >/dev/null; verdicts <z.json | tail -2; done >told
  $ grep -v -e ' ok' -e 'did not live to begin this one: ' told
  ? 1

Nor does the last cell wait for its time to be over where it is what was taken.

  $ (sed -n '1,/^=== garbage/p' cells | sed '$d'; sed '/^=== after-robbed/,$d' more) | nb z.ipynb
  $ cnb run -q -k --timeout $((60 * SLACK))s z.ipynb -o z.json >/dev/null; verdicts <z.json | tail -2
  robs ok
  robbed (ok|failed .an earlier cell read from descriptors that are not its own: this one was not begun.) (re)
